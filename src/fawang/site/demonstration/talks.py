"""A few chats with the duty lawyer, and answers published without the people in them, for visitors to look at."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge import services as editors
from fawang.base.knowledge.values import PieceKind
from fawang.kernel import clock, ids
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors as intake
from fawang.middle.intake import services
from fawang.site.demonstration.people import Staff

_FILE = Path(__file__).with_name("definitions") / "talks.yaml"
# a chat begins every so often; its lines follow one another
APART, LINE = timedelta(minutes=20), timedelta(minutes=2)
REVIEW_AGAIN = timedelta(days=365)


@cache
def _texts() -> dict[str, list[dict[str, Any]]]:
    return dict(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def tell(begin: datetime) -> None:
    """Hold the chats from `begin` on, and publish the answers that are not there yet."""
    staff = Staff()
    for number, talk in enumerate(_texts()["chats"]):
        _chat(staff, talk, begin + number * APART)
    with clock.at(begin):
        _publish(staff)


def _chat(staff: Staff, talk: dict[str, Any], begin: datetime) -> None:
    lawyer, secret, lines = staff.post("lawyer"), ids.token(40), talk["lines"]
    with clock.at(begin):
        services.sign_in_to_chats(lawyer, is_on=True)
        services.start_chat(VISITOR, secret=secret, words=lines[0], domain=talk["domain"])
    with clock.at(begin + LINE):
        token = services.take_chat(lawyer, chat=intake.chat_desk(lawyer).waiting[0].token)
    for number, words in enumerate(lines[1:], start=1):
        with clock.at(begin + number * LINE):
            if number % 2:
                services.answer_chat(lawyer, chat=token, text=words)
            else:
                services.say(VISITOR, secret=secret, text=words)
    with clock.at(begin + len(lines) * LINE):
        answer = next(words for number, words in reversed(list(enumerate(lines))) if number % 2)
        services.wrap_up_chat(lawyer, chat=token, answer=answer, wrap_up="CONSULTATION")
        services.rate_chat(VISITOR, secret=secret, grade=talk["grade"])
        services.sign_in_to_chats(lawyer, is_on=False)


def _publish(staff: Staff) -> None:
    writer, reviewer = staff.post("editor"), staff.post("hotline_admin")
    known = {piece.title for piece in knowledge.published(kind=PieceKind.ANSWER, most=500)}
    for row in _texts()["answers"]:
        if row["title"] in known:
            continue
        body = f"{row['question']}\n\n{row['answer']}\n\n{row['law']}"
        found = (one.article for one in knowledge.cited(row["law"]))
        basis = [editors.Basis(a.version.law.key, a.number, a.suffix) for a in found if a and a.number is not None]
        key = editors.write(
            writer, kind=PieceKind.ANSWER, title=row["title"], body=body, summary=row["question"], basis=basis
        )
        editors.submit(writer, key, version=1)
        editors.publish(reviewer, key, version=2, review_by=clock.today() + REVIEW_AGAIN)
