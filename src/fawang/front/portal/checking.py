"""What a self-check shows: the answers so far, what they mean with its law, the last day of each period."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.schema import Finding, Question, Screener
from fawang.base.catalogue.screening import Running, Screening, Standing
from fawang.base.catalogue.values import Published
from fawang.front.portal import finding, lawbook

# tone → component, icon, the words that say what the colour says
_TONES: dict[str, tuple[str, str, str | Promise]] = {
    "now": ("danger", "alert-octagon", _("先做这件事")),
    "yes": ("success", "circle-check", _("可以")),
    "maybe": ("warning", "info-circle", _("可能可以，看情况")),
    "person": ("plain", "user", _("要请人看一看")),
}
_STANDINGS: dict[Standing, tuple[str, str | Promise]] = {
    Standing.OPEN: ("ok", _("还在期限内")),
    Standing.NEAR: ("warn", _("快到了，抓紧办")),
    Standing.PAST: ("notice", _("按日子算可能过了，请问律师")),
}


@dataclass(frozen=True)
class Row:
    """A question of a self-check with its answer."""

    question: Question
    value: Any


@dataclass(frozen=True)
class Result:
    """A finding or a period, as it is shown."""

    css: str
    icon: str
    tone: str | Promise
    text: Finding | None
    running: Running | None
    articles: list[lawbook.Row]

    @property
    def is_past_limitation(self) -> bool:
        """Whether a limitation of actions may have ended: the court does not raise it (民法典 art. 193)."""
        run = self.running
        return run is not None and run.standing is Standing.PAST and run.term.is_limitation


def rows(found: Screening, *, before: Question | None = None) -> list[Row]:
    """The answers given, in order, up to a question."""
    given = []
    for question in found.asked:
        if before is not None and question.id == before.id:
            break
        if question.id in found.answers:
            given.append(Row(question, found.answers[question.id]))
    return given


def results(found: Screening) -> list[Result]:
    """What must be done first, then periods, then the other findings; each with the articles it rests on."""
    findings = [Result(*_TONES[one.tone], one, None, lawbook.behind(one.basis)) for one in found.findings]
    terms = [
        Result(css, "clock", words, None, run, lawbook.behind(run.term.basis))
        for run in found.terms
        for css, words in [_STANDINGS[run.standing]]
    ]
    urgent = [one for one in findings if one.text is not None and one.text.tone == "now"]
    return [*urgent, *terms, *(one for one in findings if one not in urgent)]


def services(found: Screening) -> list[finding.Fit]:
    """The services that the findings name and that are offered."""
    offered: dict[str, Published] = {published.code: published for published in catalogue.items()}
    return [
        finding.Fit(offered[code], (), finding.look(offered[code].line)[1])
        for code in found.services
        if code in offered
    ]


def offered_for(story: str) -> list[Screener]:
    """The self-checks whose words a story has; the most general two where it has none."""
    lowered = story.lower()
    named = [one for one in catalogue.screeners() if any(word.lower() in lowered for word in one.aliases)]
    return named[:3] or catalogue.screeners()[:2]


def about(code: str) -> list[Screener]:
    """The self-checks that may lead to a service."""
    return [one for one in catalogue.screeners() if any(code in each.services for each in one.findings)]
