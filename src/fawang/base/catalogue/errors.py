"""What can go wrong in the catalogue."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, FawangError, NotFound, RefusedByRule


class DefinitionError(FawangError):
    """A definition does not fit; `problems` are lines `file:line: what`."""

    code = "catalogue.definition"
    status = 422
    message = _("服务定义有误，请按提示的文件和行号改正。")

    def __init__(self, problems: list[str]) -> None:
        super().__init__()
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join(self.problems)


class ExampleFails(RefusedByRule):
    """A worked example of the service came out otherwise than it says; `examples` names them."""

    code = "catalogue.example_fails"
    message = _("算例没有通过，不能发布：%(examples)s。请改正定义或算例，再来发布。")


class NothingNew(RefusedByRule):
    """The file says what is published already, or changed without a higher version."""

    code = "catalogue.nothing_new"
    message = _("没有可以发布的新版本：文件和已发布的一样，或者改了内容却没有提高版本号。")


class SeenOtherwise(Conflict):
    """The file was changed after the page with the difference was made."""

    code = "catalogue.seen_otherwise"
    message = _("文件在您查看之后又改动了，没有发布。请看过新的差别再发布。")


class NoSuchScreener(NotFound):
    """There is no screener of that name."""

    code = "catalogue.no_such_screener"
    message = _("没有这组自测问答。")


class NoSuchItem(NotFound):
    """No published item has that code."""

    code = "catalogue.no_such_item"
    message = _("没有这项服务，或它还没有开放。请从首页查找服务。")


class ItemClosed(RefusedByRule):
    """The service was closed while somebody filled it in."""

    code = "catalogue.item_closed"
    message = _("这项服务刚刚停止受理，您填写的内容已保存。请拨打 12348，我们帮您转到合适的服务。")


class StillExample(RefusedByRule):
    """The service is shown as an example: its owner has not confirmed its facts, so nothing official can be filed."""

    code = "catalogue.still_example"
    message = _("这项服务还是示例，主管单位尚未确认，暂时不能正式办理。请拨打 12348，我们帮您找到现在能办的途径。")


class LineGone(RefusedByRule):
    """The line's folder was removed: its orders can be read, not changed."""

    code = "catalogue.line_gone"
    message = _("这类业务已不在本平台办理，记录可以查看但不能再操作。请拨打 12348。")
