"""The citizen's site hangs at the root."""

from __future__ import annotations

from django.urls import path, re_path

from fawang.front.portal.views import (
    answers,
    apply,
    ask,
    booking,
    bookings,
    chat,
    checks,
    directory,
    drafts,
    joining,
    law,
    mapping,
    matters,
    me,
    public,
    questions,
)

prefix = ""
app_name = "portal"
_CODE = r"(?P<code>[A-Z][A-Z0-9_]{1,39})"
_DRAFT = r"(?P<draft>[a-z0-9]{10,40})"
_NUMBER = r"(?P<number>PLS[0-9]{22}[0-9X])"
_NAME = r"(?P<name>[a-z][a-z0-9_]{0,39})"
_LAW = r"(?P<key>[0-9a-f]{16})"
_PLACE = r"(?P<place>[1-9][0-9]{0,3}(?:-[1-9][0-9]?)?)"
_KEY = r"(?P<token>[a-z0-9]{10,40})"
urlpatterns = [
    path("", public.home, name="home"),
    path("find/", public.find, name="find"),
    path("self-check/", checks.checks, name="checks"),
    re_path(rf"^self-check/{_NAME}/$", checks.check, name="check-oneself"),
    path("services/", public.services, name="services"),
    re_path(rf"^services/{_CODE}/$", public.service, name="service"),
    re_path(
        rf"^scan/{_CODE}/(?P<division>[0-9]{{2,12}})/(?P<board>[A-Za-z0-9-]{{1,20}})/$", apply.scanned, name="scanned"
    ),
    re_path(rf"^apply/{_CODE}/$", apply.start, name="start"),
    re_path(rf"^apply/{_DRAFT}/$", apply.resume, name="resume"),
    re_path(rf"^apply/{_DRAFT}/check/$", apply.check, name="check"),
    re_path(rf"^apply/{_DRAFT}/papers/$", apply.papers, name="papers"),
    re_path(rf"^apply/{_DRAFT}/discard/$", apply.discard, name="discard"),
    re_path(rf"^apply/{_DRAFT}/read/{_NAME}/$", drafts.read, name="read"),
    re_path(rf"^apply/{_DRAFT}/{_NAME}/$", apply.question, name="question"),
    path("continue/", drafts.go_on, name="continue"),
    re_path(r"^continue/(?P<code>[A-Za-z0-9]{6})/$", drafts.continue_with, name="continue-with"),
    re_path(rf"^done/{_NUMBER}/$", apply.done, name="done"),
    path("mine/", matters.mine, name="mine"),
    re_path(rf"^mine/{_NUMBER}/$", matters.matter, name="matter"),
    re_path(rf"^mine/{_NUMBER}/answers/{_NAME}/$", answers.amend, name="amend"),
    re_path(rf"^mine/{_NUMBER}/visit/$", matters.visit, name="visit"),
    re_path(rf"^mine/{_NUMBER}/paper/(?P<sequence>[0-9]{{1,6}})/$", matters.paper, name="paper"),
    re_path(rf"^mine/{_NUMBER}/do/(?P<action>[a-z_]{{2,40}})/$", matters.act, name="act"),
    re_path(rf"^documents/{_KEY}/$", matters.document, name="document"),
    path("book/", booking.where, name="book-where"),
    re_path(rf"^book/{_KEY}/$", booking.book, name="book"),
    re_path(rf"^book/{_KEY}/check/$", booking.check, name="book-check"),
    re_path(rf"^book/{_KEY}/wait/$", booking.wait, name="book-wait"),
    re_path(rf"^waits/{_KEY}/$", booking.waiting, name="wait"),
    path("bookings/", bookings.bookings, name="bookings"),
    re_path(rf"^bookings/{_KEY}/$", bookings.page, name="booking"),
    re_path(rf"^bookings/{_KEY}/move/$", bookings.move, name="booking-move"),
    re_path(rf"^bookings/{_KEY}/cancel/$", bookings.cancel, name="booking-cancel"),
    re_path(rf"^bookings/{_KEY}/calendar\.ics$", bookings.calendar, name="booking-calendar"),
    re_path(rf"^queue/{_KEY}/$", bookings.queue, name="queue"),
    path("track/", public.track, name="track"),
    path("messages/", me.messages, name="messages"),
    path("me/", me.me, name="me"),
    path("me/verify/", me.verify, name="verify"),
    path("me/consent/", me.withdraw_consent, name="withdraw-consent"),
    path("me/representation/", me.end_representation, name="end-representation"),
    path("directory/", directory.listing, name="directory"),
    path("directory/near/", directory.near, name="near"),
    path("directory/people/", directory.people, name="people"),
    re_path(rf"^directory/{_KEY}/$", directory.institution, name="institution"),
    path("ask/", ask.ask, name="ask"),
    path("ask/sheet/", ask.sheet, name="ask-sheet"),
    re_path(rf"^guides/{_KEY}/$", law.guide, name="guide"),
    path("map/", mapping.page, name="map"),
    path("map/points/<int:z>/<int:x>/<int:y>.json", mapping.points, name="map-points"),
    path("join/", joining.join, name="join"),
    path("join/withdraw/", joining.withdraw, name="join-withdraw"),
    path("law/", law.laws, name="laws"),
    re_path(rf"^law/{_LAW}/$", law.law, name="law"),
    re_path(rf"^law/{_LAW}/compare/$", law.compare, name="compare-laws"),
    re_path(rf"^law/{_LAW}/{_PLACE}/$", law.article, name="article"),
    path("chat/", chat.chat, name="chat"),
    path("chat/new/", chat.news, name="chat-news"),
    path("chat/say/", chat.say, name="chat-say"),
    path("chat/end/", chat.end, name="chat-end"),
    path("chat/rate/", chat.rate, name="chat-rate"),
    path("chat/call-back/", chat.call_back, name="chat-call-back"),
    path("chat/again/", chat.anew, name="chat-again"),
    path("questions/", questions.published, name="questions"),
    path("questions/ask/", questions.ask, name="ask-lawyer"),
    re_path(rf"^questions/{_KEY}/$", questions.answer, name="published-answer"),
    re_path(rf"^mine/{_NUMBER}/publication/$", questions.withdraw, name="withdraw-publication"),
    path("help/", public.help_page, name="help"),
    path("privacy/", public.privacy, name="privacy"),
    path("robots.txt", public.robots, name="robots"),
    path("favicon.ico", public.favicon, name="favicon"),
    path("manifest.webmanifest", public.manifest, name="manifest"),
]
