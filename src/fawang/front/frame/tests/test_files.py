"""Pages about one file, and the field that hands one in."""

import re

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.datastructures import MultiValueDict

from fawang.base.documents import selectors, services
from fawang.base.documents.tests.factories import PDF, PNG, office, pdf, picture, upload
from fawang.base.documents.values import Pages, ReadField
from fawang.base.identity import selectors as identity
from fawang.base.identity.tests.factories import citizen, make_account, staff
from fawang.front.frame import files, questions, reading
from fawang.front.frame.session import BACKEND

pytestmark = pytest.mark.django_db


@pytest.fixture
def mother():
    return citizen(make_account())


@pytest.fixture
def browser(mother):
    client = Client()
    client.force_login(identity.account(mother.account_id), backend=BACKEND)
    return client


def html_of(response):
    return response.content.decode()


def test_a_file_is_looked_at_with_its_pages_marks_and_versions(browser, mother):
    first = services.store(mother, upload("合同.pdf", pdf(2)))
    second = services.replace(mother, first.token, upload("合同 新.pdf", pdf(3)))
    page = html_of(browser.get(f"/files/{second.token}/"))
    assert page.count("/page/") == 3
    assert "未经病毒检查" in page
    assert first.sha256 in page
    assert second.sha256 in page
    assert f'href="/files/{first.token}/"' in page
    assert "本人" in page
    old = html_of(browser.get(f"/files/{first.token}/"))
    assert "旧版本" in old
    assert "/replace/" not in old
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page)


def test_its_pages_come_from_our_own_address_as_pictures_shut_in(browser, mother):
    kept = services.store(mother, upload("合同.pdf", pdf(2)))
    shown = browser.get(f"/files/{kept.token}/page/2/")
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.content.startswith(b"\xff\xd8\xff")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown.headers["Cache-Control"] == "private, no-store"
    assert browser.get(f"/files/{kept.token}/page/3/").status_code == 404


def test_what_has_no_pages_is_offered_to_save(browser, mother):
    kept = services.store(mother, upload("合同.docx", office()))
    assert "请下载后打开" in html_of(browser.get(f"/files/{kept.token}/"))
    saved = browser.get(f"/files/{kept.token}/download/")
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert b"".join(saved.streaming_content) == office()


@pytest.mark.parametrize("path", ["", "page/1/", "download/"])
def test_nobody_else_sees_any_of_it(mother, path):
    kept = services.store(mother, upload())
    url = f"/files/{kept.token}/{path}"
    other = Client()
    other.force_login(identity.account(citizen(make_account()).account_id), backend=BACKEND)
    assert other.get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_a_newer_version_is_put_in_its_place_and_the_same_file_is_told(browser, mother):
    kept = services.store(mother, upload("合同.pdf", PDF))
    url = f"/files/{kept.token}/replace/"
    again = browser.post(url, {"file": upload("合同.pdf", PDF)}, follow=True)
    assert "以前已经上传过" in html_of(again)
    wrong = browser.post(url, {"file": upload("合同.pdf", PNG)})
    assert wrong.status_code == 422
    assert "内容却是 png" in html_of(wrong)
    assert browser.post(url).status_code == 422
    newer = browser.post(url, {"file": [upload("1.jpg"), upload("2.jpg", picture(colour="blue"))]}, follow=True)
    assert "原来的还留着" in html_of(newer)
    assert [v.version for v in selectors.versions(mother, kept.token)] == [2, 1]


def test_pages_are_photographed_into_one_file_without_script(browser, mother):
    page = html_of(browser.get("/files/scan/?next=/mine/"))
    assert "multiple" in page
    assert 'capture="environment"' in page
    photos = [upload("1.jpg"), upload("2.jpg", picture(colour="blue"))]
    sent = browser.post("/files/scan/", {"file": photos, "next": "/mine/"})
    assert sent.url == "/mine/"
    empty = browser.post("/files/scan/", {"next": "/mine/"})
    assert empty.status_code == 422
    assert 'href="#q-file"' in html_of(empty)
    kept = browser.post("/files/scan/", {"file": [upload("1.jpg", picture(colour="green"))], "next": "//evil.example/"})
    assert kept.url.startswith("/files/")
    assert browser.post("/files/scan/", {"file": photos, "order": "PLS-of-somebody"}).status_code == 404


def test_several_photos_of_a_question_are_one_file():
    question = type("Q", (), {"id": "proof", "type": "file"})
    one, two = upload("1.jpg"), upload("2.jpg")
    assert questions.uploaded(question, MultiValueDict({"proof": [one]})) is one
    assert questions.uploaded(question, MultiValueDict()) is None
    several = questions.uploaded(question, MultiValueDict({"proof": [one, two]}))
    assert isinstance(several, Pages)
    assert several.files == (one, two)


def test_the_field_never_offers_heic_so_that_phones_convert_it(browser):
    field = re.search(r'<input class="file-drop__input"[^>]+>', html_of(browser.get("/files/scan/")))[0]
    assert "image/jpeg" in field
    assert "heic" not in field.lower()
    assert "image/*" not in field


FOUND = [
    ReadField("name", "applicant.name", "姓名", "name", "欧阳晓明", 99),
    ReadField("sex", "applicant.sex", "性别", "choice", "male", 99),
    ReadField("birth", "applicant.birth_date", "出生日期", "date", "1990-03-07", 60),
    ReadField("number", "applicant.id_number", "公民身份号码", "id_number", "510107199003075317", 99),
    ReadField("ethnicity", "", "民族", "text", "汉", 99),
]


def test_what_was_read_is_shown_to_be_changed_and_counts_only_after_a_yes(rf):
    from django.template.loader import render_to_string

    html = render_to_string("frame/read_fields.html", {"proposed": reading.proposed(FOUND)})
    assert 'value="欧阳晓明"' in html
    assert html.count("看不太清") == 1
    assert 'name="read__birth__year"' in html
    sent = QueryDict(mutable=True)
    sent.update({
        "read__name": "欧阳小明", "read__sex": "male", "read__birth__year": "1990", "read__birth__month": "3",
        "read__birth__day": "8", "read__number": "510107199003075317", "read__ethnicity": "",
    })  # fmt: skip
    assert reading.confirmed(FOUND, sent) == {}
    sent["read_confirmed"] = "1"
    assert reading.confirmed(FOUND, sent) == {
        "applicant.name": "欧阳小明", "applicant.sex": "male", "applicant.birth_date": "1990-03-08",
        "applicant.id_number": {"type": "ID_CARD", "number": "510107199003075317"},
    }  # fmt: skip
    sent["read_declined"] = "1"
    assert reading.confirmed(FOUND, sent) == {}


def test_staff_read_each_others_names_and_people_read_the_office(mother):
    clerk, colleague = staff("RECEPTIONIST", account_id=78), staff("HANDLER", account_id=79)
    kept = services.store(clerk, upload())
    assert files._who(clerk, kept) == "本人"
    assert files._who(mother, kept) == "工作人员"
    assert files._who(colleague, kept) == "工作人员"
    assert files._who(clerk, services.store(mother, upload())) == "申请人"
