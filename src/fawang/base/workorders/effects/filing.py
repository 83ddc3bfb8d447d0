"""Filling in, sending, correcting, reclassifying, merging and splitting."""

from __future__ import annotations

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fawang.base.catalogue import bundles, forms
from fawang.base.catalogue import selectors as catalogue
from fawang.base.catalogue.assessment import assess
from fawang.base.catalogue.errors import ItemClosed, NoSuchItem, StillExample
from fawang.base.catalogue.schema import Part, Question, ServiceItem, Span
from fawang.base.catalogue.values import Published
from fawang.base.divisions import selectors as divisions
from fawang.base.documents import selectors as documents
from fawang.base.identity import selectors as identity
from fawang.base.organisations import selectors as organisations
from fawang.base.workorders import earlier, numbers
from fawang.base.workorders.changes import differences
from fawang.base.workorders.checking import check_files, check_line
from fawang.base.workorders.clocks import limits_of
from fawang.base.workorders.engine import Act, effect, new_query_code, place
from fawang.base.workorders.errors import KindNotServed, LevelTooLow, MustBeOneself
from fawang.base.workorders.models import Link, Order, Participant
from fawang.kernel import clock, ids
from fawang.kernel.errors import Invalid, RefusedByRule
from fawang.kernel.policy import system

MAX_PARTS = 5


@effect("fill")
def fill(act: Act) -> None:
    """Take some answers into a draft; what is empty is taken out. The event keeps what changed."""
    given = act.data.get("answers")
    if not isinstance(given, dict):
        raise Invalid({"answers": _("请填写这一项。")})
    check_files(act.actor, act.published.item.questions, given)
    sources = _sources(act, given)
    merged = {**act.order.answers, **given}
    merged = {name: value for name, value in merged.items() if value not in (None, "", [])}
    act.order.answers = forms.clean(act.published.item.questions, merged, partial=True, facts=act.facts_of_rules)
    act.data = {"answers": {name: act.order.answers.get(name) for name in given}}
    if sources:
        act.data["sources"] = sources
    read_answers(act)


def _sources(act: Act, given: dict[str, Any]) -> dict[str, dict[str, str]]:
    """Where answers come from that were not typed: an earlier order of the same party (`reused` names the questions),
    or a paper they were read from (`read_from` is its file). Looked up here: a page cannot invent a source."""
    found: dict[str, dict[str, str]] = {}
    token = act.data.get("read_from")
    if isinstance(token, str) and (file := documents.named(act.actor, [token]).get(token)) is not None:
        found = {name: {"file": file.name} for name in given}
    reused = act.data.get("reused")
    for name in reused if isinstance(reused, list) else ():
        question = act.published.item.question(str(name))
        if question is None or not question.meaning or name not in given:
            continue
        before = earlier.answers(act.actor, frozenset({question.meaning})).get(question.meaning)
        if before is not None and before.type == question.type and before.value == _cleaned(question, given[name]):
            found[str(name)] = {"order": before.number}
    return found


def _cleaned(question: Question, raw: Any) -> Any:
    try:
        return forms.opened(forms.clean([question.model_copy(update={"show": ""})], {question.id: raw})).get(
            question.id
        )
    except Invalid:
        return None


@effect("submit")
def submit(act: Act) -> None:
    """Check the whole demand and take it in: number, query code, place, title."""
    order, item = act.order, act.published.item
    if act.is_new is False:
        catalogue.item(item.code, must_be_open=True)
    if item.is_personal and order.on_behalf_by_id is not None:
        raise MustBeOneself
    if order.channel not in item.channels and "*" not in item.channels:
        raise KindNotServed
    if act.applicant_kind not in item.applicant_kinds:
        raise KindNotServed
    # whoever registers for another has checked the papers at the window or heard the caller
    if not order.registrar and act.actor.level < item.identity_level:
        raise LevelTooLow
    order.answers = forms.clean(item.questions, order.answers, facts=act.facts_of_rules)
    read_answers(act)
    weigh(act)
    if not order.area:
        raise Invalid({item.area_from or "area": _("请选择事情发生在哪里或由哪里办理。")})
    order.submitted_at = clock.now()
    new_query_code(act)
    act.data = {
        "service": item.code, "version": item.version, "channel": order.channel, "area": order.area,
        "answers": order.answers, "urgency": order.urgency, "domain": order.domain, "assessment": order.assessment,
    }  # fmt: skip


def weigh(act: Act) -> None:
    """Keep what the item's rules say of the answers: figures change with time, what was said at filing does not."""
    answers = forms.opened(act.order.answers)
    act.order.assessment = assess(act.published.item, answers, act.facts_of_rules).to_data()


