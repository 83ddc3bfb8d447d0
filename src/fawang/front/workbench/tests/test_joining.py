"""From the portal's form to the register, in the browser."""

import re

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.tests import factories as institutions
from fawang.front.workbench.tests.factories import client_of, issued_password, text_of
from fawang.front.workbench.tests.test_institutions import RECORD

ASKED = {
    "name": "新来律师事务所", "type": "LAW_FIRM", "area__0": "510100", "area__1": "510107", "phones": "12348，028-85550001",
    "lines": ["lawyers"], "contact": "王示例", "address": "示例路 2 号",
}  # fmt: skip


def test_an_institution_asks_and_is_let_in(staff):
    citizen = client_of(staff.citizen)
    wrong = citizen.post("/join/", {**ASKED, "uscc": "123", "contact": ""})
    assert wrong.status_code == 422 and "示例路 2 号" in text_of(wrong)
    assert citizen.post("/join/", ASKED).status_code == 302
    assert citizen.post("/join/", ASKED).status_code == 409
    assert "等待审核" in text_of(citizen.get("/join/"))
    keeper = client_of(staff.department)
    page = text_of(keeper.get("/work/admin/joining/"))
    url = re.search(r'href="(/work/admin/joining/\w+/)"', page)[1]
    html = text_of(keeper.get(url))
    assert "示例路 2 号" in html and "律师与基层法律服务" in html and "县级" in html and "False" not in html
    assert client_of(staff.mediator).get(url).status_code in {403, 404}
    assert keeper.post(url, {"answer": "refuse", "reason": ""}).status_code == 422
    answer = keeper.post(url, {"answer": "approve", "username": "wang.shili"})
    assert issued_password(answer) and organisations.institution_named("新来律师事务所").phones == (
        "12348",
        "028-85550001",
    )
    assert "没有等待审核的申请" in text_of(keeper.get("/work/admin/joining/")) and keeper.get(url).status_code == 200
    assert "已通过" in text_of(citizen.get("/join/"))
    assert citizen.get("/work/admin/joining/").status_code == 403


def test_an_administrator_keeps_the_record_of_the_own_institution(staff):
    _account, admin = institutions.make_staff("INSTITUTION_ADMIN", staff.units["firm"])
    client = client_of(admin)
    place = organisations.institution(staff.units["firm"])
    assert "更新本机构资料" in text_of(client.get(f"/work/admin/institutions/{place.token}/"))
    html = text_of(client.get("/work/admin/own/"))
    assert "马上生效" in html and place.name in html
    answer = client.post("/work/admin/own/", {**RECORD, "parent": "", "name": "改名律师事务所"})
    assert answer.status_code == 302, text_of(answer)[-600:]
    now = organisations.institution(place.id)
    assert now.name == place.name and now.address == "示例路 8 号" and now.short_name == "新设律所"
    assert "改名律师事务所" in text_of(client.get("/work/admin/own/"))
    (asked,) = organisations.waiting_applications(staff.department)
    services.approve_application(staff.department, asked.token)
    assert organisations.institution(place.id).name == "改名律师事务所"
