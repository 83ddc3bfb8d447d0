"""The table is the whole truth: every pair of it works, and everything that is not in it is refused and changes nothing."""

import ast
import re
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction

import fawang
from fawang.base.catalogue import loader
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.values import Published
from fawang.base.documents import services as documents
from fawang.base.documents.tests.factories import upload
from fawang.base.meetings import selectors as meeting_selectors
from fawang.base.meetings.tests import factories as meetings
from fawang.base.workorders import engine, policy, services
from fawang.base.workorders.engine import Act
from fawang.base.workorders.errors import NoSuchAction, NoSuchOrder, NotYours, WrongState
from fawang.base.workorders.models import Clock, ClockEntry, Order, Participant, Task
from fawang.base.workorders.tests import cast, factories
from fawang.base.workorders.values import AMENDED_BY_ONESELF
from fawang.kernel import clock
from fawang.kernel.errors import FawangError
from fawang.kernel.events.models import Event
from fawang.kernel.outbox.models import Effect

SOURCE = Path(fawang.__file__).parent
ITEMS = {"mediation": "MEDIATION_PEOPLE", "consultation": "CONSULT_MESSAGE"}
NOBODY = ("stranger", "far dispatcher", "auditor")


def published(process):
    """A published item that runs by the process (the bare envelope is tried with an item of a line)."""
    if process in ITEMS:
        return catalogue.item(ITEMS[process])
    item = catalogue.item("MEDIATION_PEOPLE")
    return Published(item.version_id, item.item, loader.read().processes[process])


def expected(found, action, state, inner):
    """The refusal the table calls for; None where it allows."""
    if not found:
        return NoSuchOrder
    if not found & set(action.who):
        return NotYours
    fits = state in action.sources and (not action.inner_from or inner in action.inner_from)
    return None if fits else WrongState


@pytest.mark.parametrize("process", ["envelope", "mediation", "consultation"])
def test_every_pair_that_is_not_in_the_table_is_refused_and_changes_nothing(world, process):
    item = published(process)
    order = Order.objects.get(number=factories.file(world))
    inners = [i.code for i in item.process.inner] or [""]
    people, tried = cast.actors(world), 0
    for who, state in product(people, item.process.states):
        cast.dress(order, world, who)
        order.state = state.code
        for order.inner in inners if state.code == "HANDLING" else inners[:1]:
            parts = cast.participants(order, world)
            found = policy.relations(people[who], order, parts)
            assert bool(found) == (who not in NOBODY and (state.code != "DRAFT" or bool(found & policy.OF_DRAFTS)))
            before = {k: v for k, v in order.__dict__.items() if k != "_state"}
            for action in item.process.actions:
                refusal = expected(found, action, state.code, order.inner)
                if refusal is None:
                    continue
                act = Act(people[who], order, item, parts)
                with pytest.raises(refusal) as caught:
                    act.do(action.code, {"text": "x"})
                assert type(caught.value) is refusal
                assert not (act.facts or act.rows or act.jobs or act.tells or act.extra or act._ledger)
                tried += 1
            assert {k: v for k, v in order.__dict__.items() if k != "_state"} == before
    assert tried > 10_000


def _counts():
    return [model.objects.count() for model in (Order, Event, Effect, Clock, ClockEntry, Participant, Task)]


def test_a_refusal_leaves_row_events_clocks_and_queue_as_they_were(world):
    number = factories.drive(world, factories.file(world), "SIGNED")
    before = _counts(), Order.objects.filter(number=number).values().get(), list(Clock.objects.values())
    people = cast.actors(world)
    for who, code in product(
        ("applicant", "unit", "handler", "dispatcher", "stranger"), ("approve", "reopen", "rate", "no")
    ):
        with pytest.raises((NoSuchOrder, NotYours, WrongState, NoSuchAction)):
            services.perform(actor=people[who], order=number, action=code, data={})
    after = _counts(), Order.objects.filter(number=number).values().get(), list(Clock.objects.values())
    assert before == after


def _ground(world, process):
    """An order of the process with running clocks, and what the forms name."""
    service = ITEMS.get(process, "MEDIATION_PEOPLE")
    number, other = (factories.file(world, service=service) for _ in range(2))
    Order.objects.filter(number=other).update(unit_id=world.units["committee"])  # one links only what one may see
    task = Task.objects.create(order=Order.objects.get(number=number), title="t", created_at=clock.now())
    bookable = meetings.bookable(world.units["centre"])
    [slot, *_] = meeting_selectors.free_slots(meetings.SYSTEM, from_date=clock.today(), bookable_id=bookable.id)
    unit = world.token("city_committee" if service == "MEDIATION_PEOPLE" else "firm")
    special = {
        "unit": unit, "units": world.token("far_centre"), "handler": world.handler_token(name="second_mediator"),
        "into": other, "other": other, "task": task.pk, "start": slot.start.isoformat(),
        "bookable": bookable.token, "file": documents.store(factories.SYSTEM, upload(), number).token,
    }  # fmt: skip
    return number, special


