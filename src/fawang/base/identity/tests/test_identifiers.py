from datetime import UTC, date, datetime

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from fawang.base.identity.identifiers import organisation_check_character, uscc_check_character
from fawang.base.identity.tests import factories
from fawang.base.identity.values import (
    birth_date_of,
    check_document,
    check_id_card,
    check_mobile,
    check_name,
    check_phone,
    check_uscc,
    clean_text,
    mask_email,
    mask_id_no,
    mask_name,
    mask_phone,
    phone_warnings,
    pinyin_key,
    sex_of,
    uscc_warnings,
)
from fawang.kernel import clock


@pytest.mark.parametrize(
    ("id_type", "number"),
    [
        ("ID_CARD", "11010519491231002X"),
        ("ID_CARD", "440524188001010014"),
        ("HOUSEHOLD", "510107199003075317"),
        ("HKMO_RESIDENCE", "810000199408230021"),
        ("TW_RESIDENCE", "830000199201300022"),
        ("FOREIGN_PR", "911124198108030024"),
        ("FOREIGN_PR_OLD", "CAN110078062501"),
        ("HKMO_PERMIT", "H12345678"),
        ("HKMO_PERMIT", "M1234567801"),
        ("TW_PERMIT", "12345678"),
        ("TW_PERMIT", "1234567890"),
        ("PASSPORT", "E12345678"),
        ("MILITARY", "军字第1234567号"),
        ("BIRTH_CERT", "A123456789"),
        ("CYBER_ID", "Zm9vYmFyYmF6"),
    ],
)
def test_documents_of_every_type_pass_and_stay_as_they_are(id_type, number):
    assert check_document(id_type, number) == number


def test_typing_habits_are_forgiven():
    assert check_id_card(" 110105 19491231 002x ") == "11010519491231002X"
    assert check_id_card("11010519491231002X") == "11010519491231002X"
    assert check_uscc("91440300-708461136t") == "91440300708461136T"
    assert check_document("HKMO_PERMIT", "h 12345678") == "H12345678"


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("510107199003075318", "校验码"),
        ("51010719900307531", "18 位"),
        ("510107900307531", "15 位"),
        ("510107199013075317", "出生日期"),
        ("510107199002305317", "出生日期"),
        ("5101071990030753A7", "17 位"),
        ("99010519491231002X", "地区"),
    ],
)
def test_a_wrong_identity_number_says_what_is_wrong(number, says):
    if says == "地区":
        number = factories.id_card(region="990105")
    with override("zh-hans"), pytest.raises(ValueError, match=says):
        check_id_card(number)


def test_a_birth_date_in_the_future_is_refused():
    number = factories.id_card(born=date(2026, 3, 7))
    with clock.at(datetime(2026, 3, 6, tzinfo=UTC)), pytest.raises(ValueError):
        check_id_card(number)
    with clock.at(datetime(2026, 3, 8, tzinfo=UTC)):
        assert check_id_card(number) == number


@pytest.mark.parametrize(
    ("id_type", "number"),
    [
        ("ID_CARD", "810000199408230021"),
        ("HKMO_RESIDENCE", "830000199201300022"),
        ("TW_RESIDENCE", "510107199003075317"),
        ("FOREIGN_PR", "510107199003075317"),
        ("HKMO_PERMIT", "A12345678"),
        ("TW_PERMIT", "123"),
        ("PASSPORT", "E1"),
        ("BIRTH_CERT", "1234567890"),
        ("MILITARY", "x" * 21),
        ("CYBER_ID", "短"),
        ("LIBRARY_CARD", "1"),
    ],
)
def test_a_document_of_another_type_or_form_is_refused(id_type, number):
    with pytest.raises(ValueError):
        check_document(id_type, number)


def test_birth_date_and_sex_come_out_of_the_number():
    assert birth_date_of("ID_CARD", "510107199003075317") == date(1990, 3, 7)
    assert sex_of("ID_CARD", "510107199003075317") == "MALE"
    assert sex_of("TW_RESIDENCE", "830000199201300022") == "FEMALE"
    assert birth_date_of("PASSPORT", "E12345678") is None
    assert sex_of("PASSPORT", "E12345678") == ""


CODES = (
    "91440300708461136T 91330100799655058B 914403001922038216 9144030071526726XG 31510000MD0X1Y2K29 "
    "32510100MD0X1Y2K2B 33510107MD0X1Y2K2D 34510000MD0X1Y2K20 35510100MD0X1Y2K22 12510100MD0X1Y2K2D "
    "91510107MA0X1Y2K14"
)


@pytest.mark.parametrize("code", CODES.split())
def test_credit_codes_of_the_test_vectors_pass(code):
    assert check_uscc(code) == code


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("91440300708461136A", "校验码"),
        ("9144030070846113", "18 位"),
        ("510100000012345", "15 位"),
        ("9I440300708461136T", "I"),
        ("91A40300708461136T", "3 到 8"),
        ("QQ440300708461136T", "前两位"),
    ],
)
def test_a_wrong_credit_code_says_what_is_wrong(code, says):
    with override("zh-hans"), pytest.raises(ValueError, match=says):
        check_uscc(code)


