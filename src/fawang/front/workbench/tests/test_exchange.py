"""A table is brought in by the browser: checked first, written only after that."""

from django.core.files.uploadedfile import SimpleUploadedFile

from fawang.base.organisations import selectors as organisations
from fawang.front.workbench.tests.factories import client_of, text_of

TABLE = "机构全称,机构类型,地区,承接的业务\n示例新中心,公共法律服务中心,510107,法律咨询\n坏的,不知道,510107,\n"


def send(client, **more):
    file = SimpleUploadedFile("a.csv", TABLE.encode(), content_type="text/csv")
    return client.post("/work/admin/exchange/", {"what": "institutions", "file": file, **more})


def test_a_table_is_checked_then_written_and_taken_along(staff):
    client = client_of(staff.department)
    assert client.post("/work/admin/exchange/", {"what": "institutions"}).status_code == 422
    # nothing is written that was not looked at first
    html = text_of(send(client, write="1"))
    assert "还没有写入" in html and "不认识“不知道”" in html and organisations.institution_named("示例新中心") is None
    assert "已写入" in text_of(send(client, write="1"))
    assert organisations.institution_named("示例新中心").lines == ("consultation",)
    for kind in ("csv", "xlsx"):
        answer = client.get(f"/work/admin/exchange/institutions.{kind}")
        assert answer.status_code == 200 and f".{kind}" in answer["Content-Disposition"]
    assert "示例县法律援助中心" in text_of(client.get("/work/admin/exchange/institutions.csv?template=1"))
    assert client.get("/work/admin/exchange/secrets.csv").status_code == 404
    assert client_of(staff.mediator).get("/work/admin/exchange/").status_code == 403