def _run(order, limit, unit):
    due = clock.now() + timedelta(days=2)
    row = Clock.objects.create(
        order=order, limit_id=limit.id, limit=limit.model_dump(mode="json"), value=3, unit=unit, duty=limit.duty,
        state="RUNNING", started_at=clock.now(), due_at=due,
    )  # fmt: skip
    ClockEntry.objects.create(clock=row, kind="START", at=clock.now(), due_at=due)


def _prepare(order, action, state):
    """What the rules of an action ask for besides the state."""
    order.is_offline = action.code == "switch_online"
    if action.code == "offer":
        order.offered_unit_id = None
    if action.code == "complete":
        Task.objects.filter(order=order).update(done_at=clock.now())
    order.closed_at = clock.now() if state in {"CLOSED", "REJECTED"} else None
    order.save()
    if action.code in {"ask_extension", "approve_extension"}:
        version = catalogue.version(order.item_version_id)
        limit = next(x for x in [*version.process.limits, *version.item.limits] if x.extension)
        _run(order, limit, limit.extension.by.unit)
    if action.code == "record_confirmation":
        limit = next(x for x in catalogue.version(order.item_version_id).process.limits if x.id == "JC-01")
        _run(order, limit, limit.span.unit)
    if action.code == "note_breach":
        Clock.objects.filter(order=order).update(limit_id="WO-SIGN", due_at=clock.now() - timedelta(hours=1))
        Clock.objects.filter(order=order).exclude(pk=Clock.objects.filter(order=order).first().pk).delete()


def _result(inner):
    return {"AGREED": "AGREED", "ENDED": "NOT_AGREED", "PERFORMED": "AGREED"}.get(inner, "ANSWERED")


@pytest.mark.parametrize("process", ["mediation", "consultation"])
def test_every_pair_in_the_table_works_with_fitting_data_for_each_who_may_do_it(world, process):
    item, people = published(process), cast.actors(world)
    number, special = _ground(world, process)
    failed, worked = [], 0
    for action in item.process.actions:
        if action.code in {"draft", "fill", "cancel", "submit", "unbundle", "bring_forward"}:
            continue  # their own course is tested in test_course and test_answers
        inners = action.inner_from or [next((i.code for i in item.process.inner if i.is_initial), "")]
        for state, inner, who in product(action.sources, inners, action.who):
            if action.code == "amend" and who == "applicant" and state not in AMENDED_BY_ONESELF:
                continue  # a clerk does it
            with transaction.atomic():
                order = cast.put(number, world, state, inner if action.inner_from or state == "HANDLING" else "", who)
                cast.participants(order, world)[0].save()
                _prepare(order, action, state)
                data = cast.answers_for(action, {**special, "result": _result(inner)})
                if action.code == "amend":
                    data["answers"] = {"story": f"改过：{state} {who}"}
                try:
                    outcome = services.perform(actor=people[who], order=number, action=action.code, data=data)
                except FawangError as error:
                    failed.append((action.code, state, inner, who, str(error), getattr(error, "fields", "")))
                else:
                    follow = item.process.action(action.then) if action.then else None
                    wanted = {*action.may_lead_to, follow.to if follow else action.to, action.to, state, "DONE"}
                    assert outcome.state in wanted
                    worked += 1
                transaction.set_rollback(True)
    assert not failed, "\n".join(str(row) for row in failed)
    assert worked > 300


def test_the_effects_belong_to_actions_of_the_table():
    codes = {action.code for action in loader.read().processes["envelope"].actions}
    assert set(engine._effects) <= codes


def modules():
    """Every module of the product, without tests and migrations."""
    for path in SOURCE.rglob("*.py"):
        if not {"tests", "migrations"} & set(path.relative_to(SOURCE).parts):
            yield path, path.read_text(encoding="utf-8")


def test_only_the_engine_assigns_an_orders_state():
    assigns = re.compile(r"\border\.state\s*=(?!=)|\bOrder\.objects[^\n]*\.update\([^)]*\bstate=")
    assert {path.name for path, text in modules() if assigns.search(text)} == {"engine.py"}


def test_only_the_clock_reads_the_machines_time():
    reads = re.compile(r"\b(datetime\.now|timezone\.now|date\.today|datetime\.utcnow|auto_now)\b")
    # `doctor` compares the machine's clock with the database's: that is about the machine
    assert {str(path.relative_to(SOURCE)) for path, text in modules() if reads.search(text)} == {
        "kernel/clock/__init__.py",
        "site/examining.py",
    }


def test_no_room_imports_another_rooms_models():
    wrong = []
    for path, text in modules():
        parts = path.relative_to(SOURCE).parts
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("fawang."):
                continue
            words = [*node.module.split(".")[1:], *(a.name for a in node.names)]
            if "models" in words and words[:2] != list(parts[:2]):
                wrong.append(f"{path.relative_to(SOURCE)}: {node.module}")
    assert wrong == []


def test_only_the_room_itself_writes_its_tables():
    models = {m.__name__ for m in apps.get_app_config("workorders").get_models()}
    used = re.compile(rf"get_model\([^)]*workorders|workorders_({'|'.join(m.lower() for m in models)})\b")
    assert [str(path) for path, text in modules() if used.search(text) and "workorders" not in path.parts] == []
