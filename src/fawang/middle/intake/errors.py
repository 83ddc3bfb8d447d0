"""What can go wrong with contacts and calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, NotFound, RefusedByRule


class NoSuchContact(NotFound):
    """No such contact, or another unit's."""

    code = "intake.no_such_contact"
    message = _("没有找到这条来访记录。请核对编号。")


class NoSuchCall(NotFound):
    """No such call, or another unit's."""

    code = "intake.no_such_call"
    message = _("没有找到这个来电。它可能已经挂断。")


class CallTaken(Conflict):
    """A colleague was faster."""

    code = "intake.call_taken"
    message = _("这个来电已由同事接听。")


class NotesConflict(Conflict):
    """The notes were saved from elsewhere meanwhile. `theirs` is the text there, `now` its version."""

    code = "intake.notes_conflict"
    message = _("另一个页面刚刚保存过这份记录。两份文字都还在，请选择保留哪一份。")


class AlreadyRated(RefusedByRule):
    """One rating a contact."""

    code = "intake.already_rated"
    message = _("这次服务已经评价过了，谢谢您。")


class NotYetRatable(RefusedByRule):
    """Nothing was answered yet."""

    code = "intake.not_yet_ratable"
    message = _("这次服务还没有结束，结束后可以评价。")


class TooManyAttempts(RefusedByRule):
    """Three calls at most."""

    code = "intake.too_many_attempts"
    message = _("已经回拨三次，不再回拨。请按未联系上结束。")


class NoCallbackPlanned(RefusedByRule):
    """Nobody is waiting for a call."""

    code = "intake.no_callback_planned"
    message = _("这条记录没有待回拨的电话。")


class RatingOver(RefusedByRule):
    """Rating closes after six months."""

    code = "intake.rating_over"
    message = _("评价时间(六个月)已过。有意见请拨打 12348。")
