"""The kiosk's pages, under /kiosk/."""

from __future__ import annotations

from django.urls import path

from fawang.front.kiosk import queueing, views

app_name = "kiosk"
prefix = "kiosk/"
urlpatterns = [
    path("", views.start, name="start"),
    path("end/", views.end, name="end"),
    path("queue/", queueing.take, name="queue"),
    path("queue/here/", queueing.checked_in, name="checked-in"),
    path("queue/<slug:token>/", queueing.ticket, name="ticket"),
    path("screen/<slug:token>/", queueing.screen, name="screen"),
    path("enrol/", views.enrol, name="enrol"),
]