def read_answers(act: Act) -> None:
    """Fill the row's own columns from the answers that the item names for them."""
    order, item = act.order, act.published.item
    answers = forms.opened({k: v for k, v in order.answers.items() if not forms.is_sealed(v)})
    if item.area_from and answers.get(item.area_from):
        place(order, answers[item.area_from])
    if item.domain:
        order.domain = item.domain
    if item.domain_from and answers.get(item.domain_from):
        order.domain = answers[item.domain_from]
    if item.urgency_from and answers.get(item.urgency_from):
        order.urgency = answers[item.urgency_from]
    if item.description_from and answers.get(item.description_from):
        order.description = answers[item.description_from]
    titles = [str(answers[name]) for name in item.title_from if answers.get(name)]
    if titles:
        order.title = " ".join(" ".join(titles).split())[:50]
    order.title = order.title or item.zh[:50]


@effect("request_correction")
def request_correction(act: Act) -> None:
    """The days set in the notice replace the default of the citizen's clock (WO-CORRECT)."""
    if act.data.get("days"):
        act.ledger.spans["WO-CORRECT"] = Span(value=act.data["days"], unit="CD")


@effect("reply_correction")
def reply_correction(act: Act) -> None:
    """The reply is kept in the event; the order goes back to intake."""
    act.order.unreached_count = 0


@effect("refuse")
def refuse(act: Act) -> None:
    """Keep the reason for the applicant to read; a refusal is a result that can be objected to."""
    act.order.result_code = "REFUSED"
    act.order.result_text = f"{act.data['text']}\n{act.data['remedy']}"


@effect("object")
def objected(act: Act) -> None:
    """An objection is heard once; the order goes to dispatch again, to another unit."""
    order = act.order
    order.objected = True
    if order.unit_id is not None and order.unit_id not in order.returned_by:
        order.returned_by = [*order.returned_by, order.unit_id]
    order.unit_id = None
    order.handler_id = None
    order.result_code = order.result_text = ""


@effect("queue")
def queue(act: Act) -> None:
    """Into the dispatch centre: no holder yet."""
    act.order.handler_id = None
    act.order.return_refused = False


@effect("reclassify")
def reclassify(act: Act) -> str:
    """Correct service, domain, area or urgency; the holder and the clocks are checked again."""
    order, data = act.order, act.data
    if not any(data.get(name) for name in ("service_code", "domain", "area", "urgency")):
        raise Invalid({"service_code": _("请至少改一处：服务、领域、地区或紧急程度。")})
    if data.get("domain"):
        order.domain = data["domain"]
    if data.get("urgency"):
        order.urgency = data["urgency"]
    if data.get("area"):
        place(order, data["area"])
    if data.get("service_code"):
        _take_item(act, data["service_code"])
    limits = limits_of(act.published.process.limits, act.published.item.limits)
    act.ledger.replace_limits(limits, data["reason"])
    if order.unit_id is None or _holder_fits(order):
        return order.state
    order.unit_id = None
    order.handler_id = None
    return "TO_DISPATCH"


def _take_item(act: Act, code: str) -> None:
    try:
        published = catalogue.item(code, must_be_open=True)
    except NoSuchItem:
        raise Invalid({"service_code": _("没有这项服务，请核对服务代码。")}) from None
    check_line(published)
    order = act.order
    known = {question.id for question in published.item.questions}
    before = order.answers
    order.answers = {name: value for name, value in before.items() if name in known}
    if lost := differences(before, order.answers):
        act.data |= {"changes": lost, "item_version": order.item_version_id}
    order.service_code, order.line = published.code, published.line
    order.item_version_id = published.version_id
    order.demand_type = published.item.demand_type
    act.published = published
    weigh(act)


def _holder_fits(order: Order) -> bool:
    """Whether the present holder still serves the line in the area."""
    area_codes = divisions.ancestors(order.area)
    return any(row.id == order.unit_id for row in organisations.candidates(order.line, area_codes))


@effect("merge")
def merge(act: Act) -> None:
    """Into another order of the same applicant: merging is not a way to take somebody's client."""
    order = act.order
    wanted = numbers.normalise(act.data["into"])
    other = Order.objects.select_for_update().filter(number=wanted).first()
    if other is None or other.pk == order.pk or not act.sees(other):
        raise Invalid({"into": _("没有找到这个工单编号，请核对。")})
    if not other.is_open:
        raise RefusedByRule(_("那个工单已经结束，不能并入。"))
    if not _is_same_person(order.applicant_id, other.applicant_id):
        raise RefusedByRule(_("只能并入同一申请人的工单。不同人的同类诉求请用“关联工单”。"))
    order.merged_into = other
    order.result_code = "WITHDRAWN"
    act.rows.append(Link(order=order, other=other, kind="DUPLICATE", at=clock.now()))


def _is_same_person(one: int | None, other: int | None) -> bool:
    """Whether two parties are one: a record that a counter made may have been merged into the person's own since."""
    if one is None or other is None:
        return False
    return one in identity.same_party_ids(other) or other in identity.same_party_ids(one)


