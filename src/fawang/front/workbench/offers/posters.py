"""A printed sheet for a notice board or a window: scan it, and the service opens with its place filled in (扫码)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue, WindowValue
from fawang.front.frame import qr
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.offers.listing import SEE
from fawang.front.workbench.offers.sheet import around, viewed
from fawang.kernel.policy import Actor

BOARD = re.compile(r"[A-Za-z0-9-]{1,20}")
# enough of a place's token to tell boards apart, and few enough to type
_SHORT = 6


@dataclass(frozen=True)
class Poster:
    """What stands on the sheet."""

    place: InstitutionValue
    window: WindowValue | None
    board: str
    area: str
    area_en: str
    address: str
    picture: str

    @property
    def typed(self) -> str:
        """The address as people type it."""
        return self.address.partition("://")[2]


def poster_of(code: str, place: InstitutionValue, window: WindowValue | None, board: str) -> Poster:
    """The sheet of a service for a place."""
    route = reverse("portal:scanned", args=[code, place.division_code, board])
    address = f"{settings.FAWANG_SITE_URL.rstrip('/')}{route}"
    area, area_en = (divisions.full_name(place.division_code, language) for language in ("zh-hans", "en"))
    return Poster(place, window, board, area, area_en, address, qr.data_uri(address))


def place_of(actor: Actor, name: str) -> InstitutionValue | None:
    """The institution of that name; without one, the actor's own."""
    if name:
        return organisations.institution_named(name)
    return organisations.institution(actor.unit_id) if actor.unit_id else None


@requires(SEE)
def page(request: HttpRequest, code: str) -> HttpResponse:
    """Choose the institution, its window and the board; the sheet stands below, ready to print."""
    one, shown = viewed(request, code)
    name, board = request.GET.get("unit", "").strip()[:100], request.GET.get("board", "").strip()[:20]
    place = place_of(actor_of(request), name)
    windows = organisations.windows(place.id) if place else []
    window = next((row for row in windows if row.token == request.GET.get("window")), None)
    errors = {}
    if place is None and name:
        errors["unit"] = _("没有叫这个名称的机构，或不止一个。请核对。")
    if board and not BOARD.fullmatch(board):
        errors["board"] = _("请用字母、数字和短横线，最多 20 个，例如 V3-north。")
    mine = board or ((window or place).token[:_SHORT] if place else "")
    poster = poster_of(code, place, window, mine) if place and one.published and not errors else None
    context = {
        **around(request, one, shown, "service-poster"), "poster": poster, "errors": errors, "board": board,
        "unit": place.name if place else name, "window": window.token if window else "",
        "windows": [(row.token, row.name) for row in windows], "language": get_language() or "",
    }  # fmt: skip
    return render(request, "workbench/offers/poster.html", context, status=422 if errors else 200)
