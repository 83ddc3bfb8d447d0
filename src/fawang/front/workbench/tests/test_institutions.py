"""A bureau sets itself up in the browser: institutions, their windows and bookings, their people."""

import re

from fawang.base.meetings import selectors as meetings
from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.tests import factories as institutions
from fawang.front.workbench.tests.factories import client_of, day, text_of, unit_url
from fawang.kernel import clock
from fawang.kernel.policy import VISITOR


def place(name):
    return organisations.institution_named(name)


RECORD = {
    "type": "LAW_FIRM", "name": "四川新设律师事务所", "short_name": "新设律所", "level": "COUNTY",
    "division_code__0": "510100", "division_code__1": "510107", "parent": "武侯中心", "licence_no": "示例许可 1 号",
    **day("licence_valid_to", 2031, 12, 31), "address": "示例路 8 号", "phones": "028-12345678，12348",
    "hours-0-day": ["1", "2", "3", "4", "5"], "hours-0-begin": "9", "hours-0-end": "12：00",
    "hours-1-day": ["1", "2", "3", "4", "5"], "hours-1-begin": "1330", "hours-1-end": "17:30",
    "lines": ["consultation", "legal_aid"], "domains": ["D03"], "languages": ["zh", "en"], "capacity": "40",
    "accepts_legal_aid": "yes", "scope": "民事代理\n刑事辩护",
}  # fmt: skip


# --- institutions ----------------------------------------------------------------------------------------------------
def test_an_institution_is_registered_found_changed_and_suspended(staff):
    client = client_of(staff.department)
    made = client.post("/work/admin/institutions/new/", RECORD)
    assert made.status_code == 302, text_of(made)[-800:]
    firm = place("新设律所")
    assert (firm.phones, firm.capacity, firm.scope) == (("028-12345678", "12348"), 40, ("民事代理", "刑事辩护"))
    assert [(h.begin, h.end) for h in firm.hours] == [("09:00", "12:00"), ("13:30", "17:30")]
    assert firm.parent_id == staff.centre
    page = text_of(client.get(made.url))
    for shown in ("武侯中心", "示例路 8 号", "周一–周五 09:00–12:00", "法律咨询", "劳动人事", "英语", "40 件"):
        assert shown in page
    edit = unit_url(firm.token, "edit/")
    mark = re.search(r'name="mark" value="(\w+)"', text_of(client.get(edit)))[1]
    assert client.post(edit, {**RECORD, "mark": mark, "capacity": "60"}).status_code == 302
    assert place("新设律所").capacity == 60
    stale = client.post(edit, {**RECORD, "mark": mark, "capacity": "70", "address": "还在这里 9 号"})
    assert stale.status_code == 409
    assert "还在这里 9 号" in text_of(stale)
    status = unit_url(firm.token, "status/")
    without = client.post(status, {"status": "SUSPENDED", "reason": ""})
    assert without.status_code == 422
    assert 'href="#q-reason"' in text_of(without)
    assert client.post(status, {"status": "SUSPENDED", "reason": "停业整顿"}).status_code == 302
    assert "停业整顿" in text_of(client.get(unit_url(firm.token)))
    assert place("新设律所").status == "SUSPENDED"


def test_a_wrong_form_says_what_is_wrong_and_keeps_what_was_typed(staff):
    client = client_of(staff.department)
    wrong = {
        **RECORD, "name": "错的", "uscc": "123", "parent": "没有这一家", "capacity": "很多", "hours-0-begin": "",
        **day("licence_valid_to", 2031, 13, 41),
    }  # fmt: skip
    answer = client.post("/work/admin/institutions/new/", wrong)
    assert answer.status_code == 422
    for name in ("parent", "capacity", "hours", "licence_valid_to"):
        assert f'href="#q-{name}"' in text_of(answer), name
    assert 'value="错的"' in text_of(answer)
    assert "13:30" in text_of(answer)
    second = client.post("/work/admin/institutions/new/", {**RECORD, "uscc": "123"})
    assert second.status_code == 422
    assert 'href="#q-uscc"' in text_of(second)
    assert place("新设律所") is None


def test_what_no_form_sends_is_refused_or_dropped_on_both_databases(staff):
    client = client_of(staff.department)
    odd = {"division_code__1": "\x00", "lines": ["x\x00", "consultation"], "domains": ["\x00"], "languages": ["zh"]}
    assert client.post("/work/admin/institutions/new/", {**RECORD, **odd}).status_code == 302
    assert (place("新设律所").lines, place("新设律所").domains) == (("consultation",), ())
    for name in ("name", "short_name", "address", "licence_no", "uscc", "parent", "type", "level"):
        answer = client.post("/work/admin/institutions/new/", {**RECORD, "name": "另一家", name: "\x00x"})
        assert answer.status_code == 422, name
    person = {
        "name": "李四",
        "kind": "MEDIATOR",
        "domains": ["\x00"],
        "languages": ["\x00", "zh"],
        "licence_no": "\x00abcd",
    }
    assert client.post(unit_url(staff.token("committee"), "people/new/"), person).status_code == 422


