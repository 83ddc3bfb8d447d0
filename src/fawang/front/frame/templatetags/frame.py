"""The frame's template tags, built in: no `{% load %}` is needed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from fawang.front.frame import answers, badges, icons, questions, styles
from fawang.kernel import clock, money

register = template.Library()


@register.simple_tag
def frame_static(path: str) -> str:
    """The address of a static file; its plain address when the installation's manifest does not know it."""
    try:
        return static(path)
    except ValueError:
        return f"/static/{path}"


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite, hidden from screen readers: a word stands beside it (or in `label`, for readers only)."""
    return icons.draw(name, label)


@register.simple_tag
def stylesheets() -> SafeString:
    """The link to the stylesheet (to its parts where the joined one is not made)."""
    links = ((frame_static(name),) for name in styles.parts_or_bundle())
    return format_html_join("\n  ", '<link rel="stylesheet" href="{}">', links)


@register.simple_tag(name="money")
def money_tag(fen: int | None) -> str:
    """Fen as `¥1,234.56`; a dash for None."""
    return "—" if fen is None else money.show(int(fen))


@register.simple_tag
def when(moment: datetime | None, style: str = "DATETIME_FORMAT") -> SafeString | str:
    """A moment on Shanghai's clock as `<time>`; a dash for None."""
    if moment is None:
        return "—"
    local = clock.local(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="minutes"), date_format(local, style))


@register.simple_tag
def day(value: date | datetime | str | None) -> SafeString | str:
    """A date (or an ISO text of one) as `<time>`; a dash for None."""
    if not value:
        return "—"
    if isinstance(value, str):
        value = date.fromisoformat(value[:10])
    shown = clock.local(value).date() if isinstance(value, datetime) else value
    return format_html('<time datetime="{}">{}</time>', shown.isoformat(), date_format(shown, "DATE_FORMAT"))


@register.simple_tag
def due(due_at: datetime | None, is_provisional: bool = False, level: str = "") -> SafeString:
    """How much time is left, with its alarm level as word, icon and colour. `level` overrides the reckoned one."""
    return badges.due(due_at, is_provisional=is_provisional, level=level)


@register.simple_tag
def state(code: str, label: str = "") -> SafeString:
    """A state as a badge; the words come from `label`, else from `badges.register_state`, else from the table."""
    return badges.state(str(code), str(label))


@register.simple_tag
def bilingual(obj: Any, field: str = "") -> str:  # noqa: ANN401 - any object or dict with zh/en texts
    """The text in the page's language: `name_en`/`name_zh`/`name` of an object, or `en`/`zh` of it or of its field."""
    return answers.in_language(obj, field, get_language() or "")


@register.simple_tag(takes_context=True)
def query_with(context: Context, **changes: object) -> str:
    """The query string of this page with some values changed; None or empty takes one away."""
    request = context.get("request")
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode(safe='/')}" if query else "?"


@register.simple_tag(takes_context=True)
def question(context: Context, q: Any, value: Any = None, error: str = "", **options: Any) -> str:  # noqa: ANN401
    """A catalogue question as label, hint, error and widget. `heading=True` makes the label the page's h1."""
    errors = context.get("errors")
    options.setdefault("errors", errors if isinstance(errors, dict) else None)
    shown = questions.present(q, value, error, language=get_language() or "", **options)
    request = context.get("request")
    return render_to_string("frame/question.html", {"q": shown}, request)


@register.simple_tag(takes_context=True)
def field(context: Context, name: str, label: str, kind: str = "text", value: Any = "", **options: Any) -> str:  # noqa: ANN401
    """A plain form field in the look of a question. Options: hint, error, required, autocomplete, rows, sensitive,
    max_length, input_mode, is_password, is_code, choices (pairs of value and words, for kind `choice` or `select`)."""
    shown = questions.plain(name, label, kind, value, **options)
    return render_to_string("frame/question.html", {"q": shown}, context.get("request"))


@register.simple_tag
def answer(q: Any, value: Any, reveal: bool = False) -> SafeString | str:  # noqa: ANN401
    """The answer to a question as text; sensitive answers are masked unless `reveal`."""
    return answers.show(q, value, language=get_language() or "", reveal=reveal)


@register.filter
def anchor(name: str) -> str:
    """The id of the field that a refusal is about: a row's `heirs.0.name` is the field `heirs__0__name`."""
    return str(name).replace(".", "__")


@register.filter
def truthy(value: Any) -> bool:  # noqa: ANN401
    """Whether a value is there at all: 0 and False count, None, empty text and empty lists do not."""
    return value not in (None, "", [], {})
