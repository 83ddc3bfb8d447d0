"""The kiosk's pages, under /kiosk/."""

from __future__ import annotations

from django.urls import path

from fawang.front.kiosk import views

app_name = "kiosk"
prefix = "kiosk/"
urlpatterns = [
    path("", views.start, name="start"),
    path("end/", views.end, name="end"),
    path("enrol/", views.enrol, name="enrol"),
]
