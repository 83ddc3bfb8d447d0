"""Institutions join by applying, and keep their own record up to date with approval."""

import pytest

from fawang.base.identity.tests import factories as identities
from fawang.base.organisations import selectors, services
from fawang.base.organisations.errors import AlreadyAsked, TooManyWaiting
from fawang.base.organisations.models import Application, Membership
from fawang.base.organisations.tests.factories import institution_data, make_institution, make_staff
from fawang.base.organisations.values import OpenHours
from fawang.kernel.errors import Conflict, Invalid, NotFound, NotPermitted, RefusedByState
from fawang.kernel.events import selectors as events

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper():
    bureau = make_institution(type="JUSTICE_OFFICE", name="武侯区司法局", lines=())
    return make_staff("JUSTICE_ADMIN_COUNTY", bureau)[1]


def firm(**changes):
    return institution_data(
        **{"type": "LAW_FIRM", "name": "新来律师事务所", "lines": ("lawyers",), "phones": ("12348",), **changes}
    )


def test_an_approved_institution_is_registered_and_its_applicant_administers_it(keeper):
    person = identities.citizen(identities.make_account())
    token = services.apply_to_join(person, firm(), contact="王示例")
    with pytest.raises(AlreadyAsked):
        services.apply_to_join(person, firm(), contact="王示例")
    (asked,) = selectors.waiting_applications(keeper)
    assert asked.name == "新来律师事务所" and ("type", "", "律师事务所") in asked.rows
    issued = services.approve_application(keeper, token, username="wang.shili")
    made = selectors.institution_named("新来律师事务所")
    assert made.phones == ("12348",) and made.lines == ("lawyers",)
    held = Membership.objects.get(institution_id=made.id)
    assert (held.account_id, held.role) == (issued.account_id, "INSTITUTION_ADMIN")
    with pytest.raises(RefusedByState):
        services.approve_application(keeper, token, username="other")
    assert selectors.my_applications(person)[0].status == "APPROVED"
    names = [event.name for event in events.stream(f"application:{Application.objects.get().pk}")]
    assert names == ["organisations.join_asked.v1", "organisations.application_approved.v1"]


def test_refused_with_a_reason_withdrawn_and_out_of_reach(keeper):
    person, other = identities.citizen(identities.make_account()), identities.citizen(identities.make_account())
    far = services.apply_to_join(person, firm(division_code="420102"), contact="王示例")
    with pytest.raises(NotFound):
        services.approve_application(keeper, far, username="x")
    with pytest.raises(NotFound):
        services.withdraw_application(other, far)
    services.withdraw_application(person, far)
    near = services.apply_to_join(person, firm(), contact="王示例")
    with pytest.raises(Invalid):
        services.refuse_application(keeper, near, reason=" ")
    services.refuse_application(keeper, near, reason="许可证号与登记不符")
    with pytest.raises(RefusedByState):
        services.withdraw_application(person, near)
    assert selectors.my_applications(person)[0].reason == "许可证号与登记不符"
    with pytest.raises(Invalid):
        services.apply_to_join(person, firm(type="JUSTICE_OFFICE"), contact="王示例")
    with pytest.raises(Invalid):
        services.apply_to_join(person, firm(name=""), contact="王示例")
    with pytest.raises(NotPermitted):
        services.apply_to_join(keeper, firm(), contact="王示例")


def test_an_institution_changes_hours_at_once_and_its_name_after_approval(keeper):
    place = make_institution(name="旧名调委会", lng=104.0, lat=30.6)
    other = make_institution(name="别家调委会")
    admin = make_staff("INSTITUTION_ADMIN", place)[1]
    hours = (OpenHours((1, 2), "09:00", "12:00"),)
    wanted = institution_data(name="新名调委会", hours=hours, lng=104.0, lat=30.6)
    with pytest.raises(NotFound):
        services.propose_change(admin, other, wanted)
    assert services.propose_change(admin, place, wanted) == (["hours"], ["name"])
    assert (selectors.institution(place).hours, selectors.institution(place).name) == (hours, "旧名调委会")
    with pytest.raises(AlreadyAsked):
        services.propose_change(admin, place, institution_data(name="又改调委会", hours=hours, lng=104.0, lat=30.6))
    (asked,) = selectors.waiting_applications(keeper)
    assert asked.rows == (("name", "旧名调委会", "新名调委会"),)
    services.approve_application(keeper, asked.token)
    now = selectors.institution(place)
    assert (now.name, now.hours, now.lng) == ("新名调委会", hours, 104.0)


def test_what_was_changed_meanwhile_is_a_clear_conflict(keeper):
    place = make_institution(name="旧名调委会")
    admin = make_staff("INSTITUTION_ADMIN", place)[1]
    services.propose_change(admin, place, institution_data(name="新名调委会"))
    services.change_institution(keeper, place, institution_data(name="司法局改的名"))
    (asked,) = selectors.waiting_applications(keeper)
    with pytest.raises(Conflict):
        services.approve_application(keeper, asked.token)
    assert selectors.institution(place).name == "司法局改的名"


def test_one_person_has_three_applications_waiting_at_most(keeper):
    person = identities.citizen(identities.make_account())
    tokens = [services.apply_to_join(person, firm(name=f"新来{one}律师事务所"), contact="王示例") for one in "甲乙丙"]
    with pytest.raises(TooManyWaiting):
        services.apply_to_join(person, firm(name="新来丁律师事务所"), contact="王示例")
    services.withdraw_application(person, tokens[0])
    assert services.apply_to_join(person, firm(name="新来丁律师事务所"), contact="王示例")
