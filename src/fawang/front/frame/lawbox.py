"""The law beside the work: who writes an answer finds the article by citation or words, and puts it in with a key.

One view for every door of the staff. What is looked for is sent as POST: notes of a call do not belong in an address.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.values import Quote
from fawang.front.frame.doors import requires

SHOWN = 5
_LONGEST = 1_000
# the fields of the pages that have the box: what is typed there is looked up where the box itself is empty
_FIELDS = ("contact_words", "text", "facts", "words")


@dataclass(frozen=True)
class Row:
    """A quote with the words that are put in: the citation, and citation with quotation and the day of the text."""

    quote: Quote
    cite: str
    whole: str


def row_of(quote: Quote) -> Row:
    """How a quote is put into a text."""
    cite = quote.citation if quote.article is not None else ""
    text = quote.text.replace("\n", "")
    if quote.article is None:
        return Row(quote, cite, text)
    day = quote.article.version.snapshot_on
    until = _("（文本截至%(year)s年%(month)s月%(day)s日）") % {"year": day.year, "month": day.month, "day": day.day}
    return Row(quote, cite, f"{cite}：“{text}”{until}")


@require_http_methods(["GET", "POST"])
@requires("frame.look_up_law", login="staff")
def look_up(request: HttpRequest) -> HttpResponse:
    """The nearest articles and reviewed answers: the list alone for a box on a page, else a page of its own."""
    typed = request.POST.get("law_q", "").strip()
    words = typed or next((text for name in _FIELDS if (text := request.POST.get(name, "").strip())), "")
    # the end of what is being written says what it is about now
    rows = [row_of(quote) for quote in knowledge.suggest(words[-_LONGEST:], SHOWN)]
    is_part = bool(request.headers.get("HX-Request"))
    template = "frame/law_rows.html" if is_part else "frame/law_page.html"
    return render(request, template, {"rows": rows, "typed": typed, "words": words})
