"""What the living style page shows: invented questions of every type, states, due times, rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import QueryDict

from fawang.base.catalogue.schema import Option, Question
from fawang.front.frame import badges, questions
from fawang.kernel import clock

_OPTIONS = [
    Option(value="wage", zh="工资被拖欠", en="Wages not paid"),
    Option(value="injury", zh="工作中受伤", en="Hurt at work"),
    Option(value="dismissal", zh="被辞退", en="Dismissed"),
]
_ASKED: list[tuple[str, str, str, str, str]] = [
    ("short", "text", "公司叫什么名字？", "What is the company called?", "按劳动合同或工资条上写的填。"),
    ("story", "long_text", "请说说发生了什么", "Tell us what happened", "想到什么写什么，不用法律用语。"),
    ("kind", "choice", "遇到的是哪一种情况？", "Which of these is it?", ""),
    ("several", "choices", "还有哪些情况？", "What else applies?", "可以选几个。"),
    ("agree", "yes_no", "签过劳动合同吗？", "Was there a written contract?", ""),
    ("since", "date", "从哪天开始没有发工资？", "Since when was no wage paid?", "例如 2026 年 3 月 5 日。"),
    ("meeting", "datetime", "想约什么时间？", "When would you like to come?", ""),
    ("owed", "amount", "一共欠您多少钱？", "How much do they owe you?", "大概的数也可以。"),
    ("people", "number", "一共有几个人？", "How many people are there?", ""),
    ("place", "division", "事情发生在哪里？", "Where did it happen?", "选到区县或乡镇。"),
    ("phone", "phone", "您的手机号码", "Your phone number", ""),
    ("mail", "email", "您的邮箱", "Your e-mail address", ""),
    ("who", "name", "您的姓名", "Your name", ""),
    ("document", "id_number", "您的证件", "Your identity document", "只用来核对身份，加密保存。"),
    ("credit", "uscc", "单位的统一社会信用代码", "The organisation's credit code", "18 位数字和字母。"),
    ("worked", "date_range", "从哪天工作到哪天？", "From when to when did you work there?", ""),
    ("home", "address", "您住在哪里？", "Where do you live?", ""),
    ("spot", "point", "在地图上的什么位置？", "Where on the map?", "可以不填。"),
    ("car", "plate", "车牌号码", "The vehicle's plate", ""),
    ("heirs", "group", "有哪些继承人？", "Who are the heirs?", "包括您自己。"),
    ("sign", "signature", "请签名确认", "Please sign", ""),
    ("proof", "file", "工资条或转账记录", "Pay slips or bank records", "没有也可以先提交。"),
]
_HEIRS: dict[str, Any] = {
    "row_zh": "继承人",
    "row_en": "heir",
    "questions": [
        {"id": "name", "zh": "姓名", "en": "Name", "type": "name"},
        {"id": "is_minor", "zh": "未满十八岁吗？", "en": "Under eighteen?", "type": "yes_no", "required": False},
    ],
}
_ENGLISH_HINTS = {
    "short": "As written in the contract or on the pay slip.",
    "story": "Write what comes to mind; no legal words are needed.",
    "several": "You may choose several.",
    "since": "For example 5 March 2026.",
    "owed": "A rough figure will do.",
    "place": "Down to the county or township.",
    "document": "Only used to check who you are; kept encrypted.",
    "spot": "You may leave it empty.",
    "heirs": "You included.",
    "credit": "18 digits and letters.",
    "proof": "You can also send it later.",
}
_ANSWERED: dict[str, Any] = {
    "short": "蓉城某建筑公司",
    "kind": "wage",
    "several": ["injury", "dismissal"],
    "agree": True,
    "since": "2026-03-05",
    "owed": 1234550,
    "phone": "13800000000",
    "document": {"type": "ID_CARD", "number": "510107199001011234"},
    "story": "从三月开始没有发工资。\n找过老板两次，都说下个月发。",
}


def asked() -> list[Question]:
    """One question of every type."""
    return [
        Question.model_validate(
            {
                "id": name,
                "type": kind,
                "zh": zh,
                "en": en,
                "help_zh": hint,
                "help_en": _ENGLISH_HINTS.get(name, ""),
                "required": kind != "file",
                "options": _OPTIONS if kind in {"choice", "choices"} else [],
                **(_HEIRS if kind == "group" else {}),
            }
        )
        for name, kind, zh, en, hint in _ASKED
    ]


def context(post: QueryDict) -> dict[str, Any]:
    """Everything the style page needs; after a POST the questions show what was sent."""
    now = clock.now()
    every = asked()
    values = {q.id: questions.read(q, post) for q in every} if post else _ANSWERED
    return {
        "pairs": [(q, values.get(q.id)) for q in every],
        "answered": [(q, _ANSWERED.get(q.id)) for q in every if q.id in _ANSWERED],
        "states": list(badges.STATES),
        "now": now,
        "dues": [now + timedelta(days=days, hours=3) for days in (6, 1, 0, -2)],
        "icons": ["home", "search", "scale", "users", "certificate", "building-bank", "microscope", "heart-handshake"],
        "tones": ["info", "success", "warning", "danger"],
    }
