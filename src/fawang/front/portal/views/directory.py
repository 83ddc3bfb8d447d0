"""The directory: institutions and people, by what they can do, where they are and when they are open."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_POST

from fawang.base.divisions import selectors as divisions
from fawang.base.meetings import selectors as meetings
from fawang.base.organisations import selectors as organisations
from fawang.front.frame.doors import actor_of, requires
from fawang.front.portal import directory as directories
from fawang.front.portal import finding, placing
from fawang.kernel import clock
from fawang.kernel.errors import Invalid

_PAGE = 20


@require_GET
@requires("portal.see")
def listing(request: HttpRequest) -> HttpResponse:
    """Institutions that fit: by distance where the person said where they are, else by name."""
    return _listing(request, directories.asked_of(request.GET))


def _listing(request: HttpRequest, asked: directories.Asked, status: int = 200, **more: Any) -> HttpResponse:
    where = placing.position(request.session)
    is_near = where is not None and asked.sort != "name"
    page = directories.near(asked, where) if where is not None and is_near else directories.by_name(asked, _PAGE)
    context = {
        "asked": asked, "page": page, "where": where, "is_near": is_near, "choices": directories.choices(),
        "area": directories.area_field(asked.division), "kept": asked.kept(), "tab": "places",
    }  # fmt: skip
    return render(request, "portal/directory/places.html", {**context, **more}, status=status)


@require_POST
@requires("portal.see")
def near(request: HttpRequest) -> HttpResponse:
    """Where the person is: kept for two hours in the session, or forgotten. Never in an address."""
    asked = directories.asked_of(request.POST)
    if "forget" in request.POST:
        placing.forget(request.session)
    else:
        told = {name: request.POST.get(name, "").strip()[:60] for name in ("lng", "lat", "place")}
        try:
            placing.remember(request.session, **told)
        except Invalid as refusal:
            return _listing(request, asked, refusal.status, errors=refusal.fields, typed=told["place"])
    return HttpResponseRedirect(f"{reverse('portal:directory')}{asked.query(sort='')}")


@require_GET
@requires("portal.see")
def people(request: HttpRequest) -> HttpResponse:
    """The people on the public roll."""
    asked = directories.asked_of(request.GET)
    found = organisations.find_people(
        text=asked.text, kind=asked.kind, domain=asked.domain, language=asked.language, division=asked.division,
        after=asked.after, limit=_PAGE,
    )  # fmt: skip
    context = {
        "asked": asked, "found": found, "people": [directories.person(row) for row in found.rows],
        "choices": directories.choices(), "area": directories.area_field(asked.division), "tab": "people",
    }  # fmt: skip
    return render(request, "portal/directory/people.html", context)


@require_GET
@requires("portal.see")
def institution(request: HttpRequest, token: str) -> HttpResponse:
    """One institution: whether it may serve, when it is open, how to get there, who works there."""
    place = organisations.institution_by_token(token)
    (row,) = directories.rated([placing.row_of(place, organisations.openings([place])[place.id])])
    language = get_language() or ""
    context = {
        "place": place, "row": row, "week": placing.week(place) if place.hours else (),
        "people": [directories.person(row) for row in organisations.people(place.id)],
        "windows": organisations.windows(place.id), "apps": placing.destinations(place),
        "division": divisions.full_name(place.division_code, language),
        "is_expired": place.licence_valid_to is not None and place.licence_valid_to < clock.today(),
        "lines": [finding.look(line)[0] for line in place.lines],
        "takes_bookings": row.is_serving and bool(meetings.taking_bookings(actor_of(request), [place.id])),
        "domains": directories.domain_words(place.domains), "languages": directories.language_words(place.languages),
    }  # fmt: skip
    return render(request, "portal/directory/institution.html", context)
