"""The workbench's pages, under /work/."""

from __future__ import annotations

from django.urls import path

from fawang.front.workbench import administration, dispatching, orders, people, queues, supervision

app_name = "workbench"
prefix = "work/"
urlpatterns = [
    path("", queues.home, name="home"),
    path("list/", queues.fragment, name="list"),
    path("export/", queues.export, name="export"),
    path("keys/", queues.keys, name="keys"),
    path("orders/<str:number>/", orders.page, name="order"),
    path("orders/<str:number>/do/<slug:action>/", orders.act, name="act"),
    path("orders/<str:number>/unmask/", orders.unmask, name="unmask"),
    path("documents/<slug:token>/", orders.document, name="document"),
    path("dispatch/", dispatching.board, name="dispatch"),
    path("dispatch/<str:number>/give/", dispatching.give, name="give"),
    path("supervision/", supervision.page, name="supervision"),
    path("people/", people.page, name="people"),
    path("people/leave/", people.record_leave, name="leave"),
    path("people/leave/<int:leave_id>/cancel/", people.cancel_leave, name="leave-cancel"),
    path("messages/", people.messages_page, name="messages"),
    path("messages/<str:token>/read/", people.mark_read, name="message-read"),
    path("admin/services/", administration.services_page, name="services"),
    path("admin/services/<str:code>/", administration.set_service, name="service"),
    path("admin/roles/", administration.roles_page, name="roles"),
    path("admin/roles/<int:membership_id>/end/", administration.end_role, name="role-end"),
    path("admin/audit/", administration.audit_page, name="audit"),
    path("admin/machine/", administration.machine_page, name="machine"),
]
