"""Teach the search from answered questions, and undo it. Figures are kept, never the questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from fawang.base.knowledge import events
from fawang.base.knowledge.errors import NothingToLearn
from fawang.base.knowledge.policy import LEARN
from fawang.base.knowledge.search import figures, indexing, learning
from fawang.base.knowledge.values import Taught
from fawang.kernel import clock
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require


def learn(
    actor: Actor, examples: Iterable[tuple[str, Sequence[str]]], *, progress: learning.Progress = lambda *_: None
) -> Taught:
    """Teach the search anew from (question, keys of the articles that answer it); what it had learned is replaced.

    Examples whose articles are not loaded or no longer stand are left out; of more than `MOST_EXAMPLES` the last are
    taken. Takes a minute or two for a thousand. Raises NothingToLearn, IndexNotReady.
    """
    require(actor, LEARN)
    index = indexing.current()
    place = {str(key): at for at, key in enumerate(index.keys[: index.national])}
    given, usable = 0, []
    for question, gold in examples:
        given += 1
        right = tuple(dict.fromkeys(place[key] for key in gold if key in place))
        if right and question.strip():
            usable.append(learning.Example(question, right))
    usable = usable[-learning.MOST_EXAMPLES :]
    if not usable:
        raise NothingToLearn
    ground = learning.ground(index, progress)
    articles = len({document for example in usable for document in example.right})
    said = {"examples": len(usable), "articles": articles, "at": clock.now().isoformat(), "stamp": index.stamp}
    learning.teach(index, ground, usable, said, progress).save()
    with transaction.atomic():
        append(actor=actor, stream=events.STREAM, facts=[Fact(events.LEARNED, said)])
    return Taught(len(usable), given - len(usable), articles)


def unlearn(actor: Actor) -> bool:
    """Forget what the search was taught; it then goes by words alone. Whether there was anything to forget."""
    require(actor, LEARN)
    was = figures.undo()
    if was:
        with transaction.atomic():
            append(actor=actor, stream=events.STREAM, facts=[Fact(events.UNLEARNED)])
    return was
