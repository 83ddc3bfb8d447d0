"""What people and units do with a matter, one act after another. Each act plans the next one.

Shares are of matters that get there; times are minutes of office work unless a person acts at home.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta

from fawang.base.workorders import selectors as orders
from fawang.kernel import clock
from fawang.middle.dispatch import selectors as dispatch
from fawang.site.demonstration import filing, words
from fawang.site.demonstration.drive import Drive, Work
from fawang.site.demonstration.matter import Matter
from fawang.site.demonstration.people import Citizen, Crew, citizen
from fawang.site.demonstration.times import at_work, awake

RETURNED, RETURN_AGREED = 0.05, 0.8
URGED, WITHDRAWN, REFUSED = 0.08, 0.03, 0.01
SUPPLEMENT, SUPPLIED, FOLLOW_UP, SENT_BACK = 0.12, 0.9, 0.12, 0.06
OTHER_SIDE_REFUSES, AGREED, PERFORMED = 0.15, 0.78, 0.88
AFTERWARDS = frozenset({"HANDLING", "DONE", "CALLBACK", "CLOSED"})
RATED = 0.5
GRADES = {"5": 62, "4": 26, "3": 6, "2": 4, "1": 2}
URGENT_IN = frozenset({"TO_DISPATCH", "DISPATCHED", "SIGNED", "ASSIGNED", "HANDLING", "DONE_REVIEW"})
OPEN_TO_WITHDRAW = URGENT_IN | {"SUSPENDED", "RETURN_ASKED"}


class Courses:
    """The acts, bound to one drive."""

    def __init__(self, drive: Drive) -> None:
        self.drive = drive

    # --- coming in ---------------------------------------------------------------------------------------------
    def demand(self, matter: Matter) -> None:
        """A citizen comes with a demand, by whichever channel."""
        person = citizen(matter.chance, 10_000 + (self.drive.seed % 90) * 10_000 + matter.index)
        matter.citizen = person
        login = filing.agent_of(matter.channel)
        if not login:
            matter.number = filing.file_online(matter, person)
            self._filed(matter)
            return
        agent = self.drive.staff.post(login)
        matter.contact, given = filing.take_contact(matter, person, agent)
        if matter.is_on_the_spot:
            filing.answer_now(matter, agent)
            return
        matter.number = filing.file_contact(matter, person, agent, given)
        self._filed(matter)

    def _filed(self, matter: Matter) -> None:
        self.drive.by_number[matter.number] = matter
        self._go_on(matter)
        now = clock.now()
        if matter.happens(WITHDRAWN):
            self.drive.plan(awake(now + timedelta(hours=matter.chance.uniform(3, 90))), self.withdraw, matter)
        if matter.happens(URGED) or matter.pace > 2:
            self.drive.plan(awake(now + timedelta(hours=matter.chance.uniform(20, 110))), self.urge, matter)

    def _go_on(self, matter: Matter) -> None:
        """Plan what the present holder does next."""
        self.drive.look(matter)
        if matter.state == "TO_DISPATCH":
            matter.was_by_hand = True
            self._soon(matter, self.dispatch, 8, 150)
        elif matter.state == "DISPATCHED":
            back = matter.happens(RETURNED) and not matter.asked_return
            self._soon(matter, self.ask_return if back else self.sign, 10, 240)

    def _soon(self, matter: Matter, work: Work, low: float, high: float) -> None:
        self.drive.plan(at_work(clock.now(), matter.minutes(low, high)), work, matter)

    def _later(self, matter: Matter, work: Work, low_hours: float, high_hours: float) -> None:
        """A citizen does it, at home."""
        hours = matter.chance.uniform(low_hours, high_hours)
        self.drive.plan(awake(clock.now() + timedelta(hours=hours)), work, matter)

    def _crew(self, matter: Matter) -> Crew:
        if matter.unit_id is None:
            raise LookupError(matter.number)
        return self.drive.staff.crew(matter.unit_id)

    @staticmethod
    def _person(matter: Matter) -> Citizen:
        if matter.citizen is None:
            raise LookupError(matter.index)
        return matter.citizen

    # --- the dispatch centre -----------------------------------------------------------------------------------
    def dispatch(self, matter: Matter) -> None:
        """A dispatcher sends it to the best unit of the list, or refuses what is no legal service."""
        if matter.state != "TO_DISPATCH":
            return
        dispatcher = self.drive.staff.post("dispatcher")
        if matter.happens(REFUSED):
            self.drive.do(matter, dispatcher, "refuse", reason="RJ04", **words.texts()["refuse"])
            return
        best = dispatch.suggestion(dispatcher, matter.number).best
        if best is None:
            self._soon(matter, self.dispatch, 200, 400)
            return
        if self.drive.do(matter, dispatcher, "dispatch", unit=best.token, mode="MANUAL"):
            self._go_on(matter)

    def ask_return(self, matter: Matter) -> None:
        """The unit says it cannot, while it still may: as long as it has to sign for it."""
        if matter.state != "DISPATCHED":
            return
        matter.asked_return = True
        liaison = self._crew(matter).liaison
        ends = [c.due_at for c in orders.clocks(liaison, matter.number) if c.limit_id == "WO-SIGN" and c.due_at]
        if not ends or ends[-1] <= clock.now():
            self.sign(matter)
            return
        reason = matter.chance.choice(["RT08", "RT01"])
        whose = {"whose": "市公共法律服务中心"} if reason == "RT01" else {}
        if self.drive.do(matter, liaison, "ask_return", reason=reason, **whose):
            self._soon(matter, self.decide_return, 10, 120)

    def decide_return(self, matter: Matter) -> None:
        """The centre agrees (then a rule or a dispatcher finds another unit) or not."""
        if matter.state != "RETURN_ASKED":
            return
        dispatcher = self.drive.staff.post("dispatcher")
        if not matter.happens(RETURN_AGREED):
            self.drive.do(matter, dispatcher, "refuse_return", reason="贵单位离当事人最近")
            self._go_on(matter)
        elif self.drive.do(matter, dispatcher, "agree_return"):
            self._soon(matter, self._go_on, 70, 90)

    # --- the unit ----------------------------------------------------------------------------------------------
    def sign(self, matter: Matter) -> None:
        """The liaison signs for it and names a handler."""
        if matter.state == "DISPATCHED" and self.drive.do(matter, self._crew(matter).liaison, "sign"):
            self._soon(matter, self.assign, 3, 60)

    def assign(self, matter: Matter) -> None:
        """To one of the unit's people."""
        crew = self._crew(matter)
        token, actor = crew.handlers[matter.index % len(crew.handlers)]
        if matter.state == "SIGNED" and self.drive.do(matter, crew.liaison, "assign", handler=token):
            self.drive.handlers[matter.index] = actor
            self._soon(matter, self.accept, 10, 200)

    def accept(self, matter: Matter) -> None:
        """The handler looks through it and accepts."""
        if matter.state == "ASSIGNED" and self.drive.do(matter, self.drive.handlers[matter.index], "accept"):
            self._soon(matter, self.contact, 5, 180)

    def contact(self, matter: Matter) -> None:
        """The first contact; the second try where nobody answered."""
        if matter.state != "HANDLING":
            return
        handler, told = self.drive.handlers[matter.index], words.texts()
        if matter.happens(0.12):
            self.drive.do(matter, handler, "note_contact", reached=False, text=told["unreached"])
            self._soon(matter, self.contact, 60, 300)
            return
        self.drive.do(matter, handler, "note_contact", reached=True, text=words.one(matter.chance, "contacted"))
        if matter.happens(SUPPLEMENT):
            self._soon(matter, self.ask_for_more, 10, 100)
        else:
            self._work(matter)

    def ask_for_more(self, matter: Matter) -> None:
        """Everything that is missing, at once."""
        handler = self.drive.handlers[matter.index]
        text = words.texts()["supplement"]
        if matter.state == "HANDLING" and self.drive.do(matter, handler, "request_supplement", items=text, days=10):
            matter.asked_supplement = True
            if matter.happens(SUPPLIED):
                self._later(matter, self.supply, 4, 80)

    def supply(self, matter: Matter) -> None:
        """The citizen sends it."""
        text = words.texts()["supplied"]
        if matter.state == "SUSPENDED" and self.drive.do(
            matter, self._person(matter).actor, "reply_supplement", reply=text
        ):
            self._work(matter)

    def _work(self, matter: Matter) -> None:
        if matter.service == "MEDIATION_PEOPLE":
            self._soon(matter, self.ask_other_side, 60, 500)
        else:
            self._soon(matter, self.give_opinion, 60, 700)

    # --- a consultation ----------------------------------------------------------------------------------------
    def give_opinion(self, matter: Matter) -> None:
        """The written opinion, with its articles."""
        if matter.state != "HANDLING":
            return
        articles, advice, path = words.opinion(matter.domain)
        done = self.drive.do(
            matter, self.drive.handlers[matter.index], "give_opinion", facts="以申请人陈述为准。", text=advice,
            articles=articles.replace("、《", "\n《"), path=path,
        )  # fmt: skip
        if not done:
            return
        if not matter.followed_up and matter.happens(FOLLOW_UP):
            matter.followed_up = True
            self._later(matter, self.follow_up, 0.3, 3)
        else:
            self._soon(matter, self.complete, 5, 60)

    def follow_up(self, matter: Matter) -> None:
        """The citizen asks once more."""
        if matter.state != "HANDLING":
            return
        text = words.one(matter.chance, "follow_ups")
        if self.drive.do(matter, self._person(matter).actor, "ask_follow_up", text=text):
            self._soon(matter, self.give_opinion, 30, 300)

    # --- a mediation -------------------------------------------------------------------------------------------
    def ask_other_side(self, matter: Matter) -> None:
        """Mediation needs both."""
        if matter.state != "HANDLING":
            return
        handler = self.drive.handlers[matter.index]
        if matter.happens(OTHER_SIDE_REFUSES):
            if self.drive.do(matter, handler, "end_mediation", why="refused", text="可以向人民法院起诉。"):
                self._soon(matter, self.complete, 5, 60)
        elif self.drive.do(matter, handler, "ask_will", agrees=True, text="对方愿意坐下来谈。"):
            self._soon(matter, self.session, 240, 1200)

    def session(self, matter: Matter) -> None:
        """One meeting; sometimes a second one."""
        if matter.state != "HANDLING":
            return
        matter.sessions += 1
        text = "双方各自说明了经过，就时间和金额交换了意见。"
        place = matter.chance.choice(["调解室", "社区会议室", "视频"])
        handler, day = self.drive.handlers[matter.index], clock.today().isoformat()
        if not self.drive.do(matter, handler, "hold_session", held_on=day, place=place, internal=text):
            return
        if matter.sessions == 1 and matter.happens(0.3):
            self._soon(matter, self.session, 400, 1400)
        else:
            self._soon(matter, self.settle, 20, 200)

    def settle(self, matter: Matter) -> None:
        """An agreement, or none."""
        if matter.state != "HANDLING":
            return
        handler, today = self.drive.handlers[matter.index], clock.today()
        perform_by = today + timedelta(days=matter.chance.randint(7, 40))
        if matter.happens(AGREED):
            done = self.drive.do(
                matter, handler, "reach_agreement", form="written", party_a=self._person(matter).name,
                party_b=words.person_name(matter.chance) + "某", facts="双方对事实没有争议。",
                text="对方在期限内付清款项，申请人不再主张其他权利。",
                amount=str(matter.chance.randint(3, 200) * 100), signed_on=today.isoformat(),
                perform_by=perform_by.isoformat(),
            )  # fmt: skip
            matter.agreed = True
            asked = datetime.combine(perform_by + timedelta(days=1), time(9), clock.SHANGHAI)
            self.drive.plan(at_work(asked, matter.chance.uniform(10, 900)), self.ask_performance, matter)
        else:
            done = self.drive.do(matter, handler, "end_mediation", why="no_agreement", text="可以向人民法院起诉。")
        if done:
            self._soon(matter, self.complete, 10, 120)

    def ask_performance(self, matter: Matter) -> None:
        """After the agreed day the mediator asks whether it was performed."""
        self.drive.look(matter)
        if matter.state not in AFTERWARDS:
            return
        handler = self.drive.handlers[matter.index]
        if matter.happens(PERFORMED):
            self.drive.do(matter, handler, "confirm_performance", performed_on=clock.today().isoformat())
        else:
            advice = "请督促对方履行，也可以就协议向人民法院起诉。"
            self.drive.do(matter, handler, "note_default", performed="part", text=advice)

    # --- the result --------------------------------------------------------------------------------------------
    def complete(self, matter: Matter) -> None:
        """The handler proposes the result."""
        if matter.state != "HANDLING":
            return
        if matter.service == "MEDIATION_PEOPLE":
            result, text = (
                ("AGREED", "已达成调解协议。") if matter.agreed else ("NOT_AGREED", "没有达成协议，可以起诉。")
            )
        else:
            result, text = "ANSWERED", words.opinion(matter.domain)[1]
        if not self.drive.do(matter, self.drive.handlers[matter.index], "complete", result=result, text=text):
            return
        if matter.state == "DONE_REVIEW":
            self._soon(matter, self.review, 10, 240)
        else:
            self._told(matter)

    def review(self, matter: Matter) -> None:
        """A second person checks it."""
        if matter.state != "DONE_REVIEW":
            return
        liaison = self._crew(matter).liaison
        if matter.happens(SENT_BACK) and not matter.was_sent_back:
            matter.was_sent_back = True
            if self.drive.do(matter, liaison, "send_back", reason="请写清楚履行期限和救济途径。"):
                self._soon(matter, self.redo, 10, 200)
        elif self.drive.do(matter, liaison, "approve"):
            self._told(matter)

    def redo(self, matter: Matter) -> None:
        """The handler takes it up again."""
        if matter.state == "REDO" and self.drive.do(matter, self.drive.handlers[matter.index], "start_redo"):
            self._soon(matter, self.complete, 20, 300)

    def _told(self, matter: Matter) -> None:
        if matter.happens(RATED) and not matter.rating_is_planned:
            matter.rating_is_planned = True
            self._later(matter, self.rate, 0.2, 60)

    # --- the citizen -------------------------------------------------------------------------------------------
    def rate(self, matter: Matter) -> None:
        """Mostly content."""
        self.drive.look(matter)
        matter.rating_is_planned = False
        if matter.state not in {"DONE", "CALLBACK", "CLOSED"}:
            return
        grade = matter.chance.choices(list(GRADES), list(GRADES.values()))[0]
        text = words.one(matter.chance, "praise" if grade > "3" else "complaints")
        if self.drive.do(matter, self._person(matter).actor, "rate", grade=grade, text=text) and grade < "3":
            self._soon(matter, self.put_right, 120, 1500)

    def put_right(self, matter: Matter) -> None:
        """After a bad rating the unit reports what it did."""
        self.drive.look(matter)
        if matter.state == "RECTIFYING":
            self.drive.do(matter, self._crew(matter).liaison, "report_rectified", **words.texts()["rectified"])

    def urge(self, matter: Matter) -> None:
        """A citizen who waits asks, and is answered."""
        self.drive.look(matter)
        if matter.state not in URGENT_IN:
            return
        if self.drive.do(matter, self._person(matter).actor, "urge", text=words.one(matter.chance, "urges")):
            self.drive.plan(at_work(clock.now(), matter.chance.uniform(20, 400)), self.answer_urge, matter)

    def answer_urge(self, matter: Matter) -> None:
        """By the unit, or by the dispatcher while there is none."""
        self.drive.look(matter)
        if matter.state not in URGENT_IN | {"SUSPENDED"}:
            return
        dispatcher = self.drive.staff.post("dispatcher")
        actor = self._crew(matter).liaison if matter.unit_id is not None else dispatcher
        self.drive.do(matter, actor, "answer_urge", text=words.one(matter.chance, "urge_answers"))

    def withdraw(self, matter: Matter) -> None:
        """It is settled, or somebody else helps."""
        self.drive.look(matter)
        if matter.state in OPEN_TO_WITHDRAW:
            reason = words.one(matter.chance, "withdrawals")
            self.drive.do(matter, self._person(matter).actor, "withdraw", reason=reason)

    # --- call-backs --------------------------------------------------------------------------------------------
    def list_callbacks(self) -> None:
        """What waits to be called back gets a time on the desk's list."""
        agent, after, waiting = self.drive.staff.post("callback"), "", []
        while True:
            page = orders.queue(agent, name="callback", after=after)
            waiting += [self.drive.by_number[row.number] for row in page.rows if row.number in self.drive.by_number]
            after = page.next_key
            if not after:
                break
        for matter in sorted(waiting, key=lambda m: m.index):
            if not matter.call_is_planned:
                matter.call_is_planned = True
                self._soon(matter, self.call_back, 5, 180)

    def call_back(self, matter: Matter) -> None:
        """The call-back desk rings: reached, not reached, or it has to be done again."""
        self.drive.look(matter)
        matter.call_is_planned = False
        if matter.state != "CALLBACK":
            return
        agent = self.drive.staff.post("callback")
        if not matter.happens(0.8):
            if self.drive.do(matter, agent, "record_callback", reached=False) and matter.state == "CALLBACK":
                matter.call_is_planned = True
                # the next try is on another day, however quick this matter is
                self._soon(matter, self.call_back, 750, 1200)
            return
        redo = matter.happens(0.05)
        done = self.drive.do(
            matter, agent, "record_callback", reached=True, was_contacted=True, is_solved=not redo, was_in_time=True,
            was_asked_for_money=False, redo=redo, text=words.one(matter.chance, "called_back"),
        )  # fmt: skip
        if done and matter.state == "REDO":
            self._soon(matter, self.redo, 30, 300)
