"""The schema of everything that is declared: texts, questions, limits, actions, processes, service items, dated data.

A definition is a YAML file, checked against these models; `docs/reference/catalogue.md` is generated from them.
"""

from fawang.base.catalogue.schema.data import Bracket, CodeTable, Figure, FigureRow, Line, Tariff
from fawang.base.catalogue.schema.items import (
    Confirmation,
    Eligibility,
    Example,
    Expected,
    Fee,
    Guide,
    GuidePart,
    Material,
    Part,
    ServiceItem,
    Verdict,
)
from fawang.base.catalogue.schema.process import (
    NEW,
    UNITS,
    URGENCIES,
    Action,
    ActionChange,
    Extension,
    Inner,
    Limit,
    Process,
    Span,
    State,
    Tell,
)
from fawang.base.catalogue.schema.questions import SEALED_TYPES, Bank, Check, Option, Question, QuestionType
from fawang.base.catalogue.schema.screeners import Finding, Screened, ScreenedExample, Screener, Term
from fawang.base.catalogue.schema.texts import Code, Expression, Name, RuleName, Strict, Text, Words

__all__ = [
    "NEW", "SEALED_TYPES", "UNITS", "URGENCIES", "Action", "ActionChange", "Bank", "Bracket", "Check", "Code",
    "CodeTable", "Confirmation", "Eligibility", "Example", "Expected", "Expression", "Extension", "Fee", "Figure",
    "FigureRow", "Finding", "Guide", "GuidePart", "Inner", "Limit", "Line", "Material", "Name", "Option", "Part",
    "Process", "Question", "QuestionType", "RuleName", "Screened", "ScreenedExample", "Screener", "ServiceItem",
    "Span", "State", "Strict", "Tariff", "Tell", "Term", "Text", "Verdict", "Words",
]  # fmt: skip
