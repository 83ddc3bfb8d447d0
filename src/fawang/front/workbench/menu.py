"""The staff's menu, in the order in which people need it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.base.knowledge import selectors as knowledge
from fawang.base.notifications import selectors as messages
from fawang.base.workorders import selectors as orders
from fawang.front.frame import navigation
from fawang.front.workbench import policy  # noqa: F401 - declares the room's permissions
from fawang.kernel.policy import Actor


def _overdue(actor: Actor) -> int:
    return len(knowledge.overdue(actor))


ROWS = (
    (_("工单队列"), "workbench:home", "workorders.work", "list-check", "q", None),
    (_("调度台"), "workbench:dispatch", "dispatch.board", "route", "d", lambda actor: _count(actor, "dispatch")),
    (_("在线咨询"), "workbench:chats", "intake.see_chat_desk", "messages", "o", None),
    (_("匿名公开"), "workbench:publications", "intake.anonymise_answers", "eye-off", "", None),
    (_("监管"), "workbench:supervision", "oversight.call_back", "eye", "s", None),
    (_("预约日历"), "workbench:own-bookings", "meetings.receive", "calendar-event", "", None),
    (_("本单位人员"), "workbench:people", "organisations.manage_people", "users", "p", None),
    (_("机构"), "workbench:institutions", "workbench.see_register", "building", "i", None),
    (_("账号"), "workbench:accounts", "identity.see_accounts", "id", "", None),
    (_("接口密钥"), "workbench:partner-keys", "organisations.manage_keys", "key", "", None),
    (_("法律与指引"), "workbench:knowledge", "workbench.see_knowledge", "book", "l", _overdue),
    (_("服务事项"), "workbench:services", "workbench.see_services", "settings", "", None),
    (_("工作日历"), "workbench:calendar", "calendar.change", "calendar", "", None),
    (_("审计记录"), "workbench:audit", "identity.read_log_ins", "shield-check", "", None),
    (_("权限表"), "workbench:permissions", "workbench.see_permissions", "lock", "", None),
    (_("后台任务"), "workbench:machine", "workbench.see_machine", "refresh", "", None),
    (_("我的账号"), "workbench:me", "workbench.enter", "user", "", None),
)


def _count(actor: Actor, queue: str) -> int:
    return orders.queue(actor, name=queue, size=1).count


def wire() -> None:
    """Add the entries and the inbox (once, at start-up)."""
    for label, url_name, permission, icon, key, count in ROWS:
        navigation.register("workbench", label, url_name, permission, icon, key, count=count)
    navigation.register_inbox("staff", "workbench:messages", messages.unread_count)
