"""The map of legal services (法律服务地图), and beside it a list that says the same."""

from __future__ import annotations

from math import atan, degrees, pi, sinh
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue, gcj02
from fawang.front.frame.doors import requires
from fawang.front.portal import directory, placing
from fawang.kernel.errors import NotFound

# an address names a tile of at least four kilometres: nobody's whereabouts can be read from it
_DEEPEST, _WIDEST = 13, 3
_PAGE = 20
_KEPT_SECONDS = 60


@require_GET
@requires("portal.see")
def page(request: HttpRequest) -> HttpResponse:
    """The list of what the map shows, and the button that draws it."""
    asked = directory.asked_of(request.GET)
    where = placing.position(request.session)
    found = directory.near(asked, where) if where is not None else directory.by_name(asked, _PAGE)
    context = {
        "asked": asked, "page": found, "where": where, "choices": directory.choices(), "tab": "map",
        "area": directory.area_field(asked.division), "drawing": _drawing(asked),
        "approval": settings.FAWANG_MAP_APPROVAL, "source": settings.FAWANG_MAP_SOURCE,
    }  # fmt: skip
    return render(request, "portal/directory/map.html", context)


def _drawing(asked: directory.Asked) -> dict[str, Any]:
    """What the script needs; empty where the map was not made at set-up, so that only the list is shown."""
    province = settings.FAWANG_PROVINCE
    files = {"script": "maps/leaflet/leaflet.js", "style": "maps/leaflet/leaflet.css", "china": "maps/china.json"}
    if province:
        files["province"] = f"maps/{province[:2]}.json"
    found = {name: address for name, file in files.items() if (address := _static(file))}
    if not {"script", "style"} <= set(found) or not (settings.FAWANG_MAP_TILES or "china" in found):
        return {}
    division = asked.division or province
    lng, lat = organisations.centre_of(division) or (104.0, 35.0)
    zoom = 4 if not division else 6 if division.endswith("0000") else 9 if division.endswith("00") else 11
    points = reverse("portal:map-points", args=[0, 0, 0]).replace("0/0/0", "{z}/{x}/{y}")
    return {
        **found, "tiles": settings.FAWANG_MAP_TILES, "points": points + asked.query(text="", sort=""), "zoom": zoom,
        "lng": f"{lng:.2f}", "lat": f"{lat:.2f}",
    }  # fmt: skip


def _static(file: str) -> str:
    if not (Path(settings.HOME) / "assets" / file).exists():
        return ""
    try:
        return staticfiles_storage.url(file)
    except ValueError:
        return ""


@require_GET
@requires("portal.see")
def points(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """What the map shows of one tile: places, or groups where there are many."""
    if not (_WIDEST <= z <= _DEEPEST and 0 <= x < 2**z and 0 <= y < 2**z):
        raise NotFound
    asked = directory.asked_of(request.GET)
    found = organisations.points(_box(z, x, y), **directory.able(asked))
    told = {
        "places": [_place(one) for one in found.places],
        "groups": [[*_shifted(lng, lat), count] for lng, lat, count in found.groups],
    }
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False})
    patch_cache_control(response, max_age=_KEPT_SECONDS)
    return response


def _box(z: int, x: int, y: int) -> tuple[float, float, float, float]:
    """West, south, east and north of a tile in degrees."""

    def north_of(row: int) -> float:
        return degrees(atan(sinh(pi * (1 - 2 * row / 2**z))))

    return x / 2**z * 360 - 180, north_of(y + 1), (x + 1) / 2**z * 360 - 180, north_of(y)


def _shifted(lng: float, lat: float) -> tuple[float, float]:
    x, y = gcj02(lng, lat) if settings.FAWANG_MAP_TILES and settings.FAWANG_MAP_CRS == "GCJ02" else (lng, lat)
    return round(x, 5), round(y, 5)


def _place(one: InstitutionValue) -> dict[str, Any]:
    lng, lat = _shifted(one.lng or 0.0, one.lat or 0.0)
    address = reverse("portal:institution", args=[one.token])
    return {"lng": lng, "lat": lat, "name": one.name, "kind": one.type_name, "url": address}
