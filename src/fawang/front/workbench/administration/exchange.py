"""Tables of institutions and people in and out. A file is checked first; what is good in it is written only when the
same file is sent again with the word to write."""

from __future__ import annotations

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration.institutions import MANAGE
from fawang.kernel import clock
from fawang.kernel.errors import FawangError, Invalid

_CHECKED = "exchange_checked"
_SHOWN = 200
WHAT = (("institutions", _("机构")), ("people", _("人员")))


@requires(MANAGE)
def page(request: HttpRequest) -> HttpResponse:
    """Templates and exports to take along, a file to bring in."""
    if request.method != "POST":
        return _page(request)
    what = request.POST.get("what", "")
    what = what if what in dict(WHAT) else "institutions"
    file = request.FILES.get("file")
    if file is None:
        return _page(request, 422, errors={"file": _("请选择一个文件。")}, what=what)
    if (file.size or 0) > services.MOST_BYTES:
        return _page(request, 422, errors={"file": _("文件太大，最多 10 MB。请分成几个文件。")}, what=what)
    content = file.read()
    digest = f"{what}:{hashlib.sha256(content).hexdigest()}"
    # only what was looked at before is written
    is_writing = request.POST.get("write") == "1" and request.session.get(_CHECKED) == digest
    try:
        report = _report(request, what, content, file.name or "", is_writing)
    except Invalid as refusal:
        return _page(request, refusal.status, errors=refusal.fields, what=what)
    except FawangError as refusal:
        return _page(request, refusal.status, error=refusal.text, what=what)
    request.session[_CHECKED] = "" if is_writing else digest
    return _page(request, report=report, what=what, is_written=is_writing)


def _report(request: HttpRequest, what: str, content: bytes, name: str, write: bool) -> Any:
    lines = services.read_table(content, name)
    read = services.import_people if what == "people" else services.import_institutions
    return read(actor_of(request), lines, write=write, names=_names())


def _names() -> dict[str, dict[str, str]]:
    """Lines and fields of law by the names that people write."""
    found: dict[str, dict[str, str]] = {"line": {}, "domain": {}}
    for code in catalogue.lines():
        line = catalogue.line(code)
        found["line"] |= {line.zh: code, line.en: code}
    for row in catalogue.table("domain1"):
        found["domain"] |= {row.say("zh-hans"): row.code, row.say("en"): row.code}
    return found


def _page(request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
    report = more.get("report")
    context = {"kinds": WHAT, "what": "institutions", "wrong": report.wrong[:_SHOWN] if report else (), "most": _SHOWN}
    return render(request, "workbench/exchange.html", {**context, **more}, status=status)


@requires(MANAGE)
def export(request: HttpRequest, what: str, kind: str) -> HttpResponse:
    """What the actor keeps, or an empty table with one made-up row (`?template=1`)."""
    is_template = request.GET.get("template") == "1"
    content, content_type = organisations.export_table(actor_of(request), what, kind, is_template=is_template)
    name = f"{what}-{'template' if is_template else f'{clock.today():%Y%m%d}'}.{kind}"
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
