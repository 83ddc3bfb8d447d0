"""What a drive came to, as a table to print and as data to compare."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from fawang.base.catalogue import selectors as catalogue
from fawang.base.notifications import selectors as notifications
from fawang.base.workorders import selectors as orders
from fawang.site.demonstration.drive import SYSTEM, Drive

_BATCH = 400
_DONE = frozenset({"DONE", "CALLBACK", "CLOSED", "RECTIFYING"})


@dataclass
class Summary:
    """The counts. `demands`, `states`, `grades` and `messages` are by code."""

    demands: dict[str, int] = field(default_factory=dict)
    on_the_spot: int = 0
    orders: int = 0
    by_rule: int = 0
    by_hand: int = 0
    waiting: int = 0
    done: int = 0
    done_in_time: int = 0
    late: int = 0
    urged: int = 0
    returned: int = 0
    supplemented: int = 0
    withdrawn: int = 0
    grades: dict[str, int] = field(default_factory=dict)
    states: dict[str, int] = field(default_factory=dict)
    messages: dict[str, int] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)

    @property
    def rating(self) -> float:
        """The mean grade, 0 without any."""
        rated = sum(self.grades.values())
        return sum(int(grade) * n for grade, n in self.grades.items()) / rated if rated else 0.0

    @property
    def in_time(self) -> float:
        """Percent of the finished orders that missed no limit."""
        return 100 * self.done_in_time / self.done if self.done else 0.0

    def lines(self) -> list[str]:
        """The table."""
        rows = [("demands", f"{sum(self.demands.values()):,}")]
        rows += [(f"  {catalogue.row('channel', code).en}", f"{n:,}") for code, n in self.demands.items()]
        rows += [
            ("answered on the spot", f"{self.on_the_spot:,}"),
            ("orders", f"{self.orders:,}"),
            ("  dispatched by rule / by hand", f"{self.by_rule:,} / {self.by_hand:,}"),
            ("  waiting for dispatch", f"{self.waiting:,}"),
            ("  done", f"{self.done:,}"),
            ("  done without missing a limit", f"{self.in_time:.1f} %"),
            ("  missed a limit", f"{self.late:,}"),
            ("  urged / returned / withdrawn", f"{self.urged:,} / {self.returned:,} / {self.withdrawn:,}"),
            ("  asked for more", f"{self.supplemented:,}"),
            ("rating", f"{self.rating:.2f} of {sum(self.grades.values()):,}"),
            ("  " + " ".join(f"{grade}:{n}" for grade, n in self.grades.items()), ""),
            ("messages", f"{sum(self.messages.values()):,}"),
            *((f"  {state.lower()}", f"{n:,}") for state, n in self.messages.items()),
        ]
        return [f"{label:34} {value:>14}" for label, value in rows]


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def of(drive: Drive) -> Summary:
    """Count what the drive made, through the selectors."""
    summary = Summary(demands=_sorted(Counter(m.channel for m in drive.matters)))
    summary.on_the_spot = sum(bool(m.contact) and not m.number for m in drive.matters)
    summary.supplemented = sum(m.asked_supplement for m in drive.matters)
    numbers, states, grades = sorted(drive.by_number), Counter[str](), Counter[str]()
    for at in range(0, len(numbers), _BATCH):
        for row in orders.visible(SYSTEM).filter(number__in=numbers[at : at + _BATCH]):
            states[row.state] += 1
            grades.update([str(row.grade)] if row.grade else [])
            is_done = row.state in _DONE and row.completed_at is not None
            summary.orders += 1
            summary.by_rule += row.dispatch_mode == "AUTO"
            summary.by_hand += row.dispatch_mode == "MANUAL"
            summary.waiting += row.state == "TO_DISPATCH"
            summary.done += is_done
            summary.done_in_time += is_done and not row.breached_count
            summary.late += bool(row.breached_count)
            summary.urged += bool(row.urged_count)
            summary.returned += bool(row.returns)
            summary.withdrawn += row.state == "WITHDRAWN"
    summary.states, summary.grades = _sorted(states), _sorted(grades)
    summary.messages = _sorted(Counter(notifications.tally(SYSTEM, since=drive.begin)))
    summary.refusals = _sorted(Counter(drive.refusals))
    return summary
