"""The workbench's pages, under /work/."""

from __future__ import annotations

from django.urls import path

from fawang.front.workbench import dispatching, inbox, orders, queues, supervision
from fawang.front.workbench.administration import (
    accounts,
    audit,
    calendar,
    institutions,
    keys,
    machine,
    people,
    permissions,
    roles,
    windows,
)
from fawang.front.workbench.offers import asking, course, editions, listing, posters, proving, sheet

app_name = "workbench"
prefix = "work/"
_service = "admin/services/<str:code>/"
_unit = "admin/institutions/<slug:token>/"
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
    path("messages/", inbox.messages_page, name="messages"),
    path("messages/<str:token>/read/", inbox.mark_read, name="message-read"),
    path("people/", people.listing, name="people"),
    path("people/leave/", people.record_leave, name="leave"),
    path("people/leave/<int:leave_id>/cancel/", people.cancel_leave, name="leave-cancel"),
    path("me/", accounts.me, name="me"),
    path("me/password/", accounts.change_password, name="me-password"),
    path("me/authenticator/", accounts.new_authenticator, name="me-authenticator"),
    path("admin/institutions/", institutions.listing, name="institutions"),
    path("admin/institutions/new/", institutions.new, name="institution-new"),
    path(_unit, institutions.page, name="institution"),
    path(f"{_unit}edit/", institutions.edit, name="institution-edit"),
    path(f"{_unit}status/", institutions.set_status, name="institution-status"),
    path(f"{_unit}windows/", windows.listing, name="windows"),
    path(f"{_unit}windows/new/", windows.new_window, name="window-new"),
    path(f"{_unit}rooms/new/", windows.new_room, name="room-new"),
    path(f"{_unit}rooms/<slug:bookable_token>/", windows.room, name="room"),
    path(f"{_unit}people/", people.listing, name="unit-people"),
    path(f"{_unit}people/new/", people.new, name="person-new"),
    path(f"{_unit}people/leave/", people.record_leave, name="unit-leave"),
    path(f"{_unit}accounts/", roles.listing, name="unit-accounts"),
    path(f"{_unit}accounts/new/", roles.add_colleague, name="colleague-new"),
    path(f"{_unit}accounts/<int:account_id>/password/", roles.issue_password, name="colleague-password"),
    path("admin/institutions/window/<slug:token>/", windows.window, name="window"),
    path("admin/institutions/window/<slug:token>/edit/", windows.change_window, name="window-edit"),
    path("admin/institutions/window/<slug:token>/hours/", windows.change_hours, name="window-hours"),
    path("admin/institutions/person/<slug:token>/", people.person, name="person"),
    path("admin/institutions/person/<slug:token>/hours/", people.person_hours, name="person-hours"),
    path("admin/institutions/person/<slug:token>/left/", people.leave_unit, name="person-left"),
    path("admin/institutions/role/<int:membership_id>/end/", roles.end_role, name="role-end"),
    path("admin/accounts/", accounts.listing, name="accounts"),
    path("admin/accounts/new/", accounts.new, name="account-new"),
    path("admin/accounts/<slug:token>/", accounts.page, name="account"),
    path("admin/accounts/<slug:token>/<slug:what>/", accounts.act, name="account-act"),
    path("admin/partner-keys/", keys.listing, name="partner-keys"),
    path("admin/partner-keys/<int:key_id>/revoke/", keys.revoke, name="partner-key-revoke"),
    path("admin/services/", listing.listing, name="services"),
    path(_service, sheet.page, name="service"),
    path(f"{_service}open/", sheet.set_open, name="service-open"),
    path(f"{_service}questions/", asking.page, name="service-questions"),
    path(f"{_service}course/", course.page, name="service-course"),
    path(f"{_service}examples/", proving.page, name="service-examples"),
    path(f"{_service}versions/", editions.page, name="service-versions"),
    path(f"{_service}publish/", editions.publish, name="service-publish"),
    path(f"{_service}poster/", posters.page, name="service-poster"),
    path("admin/calendar/", calendar.page, name="calendar"),
    path("admin/calendar/load/", calendar.load, name="calendar-load"),
    path("admin/calendar/day/", calendar.set_day, name="calendar-day"),
    path("admin/audit/", audit.page, name="audit"),
    path("admin/permissions/", permissions.page, name="permissions"),
    path("admin/machine/", machine.machine_page, name="machine"),
]
