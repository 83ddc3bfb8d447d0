"""Tables in and out. All rows are invented."""

import gzip
import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from openpyxl import Workbook, load_workbook

from fawang.base.organisations import selectors, services
from fawang.base.organisations.exchange import reading, tables
from fawang.base.organisations.exchange.exporting import hours_text
from fawang.base.organisations.models import Institution, Practitioner
from fawang.base.organisations.tests.factories import SYSTEM, make_institution, make_staff
from fawang.base.organisations.values import OpenHours
from fawang.kernel.errors import Invalid

HEADS = "机构名称,类型,城市,区县,联系电话,工作时间,经度,纬度,坐标系,许可有效期到,备注"
GOOD = "示例市法援中心,法律援助中心,成都,武侯区,028-85550001,周一至周五 9:00-11:30，13:30-16:30（法定节假日除外）,104.04,30.64,GCJ-02,2031/12/31,x"


def csv(*rows):
    return tables.read("\n".join([HEADS, *rows]).encode("utf-8-sig"), "a.csv")


def test_a_dry_run_says_line_column_and_what_to_do_and_writes_nothing(db):
    lines = csv(
        GOOD,
        "没有类型的,神秘机构,成都,武侯区,,,,,,,",
        "没有地区的,公证处,,,85550001,看心情,,,,明年,",
        GOOD,
        "外地的,公证处,武汉,江岸区,027-85550001,每天 8:30-20:00,,,,长期,",
    )
    report = services.import_institutions(SYSTEM, lines)
    assert [row.outcome for row in report.rows] == ["NEW", "WRONG", "WRONG", "WRONG", "NEW"]
    told = {(row.number, problem.column): problem.sentence for row in report.wrong for problem in row.problems}
    assert "神秘机构" in told[3, "机构类型"] and "法律援助机构" not in told[3, "机构类型"] or told[3, "机构类型"]
    assert {(4, "地区"), (4, "开放时间"), (4, "许可有效期到")} <= set(told)
    assert "第 2 行" in told[5, "机构全称"]
    assert report.unknown_columns == ("备注",) and not Institution.objects.exists()


def test_good_rows_are_written_once_and_empty_cells_change_nothing(db):
    bad = "错的,公证处,没有这里,,,,,,,,"
    report = services.import_institutions(SYSTEM, csv(GOOD, bad), write=True)
    assert (report.new, len(report.wrong)) == (1, 1)
    (made,) = selectors.institutions().rows
    assert (made.type, made.division_code, made.phones) == ("LEGAL_AID_CENTER", "510107", ("028-85550001",))
    assert made.licence_valid_to == date(2031, 12, 31) and made.source_crs == "GCJ02" and 104.03 < made.lng < 104.04
    assert [(h.begin, h.end) for h in made.hours] == [("09:00", "11:30"), ("13:30", "16:30")]
    assert services.import_institutions(SYSTEM, csv(GOOD), write=True).same == 1
    change = services.import_institutions(
        SYSTEM, csv("示例市法援中心,法律援助中心,成都,武侯区,12348,,,,,,"), write=True
    )
    now = selectors.institution(made.id)
    assert change.changed == 1 and now.phones == ("12348",) and now.hours == made.hours and now.lng == made.lng


def test_nobody_writes_outside_ones_area(db):
    _account, keeper = make_staff("JUSTICE_ADMIN_COUNTY", make_institution(type="JUSTICE_OFFICE", name="武侯司法局"))
    report = services.import_institutions(keeper, csv(GOOD, "外地的,公证处,武汉,江岸区,,,,,,,"), write=True)
    assert [row.outcome for row in report.rows] == ["NEW", "WRONG"]
    assert "管辖" in report.wrong[0].problems[0].sentence


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_what_is_exported_can_be_read_in_again_and_is_only_ones_own(db, kind):
    services.import_institutions(SYSTEM, csv(GOOD), write=True)
    make_institution(name="外地的", division_code="420102")
    place = make_institution(
        name="=公式调委会", hours=(OpenHours((1, 2, 3), "09:00", "12:00"), OpenHours((6,), "10:00", "12:00"))
    )
    services.register_practitioner(SYSTEM, institution_id=place, name="王示例", kind="MEDIATOR", domains=("D01",))
    _account, keeper = make_staff("JUSTICE_ADMIN_COUNTY", make_institution(type="JUSTICE_OFFICE", name="武侯司法局"))
    content, _type = selectors.export_table(keeper, "institutions", kind)
    lines = tables.read(content, f"a.{kind}")
    assert {line.cells["机构全称"] for line in lines} == {"示例市法援中心", "'=公式调委会", "武侯司法局"}
    again = services.import_institutions(keeper, [line for line in lines if "=" not in line.cells["机构全称"]])
    assert again.same == 2, again
    people, _type = selectors.export_table(keeper, "people", kind)
    assert [line.cells["姓名"] for line in tables.read(people, f"p.{kind}")] == ["王示例"]
    template, _type = selectors.export_table(keeper, "people", kind, is_template=True)
    assert len(tables.read(template, f"p.{kind}")) == 1


