"""What is missing or wrong in the register of one's area; each number opens its list, each list can be taken along."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.divisions import selectors as divisions
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations.values import InstitutionValue
from fawang.front.frame.doors import actor_of, requires
from fawang.front.workbench.administration.institutions import MANAGE
from fawang.front.workbench.queues import harmless
from fawang.kernel import clock
from fawang.kernel.errors import NotFound

_PAGE = 30
_EXPORTED = 5_000


@requires(MANAGE)
def page(request: HttpRequest) -> HttpResponse:
    """The numbers."""
    counts = organisations.quality(actor_of(request))
    rows = [(code, words, do, counts[code]) for code, (words, do, _check) in organisations.QUALITY_CHECKS.items()]
    return render(request, "workbench/quality.html", {"rows": rows, "all": counts["all"]})


@requires(MANAGE)
def listing(request: HttpRequest, what: str) -> HttpResponse:
    """The institutions behind a number."""
    after = request.GET.get("after", "")
    found = organisations.quality_list(actor_of(request), what, after=after, limit=_PAGE)
    words, do, _check = organisations.QUALITY_CHECKS[what]
    context = {
        "what": what, "words": words, "do": do, "rows": [(one, _area(one)) for one in found.rows],
        "next": found.next, "has_previous": bool(after),
    }  # fmt: skip
    return render(request, "workbench/quality_list.html", context)


@requires(MANAGE)
def export(request: HttpRequest, what: str) -> HttpResponse:
    """The list as CSV."""
    if what not in organisations.QUALITY_CHECKS:
        raise NotFound
    out = StringIO()
    out.write("\ufeff")  # spreadsheets need it to see UTF-8
    writer = csv.writer(out)
    writer.writerow([_("机构全称"), _("机构类型"), _("所在地区"), _("地址"), _("状态"), _("许可有效期到哪天")])
    for one in organisations.quality_list(actor_of(request), what, limit=_EXPORTED).rows:
        until = one.licence_valid_to.isoformat() if one.licence_valid_to else ""
        cells = (one.name, one.type_name, _area(one), one.address, one.status_name, until)
        writer.writerow([harmless(cell) for cell in cells])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="quality-{what}-{clock.today():%Y%m%d}.csv"'
    return response


def _area(one: InstitutionValue) -> str:
    known = divisions.exists(one.division_code)
    return divisions.full_name(one.division_code, get_language() or "") if known else one.division_code
