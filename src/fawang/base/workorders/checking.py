"""What is checked before anything is written: the line is there, and what a filing says besides its answers.

Both databases refuse the same.
"""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from fawang.base.catalogue import rules
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.errors import LineGone
from fawang.base.catalogue.values import Published
from fawang.base.divisions import selectors as divisions
from fawang.base.workorders.values import Filing
from fawang.kernel.errors import Invalid

MAX_DESCRIPTION = 4_000
MAX_TITLE = 200  # the row keeps the first 50 characters
MAX_SOURCE = 80
MAX_PEOPLE = 1_000_000
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


def is_clean(text: str) -> bool:
    """Whether a text can be stored as it is: no NUL, no halves of characters."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