def test_people_are_read_in_with_their_institution(db):
    make_institution(type="LAW_FIRM", name="示例律师事务所", lines=())
    text = "姓名,类别,所在机构,执业证号\n王明法,专职律师,示例律师事务所,15101201510123456\n李无证,专职律师,示例律师事务所,12\n赵某,人民调解员,没有的,\n"
    lines = tables.read(text.encode("gb18030"), "people.csv")
    report = services.import_people(SYSTEM, lines, write=True)
    assert [row.outcome for row in report.rows] == ["NEW", "WRONG", "WRONG"]
    assert {row.problems[0].column for row in report.wrong} == {"执业证号", "所在机构"}
    assert services.import_people(SYSTEM, lines).same == 1 and Practitioner.objects.count() == 1


def test_cells_are_understood_as_people_write_them(db):
    assert (
        hours_text(reading.hours("周一到周五 9:00～12:00；周六 10:00至12:00"))
        == "周一至周五 09:00-12:00，周六 10:00-12:00"
    )
    assert hours_text(reading.hours("工作日9:00-17:00")) == "周一至周五 09:00-17:00"
    assert reading.hours("24小时")[0].end == "24:00" and reading.hours("") == ()
    for wrong in ("夏令时周一至周五 9:00-12:00", "看心情", "9:00-12:00"):
        with pytest.raises(ValueError, match="周一至周五"):
            reading.hours(wrong)
    assert reading.phones("33250000（转1）、12348", "310101") == ("021-33250000", "12348")
    assert (
        reading.division("四川省成都市武侯区", "", "") == "510107" and reading.division("", "成都", "市级") == "510100"
    )


@pytest.mark.parametrize("content", [b"PK\x03\x04 broken", b"", b"\xff\xfe\x00\x01\x81"])
def test_broken_files_are_refused_with_a_sentence(content):
    for name in ("a.xlsx", "a.csv.gz", "a.exe"):
        with pytest.raises(Invalid) as refusal:
            tables.read(content, name)
        assert refusal.value.fields["file"]


def test_a_workbook_with_dates_and_numbers(db):
    book, out = Workbook(), io.BytesIO()
    book.active.append(["机构全称", "机构类型", "地区", "许可有效期到", "承接上限"])
    book.active.append(["示例公证处", "公证处", 510107, date(2030, 1, 2), 30.0])
    book.save(out)
    assert services.import_institutions(SYSTEM, tables.read(out.getvalue(), "a.XLSX"), write=True).new == 1
    made = selectors.institution_named("示例公证处")
    assert (made.division_code, made.licence_valid_to, made.capacity) == ("510107", date(2030, 1, 2), 30)
    assert load_workbook(io.BytesIO(selectors.export_table(SYSTEM, "institutions", "xlsx")[0])).active.max_row == 2


def test_the_command_reports_and_writes_only_when_told(db, tmp_path):
    rows = [
        {"id": "x1", "name": "示例市法律援助中心", "type": "法律援助中心", "city": "成都", "district": "市级", "phone": "028-85550001", "hours": "周一至周五 9:00-11:30, 13:30-16:30"},
        {"id": "x2", "name": "坏的", "type": "法律援助中心", "city": "成都", "district": "武侯区", "hours": "夏令时 9:00-11:00"},
    ]  # fmt: skip
    file = tmp_path / "centres.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()))
    said = io.StringIO()
    call_command("organisations", "import", str(file), "--dry-run", stdout=said)
    assert (
        "line 2  坏的  开放时间" in said.getvalue() and "new 1" in said.getvalue() and not Institution.objects.exists()
    )
    call_command("organisations", "import", str(file), "--write", stdout=io.StringIO())
    assert Institution.objects.get().division_code == "510100"