def test_one_more_stretch_or_the_next_level_of_a_place_stores_nothing(staff):
    client = client_of(staff.department)
    for button in ({"more": "hours"}, {"narrow": "division_code"}):
        answer = client.post("/work/admin/institutions/new/", {**RECORD, **button})
        assert answer.status_code == 200
        assert "示例路 8 号" in text_of(answer)
    assert 'name="hours-4-begin"' in text_of(client.post("/work/admin/institutions/new/", {**RECORD, "more": "hours"}))
    assert place("新设律所") is None


def test_a_county_administrator_changes_the_own_county_only(staff):
    client = client_of(staff.justice)
    far = organisations.institution(staff.far_centre)
    assert client.get(unit_url(far.token)).status_code == 200
    assert "修改" not in text_of(client.get(unit_url(far.token)))
    refused = client.post(unit_url(far.token, "edit/"), {**RECORD, "parent": "", "mark": far.mark})
    assert refused.status_code == 404
    assert client.get(unit_url(far.token, "people/")).status_code == 404
    assert client.get(unit_url(far.token, "accounts/")).status_code == 404
    assert organisations.institution(staff.far_centre).name == "郫都中心"


def test_the_register_is_narrowed_and_paged(staff):
    for number in range(31):
        institutions.make_institution(name=f"分页调解委员会{number:02d}")
    client = client_of(staff.department)

    def names(query):
        return re.findall(
            r'<a href="/work/admin/institutions/\w+/">([^<]+)</a>',
            text_of(client.get(f"/work/admin/institutions/{query}")),
        )

    assert names("?type=LAW_FIRM") == ["示例律所"]
    assert names("?text=wuhou") == ["武侯调委会", "武侯中心"]
    assert names("?level=PROVINCE") == ["省中心"]
    assert "郫都中心" in names("?area__0=510100&area__1=510117")
    assert names("?status=REVOKED") == []
    first = names("?text=fenye")
    page = text_of(client.get("/work/admin/institutions/?text=fenye"))
    assert "共 31 家" in page
    after = re.search(r'href="(\?[^"]*after=[^"]+)"', page)[1].replace("&amp;", "&")
    assert len(first) == 30
    assert len(names(after)) == 1
    for odd in ("?type=%00", "?area__0=%00", "?after=%00-9", "?text=%00%ff", "?line=x", "?status=;"):
        assert client.get(f"/work/admin/institutions/{odd}").status_code == 200, odd


# --- windows and bookings --------------------------------------------------------------------------------------------
def test_a_window_is_registered_opened_for_booking_changed_and_closed(staff):
    client = client_of(staff.justice)
    token = staff.token("centre")
    assert client.post(unit_url(token, "windows/new/"), {"name": ""}).status_code == 422
    new = {"name": "1 号窗口", "lines": ["mediation"], "is_accessible": "yes"}
    assert client.post(unit_url(token, "windows/new/"), new).status_code == 302
    [window] = organisations.windows(staff.centre)
    url = f"/work/admin/institutions/window/{window.token}/"
    assert "09:00" in text_of(client.get(url))
    hours = {
        "opening-0-day": ["1", "2", "makeup"],
        "opening-0-begin": "9",
        "opening-0-end": "11",
        "slot_minutes": "30",
        "seats": "2",
    }
    assert client.post(url + "hours/", {**hours, "opening-0-end": "8"}).status_code == 422
    assert client.post(url + "hours/", {**hours, "notice_minutes": "0"}).status_code == 302
    bookable = meetings.bookable_of_window(VISITOR, window.id)
    assert bookable.opening == {"1": [["09:00", "11:00"]], "2": [["09:00", "11:00"]], "makeup": [["09:00", "11:00"]]}
    assert meetings.free_slots(VISITOR, window_id=window.id, from_date=clock.today(), days=1)
    assert client.post(url + "hours/", {**hours, "seats": "4"}).status_code == 302
    assert meetings.bookable_of_window(VISITOR, window.id).seats == 4
    assert "周一、周二、调休上班日 09:00–11:00" in text_of(client.get(unit_url(token, "windows/")))
    assert client.post(url + "hours/", {**hours, "act": "stop"}).status_code == 302
    assert not meetings.bookable_of_window(VISITOR, window.id).is_open
    assert client.post(url + "edit/", {"name": "综合窗口", "is_accessible": "no", "is_open": "no"}).status_code == 302
    [closed] = organisations.windows(staff.centre, only_open=False)
    assert (closed.name, closed.is_open, closed.is_accessible) == ("综合窗口", False, False)
    assert client_of(staff.far_clerk).get(url).status_code in {403, 404}
    assert client_of(staff.liaison).get(url).status_code == 404


