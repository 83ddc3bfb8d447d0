"""The keeper of a county's register sees what is wrong in it, and nothing of elsewhere."""

from datetime import timedelta

from fawang.base.organisations import selectors as organisations
from fawang.base.organisations import services
from fawang.base.organisations.tests import factories as institutions
from fawang.base.organisations.values import OpenHours
from fawang.front.workbench.tests.factories import client_of, text_of
from fawang.kernel import clock


def test_every_number_opens_its_list_and_only_of_ones_own_area(staff):
    fine = {"lng": 104.0, "lat": 30.6, "hours": (OpenHours((1,), "09:00", "12:00"),), "phones": ("12348",), "lines": ()}
    make = institutions.make_institution
    make(name="样样齐全", **fine)
    make(name="=没有坐标", **{**fine, "lng": None, "lat": None})
    make(name="过期的", **{**fine, "licence_valid_to": clock.today() - timedelta(days=1)})
    make(name="快到期的", **{**fine, "licence_valid_to": clock.today() + timedelta(days=10)})
    make(name="没有人的", **{**fine, "lines": ("mediation",)})
    make(name="双胞胎", **fine)
    make(name="双胞胎", **fine)
    make(name="别处没有坐标", **{**fine, "lng": None, "lat": None, "division_code": "510117"})
    gone = make(name="已注销的", **{**fine, "phones": ()})
    services.change_status(institutions.SYSTEM, gone, status="CLOSED", reason="注销")
    _account, keeper = institutions.make_staff("JUSTICE_ADMIN_COUNTY", staff.units["centre"])
    client = client_of(keeper)
    counts = organisations.quality(keeper)
    html = text_of(client.get("/work/admin/quality/"))
    assert "没有坐标" in html and f'figure__number">{counts["no_coordinates"]}<' in html

    def listed(what):
        return text_of(client.get(f"/work/admin/quality/{what}/"))

    assert "=没有坐标" in listed("no_coordinates") and "别处" not in listed("no_coordinates")
    assert "过期的" in listed("licence_expired") and "快到期的" not in listed("licence_expired")
    assert "快到期的" in listed("licence_soon") and "没有人的" in listed("no_people")
    assert listed("same_name").count("双胞胎") == 2 and counts["same_name"] == 2
    assert "已注销的" not in listed("no_phone")
    csv = client.get("/work/admin/quality/no_coordinates/export/")
    assert csv["Content-Type"].startswith("text/csv") and "'=没有坐标" in text_of(csv)
    assert client.get("/work/admin/quality/nothing/").status_code == 404
    assert client_of(staff.mediator).get("/work/admin/quality/").status_code == 403
