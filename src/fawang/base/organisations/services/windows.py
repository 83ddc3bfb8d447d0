"""Windows of a centre (窗口): open a named one, change it, close it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.identity.values import clean_text
from fawang.base.organisations.models import Window
from fawang.base.organisations.services.institutions import MANAGE, check_codes
from fawang.base.organisations.services.rights import locked
from fawang.kernel.errors import Invalid, NotFound
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor


def _cleaned(name: str, lines: tuple[str, ...]) -> tuple[str, list[str]]:
    wrong: dict[str, str | Promise] = {}
    shown, codes = "", []
    try:
        shown = clean_text(name, max_characters=60)
        if not shown:
            wrong["name"] = _("请填写窗口名称。")
    except ValueError as error:
        wrong["name"] = str(error)
    try:
        codes = check_codes(lines)
    except ValueError as error:
        wrong["lines"] = str(error)
    if wrong:
        raise Invalid(wrong)
    return shown, codes


def add_window(
    actor: Actor,
    institution_id: int,
    *,
    name: str,
    kind: str = "WINDOW",
    lines: tuple[str, ...] = (),
    is_accessible: bool = True,
) -> int:
    """Open a named window; its id. Raises Invalid for a name that is taken there."""
    shown, codes = _cleaned(name, lines)
    try:
        with transaction.atomic():
            row = locked(actor, MANAGE, institution_id)
            window = Window.objects.create(
                institution=row, name=shown, kind=kind, lines=codes, is_accessible=is_accessible
            )
            fact = Fact("organisations.window_opened.v1", {"window": window.pk, "name": shown})
            append(actor=actor, stream=f"institution:{row.pk}", facts=[fact])
    except IntegrityError:
        raise Invalid({"name": _("这里已经有同名的窗口。请换一个名称。")}) from None
    return window.pk


def change_window(
    actor: Actor,
    window_id: int,
    *,
    name: str,
    lines: tuple[str, ...] = (),
    is_accessible: bool = True,
    is_open: bool = True,
) -> None:
    """Rename a window, change what it is for, close it or open it again (`organisations.window_changed.v1`).

    Bookings already made stand. Raises Invalid, NotFound.
    """
    shown, codes = _cleaned(name, lines)
    try:
        with transaction.atomic():
            window = Window.objects.filter(pk=window_id).first()
            if window is None:
                raise NotFound
            row = locked(actor, MANAGE, window.institution_id)
            window.name, window.lines, window.is_accessible, window.is_open = shown, codes, is_accessible, is_open
            window.save(update_fields=["name", "lines", "is_accessible", "is_open"])
            data = {"window": window.pk, "name": shown, "is_open": is_open}
            fact = Fact("organisations.window_changed.v1", data)
            append(actor=actor, stream=f"institution:{row.pk}", facts=[fact])
    except IntegrityError:
        raise Invalid({"name": _("这里已经有同名的窗口。请换一个名称。")}) from None
