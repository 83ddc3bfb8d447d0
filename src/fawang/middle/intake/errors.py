"""What can go wrong with contacts and calls."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, NotFound, RefusedByRule, RefusedByState


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


class NoSuchChat(NotFound):
    """No such chat, or somebody else's."""

    code = "intake.no_such_chat"
    message = _("没有找到这次在线咨询。它可能是别的单位的。")


class ChatTaken(Conflict):
    """A colleague was faster."""

    code = "intake.chat_taken"
    message = _("这次咨询已由同事接待。")


class TooManyChats(RefusedByRule):
    """Nobody talks to more people at once than the installation allows."""

    code = "intake.too_many_chats"
    message = _("您手上的咨询已经到上限（%(most)s 个）。请先结束一个，再接下一个。")


class NotOnDuty(RefusedByState):
    """Chats come to those who are signed in."""

    code = "intake.not_on_chat_duty"
    message = _("请先签到，再接待咨询。")


class ChatEnded(RefusedByState):
    """Nothing is said in a chat that is over."""

    code = "intake.chat_ended"
    message = _("这次咨询已经结束。还有问题，可以再开始一次。")


class ChatFull(RefusedByState):
    """A chat is a conversation, not a file."""

    code = "intake.chat_full"
    message = _("这次咨询已经满 %(most)s 条，不能再发。说过的都还在；请结束这次，再开始一次，或者请律师回电。")


class NotThere(RefusedByState):
    """Who is to get the chat is not on duty, or has as many as allowed."""

    code = "intake.not_there"
    message = _("对方没有签到，或者手上已满。请换一位，或者转到其他单位。")


class NotPublishable(RefusedByRule):
    """Only what is answered, and what the asker agreed to."""

    code = "intake.not_publishable"
    message = _("这个问题还没有办结，或者提问人没有同意公开。")
