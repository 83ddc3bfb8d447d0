"""The generated page of processes says everything that the definitions say."""

from fawang.base.catalogue import loader
from fawang.base.catalogue.drawing import process_page


def section(page, name):
    return page.split(f"\n## {name}, version ")[1].split("\n## ")[0]


def test_the_page_names_every_state_action_guard_limit_and_event():
    definitions = loader.read()
    page = process_page(definitions)
    for process in definitions.processes.values():
        for state in [*process.states, *process.inner]:
            assert f"| `{state.code}` | {state.zh} |" in page
        for action in process.actions:
            assert f"| `{action.code}`" in page
            assert f"`workorders.{action.event}.v1`" in page
            assert all(f"`{guard}`" in page for guard in action.guards)
        assert all(f"| `{limit.id}` |" in page for limit in process.limits)


def test_a_line_shows_only_what_it_adds_or_changes():
    part = section(process_page(loader.read()), "mediation")
    assert "| `ask_will` |" in part
    assert "| `accept` (changed) |" in part
    assert "| `urge` |" not in part
    assert "| `WO-SIGN` |" not in part


def test_clocks_of_an_action_are_named_by_what_starts_and_ends_them():
    row = next(line for line in process_page(loader.read()).splitlines() if line.startswith("| `sign` |"))
    cells = [cell.strip() for cell in row.split("|")]
    assert "WO-CONTACT" in cells[8]
    assert "WO-SIGN" in cells[9]


def test_no_row_of_a_table_breaks():
    widths = {}
    for line in process_page(loader.read()).splitlines():
        if line.startswith("|"):
            widths.setdefault(line.count("|"), []).append(line)
    assert set(widths) <= {4 + 1, 6 + 1, 9 + 1, 11 + 1}, {width: rows[0] for width, rows in widths.items()}
