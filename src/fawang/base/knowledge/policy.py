"""Who may load law, teach the search, write and review. Reading law and what is published is open to everyone."""

from __future__ import annotations

from fawang.kernel.policy import Scope, declare, grant

LOAD = "knowledge.load"
LEARN = "knowledge.learn"
WRITE = "knowledge.write"
REVIEW = "knowledge.review"

declare(LOAD, "load laws from a data source")
grant(LOAD, Scope.ALL, ("SYS_ADMIN", "SYSTEM"))

declare(LEARN, "let the search for articles learn from answered questions, and undo it")
grant(LEARN, Scope.ALL, ("SYS_ADMIN", "DATA_STEWARD", "SYSTEM"))

declare(WRITE, "write guides, answers, cases and events, and hand them to legal review")
grant(WRITE, Scope.ALL, ("KNOWLEDGE_EDITOR", "DUTY_LAWYER", "SYSTEM"))

declare(REVIEW, "review what another wrote: publish it, send it back, withdraw it")
grant(REVIEW, Scope.ALL, ("KNOWLEDGE_EDITOR", "REVIEWER", "JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY"))