def test_bookings_that_no_longer_fit_are_named(staff):
    from fawang.base.meetings import services as booking

    window = services.add_window(institutions.SYSTEM, staff.centre, name="1 号窗口")
    opened = booking.open_bookable(
        actor=institutions.SYSTEM, kind="WINDOW", institution_id=staff.centre, name="1 号窗口", window_id=window,
        opening_hours={"1": [["09:00", "12:00"]]}, notice_minutes=0,
    )  # fmt: skip
    slot = meetings.free_slots(VISITOR, bookable_id=opened.id, from_date=clock.today(), days=1)[-1]
    booking.book(actor=staff.citizen, start=slot.start, bookable_id=opened.id)
    token = organisations.window(window).token
    hours = {
        "opening-0-day": ["1"],
        "opening-0-begin": "9:00",
        "opening-0-end": "11:00",
        "slot_minutes": "30",
        "seats": "1",
    }
    url = f"/work/admin/institutions/window/{token}/"
    answer = client_of(staff.justice).post(url + "hours/", hours, follow=True)
    assert "有 1 个预约不在新的时间里" in text_of(answer)
    assert f"{clock.local(slot.start):%Y-%m-%d %H:%M}" in text_of(answer)


def test_a_room_is_opened_and_stopped_by_the_institutions_own_administrator(staff):
    client, token = client_of(staff.liaison), staff.token("committee")
    hours = {
        "opening-0-day": ["3"],
        "opening-0-begin": "9:00",
        "opening-0-end": "12:00",
        "slot_minutes": "60",
        "seats": "1",
    }
    assert client.post(unit_url(token, "rooms/new/"), {**hours, "kind": "PALACE", "name": "x"}).status_code == 422
    assert client.post(unit_url(token, "rooms/new/"), {**hours, "kind": "ROOM", "name": "调解室一"}).status_code == 302
    [room] = meetings.bookables(VISITOR, staff.committee)
    url = unit_url(token, f"rooms/{room.token}/")
    assert client.post(url, {**hours, "slot_minutes": "30"}).status_code == 302
    assert meetings.bookables(VISITOR, staff.committee)[0].slot_minutes == 30
    assert client_of(staff.city_liaison).post(url, {**hours, "act": "stop"}).status_code == 404
    assert client.post(url, {**hours, "act": "stop"}).status_code == 302
    assert meetings.bookables(VISITOR, staff.committee) == []
    assert client.get(unit_url(token, "windows/new/")).status_code == 404


# --- people ----------------------------------------------------------------------------------------------------------
def test_a_person_is_registered_put_right_opened_for_booking_and_leaves(staff):
    client, token = client_of(staff.liaison), staff.token("committee")
    new = unit_url(token, "people/new/")
    assert 'href="#q-licence_no"' in text_of(client.post(new, {"name": "李四", "kind": "NOTARY"}))
    assert (
        client.post(new, {"name": "李四", "kind": "MEDIATOR", "languages": ["zh"], "capacity": "3"}).status_code == 302
    )
    record = next(row for row in organisations.roll(staff.liaison, staff.committee) if row.person.name == "李四")
    url = f"/work/admin/institutions/person/{record.person.token}/"
    sent = {
        "name": "李四", "kind": "MEDIATOR", "licence_no": "川调 123", **day("licensed_on", 2020, 1, 2),
        **day("licence_valid_to", 2030, 1, 1), "account": "", "domains": ["D09"], "languages": ["zh", "sign"], "capacity": "9",
    }  # fmt: skip
    assert client.post(url, sent).status_code == 302
    after = organisations.practitioner_record(staff.liaison, record.person.token)
    assert (after.capacity, after.person.languages, after.licensed_on.year) == (9, ("zh", "sign"), 2020)
    assert client.post(url, {**sent, **day("licensed_on", 2020, 2, 30)}).status_code == 422
    assert client.post(url, {**sent, "account": "somebody"}).status_code == 422
    hours = {
        "opening-0-day": ["1"],
        "opening-0-begin": "9:00",
        "opening-0-end": "12:00",
        "slot_minutes": "60",
        "seats": "1",
    }
    assert client.post(url + "hours/", hours).status_code == 302
    [bookable] = meetings.bookables(VISITOR, staff.committee)
    assert bookable.practitioner_id == record.person.id
    leave = {
        "person": record.person.token,
        "on": record.person.token,
        **day("begin", 2026, 9, 29),
        **day("end", 2026, 9, 30),
    }
    assert client.post(unit_url(token, "people/leave/"), leave).url == url
    assert "2026年9月29日" in text_of(client.get(url))
    assert client.post(url + "left/").status_code == 302
    assert "已离开" in text_of(client.get(unit_url(token, "people/")))
    assert client_of(staff.city_liaison).get(url).status_code == 404


def test_a_person_gets_an_account_of_the_institution(staff):
    client = client_of(staff.liaison)
    account, _actor = institutions.make_staff("HANDLER", staff.committee)
    token = staff.handler_token()
    url = f"/work/admin/institutions/person/{token}/"
    assert account.username in text_of(client.get(url))
    sent = {
        "name": "承办mediator",
        "kind": "MEDIATOR",
        "account": account.username,
        "languages": ["zh"],
        "capacity": "5",
    }
    assert client.post(url, sent).status_code == 302
    assert organisations.practitioner_record(staff.liaison, token).account_id == account.pk
