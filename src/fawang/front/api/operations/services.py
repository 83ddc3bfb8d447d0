"""What can be asked for, where, and when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from fawang.base.catalogue import selectors as catalogue
from fawang.base.divisions import selectors as divisions
from fawang.base.meetings import selectors as meetings
from fawang.base.organisations import selectors as organisations
from fawang.front.api import cursors, showing
from fawang.front.api.binding import operation
from fawang.front.api.parsing import Code, Cursor, Day, DivisionCode, Limit, Token, Word
from fawang.front.api.schemas import published as out
from fawang.kernel import clock
from fawang.kernel.policy import VISITOR

router = Router(tags=["services"])
PUBLIC = "api.see_public"


@operation(router, "GET", "/services", PUBLIC, {200: list[out.ServiceRow]}, summary="列出服务 · List services")
def list_services(request: HttpRequest, line: Code = "") -> list[dict[str, Any]]:
    """Every service that takes demands now, of one line if given."""
    return [showing.service_row(published) for published in catalogue.items(line=line or None)]


@operation(router, "GET", "/services/{code}", PUBLIC, {200: out.ServiceOut}, summary="服务详情 · Get a service")
def get_service(request: HttpRequest, code: Code) -> dict[str, Any]:
    """One service in full: guide, questions, time limits."""
    return showing.service(catalogue.item(code))


@operation(router, "GET", "/divisions", PUBLIC, {200: list[out.Place]}, summary="行政区划 · List divisions")
def list_divisions(
    request: HttpRequest, parent: DivisionCode = "", text: Word = "", within: DivisionCode = "", limit: Limit = 20
) -> list[dict[str, Any]]:
    """What lies right below `parent` (the provinces without one), or what `text` finds (name, pinyin, initials)."""
    if text.strip():
        return [showing.place(row) for row in divisions.search(text, within, limit)]
    return [showing.place(row) for row in divisions.children(parent or None)]


@operation(router, "GET", "/institutions", PUBLIC, {200: out.InstitutionPage}, summary="机构名录 · List institutions")
def list_institutions(
    request: HttpRequest, type: Code = "", division: DivisionCode = "", line: Code = "", text: Word = "",
    after: Cursor = "", limit: Limit = 20,
) -> dict[str, Any]:  # fmt: skip
    """A page of the public roll by pinyin; suspended and revoked ones are shown with their status."""
    page = organisations.institutions(
        types=[type] if type else [], division=division, line=line, text=text, after=cursors.open_(after), limit=limit
    )
    return {"rows": list(page.rows), "next": cursors.close(page.next)}


@operation(router, "GET", "/institutions/{token}", PUBLIC, {200: out.InstitutionOut}, summary="机构 · An institution")
def get_institution(request: HttpRequest, token: Token) -> Any:  # noqa: ANN401 - read by the answer's class
    """One institution."""
    return organisations.institution_by_token(token)


@operation(
    router, "GET", "/institutions/{token}/slots", PUBLIC, {200: list[out.SlotOut]}, summary="可约时间 · Free times"
)
def list_slots(
    request: HttpRequest, token: Token, from_date: Day | None = None, days: Limit = 7
) -> list[dict[str, Any]]:
    """The times that can be booked at an institution, from a day (today) on, for at most 62 days."""
    place = organisations.institution_by_token(token)
    found = meetings.free_slots(VISITOR, from_date=from_date or clock.today(), days=days, institution_id=place.id)
    return [{**slot.__dict__, "bookable": slot.bookable_token} for slot in found]
