"""The window's pages, under /window/."""

from __future__ import annotations

from django.urls import path

from fawang.front.window import applying, desk, queueing

app_name = "window"
prefix = "window/"
urlpatterns = [
    path("", desk.today, name="today"),
    path("queue/", queueing.queue, name="queue"),
    path("queue/give/", queueing.give, name="queue-give"),
    path("queue/do/<slug:what>/", queueing.act, name="queue-act"),
    path("queue/tickets/<slug:token>/", queueing.ticket, name="ticket"),
    path("bookings/<slug:token>/<slug:act>/", desk.receive, name="receive"),
    path("orders/<str:number>/", desk.order_page, name="order"),
    path("orders/<str:number>/do/<slug:action>/", desk.act, name="act"),
    path("orders/<str:number>/answers/<slug:name>/", desk.amend, name="amend"),
    path("documents/<slug:token>/", desk.document, name="document"),
    path("apply/", applying.services_page, name="services"),
    path("apply/<str:code>/", applying.apply_page, name="apply"),
    path("receipts/<str:number>/", applying.receipt, name="receipt"),
]
