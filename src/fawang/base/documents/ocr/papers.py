"""The papers that are read: identity card, household book, business licence, and plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fawang.base.documents import checking
from fawang.base.documents.ocr import fields
from fawang.base.documents.ocr.layout import Sheet, Value, rows
from fawang.base.documents.values import ReadField
from fawang.base.documents.workshop.values import Line

_TERM = re.compile(r"(\d{4}\.?\d{2}\.?\d{2})\D{1,2}(\d{4}\.?\d{2}\.?\d{2}|长期)")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,20}")
_PEOPLES_NAME_CHARACTERS = 6


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its labels, the words by which it is recognised (all of a group, of any group), its reading."""

    labels: tuple[str, ...]
    known_by: tuple[tuple[str, ...], ...]
    read: Callable[[Sheet, str], list[ReadField]]


def _household(sheet: Sheet, about: str) -> list[ReadField]:
    return _person(sheet, about) + fields.field("relation", sheet.value("户主或与户主关系", "与户主关系"), about)


def _person(sheet: Sheet, about: str) -> list[ReadField]:
    """The person on a card or page; what the number says of birth and sex is held against what is printed."""
    number, is_valid = fields.id_number([Value(line.text, line.sure) for line in sheet.lines()])
    born, sex_by_number = fields.birth_and_sex(number, is_valid)
    name = sheet.value("姓名")
    printed = fields.day(sheet.value("出生", "出生日期")) or (Value(born, number.sure) if born and number else None)
    sex = sheet.value("性别")
    words = {"男": "male", "女": "female"}
    sex = Value(words[sex.text[0]], sex.sure) if sex and sex.text[0] in words else None
    if sex is None and sex_by_number and number:
        sex = Value(sex_by_number, number.sure)
    people = sheet.value("民族")
    return [
        *fields.field("name", name, about, is_certain=bool(name and _NAME.fullmatch(name.text))),
        *fields.field("sex", sex, about, is_certain=sex is None or not born or sex.text == sex_by_number),
        *fields.field(
            "ethnicity", people, about, is_certain=bool(people and len(people.text) <= _PEOPLES_NAME_CHARACTERS)
        ),
        *fields.field("birth", printed, about, is_certain=printed is None or not born or printed.text == born),
        *fields.field("address", sheet.value("住址", goes_on=True), about),
        *fields.field("number", number, about, is_certain=is_valid),
    ]


def _id_back(sheet: Sheet, about: str) -> list[ReadField]:
    term = sheet.value("有效期限")
    found = _TERM.search(term.text) if term else None
    since = until = None
    if term and found:
        since, until = (_dotted(Value(text, term.sure)) for text in found.groups())
    return [
        *fields.field("issuer", sheet.value("签发机关"), about),
        *fields.field("valid_from", since, about),
        *fields.field("valid_until", until, about),
    ]


def _dotted(value: Value) -> Value:
    digits = value.text.replace(".", "")
    if not digits.isdigit():
        return value
    return fields.day(Value(f"{digits[:4]}.{digits[4:6]}.{digits[6:]}", value.sure)) or value


def _licence(sheet: Sheet, about: str) -> list[ReadField]:
    about = "org" if about == "applicant" else about
    code, is_valid = fields.uscc(sheet.value("统一社会信用代码"))
    if code is None:
        code, is_valid = _code_anywhere(sheet)
    holder = sheet.value("法定代表人", "负责人", "经营者", "投资人", "执行事务合伙人")
    return [
        *fields.field("organisation", sheet.value("名称", goes_on=True), about),
        *fields.field("uscc", code, about, is_certain=is_valid),
        *fields.field("representative", holder, about, is_certain=bool(holder and _NAME.match(holder.text))),
        *fields.field("seat", sheet.value("住所", "经营场所", "主要经营场所", "营业场所", goes_on=True), about),
    ]


