"""The form of an institution's record: its fields, and back to what the room of institutions takes."""

from __future__ import annotations

from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionData, InstitutionValue
from fawang.front.workbench.administration import choices, hours
from fawang.front.workbench.administration.fields import Field, Form

_DEGREES = 9


_CRS = (
    ("CGCS2000", _lazy("国家大地坐标（CGCS2000、WGS-84、天地图）")),
    ("GCJ02", _lazy("高德、腾讯地图（GCJ-02）")),
    ("BD09", _lazy("百度地图（BD-09）")),
)


def _fields(place: InstitutionValue | None) -> tuple[Field, ...]:
    basics, licence, reach, work = _("基本信息"), _("执业许可"), _("联系方式与开放时间"), _("业务与承接能力")
    lines, domains, languages = (place.lines, place.domains, place.languages) if place else ((), (), ())
    return (
        Field("type", _("机构类型"), "select", is_required=True, choices=choices.types(), section=basics),
        Field("name", _("机构全称"), "name", is_required=True, most=100),
        Field("short_name", _("简称"), most=40),
        Field("level", _("层级"), "select", is_required=True, choices=choices.levels()),
        Field("division_code", _("所在地区"), "division", _("选到服务的那一级。省级机构不用选。"), is_required=True),
        Field("parent", _("上级机构"), hint=_("填写已登记机构的全称或简称。"), most=100),
        Field("uscc", _("统一社会信用代码"), "uscc", _("18 位。没有的可以不填。"), section=licence),
        Field("licence_no", _("执业许可证号"), most=60),
        Field("licence_valid_to", _("许可有效期到哪天"), "date", _("长期有效的不填。")),
        Field("scope", _("许可的业务范围"), "long_text", _("一行一项。"), most=1000),
        Field("address", _("地址"), most=200, section=reach),
        Field("phones", _("电话"), hint=_("几个号码之间用逗号隔开。"), most=200),
        Field("hours", _("开放时间"), "hours", _("上午、下午分开填。用不到的一段留空。")),
        Field("lng", _("经度"), hint=_("例如 104.0437。"), most=12),
        Field("lat", _("纬度"), hint=_("例如 30.6412。"), most=12),
        Field("crs", _("坐标来源"), "select", _("保存时都换算成国家大地坐标。"), is_required=True, choices=_CRS),
        Field("lines", _("承接的业务"), "choices", choices=choices.lines(*lines), section=work),
        Field("domains", _("擅长的领域"), "choices", choices=choices.domains(*domains)),
        Field("languages", _("服务语言"), "choices", choices=choices.languages(*languages)),
        Field("capacity", _("同时最多承接多少件"), "number", _("0 表示没有说明上限。")),
        Field("accepts_legal_aid", _("承办法律援助案件"), "yes_no", is_required=True),
    )  # fmt: skip


def labels() -> dict[str, str]:
    """What the fields of a record are called."""
    return {"parent_id": str(_("上级机构")), **{field.id: str(field.label) for field in _fields(None)}}


def form_of(place: InstitutionValue | None, post: QueryDict | None) -> Form:
    """The form of an institution, of a new one, or of what was sent."""
    new = {"languages": ["zh"], "accepts_legal_aid": "no", "crs": "CGCS2000"}
    return Form(_fields(place), _values(place) if place is not None else new, post)


def _values(place: InstitutionValue) -> dict[str, Any]:
    parent = organisations.institution(place.parent_id).name if place.parent_id else ""
    return {
        "type": place.type, "name": place.name, "short_name": place.short_name, "level": place.level,
        "division_code": place.division_code, "parent": parent, "uscc": place.uscc, "licence_no": place.licence_no,
        "licence_valid_to": place.licence_valid_to.isoformat() if place.licence_valid_to else "",
        "address": place.address, "phones": "，".join(place.phones), "hours": hours.of_open_hours(place.hours),
        "lng": _shown(place.lng), "lat": _shown(place.lat), "crs": "CGCS2000", "lines": list(place.lines),
        "domains": list(place.domains), "languages": list(place.languages), "capacity": place.capacity,
        "accepts_legal_aid": "yes" if place.accepts_legal_aid else "no", "scope": "\n".join(place.scope),
    }  # fmt: skip


def _shown(degrees: float | None) -> str:
    return "" if degrees is None else f"{degrees:.6f}".rstrip("0").rstrip(".")


def data_of(form: Form, *, root: str) -> InstitutionData:
    """What was filled in. `root` is the place that an empty choice means. Raises Invalid."""
    data = InstitutionData(
        type=form.text("type"),
        name=form.text("name"),
        short_name=form.text("short_name"),
        level=form.text("level"),
        division_code=form.text("division_code") or root,
        parent_id=_parent(form),
        uscc=form.text("uscc"),
        licence_no=form.text("licence_no"),
        licence_valid_to=form.day("licence_valid_to"),
        address=form.text("address"),
        lng=_degrees(form, "lng"),
        lat=_degrees(form, "lat"),
        crs=form.text("crs") or "CGCS2000",
        phones=form.words("phones"),
        hours=hours.as_open_hours(form.stretches("hours")),
        lines=form.many("lines"),
        scope=form.lines_of("scope"),
        domains=form.many("domains"),
        languages=form.many("languages"),
        capacity=form.number("capacity"),
        accepts_legal_aid=form.is_yes("accepts_legal_aid"),
    )
    form.must_be_right()
    return data


def _parent(form: Form) -> int | None:
    name = form.text("parent")
    if not name:
        return None
    found = organisations.institution_named(name)
    if found is not None:
        return found.id
    near = [row.name for row in organisations.institutions(text=name, limit=3).rows]
    form.errors["parent"] = (
        _("没有叫这个名称的机构，或不止一个。是不是：%(names)s？") % {"names": _("；").join(near)}
        if near
        else _("没有叫这个名称的机构。请先登记上级机构，或留空。")
    )
    return None


def _degrees(form: Form, name: str) -> float | None:
    text = form.text(name)
    if not text:
        return None
    try:
        return round(float(text), _DEGREES)
    except ValueError:
        form.errors[name] = _("请填写小数，例如 104.0437。")
        return None
