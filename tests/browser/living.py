"""Whose pages are walked: the people of the demonstration, where they begin, what they have going on, what they press."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.views import defaults
from tests.servers import WHEELS
from tests.visits import PASSWORD

from fawang.base.catalogue import writing
from fawang.base.identity import selectors as identity
from fawang.base.knowledge import selectors as knowledge
from fawang.base.knowledge.tests import factories as library
from fawang.base.meetings import selectors as meetings
from fawang.base.meetings import services as bookings
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services as register
from fawang.base.organisations.values import InstitutionData
from fawang.base.workorders import selectors as orders_told
from fawang.base.workorders import services as orders
from fawang.base.workorders.tests.factories import SYSTEM, filing, to_unit
from fawang.front.frame.session import BACKEND
from fawang.kernel import clock, ids
from fawang.kernel.policy import VISITOR
from fawang.middle.intake import selectors as calls
from fawang.middle.intake import services as intake
from fawang.site import preparing

# who walks, and where they begin: the log-in of the demonstration, and pages to which no link leads
STARTS = {
    "visitor": ["/", "/track/", "/help/", "/privacy/", "/login/password/", "/staff/login/", "/styles/", "/kiosk/", "/nothing/", "/continue/",
        "/law/", "/law/?q=劳动合同法82条", "/law/?q=赔偿", "/law/?kind=GUIDE", "/map/", "/questions/"],
    "13800000001": ["/", "/continue/", "/mine/", "/me/", "/me/verify/", "/messages/", "/acting/", "/files/scan/", "/track/", "/book/", "/bookings/", "/join/", "/questions/ask/"],
    "operator": ["/hotline/"], "clerk": ["/window/", "/window/apply/", "/window/queue/", "/work/bookings/", "/kiosk/enrol/"], "dispatcher": ["/work/", "/work/dispatch/"],
    "mediation_admin": ["/work/", "/work/keys/", "/work/messages/"], "mediator": ["/work/"], "supervisor": ["/work/supervision/"],
    "justice_county": ["/work/", "/work/admin/calendar/", "/work/admin/services/"], "justice_prov": ["/work/"],
    "sysadmin": ["/work/me/", "/work/admin/accounts/", "/work/admin/machine/", "/work/admin/calendar/"],
    "secadmin": ["/work/admin/accounts/"], "auditadmin": ["/work/me/"], "editor": ["/work/admin/services/"],
    "hotline_admin": ["/work/"], "firm_admin": ["/work/admin/own/"],
    "reviewer": ["/work/"],
    "lawyer": ["/work/", "/work/chats/", "/work/questions/", "/work/knowledge/"],
}  # fmt: skip


def session_of(who):
    """A log-in of the demonstration, by name or telephone."""
    account = accounts()[who]
    ways = organisations.ways_to_act(account)
    key = next((key for key, _words in ways if key.startswith("member:")), "self")
    session = SessionStore()
    session.update({
        "_auth_user_id": str(account.pk), "_auth_user_backend": BACKEND, "_auth_user_hash": account.get_session_auth_hash(),
        "acting": key, "seen_at": int(clock.now().timestamp()),
    })  # fmt: skip
    session.save()
    return session.session_key


def accounts():
    found = {who: identity.account_by_username(SYSTEM, who) for who in STARTS if who[0] not in "v1"}
    return {**found, "13800000001": identity.account(citizen().account_id)}


def citizen():
    from fawang.base.identity.models import Account

    party = identity.parties_by_phone(SYSTEM, "13800000001")[0]
    return organisations.actor_for(Account.objects.get(party__token=party.token), "self")


def actor(who):
    """Somebody of the demonstration at work."""
    account = accounts()[who]
    return organisations.actor_for(
        account, next(k for k, _w in organisations.ways_to_act(account) if k[:6] == "member")
    )


@dataclass
class Life:
    """What the pages are about."""

    draft: str
    waiting: str
    done: str
    paper: str
    code: str
    asked: str
    centre: str
    desk: str
    contact: str
    ticket: str
    chat: str
    booking: str
    booked_on: str


def live(settings, tmp_path):
    """The demonstration with some days in it, and somebody with a draft, an open matter and one that ended."""
    from fawang.base.documents import services as documents
    from fawang.base.documents.tests.factories import upload
    from fawang.site.demonstration.run import run

    # a folder of its own: with one that holds a joined stylesheet, pages would name a file that nobody serves here
    settings.HOME = tmp_path
    (tmp_path / "wheels").symlink_to(WHEELS)
    (tmp_path / "definitions").mkdir()
    trial = writing.beginning("TRIAL_TALK", "consultation", "consultation")
    (tmp_path / "definitions" / "trial.yaml").write_text(trial, encoding="utf-8")
    for step in preparing.steps(is_demonstration=True, province="51"):
        step.work()
    library.load(tmp_path / "laws")
    run(orders=24, days=4, seed=7, end=clock.now())
    one, today = citizen(), clock.today().isoformat()
    admin, mediator, reviewer = (actor(who) for who in ("mediation_admin", "mediator", "reviewer"))
    unit = organisations.institution(admin.unit_id)
    token = next(row.token for row in organisations.handlers(unit.id) if row.account_id == mediator.account_id)
    done = orders.file(actor=one, filing=filing(one), plan=to_unit(unit.token)).number
    for who, action, data in (
        (admin, "sign", {}), (admin, "assign", {"handler": token}), (mediator, "accept", {}),
        (mediator, "note_contact", {"reached": True, "text": "说明权利义务"}),
        (mediator, "ask_will", {"agrees": True, "text": "愿意"}),
        (mediator, "hold_session", {"held_on": today, "place": "调解室", "internal": "谈"}),
        (mediator, "reach_agreement", {
            "form": "written", "party_a": "王示例", "party_b": "李示例", "facts": "漏水", "text": "三日内修好",
            "perform_by": today, "signed_on": today}),
        (mediator, "complete", {"result": "AGREED", "text": "已达成协议"}), (reviewer, "approve", {}),
    ):  # fmt: skip
        orders.perform(actor=who, order=done, action=action, data=data)
    waiting = orders.file(actor=one, filing=filing(one), plan=to_unit(unit.token)).number
    draft = orders.start_draft(
        actor=one, filing=filing(one, service="LEGAL_AID_LABOUR", answers={"matter": "wages"})
    ).draft
    intake.sign_in_to_chats(actor("lawyer"), is_on=True)
    hotline = organisations.institution(actor("lawyer").unit_id).token
    asked = orders.file(actor=one, filing=filing(one, service="CONSULT_MESSAGE"), plan=to_unit(hotline)).number
    opinion(asked)
    lawyer = actor("lawyer")
    orders.perform(actor=lawyer, order=asked, action="note_contact", data={"reached": True, "text": "已电话说明"})
    orders.perform(actor=lawyer, order=asked, action="complete", data={"result": "ANSWERED", "text": "已书面答复"})
    intake.agree_to_publish(one, order=asked)
    other = orders.file(actor=one, filing=filing(one, service="CONSULT_MESSAGE"), plan=to_unit(hotline)).number
    taken(other)
    joining = InstitutionData(
        type="LAW_FIRM", name="示例新所", level="COUNTY", division_code="510107", address="示例路1号"
    )
    register.apply_to_join(one, joining, contact="张示例")
    centre = organisations.institution(actor("clerk").unit_id)
    desk = meetings.bookables(one, centre.id)[0]
    free = meetings.free_slots(one, bookable_id=desk.id, from_date=clock.today(), days=14)[-1]
    booking = bookings.book(actor=one, bookable_id=desk.id, start=free.start, purpose="咨询").token
    line = meetings.lines_of(centre.id)[0]
    ticket = bookings.take_ticket(actor=actor("clerk"), institution_id=centre.id, line=line).token
    intake.start_chat(VISITOR, secret=ids.token(40), words="老板拖欠工资", domain="D03")
    chat = intake.take_chat(lawyer, chat=calls.chat_desk(lawyer).waiting[0].token)
    contact = intake.open_contact(actor("operator"), phone="13800000001").number
    paper, code = documents.store(one, upload()).token, orders_told.query_code(one, done)
    return Life(
        draft, waiting, done, paper, code, other, centre.token, desk.token, contact, ticket, chat, booking,
        clock.local(free.start).date().isoformat(),
    )  # fmt: skip


def taken(number):
    """The duty lawyer has taken a question."""
    lawyer = actor("lawyer")
    for action in ("sign", "take", "accept"):
        if any(one.code == action for one in orders_told.actions(lawyer, number)):
            orders.perform(actor=lawyer, order=number, action=action, data={})


def opinion(number):
    """The duty lawyer takes a question, and answers it with an article."""
    lawyer = actor("lawyer")
    taken(number)
    orders.perform(actor=lawyer, order=number, action="give_opinion", data={
        "facts": "三个月没发工资", "text": "拖欠劳动报酬的，可以依法申请支付令，也可以申请劳动仲裁。",
        "articles": "《劳动合同法》第三十条", "path": "arbitration", "evidence": "工资流水、聊天记录",
        "limitation": "离职后一年内申请仲裁",
    })  # fmt: skip


def key_of(name):
    (found, *_rest), _count = knowledge.laws(name)
    return found.key


def more(life):
    """Pages of this life to which no link leads."""
    return {
        "visitor": [f"/queue/{life.ticket}/", "/scan/MEDIATION_PEOPLE/510107/A1/", "/find/?q=漏水", "/services/?line=legal_aid",
            f"/law/{key_of('仲裁法')}/compare/?old=t-old&new=t-new", f"/law/{key_of('仲裁法')}/2/?version=t-new"],
        "justice_prov": ["/work/admin/services/TRIAL_TALK/", "/work/admin/services/TRIAL_TALK/publish/"],
        "13800000001": [
            f"/mine/{life.done}/", f"/mine/{life.waiting}/", f"/done/{life.done}/", f"/mine/{life.waiting}/visit/",
            f"/apply/{life.draft}/story/", f"/apply/{life.draft}/papers/", f"/apply/{life.draft}/check/",
            f"/apply/{life.draft}/discard/", "/apply/MEDIATION_PEOPLE/", f"/files/{life.paper}/",
            f"/book/{life.centre}/wait/?with={life.desk}",
        ],
        "justice_county": [
            f"/work/admin/institutions/window/{window.token}/"
            for window in organisations.all_windows()
            if window.institution_id == actor("clerk").unit_id
        ][:1],
        "lawyer": [f"/work/orders/{life.asked}/opinion/", f"/work/chats/{life.chat}/"],
        "operator": ["/staff/law/?q=劳动合同法82条", f"/hotline/contacts/{life.contact}/progress/{life.waiting}/"],
        "clerk": [
            f"/window/receipts/{life.waiting}/", f"/window/orders/{life.waiting}/", f"/work/bookings/{life.centre}/?day={life.booked_on}",
            f"/work/bookings/{life.centre}/?view=week", f"/work/bookings/{life.centre}/new/",
            f"/work/bookings/{life.centre}/close/", f"/work/bookings/one/{life.booking}/",
            f"/window/queue/tickets/{life.ticket}/",
        ],
    }  # fmt: skip


def visitor_steps(one, life):
    one.press("/login/", "main form button", phone="1")
    one.press("/login/", "main form button", phone="13800000002")
    one.press("/staff/login/", "main form button", username="operator", password="wrong")
    one.press("/staff/login/", "main form button", username="operator", password=PASSWORD)
    one.press("/", "form.ask button", q="楼上邻居漏水，他还拿刀威胁我")
    one.press("/ask/", "form.ask button", q="老板不发工资怎么办")
    one.go("/ask/sheet/")
    one.press("/self-check/legal_aid/", "main form .actions button", topic="wages")
    for value in ("no", "yes", "week"):
        one.page.check(f"main form [value='{value}']")
        one.press("", "main form .actions button")
    one.press("/self-check/time_left/", "main form .actions button", claim_kind="support")
    one.press("/chat/", "button[name=start]", q="老板拖欠工资，他还拿刀威胁我")
    one.press("/track/", "main form button", number=life.done, code="XXXX", last_four="0001")
    one.press("/track/", "main form button", number=life.done, code=life.code, last_four="0001")
    one.visitor.open("/login/")
    one.page.eval_on_selector_all("[name=csrfmiddlewaretoken]", "all => all.forEach((each) => each.remove())")
    one.press("", "main form button", phone="13800000002")
    one.page.set_content(defaults.server_error(RequestFactory().get("/")).content.decode())
    one.look("500")


def citizen_steps(one, life):
    one.press(f"/apply/{life.draft}/story/", "main form .actions button", story="")
    one.press(f"/mine/{life.done}/do/rate/", "main form .actions button")
    one.go(f"/mine/{life.done}/do/rate/", is_own=True)
    one.press(f"/mine/{life.waiting}/answers/story/", "main form .actions button", story="楼上漏水，墙也坏了")
    one.press(f"/mine/{life.waiting}/do/urge/", "main form .actions button", text="请快一点")
    one.press(f"/book/{life.centre}/?with={life.desk}", ".slots a")
    one.press("", "main form .actions button", purpose="咨询")
    one.go(one.visitor.path, is_own=True)
    one.press("/", "header form[data-forget] button")


def operator_steps(one, _life):
    one.press("/hotline/", "button[data-key=n]")
    here = one.visitor.path
    one.go(f"{here}?service=MEDIATION_PEOPLE", is_own=True)
    one.press(here, "button:has-text('答复并记录')")
    one.press(here, "button:has-text('答复并记录')", contact_words="试用期多久", contact_answer="不超过六个月")


def clerk_steps(one, _life):
    one.press("/window/queue/", "main form button")
    one.press("/window/queue/", "form[action$='/give/'] button")
    one.press("/window/queue/", "form[action$='/next/'] button")
    one.press("/window/apply/MEDIATION_PEOPLE/", "main form .actions button")
    one.press("/kiosk/enrol/", "main form button", name="一楼大厅1号")
    one.go("/kiosk/", is_own=True)
    one.go("/kiosk/queue/here/", is_own=True)
    one.press("/kiosk/queue/", "button[name=line]")
    one.go(one.visitor.path, is_own=True)


STEPS = {"visitor": visitor_steps, "13800000001": citizen_steps, "operator": operator_steps, "clerk": clerk_steps}
