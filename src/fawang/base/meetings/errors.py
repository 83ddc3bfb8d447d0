"""What can go wrong with bookings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, Invalid, RefusedByRule, RefusedByState


class FullyBooked(Conflict):
    """Every seat at that time is taken."""

    code = "meetings.fully_booked"
    message = _("这个时间刚刚约满了。请换一个时间。")


class AlreadyBooked(Conflict):
    """The order has a booking for this purpose, or the person is somewhere else at that time."""

    code = "meetings.already_booked"
    message = _("您在这个时间或为这件事已经有预约了。请在“我的事项”里查看，需要时改期。")


class NotOffered(RefusedByRule):
    """The time is not one that can be booked: closed, too soon, too far ahead, or between two slots."""

    code = "meetings.not_offered"
    message = _("这个时间不能预约。请从列出的时间里选一个。")


class TooManyBookings(RefusedByRule):
    """A person holds the most open bookings allowed."""

    code = "meetings.too_many_bookings"
    message = _("您还有 %(count)s 个没有到期的预约。请先取消不需要的，再预约新的。")


class BookingIsOver(RefusedByState):
    """The booking was cancelled, used or missed."""

    code = "meetings.booking_is_over"
    message = _("这个预约已经取消或已经结束，不能再改。需要时请重新预约。")


class NotToday(RefusedByRule):
    """Checking in on another day."""

    code = "meetings.not_today"
    message = _("这个预约不是今天的。请核对日期，需要时改期。")


class TooEarly(RefusedByRule):
    """Saying that somebody did not come before the time has begun."""

    code = "meetings.too_early"
    message = _("预约时间还没到，不能记为没有到场。请到时间再记。")


class WindowTaken(Conflict):
    """The window can be booked already."""

    code = "meetings.window_taken"
    message = _("这个窗口已经开放预约了。要改时间，请修改原来的设置。")


class OpeningWrong(Invalid):
    """The opening pattern cannot be read, overlaps, or leaves no room for a slot."""

    code = "meetings.opening_wrong"
    message = _("开放时间没有填对。每天填若干段，例如 09:00 到 12:00，从早到晚，不重叠，每段不短于一次服务的时间。")

    def __init__(self) -> None:
        super().__init__({"opening": self.message})


class StillFree(RefusedByRule):
    """Waiting for a span in which there are free times."""

    code = "meetings.still_free"
    message = _("这段日子还有空的时间，可以直接预约，不用等候。")


class AlreadyWaiting(Conflict):
    """The person waits for the same thing, or for as many as allowed."""

    code = "meetings.already_waiting"
    message = _("您已经在等候名单里了，或者等候的已经太多。请在“我的预约”里查看。")


class OfferIsOver(RefusedByState):
    """The offered time is not held any more."""

    code = "meetings.offer_is_over"
    message = _("这个空位没有为您保留了。请重新选时间，或再次加入等候。")


class MovedTooOften(RefusedByRule):
    """The person moved the booking as often as allowed."""

    code = "meetings.moved_too_often"
    message = _("这个预约已经改过 %(count)s 次，不能再自己改了。请拨打 12348 或联系窗口，我们帮您改。")


class OnlyTheDesk(RefusedByRule):
    """Somebody who missed several bookings asks the desk for the next one."""

    code = "meetings.only_the_desk"
    message = _("您最近有 %(count)s 次预约没有到场，暂时不能自己预约。请到窗口或拨打 12348，说明情况后可以恢复。")


class DeskIsClosed(RefusedByRule):
    """The desk is closed at that time."""

    code = "meetings.desk_is_closed"
    message = _("这段时间不开放。请换一个时间。")


class SpanWrong(Invalid):
    """A span of days or hours that cannot be."""

    code = "meetings.span_wrong"
    message = _("开始要早于结束，也不能是过去的时间。")

    def __init__(self) -> None:
        super().__init__({"begin": self.message})


class NoSuchLine(RefusedByRule):
    """No open window of the hall takes this kind of matter."""

    code = "meetings.no_such_line"
    message = _("现在没有窗口办理这项业务。请问一下工作人员。")


class TicketIsOver(RefusedByState):
    """The number was called, left or closed meanwhile."""

    code = "meetings.ticket_is_over"
    message = _("这个号已经处理过了。请看最新情况。")
