"""Clocks as ledgers: every start, pause, resume, restart, extension and recalculation is an entry.

What is due when is always computed from the ledger, never carried along (known failures: pauses counted twice or not
at all). A limit is pinned when its clock starts (T10).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from fawang.base.calendar import selectors as calendar
from fawang.base.calendar import values as units
from fawang.base.catalogue.schema import Action, Limit, Span
from fawang.base.workorders import counting
from fawang.base.workorders.models import Clock, ClockEntry, Order
from fawang.kernel.outbox.services import Job

OPEN_STATES = ("RUNNING", "PAUSED", "WAITING")
# an alarm before the end is worth sending only for limits longer than this
REMIND_FROM = timedelta(hours=20)
REMIND_AT = 0.75
PAUSES = {"request_supplement", "request_correction", "suspend"}
RESUMES = {"reply_supplement", "reply_correction", "resume"}


def _limit(span: Span) -> units.Limit:
    return units.Limit(span.value, units.Unit(span.unit))


def reckon(snapshot: calendar.Calendar, clock: Clock, entries: Sequence[ClockEntry]) -> units.Reckoned:
    """When `clock` is due by its ledger: entries as they were written, which is the order of the acts."""
    start = clock.started_at
    pauses: list[units.Pause] = []
    extensions: list[units.Limit] = []
    begun: datetime | None = None
    for entry in entries:
        if entry.kind in {"START", "RESTART"}:
            start, pauses, begun = entry.at, [], None
        elif entry.kind == "PAUSE" and begun is None:
            begun = entry.at
        elif entry.kind == "RESUME" and begun is not None:
            pauses.append(units.Pause(begun, max(begun, entry.at)))
            begun = None
        elif entry.kind == "EXTEND" and entry.value:
            extensions.append(units.Limit(entry.value, units.Unit(entry.unit)))
    if begun is not None:
        pauses.append(units.Pause(begun, None))
    return calendar.reckon(
        start=start, limit=units.Limit(clock.value, units.Unit(clock.unit)), pauses=pauses, extensions=extensions,
        calendar=snapshot,
    )  # fmt: skip


@dataclass
class Ledger:
    """The clocks of one order during one act. Changes are collected and written once, by `rows_to_write`."""

    order: Order
    limits: Sequence[Limit]
    moment: datetime
    clocks: list[Clock] = field(default_factory=list)
    entries: dict[int, list[ClockEntry]] = field(default_factory=dict)
    new: list[Clock] = field(default_factory=list)
    changed: dict[int, Clock] = field(default_factory=dict)
    written: list[tuple[Clock, ClockEntry]] = field(default_factory=list)
    due_moved: list[Clock] = field(default_factory=list)
    spans: dict[str, Span] = field(default_factory=dict)
    _snapshot: Any = None

    @property
    def snapshot(self) -> Any:
        """One calendar for the whole act."""
        if self._snapshot is None:
            self._snapshot = calendar.current()
        return self._snapshot

    def apply(
        self, action: Action, data: Mapping[str, Any], *, entered: str = "", still: frozenset[str] = frozenset()
    ) -> None:
        """Move the clocks as the limits say for this action and for the state it led into, if it is another.

        `still` are the actions that the order's state allows: once it has ended, clocks that one of them meets run on.
        """
        reason = str(data.get("reason") or data.get("text") or "")
        for clock in [*self.clocks, *self.new]:
            if clock.state in OPEN_STATES and action.code in clock.limit["stops_on"]:
                self._end(clock, "MEET", reason)
        if action.code in PAUSES:
            self._pause(action.code, reason)
        if action.code in RESUMES:
            self._resume(reason)
        for clock in [*self.clocks, *self.new]:
            if clock.state in OPEN_STATES and entered in clock.limit.get("void_in", ()):
                self._end(clock, "VOID", reason)
        for limit in self.limits:
            if action.code in limit.starts_on or entered in limit.starts_in:
                self._start(limit, reason, counting.begin(limit.id, data, self.moment))
        if not self.order.is_open:
            self.void_all(reason, still)

    def start_as_of(self, code: str, moment: datetime) -> None:
        """Start the clocks that an action starts, as of an earlier moment (a part of a split order keeps its age)."""
        for limit in self.limits:
            if code in limit.starts_on:
                self._start(limit, "", moment)

    def _entry(self, clock: Clock, kind: str, reason: str, **more: Any) -> ClockEntry:
        entry = ClockEntry(
            kind=kind, reason=reason[:200], basis=clock.limit["basis"][:200], due_at=clock.due_at,
            **{"at": self.moment, **more},
        )  # fmt: skip
        if clock.pk:
            entry.clock_id = clock.pk
        self._history(clock).append(entry)
        self.written.append((clock, entry))
        return entry

    def _history(self, clock: Clock) -> list[ClockEntry]:
        if id(clock) not in self.entries:
            stored = ClockEntry.objects.filter(clock=clock).order_by("id") if clock.pk else ()
            self.entries[id(clock)] = list(stored)
        return self.entries[id(clock)]

    def _touch(self, clock: Clock) -> None:
        if clock.pk:
            self.changed[clock.pk] = clock

    def _recompute(self, clock: Clock) -> None:
        reckoned = reckon(self.snapshot, clock, self._history(clock))
        if reckoned.due_at is not None and reckoned.due_at != clock.due_at:
            self.due_moved.append(clock)
        clock.due_at, clock.is_provisional = reckoned.due_at, bool(reckoned.provisional_years)
        clock.calendar_revision = reckoned.revision
        self._touch(clock)

    def _start(self, limit: Limit, reason: str, begin: datetime | None) -> None:
        span = self.spans.get(limit.id) or limit.length(self.order.urgency)
        is_open = any(c.limit_id == limit.id and c.state in OPEN_STATES for c in [*self.clocks, *self.new])
        if span is None or begin is None or is_open:
            return
        clock = Clock(
            order=self.order, limit_id=limit.id, limit=limit.model_dump(mode="json"), value=span.value, unit=span.unit,
            duty=limit.duty, state="RUNNING", started_at=begin,
        )  # fmt: skip
        self.new.append(clock)
        entry = self._entry(clock, "START", reason, at=begin)
        self._recompute(clock)
        entry.due_at = clock.due_at

    def _end(self, clock: Clock, kind: str, reason: str) -> None:
        clock.state = "MET" if kind == "MEET" else "VOID"
        clock.ended_at = self.moment
        late = clock.due_at is not None and self.moment >= clock.due_at
        if late and clock.breached_at is None and kind == "MEET" and clock.duty != "citizen":
            clock.breached_at = clock.due_at
            self.order.breached_count += 1
        self._entry(clock, kind, reason)
        self._touch(clock)

    def _pause(self, code: str, reason: str) -> None:
        key = "suspension" if code == "suspend" else "supplement"
        for clock in [*self.clocks, *self.new]:
            how = clock.limit[key]
            if clock.state != "RUNNING" or how == "run":
                continue
            clock.state = "PAUSED" if how == "pause" else "WAITING"
            clock.due_at = None
            self._entry(clock, "PAUSE", reason)
            self._touch(clock)

    def _resume(self, reason: str) -> None:
        for clock in [*self.clocks, *self.new]:
            if clock.state not in {"PAUSED", "WAITING"}:
                continue
            kind = "RESUME" if clock.state == "PAUSED" else "RESTART"
            clock.state = "RUNNING"
            entry = self._entry(clock, kind, reason)
            self._recompute(clock)
            entry.due_at = clock.due_at

    def extend(self, reason: str) -> list[str]:
        """Extend, once, every running clock whose limit may be extended; the limit ids."""
        extended = []
        for clock in self.clocks:
            extension = clock.limit.get("extension")
            if clock.state != "RUNNING" or not extension or clock.due_at is None or clock.due_at <= self.moment:
                continue
            by = extension["by"]
            entry = self._entry(clock, "EXTEND", reason, value=by["value"], unit=by["unit"])
            entry.basis = extension["basis"][:200]
            self._recompute(clock)
            entry.due_at = clock.due_at
            extended.append(clock.limit_id)
        return extended

    def may_extend(self) -> bool:
        """Whether any running clock may be extended and has not ended (T7: before expiry)."""
        return any(
            c.state == "RUNNING" and c.limit.get("extension") and c.due_at is not None and c.due_at > self.moment
            for c in self.clocks
        )

    def recalculate(self, reason: str) -> list[tuple[Clock, datetime | None]]:
        """Compute open clocks anew (a changed calendar); the clocks whose due time moved, with the old one."""
        moved = []
        for clock in self.clocks:
            if clock.state != "RUNNING":
                continue
            before, was_provisional = clock.due_at, clock.is_provisional
            self._recompute(clock)
            if clock.due_at != before or clock.is_provisional != was_provisional:
                self._entry(clock, "RECALCULATE", reason)
                moved.append((clock, before))
        return moved

    def replace_limits(self, limits: Sequence[Limit], reason: str) -> None:
        """After a reclassification: clocks of limits that no longer apply end, new ones start at the submission.

        A limit that has another length now keeps its start and its pauses; only its length is put right.
        """
        wanted = {limit.id: limit for limit in limits}
        for clock in self.clocks:
            if clock.state not in OPEN_STATES:
                continue
            limit = wanted.get(clock.limit_id)
            if limit is None:
                self._end(clock, "VOID", reason)
            else:
                self._correct(clock, limit, reason)
        self.limits = limits
        present = {clock.limit_id for clock in self.clocks if clock.state in OPEN_STATES}
        for limit in limits:
            if "submit" in limit.starts_on and limit.id not in present and not limit.id.startswith("WO-"):
                self._start(limit, reason, self.order.submitted_at or self.moment)

    def _correct(self, clock: Clock, limit: Limit, reason: str) -> None:
        span = limit.length(self.order.urgency)
        if span is None or limit.duty == "citizen" or (clock.value, clock.unit) == (span.value, span.unit):
            return
        clock.value, clock.unit, clock.limit = span.value, span.unit, limit.model_dump(mode="json")
        if clock.state == "RUNNING":
            self._recompute(clock)
        self._entry(clock, "RECALCULATE", reason)
        self._touch(clock)

    def breach(self, limit_id: str) -> bool:
        """Mark the running clock of that limit as breached, if it is; whether it was newly so."""
        for clock in self.clocks:
            late = clock.due_at is not None and clock.due_at <= self.moment
            if clock.limit_id == limit_id and clock.state == "RUNNING" and late and clock.breached_at is None:
                clock.breached_at = clock.due_at
                self._entry(clock, "BREACH", "")
                self._touch(clock)
                return True
        return False

    def void_all(self, reason: str, still: frozenset[str]) -> None:
        """End the open clocks without meeting them: the order is over.

        What one of the `still` possible actions meets is not: a right of the parties, or the watch over a promise,
        does not end because the file was archived.
        """
        for clock in [*self.clocks, *self.new]:
            if clock.state in OPEN_STATES and not still & set(clock.limit["stops_on"]):
                self._end(clock, "VOID", reason)

    def summarise(self) -> None:
        """Put the earliest running due time of a duty (not the citizen's own) on the order's row while it is open."""
        running = [
            c
            for c in [*self.clocks, *self.new]
            if self.order.is_open and c.state == "RUNNING" and c.duty != "citizen" and c.due_at is not None
        ]
        first = min(running, key=lambda c: c.due_at or self.moment, default=None)
        self.order.due_at = first.due_at if first else None
        self.order.due_is_provisional = bool(first and first.is_provisional)

    def write(self) -> None:
        """Write what changed: at most one statement a table and kind."""
        if self.new:
            Clock.objects.bulk_create(self.new)
        if self.changed:
            columns = ("state", "value", "unit", "limit", "due_at", "is_provisional", "calendar_revision", "ended_at",
                       "breached_at")  # fmt: skip
            Clock.objects.bulk_update(list(self.changed.values()), columns)
        if self.written:
            for clock, entry in self.written:
                entry.clock_id = clock.pk
            ClockEntry.objects.bulk_create([entry for _, entry in self.written])

    def jobs(self) -> list[Job]:
        """Alarms for the moments when running clocks end, and a reminder before: noticed when it happens.

        A citizen's own limit has no alarm, only the reminder (time-limits: it binds nobody, but a right may be lost).
        """
        jobs = []
        for clock in {id(c): c for c in self.due_moved}.values():
            if clock.state != "RUNNING" or clock.due_at is None:
                continue
            # the due time goes with the alarm: one that was set before the clock moved is not about it any more
            told = {"clock": clock.pk, "due": clock.due_at.isoformat()}
            if clock.duty != "citizen":
                jobs.append(Job("workorders.alarm", f"clock:{clock.pk}", told, run_after=clock.due_at))
            begun = max(self.moment, clock.started_at)
            length = clock.due_at - begun
            if clock.duty != "dispatch" and length > REMIND_FROM:
                jobs.append(Job("workorders.remind", f"remind:{clock.pk}", told, run_after=begun + length * REMIND_AT))
        return jobs


def limits_of(process_limits: Iterable[Limit], item_limits: Iterable[Limit]) -> list[Limit]:
    """The limits of an item: its own replace those of the process with the same id."""
    merged = {limit.id: limit for limit in process_limits}
    merged.update({limit.id: limit for limit in item_limits})
    return list(merged.values())