@effect("split")
def split(act: Act) -> None:
    """Into several orders, each with its own service, clocks and course; this one ends and points to them."""
    codes = [part.strip() for part in act.data["parts"].replace(",", "\n").splitlines() if part.strip()]
    if not 2 <= len(codes) <= MAX_PARTS:
        raise Invalid({"parts": _("请写 2 到 5 项服务代码，每行一项。")})
    numbers_made = []
    for code in codes:
        try:
            published = catalogue.item(code, must_be_open=True)
        except NoSuchItem:
            raise Invalid({"parts": _("没有服务 %(code)s。") % {"code": code}}) from None
        check_line(published)
        child = Act(act.actor, _child(act.order, published), published, _kept_participants(act))
        child.adopt(act)
        numbers_made.append(child.write().number)
        act.rows.append(Link(order=child.order, other=act.order, kind="DERIVED", at=clock.now()))
    act.extra["parts"] = numbers_made


@effect("unbundle")
def unbundle(act: Act) -> None:
    """Each service of a bundle that was chosen becomes an order with its own answers, clocks and course; the
    application ends here and points to them."""
    item, facts = act.published.item, act.facts_of_rules
    answers = forms.opened(act.order.answers)
    flow = forms.walked(item.questions, answers, facts)
    chosen = bundles.chosen(item, flow)
    if not chosen:
        raise RefusedByRule(_("请至少选择一项要办的事。"))
    act.extra["parts"] = [_part(act, part, flow) for part in chosen]


def _part(act: Act, part: Part, flow: forms.Flow) -> str:
    """One order of the bundle, filed by whoever sent the application; its number."""
    published = catalogue.exact(part.item, part.version)
    _must_be_offered(published)
    order = _child(act.order, published)
    order.answers = bundles.answers_of(part, published.item, flow)
    order.title, order.description, order.submitted_at = "", "", None
    # the more urgent of the two: U1 before U2
    order.urgency = min(act.order.urgency, published.item.urgency)
    child = Act(act.caller, order, published, _kept_participants(act))
    child.applicant_kind = act.applicant_kind
    try:
        child.do("submit", {})
    except Invalid as wrong:
        raise _in_words_of_the_bundle(wrong, part, published.item) from None
    # the application was acknowledged as a whole
    child.tells.clear()
    for action, data in act.planner(order) if act.planner else ():
        child.do(action, data, actor=system("dispatch"))
    act.rows.append(Link(order=order, other=act.order, kind="BUNDLE", at=clock.now()))
    return child.write().number


def _must_be_offered(published: Published) -> None:
    """A part takes demands like the service it is. Raises RefusedByRule with its name, LineGone."""
    check_line(published)
    try:
        catalogue.item(published.code, must_be_open=True)
    except (NoSuchItem, ItemClosed, StillExample):
        name = published.item.say(get_language() or "zh-hans")
        raise RefusedByRule(
            _("“%(name)s”现在不能办理。请在申请里去掉这一项再提交，或拨打 12348。"), name=name
        ) from None


def _in_words_of_the_bundle(wrong: Invalid, part: Part, item: ServiceItem) -> Invalid:
    """The refused answers of a part under the names the person knows; in a row of a group `heirs.0.name`."""
    said: dict[str, str | Promise] = {}
    for name, words in wrong.fields.items():
        asked, dot, rest = name.partition(".")
        if asked in part.names:
            said[part.names[asked] + dot + rest] = words
        else:
            # nobody was asked: say in which of the services it is
            title = item.say(get_language() or "zh-hans")
            said[f"{part.item.lower()}__{name}"] = _("%(title)s：%(words)s") % {"title": title, "words": words}
    return Invalid(said)


def _kept_participants(act: Act) -> list[Participant]:
    """Agents, followers and the other side take part in every part of a split order; co-units were asked for one."""
    return [
        Participant(part=p.part, party_id=p.party_id, since=clock.now())
        for p in act.participants
        if p.part != "CO_UNIT"
    ]


def _child(parent: Order, published: Any) -> Order:
    item = published.item
    known = {question.id for question in item.questions}
    child = Order(
        draft_token=ids.token(), service_code=item.code, line=item.line, item_version_id=published.version_id,
        channel=parent.channel, source=parent.source, demand_type=item.demand_type, domain=parent.domain,
        urgency=parent.urgency, complexity=item.complexity, secrecy=parent.secrecy, title=parent.title,
        sensitive_flags=parent.sensitive_flags, people_count=parent.people_count, description=parent.description,
        answers={name: value for name, value in parent.answers.items() if name in known},
        applicant_id=parent.applicant_id, on_behalf_by_id=parent.on_behalf_by_id, registrar=parent.registrar,
        registrar_unit_id=parent.registrar_unit_id, language=parent.language, state="NEW",
        created_at=clock.now(), submitted_at=parent.submitted_at,
    )  # fmt: skip
    place(child, parent.area)
    return child
