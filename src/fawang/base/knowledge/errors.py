"""What can go wrong with the law at hand."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from fawang.kernel.errors import Conflict, FawangError, NotFound, RefusedByRule


class SourceMissing(RefusedByRule):
    """The data to load is not there. `data["place"]` says where it was looked for."""

    code = "knowledge.source_missing"
    message = _("在 %(place)s 找不到法律数据。请先按安装说明取得数据，或指明所在的目录。")


class SourceBroken(RefusedByRule):
    """A row of the data is not as described. `data["place"]` names file and line."""

    code = "knowledge.source_broken"
    message = _("法律数据在 %(place)s 处不符合格式：%(what)s。没有载入任何内容。")


class LawUnknown(NotFound):
    """No such law."""

    code = "knowledge.law_unknown"
    message = _("没有找到这部法律。它可能还没有载入，请换个名称查找。")


class ArticleUnknown(NotFound):
    """No such article, or not in force on that day."""

    code = "knowledge.article_unknown"
    message = _("没有找到这一条。请核对条文序号，或选择另一个日期。")


class PieceUnknown(NotFound):
    """No such piece, or not for this actor."""

    code = "knowledge.piece_unknown"
    message = _("没有找到这篇内容。它可能已经撤下。")


class IndexNotReady(FawangError):
    """The index of this corpus is being built."""

    code = "knowledge.index_not_ready"
    status = 503
    is_worth_a_retry = True
    message = _("法律库正在整理，通常几分钟就好，请稍后再查。")


class NothingToLearn(RefusedByRule):
    """None of the examples names an article that is loaded."""

    code = "knowledge.nothing_to_learn"
    message = _("这些例子里没有一条对应已载入的现行条文，没有学到东西。")


class Stale(Conflict):
    """The piece changed since the page was made."""

    code = "knowledge.stale"
    message = _("这篇内容刚刚被别人改过。请刷新后再操作。")


class WrongState(RefusedByRule):
    """The act does not fit where the piece stands."""

    code = "knowledge.wrong_state"
    message = _("这篇内容现在不能这样操作。请刷新后看看它到了哪一步。")


class Erased(RefusedByRule):
    """The words of a piece were erased for good: it is not written, reviewed or published again."""

    code = "knowledge.erased"
    message = _("提问人撤回了公开的同意，这篇内容已经清空，不能再修改或发布。")


class OwnWork(RefusedByRule):
    """A text is reviewed by somebody else than who wrote it."""

    code = "knowledge.own_work"
    message = _("自己写的内容要由另一位同事审核。")