def _code_anywhere(sheet: Sheet) -> tuple[Value | None, bool]:
    for line in sheet.lines():
        code, is_valid = fields.uscc(Value(line.text, line.sure))
        if is_valid:
            return code, True
    return None, False


PAPERS: dict[str, Paper] = {
    "ID_FRONT": Paper(
        ("姓名", "性别", "民族", "出生", "住址", "公民身份号码"), (("公民身份号码",), ("姓名", "性别", "住址")), _person
    ),
    "ID_BACK": Paper(("签发机关", "有效期限"), (("签发机关",), ("有效期限", "居民身份证")), _id_back),
    "BUSINESS_LICENCE": Paper(
        ("统一社会信用代码", "名称", "类型", "法定代表人", "负责人", "经营者", "投资人", "执行事务合伙人",
         "经营范围", "注册资本", "成立日期", "营业期限", "住所", "经营场所",
         "主要经营场所", "营业场所", "登记机关", "组成形式", "注册日期"),
        (("营业执照",), ("统一社会信用代码", "经营范围")), _licence,
    ),
    "HOUSEHOLD_PAGE": Paper(
        ("姓名", "户主或与户主关系", "与户主关系", "曾用名", "性别", "出生地", "民族", "籍贯", "出生日期",
         "本市(县)其他住址", "宗教信仰",
         "公民身份号码", "公民身份证件编号", "身高", "血型", "文化程度", "婚姻状况", "兵役状况", "服务处所", "职业",
         "何时由何地迁来本市(县)",
         "何时由何地迁来本址", "承办人签章", "登记日期"),
        (("常住人口登记卡",), ("户主关系",)), _household,
    ),
}  # fmt: skip
PLAIN = "PLAIN"
_ORDER = ("HOUSEHOLD_PAGE", "BUSINESS_LICENCE", "ID_FRONT", "ID_BACK")


def recognise(lines: Sequence[Line]) -> str:
    """The code of the paper; empty where it is none that we know."""
    text = Sheet(lines, ()).text.replace("\n", "")
    for code in _ORDER:
        if any(all(word in text for word in group) for group in PAPERS[code].known_by):
            return code
    return ""


def parse(lines: Sequence[Line], paper: str, about: str) -> list[ReadField]:
    """The fields of a paper from the lines that were read. An unknown code reads nothing."""
    if paper == PLAIN and lines:
        text = "\n".join(" ".join(line.text for line in row) for row in rows(lines))
        return fields.field("text", Value(text, min(line.sure for line in lines)), about)
    known = PAPERS.get(paper)
    return known.read(Sheet(lines, known.labels), about) if known else []


def is_sideways(lines: Sequence[Line]) -> bool:
    """Whether most lines run from top to bottom: the photo was taken across."""
    tall = [line for line in lines if line.bottom - line.top > 1.5 * (line.right - line.left)]
    return len(tall) * 2 > len(lines)


def turned_round(lines: Sequence[Line]) -> list[Line]:
    """The lines as they stand when the paper is turned by half: readers read upside down, too."""
    wide, high = max(line.right for line in lines), max(line.bottom for line in lines)
    return [
        Line(line.text, wide - line.right, high - line.bottom, wide - line.left, high - line.top, line.sure)
        for line in lines
    ]


def best(lines: Sequence[Line], paper: str, about: str) -> list[ReadField]:
    """The fields of a paper that may lie upside down: what is read beside the right labels is more, and surer."""
    if not lines:
        return []
    paper = paper or recognise(lines)
    return max((parse(one, paper, about) for one in (lines, turned_round(lines))), key=_trust)


def _trust(found: list[ReadField]) -> int:
    return sum(one.confidence for one in found if one.confidence > fields.DOUBTFUL)


def read(data: bytes, media_type: str, paper: str, about: str) -> list[ReadField]:
    """Read a photographed paper; one taken across is turned first. Raises CannotRead, NoPicture, Damaged."""
    lines = checking.read(data, media_type)
    if is_sideways(lines):
        lines = checking.read(data, media_type, turn=90)
    return best(lines, paper, about)