def test_a_wrong_inner_organisation_code_is_a_warning_only():
    eight = "MD0X1Y2K"
    wrong = "0" if organisation_check_character(eight) != "0" else "1"
    seventeen = "91510107" + eight + wrong
    code = seventeen + uscc_check_character(seventeen)
    assert uscc_warnings(check_uscc(code))
    assert not uscc_warnings("91440300708461136T")


@given(st.dates(date(1900, 1, 1), date(2020, 1, 1)), st.integers(1, 999))
def test_every_number_with_its_check_character_passes_and_no_other_character_does(born, serial):
    number = factories.id_card(born=born, serial=serial)
    assert check_id_card(number) == number
    assert birth_date_of("ID_CARD", number) == born
    for wrong in set("0123456789X") - {number[-1]}:
        with pytest.raises(ValueError):
            check_id_card(number[:-1] + wrong)


@given(st.integers(1, 900_000), st.sampled_from(["91", "31", "12", "A1"]), st.integers(0, 16))
def test_every_credit_code_passes_and_one_changed_character_never_does(number, prefix, at):
    code = factories.uscc(prefix=prefix, number=number)
    assert check_uscc(code) == code
    assert not uscc_warnings(code)
    changed = "2" if code[at] != "2" else "3"
    with pytest.raises(ValueError):
        check_uscc(code[:at] + changed + code[at + 1 :])


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("138 0000 1234", "13800001234"),
        ("+86-13800001234", "13800001234"),
        ("008613800001234", "13800001234"),
        ("17000001234", "17000001234"),
        ("028-12345678", "028-12345678"),
        ("02812345678", "028-12345678"),
        ("(0830)1234567", "0830-1234567"),
        ("010-12345678-123", "010-12345678-123"),
        ("12348", "12348"),
        ("4001234567", "4001234567"),
        ("+852 1234 5678", "+85212345678"),
        ("+886 912345678", "+886912345678"),
        ("+1 415 555 0100", "+14155550100"),
    ],
)
def test_telephone_numbers_are_kept_in_one_form(said, kept):
    assert check_phone(said) == kept
    assert check_phone(kept) == kept


@pytest.mark.parametrize("said", ["1380000123", "12800001234", "1234567890123", "12345678", "+86", "abc", ""])
def test_what_is_no_telephone_number_is_refused(said):
    with pytest.raises(ValueError):
        check_phone(said)


def test_only_a_mobile_number_can_receive_a_code_and_data_cards_are_flagged():
    with pytest.raises(ValueError):
        check_mobile("028-12345678")
    assert phone_warnings("14700001234")
    assert not phone_warnings("13800001234")


def test_names_keep_dots_and_rare_characters():
    assert check_name("阿卜杜拉•买买提") == "阿卜杜拉·买买提"
    assert check_name("𬱖三") == "𬱖三"
    assert check_name("John Smith") == "John Smith"
    assert check_name("上海 某某") == "上海 某某"


@pytest.mark.parametrize("name", ["", "  ", "张\x00三", "a" * 101, "123", "张\n三"])
def test_what_is_no_name_is_refused(name):
    with pytest.raises(ValueError):
        check_name(name)


def test_text_of_several_lines_keeps_its_lines_but_no_nul():
    assert clean_text(" a\r\nb ", max_characters=9, is_multiline=True) == "a\nb"
    with pytest.raises(ValueError):
        clean_text("a\x00", max_characters=9, is_multiline=True)


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张三丰", "张**"),
        ("欧阳修远", "欧阳**"),
        ("欧阳", "欧*"),
        ("John Smith", "J*** S****"),
        ("阿凡提·买买提", "阿**·***"),
        ("𬱖三", "𬱖*"),
        ("张", "*"),
        ("", ""),
    ],
)
def test_names_are_masked(name, masked):
    assert mask_name(name) == masked


def test_numbers_are_masked():
    assert mask_id_no("510107199003075317") == "510107********5317"
    assert mask_id_no("E12345678") == "E******78"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("028-85551234") == "028-****1234"
    assert mask_phone("12348") == "12348"
    assert mask_email("someone@example.cn") == "s***@example.cn"


def test_sort_keys_are_the_same_on_every_database():
    assert pinyin_key("四川省") == "sichuansheng"
    assert pinyin_key("John Smith") == "johnsmith"
    assert pinyin_key("四川省").isascii()
    assert pinyin_key("𬱖").isascii()


def test_the_sentence_is_in_the_readers_language():
    with override("zh-hans"), pytest.raises(ValueError, match="15 位"):
        check_id_card("510107900307531")
