"""Where the person is and where a place is: the position kept for two hours, distances and openings in words, and the
addresses that hand a destination to a navigation app.

A position never stands in an address or a log: it is sent by POST, rounded to about a hundred metres, and kept in the
session until it is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.contrib.sessions.backends.base import SessionBase
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue, Near, Opening, Travel, bd09, gcj02
from fawang.base.workorders.values import Rating
from fawang.kernel import clock
from fawang.kernel.errors import Invalid

_KEY = "near"
_KEPT = timedelta(hours=2)
# a thousandth of a degree is about a hundred metres
_DECIMALS = 3
_MODES: dict[str, str | Promise] = {
    "walk": gettext_lazy("步行约 %(n)d 分钟"),
    "road": gettext_lazy("乘车约 %(n)d 分钟"),
}


@dataclass(frozen=True)
class Position:
    """Where the person is, in degrees of WGS-84; `words` name a place that was typed, empty for the device's."""

    lng: float
    lat: float
    words: str = ""


def position(session: SessionBase) -> Position | None:
    """The position that the person gave, while it is kept."""
    told = session.get(_KEY)
    if not told or told["until"] < clock.now().timestamp():
        return None
    return Position(told["lng"], told["lat"], told["words"])


def forget(session: SessionBase) -> None:
    """Drop the position."""
    session.pop(_KEY, None)


def remember(session: SessionBase, *, lng: str, lat: str, place: str) -> None:
    """Keep a position: the device's, or the middle of a division that was typed. Raises Invalid with what to do."""
    if lng or lat:
        found = _degrees(lng, lat)
    else:
        found = _typed(place)
    until = (clock.now() + _KEPT).timestamp()
    rounded = {"lng": round(found.lng, _DECIMALS), "lat": round(found.lat, _DECIMALS)}
    session[_KEY] = {**rounded, "words": found.words, "until": until}


def _degrees(lng: str, lat: str) -> Position:
    try:
        x, y = float(lng), float(lat)
    except ValueError:
        x = y = 999.0
    if not (-180 <= x <= 180 and -90 <= y <= 90):
        raise Invalid({"place": _("没有得到您的位置。可以输入所在的区、县名称。")})
    return Position(x, y)


def _typed(text: str) -> Position:
    """The middle of the division that a text names; what it may name besides is told in the refusal."""
    if not text.strip():
        raise Invalid({"place": _("请输入所在的市、区、县或乡镇的名称，例如武侯区。")})
    for row in divisions.search(text, limit=10):
        point = organisations.centre_of(row.code)
        if point is not None:
            return Position(*point, words=divisions.full_name(row.code, get_language() or ""))
    raise Invalid({"place": _("没有找到这个地方，或者还不知道它在哪里。请换成区、县的名称，或用下面的“地区”筛选。")})


def distance(near: Near) -> str:
    """`350 米`, `2.4 公里`, with `约` for what was measured to a division's centre; empty where nothing is known."""
    if near.distance_m is None:
        return ""
    metres = near.distance_m
    if near.is_about:
        return _("约 %(n)s 公里（按所在地区中心估算）") % {"n": max(1, round(metres / 1000))}
    if metres < 1000:
        return _("%(n)s 米") % {"n": max(10, round(metres, -1))}
    return _("%(n)s 公里") % {"n": f"{metres / 1000:.1f}" if metres < 100_000 else f"{metres / 1000:.0f}"}


def way(travel: tuple[Travel, ...]) -> str:
    """The quickest of the estimated ways in words."""
    if not travel:
        return ""
    best = travel[0]
    if best.minutes >= 60 and best.mode == "road":
        return _("乘车约 %(n)s 小时") % {"n": f"{best.minutes / 60:.1f}".removesuffix(".0")}
    return _MODES[best.mode] % {"n": best.minutes}


def open_words(opening: Opening) -> str:
    """`正在开放，12:00 关门`, `今天 13:30 开门`, `明天 09:00 开门` …; empty where no hours are known."""
    if opening.is_open is None:
        return ""
    if opening.is_open:
        if opening.until is None:
            return _("正在开放，全天")
        return _("正在开放，%(time)s 关门") % {"time": _clock(opening.until)}
    if opening.opens is None:
        return _("现在不开放")
    at = clock.local(opening.opens)
    days = (at.date() - clock.today()).days
    said = {0: _("现在不开放，今天 %(time)s 开门"), 1: _("现在不开放，明天 %(time)s 开门")}.get(days)
    if said is None:
        said = _("现在不开放，%(day)s %(time)s 开门")
    return said % {"time": _clock(opening.opens), "day": date_format(at, "n月j日" if not _is_english() else "j M")}


