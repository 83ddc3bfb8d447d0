"""What is checked before anything is written: the line is there, and what a filing says besides its answers.

Both databases refuse the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue import rules
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import LineGone
from fawang.base.catalogue.schema import Question, QuestionType
from fawang.base.catalogue.values import Published
from fawang.base.divisions import selectors as divisions
from fawang.base.documents import selectors as documents
from fawang.base.workorders.values import Filing
from fawang.kernel.errors import Invalid
from fawang.kernel.policy import Actor

MAX_DESCRIPTION = 4_000
MAX_TITLE = 200  # the row keeps the first 50 characters
MAX_SOURCE = 80
MAX_PEOPLE = 1_000_000
_TOKEN = re.compile(r"[a-z0-9]{10,40}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2,6})?")
# the field of a filing → the code table of its values
TABLES = {"channel": "channel", "domain": "domain", "urgency": "urgency"}


def is_line_there(published: Published) -> bool:
    """Whether the line that the version belongs to is still installed: all rules its process calls by name are here."""
    return all(rules.find(name) is not None for action in published.process.actions for name in action.guards)


def check_line(published: Published) -> None:
    """Raise LineGone for a version whose line was taken out: its orders are read, not changed, and none begins."""
    if not is_line_there(published):
        raise LineGone


def check_filing(filing: Filing) -> None:
    """Raise Invalid with a sentence for every field that cannot be stored or means nothing."""
    problems: dict[str, str | Promise] = {}
    for name, most in (("title", MAX_TITLE), ("description", MAX_DESCRIPTION), ("source", MAX_SOURCE)):
        text = getattr(filing, name)
        if not is_clean(text):
            problems[name] = _("这里有不能识别的字符，请重新输入。")
        elif len(text) > most:
            problems[name] = _("最多 %(maximum)s 个字，现在是 %(length)s 个字。") % {
                "maximum": most,
                "length": len(text),
            }
    for name, table in TABLES.items():
        value = getattr(filing, name)
        if (value or name == "channel") and value not in catalogue.codes(table):
            problems[name] = _("请从列出的选项中选择。")
    if not set(filing.sensitive_flags) <= catalogue.codes("sensitive_flag"):
        problems["sensitive_flags"] = _("请从列出的选项中选择。")
    if filing.language and not LANGUAGE.fullmatch(filing.language):
        problems["language"] = _("请从列出的选项中选择。")
    if not 1 <= filing.people_count <= MAX_PEOPLE:
        problems["people_count"] = _("请填写数字。")
    if filing.area and not (filing.area.isascii() and filing.area.isdecimal() and divisions.exists(filing.area)):
        problems["area"] = _("没有这个地方，请从列表中选择省、市、县。")
    if problems:
        raise Invalid(problems)


def check_files(actor: Actor, questions: Iterable[Question], answers: Mapping[str, Any]) -> None:
    """Raise Invalid at every file among the answers that is not there, or is not the actor's to hand in."""
    named = dict(_tokens(questions, answers))
    if not named:
        return
    found = documents.handed_in(actor, named.values())
    lost: dict[str, str | Promise] = {
        name: _("文件没有上传成功，请重新选择。") for name, token in named.items() if token not in found
    }
    if lost:
        raise Invalid(lost)


def _tokens(questions: Iterable[Question], answers: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(field, token) of every file; in a row of a group the field is `papers.0.file`. What has no form of a token is
    for the form to refuse."""
    for question in questions:
        value = answers.get(question.id)
        if question.type == QuestionType.FILE and isinstance(value, str) and _TOKEN.fullmatch(value):
            yield question.id, value
        elif question.type == QuestionType.GROUP and isinstance(value, list):
            for position, row in enumerate(value):
                if isinstance(row, Mapping):
                    for name, token in _tokens(question.questions, row):
                        yield f"{question.id}.{position}.{name}", token


def is_clean(text: str) -> bool:
    """Whether a text can be stored as it is: no NUL, no halves of characters."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
