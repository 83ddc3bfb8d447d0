"""The reference page of the schema, generated so that it cannot go stale (`fawang catalogue reference`)."""

from __future__ import annotations

import re

from pydantic import BaseModel

from fawang.base.catalogue import schema

MODELS: tuple[type[BaseModel], ...] = (
    schema.ServiceItem, schema.Question, schema.Option, schema.Check, schema.Eligibility, schema.Material, schema.Fee,
    schema.Part, schema.Example, schema.Expected, schema.Confirmation, schema.Guide, schema.Limit, schema.Span,
    schema.Extension, schema.Process, schema.State, schema.Inner, schema.Action, schema.ActionChange, schema.Tell,
    schema.Screener, schema.Finding, schema.Term, schema.ScreenedExample,
    schema.Screened, schema.Bank, schema.Line, schema.CodeTable, schema.Figure, schema.FigureRow, schema.Tariff,
    schema.Bracket,
)  # fmt: skip


def _kind(annotation: object) -> str:
    text = getattr(annotation, "__name__", None) if isinstance(annotation, type) else str(annotation)
    return re.sub(r"fawang\.base\.catalogue\.schema\.(\w+\.)?|typing\.", "", str(text or annotation))


def _rows(model: type[BaseModel]) -> list[str]:
    rows = []
    for name, field in model.model_fields.items():
        need = "yes" if field.is_required() else ""
        kind = _kind(field.annotation).replace("|", "or")
        rows.append(f"| `{field.alias or name}` | {kind} | {need} | {field.description or ''} |")
    return rows


def reference_page() -> str:
    """The page as Markdown."""
    parts = [
        "# Catalogue reference",
        "",
        "Generated from `base/catalogue/schema/` by `fawang catalogue reference`.",
        "",
    ]
    for model in MODELS:
        parts += [f"## {model.__name__}", "", (model.__doc__ or "").strip(), ""]
        parts += ["| key | type | required | meaning |", "|---|---|---|---|", *_rows(model), ""]
    return "\n".join(parts)