def _clock(moment: datetime) -> str:
    local = clock.local(moment)
    return "24:00" if (local.hour, local.minute) == (0, 0) else f"{local:%H:%M}"


def _is_english() -> bool:
    return (get_language() or "").startswith("en")


@dataclass(frozen=True)
class Row:
    """A place in a list, with everything in words."""

    place: InstitutionValue
    opening: Opening
    open_words: str
    distance: str = ""
    way: str = ""
    is_serving: bool = True
    where: str = ""
    rating: Rating | None = None


def row_of(place: InstitutionValue, opening: Opening, near: Near | None = None) -> Row:
    """A row of the directory."""
    is_serving = place.can_serve_on(clock.today())
    return Row(
        place=place,
        opening=opening,
        open_words=open_words(opening) if is_serving else "",
        distance=distance(near) if near else "",
        way=way(near.travel) if near else "",
        is_serving=is_serving,
        where=_where(place),
    )


def _where(place: InstitutionValue) -> str:
    """The address, with its area before it unless the address says it: two centres of one name are told apart."""
    known = divisions.many([place.division_code]).get(place.division_code)
    if known is None or known.name in place.address:
        return place.address
    area = divisions.full_name(place.division_code, get_language() or "")
    return f"{area} {place.address}".strip()


def destinations(place: InstitutionValue) -> list[tuple[str | Promise, str]]:
    """(name of the app, its address) that open a navigation app with the place as destination; a search for the
    address where no coordinates are known."""
    name, where = place.name, f"{place.address} {place.name}".strip()
    if place.lng is None or place.lat is None:
        return _searches(where)
    x, y = (f"{one:.6f}" for one in gcj02(place.lng, place.lat))
    bx, by = (f"{one:.6f}" for one in bd09(place.lng, place.lat))
    lng, lat = f"{place.lng:.6f}", f"{place.lat:.6f}"
    amap = {"to": f"{x},{y},{name}", "coordinate": "gaode", "callnative": "1", "src": "fawang"}
    baidu = {"location": f"{by},{bx}", "title": name, "content": place.address or name, "output": "html"}
    baidu |= {"coord_type": "bd09ll", "src": "fawang"}
    tencent = {"type": "drive", "to": name, "tocoord": f"{y},{x}", "referer": "fawang"}
    return [
        (_("高德地图"), _address("https://uri.amap.com/navigation", amap)),
        (
            _("百度地图"),
            _address("https://api.map.baidu.com/marker", baidu),
        ),
        (_("腾讯地图"), _address("https://apis.map.qq.com/uri/v1/routeplan", tencent)),
        (_("苹果地图"), f"maps:?{urlencode({'daddr': f'{y},{x}', 'q': name}, quote_via=quote)}"),
        (_("手机里的其他地图"), f"geo:{lat},{lng}?q={lat},{lng}({quote(name)})"),
    ]


def _searches(where: str) -> list[tuple[str | Promise, str]]:
    baidu = {"query": where, "region": "全国", "output": "html", "src": "fawang"}
    tencent = {"keyword": where, "referer": "fawang"}
    amap = {"keyword": where, "callnative": "1", "src": "fawang"}
    return [
        (
            _("高德地图"),
            _address("https://uri.amap.com/search", amap),
        ),
        (_("百度地图"), _address("https://api.map.baidu.com/place/search", baidu)),
        (_("腾讯地图"), _address("https://apis.map.qq.com/uri/v1/search", tencent)),
        (_("苹果地图"), f"maps:?{urlencode({'q': where}, quote_via=quote)}"),
        (_("手机里的其他地图"), f"geo:0,0?q={quote(where)}"),
    ]


def _address(base: str, told: dict[str, str]) -> str:
    return f"{base}?{urlencode(told, quote_via=quote, safe=',')}"


def week(place: InstitutionValue) -> list[tuple[Any, str, bool]]:
    """The coming seven days: (date, hours in words, whether the calendar makes it another day than its weekday)."""
    rows = []
    for plan, stretches in organisations.hours_on_calendar(place.hours):
        told = _("、").join(f"{_hour(begin)}–{_hour(end)}" for begin, end in stretches)
        is_changed = plan.weekday != plan.day.isoweekday() or plan.else_weekday != 0
        rows.append((plan.day, told or _("不开放"), is_changed))
    return rows


def _hour(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
