"""What administrators change: institutions, windows, people, colleagues, keys; and how the first of them comes to be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.core.management import CommandError, call_command

from fawang.base.identity import errors as identity_errors
from fawang.base.identity import services as identity
from fawang.base.identity.models import Account
from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import errors, selectors, services
from fawang.base.organisations.models import Institution, Membership, ServedLine
from fawang.base.organisations.tests import factories
from fawang.base.organisations.values import OpenHours, PractitionerData
from fawang.kernel import clock
from fawang.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.events import selectors as events

SYSTEM = factories.SYSTEM
COUNTY = identities.staff("JUSTICE_ADMIN_COUNTY", unit_id=999, area="510107")
SYS, SEC = identities.staff("SYS_ADMIN", account_id=900_001), identities.staff("SEC_ADMIN", account_id=900_002)
PASSWORD = "First-horse-2026"


# --- institutions ----------------------------------------------------------------------------------------------------
def test_an_institution_is_put_right_and_only_what_changed_is_announced():
    pk = factories.make_institution(name="旧名称")
    data = factories.institution_data(
        name="新名称调解委员会", address="示例路 1 号", lines=("mediation", "consultation"), capacity=20,
        hours=(OpenHours((1, 2, 3), "09:00", "17:00"),), licence_valid_to=date(2030, 1, 1),
    )  # fmt: skip
    before = selectors.institution(pk)
    changed = services.change_institution(COUNTY, pk, data, mark=before.mark)
    assert changed == ["address", "capacity", "hours", "licence_valid_to", "lines", "name"]
    after = selectors.institution(pk)
    assert (after.name, after.capacity, after.hours[0].end) == ("新名称调解委员会", 20, "17:00")
    assert [row.id for row in selectors.institutions(text="xinmingcheng").rows] == [pk]
    assert set(ServedLine.objects.filter(institution_id=pk).values_list("line", flat=True)) == {
        "mediation",
        "consultation",
    }
    event = events.stream(f"institution:{pk}")[-1]
    assert (event.name, event.data["fields"]) == ("organisations.institution_changed.v1", changed)
    assert services.change_institution(COUNTY, pk, data, mark=after.mark) == []
    assert events.stream(f"institution:{pk}")[-1].id == event.id


def test_a_page_made_from_an_older_state_changes_nothing():
    pk = factories.make_institution()
    mark = selectors.institution(pk).mark
    services.change_institution(COUNTY, pk, factories.institution_data(name="甲的改动"), mark=mark)
    with pytest.raises(Conflict):
        services.change_institution(COUNTY, pk, factories.institution_data(name="乙的改动"), mark=mark)
    assert selectors.institution(pk).name == "甲的改动"


def test_an_institution_stays_in_the_area_of_whoever_changes_it():
    inside, outside = factories.make_institution(), factories.make_institution(division_code="513221")
    with pytest.raises(NotFound):
        services.change_institution(COUNTY, outside, factories.institution_data())
    with pytest.raises(Invalid) as refusal:
        services.change_institution(COUNTY, inside, factories.institution_data(division_code="513221"))
    assert "division_code" in refusal.value.fields
    with pytest.raises(Invalid):
        services.change_institution(COUNTY, inside, factories.institution_data(parent_id=inside))
    code = identities.uscc(prefix="31")
    factories.make_institution(type="LAW_FIRM", uscc=code)
    with pytest.raises(errors.AlreadyRegistered):
        services.change_institution(COUNTY, inside, factories.institution_data(type="LAW_FIRM", uscc=code))


def test_the_roll_is_narrowed_by_level_and_status_and_counted():
    city = factories.make_institution(level="CITY", division_code="510100")
    county = factories.make_institution()
    services.change_status(SYSTEM, county, status="SUSPENDED", reason="停业整顿")
    assert [row.id for row in selectors.institutions(level="CITY").rows] == [city]
    assert [row.id for row in selectors.institutions(status="SUSPENDED").rows] == [county]
    assert selectors.count_institutions() == "2"
    assert selectors.count_institutions(level="CITY", status="SUSPENDED") == "0"
    for odd in ("x\x00-1", "a-²", "a-" + "9" * 30, "-"):
        assert len(selectors.institutions(after=odd).rows) == 2, odd
    assert selectors.institution_named(selectors.institution(city).name).id == city
    assert selectors.institution_named("没有这个") is None


def test_a_window_is_renamed_closed_and_opened_again():
    pk = factories.make_institution()
    window = services.add_window(COUNTY, pk, name="1号窗口")
    services.add_window(COUNTY, pk, name="2号窗口")
    token = selectors.window(window).token
    services.change_window(COUNTY, window, name="综合窗口", lines=("mediation",), is_open=False)
    assert [row.name for row in selectors.windows(pk)] == ["2号窗口"]
    assert [row.name for row in selectors.windows(pk, only_open=False)] == ["综合窗口", "2号窗口"]
    assert selectors.window_by_token(token).lines == ("mediation",)
    for name, field in (("2号窗口", "name"), (" ", "name")):
        with pytest.raises(Invalid) as refusal:
            services.change_window(COUNTY, window, name=name)
        assert field in refusal.value.fields
    for actor, wanted in ((identities.staff("JUSTICE_ADMIN_COUNTY", unit_id=9, area="5132"), window), (COUNTY, 987654)):
        with pytest.raises(NotFound):
            services.change_window(actor, wanted, name="x")


# --- people ----------------------------------------------------------------------------------------------------------
def test_a_persons_record_is_put_right_until_they_leave():
    place = factories.make_institution()
    pk = factories.make_practitioner(place)
    [record] = selectors.roll(COUNTY, place)
    data = PractitionerData(name="李改名", kind="MEDIATOR", capacity=8, domains=("D03",), languages=("zh", "en"))
    assert services.change_practitioner(COUNTY, pk, data) == ["capacity", "domains", "languages", "name"]
    after = selectors.practitioner_record(COUNTY, record.person.token)
    assert (after.person.name, after.capacity, after.person.languages) == ("李改名", 8, ("zh", "en"))
    assert services.change_practitioner(COUNTY, pk, data) == []
    with pytest.raises(Invalid) as refusal:
        services.change_practitioner(
            COUNTY,
            pk,
            replace(data, kind="LAWYER_FT", licensed_on=date(2020, 1, 1), licence_valid_to=date(2019, 1, 1)),
        )
    assert {"licence_no", "licence_valid_to"} <= set(refusal.value.fields)
    far = identities.staff("INSTITUTION_ADMIN", unit_id=place + 1)
    for act in (
        lambda: services.change_practitioner(far, pk, data),
        lambda: selectors.roll(far, place),
        lambda: selectors.practitioner_record(far, record.person.token),
    ):
        with pytest.raises(NotFound):
            act()
    services.end_practice(COUNTY, pk)
    with pytest.raises(RefusedByState):
        services.change_practitioner(COUNTY, pk, data)
    assert [row.person.is_active for row in selectors.roll(COUNTY, place)] == [False]


def test_a_lawyers_licence_is_not_moved_onto_another_person():
    place, licence = factories.make_institution(), factories.licence()
    factories.make_practitioner(place, kind="LAWYER_FT", licence_no=licence)
    other = factories.make_practitioner(place)
    with pytest.raises(errors.AlreadyRegistered):
        services.change_practitioner(COUNTY, other, PractitionerData("李四", "LAWYER_FT", licence_no=licence))


def test_a_colleague_comes_with_account_and_role_or_not_at_all():
    place = factories.make_institution()
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", place)
    new = {"institution_id": place, "display_name": "新同事"}
    issued = services.add_colleague(admin, username="new.colleague", role="HANDLER", **new)
    [row] = [row for row in selectors.members(admin, place) if row.account_id == issued.account_id]
    assert (row.role, row.username, row.is_active) == ("HANDLER", "new.colleague", True)
    for changes, refusal in (
        ({"role": "SUPERVISOR"}, NotPermitted), ({"role": "HANDLER", "institution_id": place + 1}, NotFound),
        ({"role": "CITIZEN"}, Invalid),
    ):  # fmt: skip
        with pytest.raises(refusal):
            services.add_colleague(admin, **{"username": "never", **new, **changes})
    assert not Account.objects.filter(username="never").exists()
    with pytest.raises(identity_errors.NameTaken):
        services.add_colleague(admin, username="new.colleague", role="HANDLER", **new)


def test_an_institutions_administrator_issues_passwords_to_its_own_ordinary_people_only():
    place, elsewhere = factories.make_institution(), factories.make_institution()
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", place)
    ordinary, _ = factories.make_staff("HANDLER", place)
    both, _ = factories.make_staff("HANDLER", place)
    factories.make_staff("HANDLER", elsewhere, account=both)
    high, _ = factories.make_staff("HANDLER", place)
    factories.make_staff("DISPATCHER", place, account=high)
    left, _ = factories.make_staff("HANDLER", place)
    services.end_membership(admin, Membership.objects.get(account=left).pk, reason="离职")
    assert identity.reset_password(admin, ordinary.pk).password
    for other in (both, high, left):
        with pytest.raises(NotFound):
            identity.reset_password(admin, other.pk)
    assert identity.reset_password(SYS, both.pk).password


def test_a_security_administrator_gives_no_role_to_themselves():
    place = factories.make_institution()
    account, security = factories.make_staff("SEC_ADMIN", place)
    with pytest.raises(identity_errors.OwnAccount):
        services.add_membership(security, account_id=account.pk, institution_id=place, role="DISPATCHER")


def test_accounts_are_chosen_by_name_as_far_as_one_sees_them():
    place = factories.make_institution()
    _account, admin = factories.make_staff("INSTITUTION_ADMIN", place)
    mine, _ = factories.make_staff("HANDLER", place)
    stranger = identities.make_staff_account()
    assert selectors.account_in(admin, place, mine.username) == mine.pk
    assert selectors.account_in(admin, place, stranger.username) is None
    assert selectors.account_in(SEC, place, stranger.username) == stranger.pk
    assert selectors.account_in(SEC, place, "no.body") is None
    assert [row.role for row in selectors.memberships(SEC, mine.pk)] == ["HANDLER"]
    with pytest.raises(NotFound):
        selectors.memberships(admin, mine.pk)


def test_keys_of_all_institutions_are_listed_newest_first():
    places = [factories.make_institution(type="PARTNER_BODY", name=f"示例法院{n}") for n in range(3)]
    for place in places:
        services.create_key(SEC, institution_id=place, name="接口", roles=("PARTNER_COURT",))
    first = selectors.all_keys(SEC, limit=2)
    second = selectors.all_keys(SEC, before=first.next, limit=2)
    rows = [*first.rows, *second.rows]
    assert [row.institution_id for row in rows] == places[::-1]
    assert second.next == 0
    services.revoke_key(SEC, rows[0].id, reason="更换")
    assert [row.is_active for row in selectors.all_keys(SEC).rows] == [False, True, True]
    with pytest.raises(NotPermitted):
        selectors.all_keys(COUNTY)


# --- the first administrator -----------------------------------------------------------------------------------------
def first(username="first", role="SYS_ADMIN", **changes):
    words = {"name": "张示例", "bureau": "成都市司法局", "division": "510100", **changes}
    call_command("organisations", "first-administrator", username, role=role, **words)


def test_the_first_administrators_come_from_the_command_with_a_password_good_once(monkeypatch, capsys):
    monkeypatch.setenv("FAWANG_FIRST_PASSWORD", PASSWORD)
    first()
    first("second", "SEC_ADMIN")
    bureau = Institution.objects.get()
    assert (bureau.name, bureau.level, bureau.division_code) == ("成都市司法局", "CITY", "510100")
    account = Account.objects.get(username="first")
    assert account.one_time_until > clock.now() + timedelta(days=2)
    assert selectors.actor_for(account).roles == {"SYS_ADMIN"}
    assert account.check_password(PASSWORD)
    with pytest.raises(CommandError, match="已经有人担任"):
        first("third")
    assert not Account.objects.filter(username="third").exists()


@pytest.mark.parametrize(
    ("password", "changes", "said"),
    [("short", {}, "password"), (PASSWORD, {"division": "999999"}, "division_code"), ("", {}, "FAWANG_FIRST_PASSWORD")],
)
def test_what_is_wrong_with_the_first_administrator_is_said_and_nothing_is_kept(monkeypatch, password, changes, said):
    monkeypatch.setenv("FAWANG_FIRST_PASSWORD", password)
    with pytest.raises(CommandError, match=said):
        first(**changes)
    assert not Institution.objects.exists()
    assert not Account.objects.exists()
