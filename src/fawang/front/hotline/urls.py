"""Pages of the hotline's console."""

from __future__ import annotations

from django.urls import path

from fawang.front.hotline import lists, views

app_name = "hotline"
prefix = "hotline/"
urlpatterns = [
    path("", views.console, name="console"),
    path("ringing/", views.ringing, name="ringing"),
    path("answer/", views.answer_call, name="answer-call"),
    path("open/", views.open_contact, name="open"),
    path("seat/", views.seat, name="seat"),
    path("simulate/", views.simulate, name="simulate"),
    path("contacts/", lists.contacts, name="contacts"),
    path("callbacks/", lists.callbacks, name="callbacks"),
    path("contacts/<str:number>/", views.contact, name="contact"),
    path("contacts/<str:number>/notes/", views.notes, name="notes"),
    path("contacts/<str:number>/both/", views.both, name="both"),
    path("contacts/<str:number>/answer/", views.answer, name="answer"),
    path("contacts/<str:number>/service/", views.service, name="service"),
    path("contacts/<str:number>/order/<str:code>/", views.order, name="order"),
    path("contacts/<str:number>/progress/<str:reference>/", views.progress, name="progress"),
    path("contacts/<str:number>/urge/", views.urge, name="urge"),
    path("contacts/<str:number>/callback/", views.plan_callback, name="plan-callback"),
    path("contacts/<str:number>/attempt/", lists.attempt, name="attempt"),
    path("contacts/<str:number>/refer/", views.refer, name="refer"),
    path("contacts/<str:number>/close/", views.close, name="close"),
    path("contacts/<str:number>/done/", views.done, name="done"),
]
