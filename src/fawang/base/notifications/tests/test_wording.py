from datetime import UTC, date, datetime
from pathlib import Path
from shutil import copy

import pytest
import yaml
from django.core.management import call_command

from fawang.base.notifications import wording
from fawang.base.notifications.errors import DataDoesNotFit, NoSuchTemplate, PersonalDataInMessage, TemplatesBroken

NUMBER = "PLS20261124510107020001239"
LONG = {
    "text": "很" * 200,
    "number": 9999,
    "date": date(2026, 12, 31),
    "datetime": datetime(2026, 12, 31, 4, tzinfo=UTC),
}


def all_templates():
    return sorted(wording.book().templates.values(), key=lambda t: (t.code, t.version))


def test_every_kind_of_message_of_the_order_s_life_has_a_template():
    assert set(wording.book().latest) >= {
        "order_submitted",
        "order_dispatched",
        "order_accepted",
        "order_refused",
        "supplement_requested",
        "handler_assigned",
        "result_delivered",
        "rate_please",
        "urged",
        "reminder_due",
        "overdue",
        "withdrawn",
        "transferred",
        "booking_made",
        "booking_changed",
        "claim_code",
        "offline_switch",
        "extension_granted",
        "suspended",
        "resumed",
        "due_date_changed",
        "callback_planned",
        "rectification_ordered",
        "reopened",
        "phone_code",
    }


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_longest_values_still_fit_into_one_sms(language):
    for template in all_templates():
        data = wording.clean(template, {name: LONG[v.type] for name, v in template.variables.items()})
        text = wording.render(template, data, language)
        assert len(text.short) <= wording.SMS_LONGEST, template.code
        assert "{" not in text.short + text.long + text.subject


def test_an_order_number_is_not_taken_for_a_telephone_or_identity_number():
    template = wording.find("withdrawn")
    data = wording.clean(template, {"number": NUMBER})
    assert NUMBER in wording.render(template, data, "zh-hans").short


@pytest.mark.parametrize(
    "text", ["请拨13800138000", "张三 51010719900307531X", "写给 a.b@example.com", "138-0013-8000"]
)
def test_personal_identifiers_are_refused_in_a_text(text):
    template = wording.find("order_refused")
    with pytest.raises(PersonalDataInMessage) as refused:
        wording.clean(template, {"number": NUMBER, "reason": text, "remedy": "复议"})
    assert text not in str(refused.value)


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"number": ""},
        {"number": NUMBER, "more": "x"},
        {"number": 3},
        {"number": {"zh": "一"}},
        {"number": "长" * 501},
    ],
)
def test_data_must_fit_the_template_exactly(data):
    with pytest.raises(DataDoesNotFit):
        wording.clean(wording.find("withdrawn"), data)


def test_a_naive_moment_is_refused():
    with pytest.raises(DataDoesNotFit):
        wording.clean(wording.find("callback_planned"), {"number": NUMBER, "start": datetime(2026, 1, 1)})


def test_dates_are_said_in_the_reader_s_language_and_in_shanghai():
    template = wording.find("callback_planned")
    data = wording.clean(template, {"number": NUMBER, "start": datetime(2026, 11, 24, 17, 30, tzinfo=UTC)})
    assert "2026年11月25日01:30" in wording.render(template, data, "zh-hans").long
    assert "25 November 2026, 01:30" in wording.render(template, data, "en").long


def test_a_value_may_come_in_both_languages():
    template = wording.find("suspended")
    data = wording.clean(
        template,
        {"number": NUMBER, "reason": {"zh": "等鉴定", "en": "appraisal"}, "until": {"zh": "鉴定后", "en": "after it"}},
    )
    assert "appraisal" in wording.render(template, data, "en").short
    assert "等鉴定" in wording.render(template, data, "zh-hans").short


def test_secrets_are_hidden_from_everybody_but_the_recipient():
    template = wording.find("claim_code")
    data = wording.clean(template, {"number": NUMBER, "code": "QK7P2M", "until": date(2026, 12, 1)})
    hidden = wording.render(template, data, "zh-hans", with_secrets=False)
    assert "QK7P2M" not in hidden.short + hidden.long
    assert "QK7P2M" in wording.render(template, data, "zh-hans").long


def test_an_unknown_template_is_refused():
    with pytest.raises(NoSuchTemplate):
        wording.find("nothing_of_the_kind")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("templates.yaml", "templates.lock.yaml"):
        copy(wording.DEFINITIONS / name, tmp_path / name)
    return tmp_path


def change(folder, **changes):
    path = folder / "templates.yaml"
    raw = yaml.safe_load(path.read_text("utf-8"))
    for place, value in changes.items():
        raw["templates"][0][place] = value
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    return raw


def test_a_published_version_cannot_be_changed_without_a_new_number(folder):
    change(folder, urgency="URGENT")
    with pytest.raises(TemplatesBroken, match="order_submitted@1"):
        wording.lock(folder)


def test_a_new_version_is_refused_until_it_is_locked(folder):
    raw = change(folder)
    raw["templates"].append({**raw["templates"][0], "version": 2, "urgency": "URGENT"})
    (folder / "templates.yaml").write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    with pytest.raises(TemplatesBroken, match="order_submitted@2"):
        wording.check_lock(wording.read(folder), folder)
    assert wording.lock(folder) == len(wording.book().templates) + 1
    assert wording.check_lock(wording.read(folder), folder)
    assert wording.read(folder).latest["order_submitted"] == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"version": 2},
        {"zh": {"subject": "标题", "short": "{unknown}", "long": "{number}{code}{next}"}},
        {"zh": {"subject": "标题", "short": "好的", "long": "{number}{code}"}},
        {"zh": {"subject": "标题", "short": "好" * 120 + "{number}", "long": "{number}{code}{next}"}},
        {"zh": {"subject": "标题", "short": "好的", "long": "{number!r}{code}{next}"}},
        {"channels": []},
        {"channels": ["PIGEON"]},
        {"code": "Bad Code"},
    ],
)
def test_a_broken_template_is_refused_with_the_reason(folder, changes):
    change(folder, **changes)
    with pytest.raises(TemplatesBroken):
        wording.read(folder)


def test_the_command_checks_the_installed_templates(capsys):
    call_command("message_templates")
    assert str(len(wording.book().templates)) in capsys.readouterr().out
