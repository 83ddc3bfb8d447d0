"""A small library of laws: real names, texts written for these tests."""

import json
from datetime import datetime
from pathlib import Path

from fawang.base.knowledge import naming, services
from fawang.base.knowledge.numerals import label_of
from fawang.base.knowledge.search import figures, indexing
from fawang.kernel import clock
from fawang.kernel.policy import Actor, system

ACTOR = system("test")
EDITOR = Actor(ref="account:1", account_id=1, roles=frozenset({"KNOWLEDGE_EDITOR"}))
REVIEWER = Actor(ref="account:2", account_id=2, roles=frozenset({"REVIEWER"}))
CITIZEN = Actor(ref="account:3", account_id=3, roles=frozenset({"CITIZEN"}))
TODAY = datetime(2026, 9, 23, 9, 0, tzinfo=clock.SHANGHAI)

COUNTRY = "中华人民共和国"
TEXTS = {
    "劳动合同法": {
        30: "用人单位应当按照约定和规定，及时足额发给劳动者劳动报酬。拖欠的，劳动者可以申请支付令。",
        47: "经济补偿按照在本单位工作的年限，每满一年发给一个月的工资。",
        82: "用人单位自用工之日起超过一个月没有订立书面合同的，每月付给二倍的工资。\n前款自第二个月起算。",
    },
    "民法典": {
        188: "向人民法院请求保护民事权利的诉讼时效期间为三年。",
        1062: "夫妻在婚姻关系存续期间所得的下列财产，为夫妻共同财产：\n（一）工资；\n（二）经营的收益。",
        1063: "一方婚前的财产，为夫妻一方的个人财产。",
        1079: "夫妻一方要求离婚的，人民法院应当先行调解；感情确已破裂的，应当准予离婚。",
        1165: "行为人因过错侵害他人民事权益造成损害的，应当承担侵权责任。",
    },
    "刑法": {
        133: "违反交通规则，因而发生重大事故的，处三年以下有期徒刑。",
        (133, 1): "在道路上醉酒驾驶机动车的，处拘役，并处罚金。",
        234: "故意伤害他人身体的，处三年以下有期徒刑。",
        (234, 1): "组织他人出卖人体器官的，处五年以下有期徒刑。",
    },
    "民事诉讼法": {67: "当事人对自己提出的主张，有责任提供证据。", 122: "起诉必须符合下列条件。"},
    "刑事诉讼法": {79: "取保候审最长不得超过十二个月。"},
}
LONG = {
    "最高人民法院关于适用《中华人民共和国民法典》婚姻家庭编的解释（一）": {
        3: "当事人提起诉讼仅请求解除同居关系的，不予受理。"
    },
    "最高人民法院关于适用《中华人民共和国民事诉讼法》的解释": {90: "当事人应当提供证据加以证明。"},
    "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）": {1: "劳动者与用人单位之间的下列纠纷，属于劳动争议。"},
}


def law(key, title, level="法律", **more):
    short = title.replace(COUNTRY, "")
    return {
        "law_id": key, "title": title, "short": short, "level": level, "department": "社会法", "issuer": "测试机关",
        "publish": "2020-01-01", "effective": "2020-03-01", "version": "2020-01-01", "status": "现行有效",
        "source": "测试汇编", "snapshot": "2026-08-31",
    } | more  # fmt: skip


def articles(key, texts, chapter="第一章 总则"):
    rows = []
    for number, text in texts.items():
        no, suffix = number if isinstance(number, tuple) else (number, 0)
        after = "之" + "零一二三"[suffix] if suffix else ""
        rows.append(
            {"id": f"{key}#{no}{after}", "law_id": key, "chapter": chapter, "section": None, "no": no, "suffix": after,
             "no_cn": label_of(no, suffix), "text": text}
        )  # fmt: skip
    return rows


def library():
    """(laws, articles, local articles)."""
    laws, rows = [], []
    for number, (name, texts) in enumerate(TEXTS.items()):
        laws.append(law(f"t{number}", COUNTRY + name))
        rows += articles(f"t{number}", texts)
    for number, (name, texts) in enumerate(LONG.items()):
        laws.append(law(f"i{number}", name, "司法解释"))
        rows += articles(f"i{number}", texts)
    old, new = "t-old", "t-new"
    laws += [
        law(
            old,
            "中华人民共和国仲裁法",
            publish="2017-09-01",
            effective="1995-09-01",
            version="2017-09-01",
            status="历史版本",
        ),
        law(new, "中华人民共和国仲裁法", publish="2025-09-12", effective="2026-03-01", version="2025-09-12"),
        law("t-gone", "中华人民共和国合同法", publish="1999-03-15", effective="1999-10-01", status="已废止"),
        law("t-soon", "中华人民共和国商标法", publish="2026-06-26", effective="2027-01-01"),
        law("t-year", "中华人民共和国宪法修正案（2018年）", "宪法"),
        law("i-in", "最高人民法院关于适用《刑法》第十二条几个问题的解释", "司法解释"),
        law("l-1", "测试市物业管理条例", "地方法规", department="测试市"),
    ]
    rows += articles(old, {1: "为保证公正地仲裁经济纠纷，制定本法。", 2: "平等主体之间的合同纠纷可以仲裁。"})
    rows += articles(
        new,
        {
            1: "为保证公正、及时地仲裁经济纠纷，制定本法。",
            2: "仲裁事业应当贯彻党的领导。",
            3: "平等主体之间的合同纠纷可以仲裁。",
        },
    )
    rows += articles("t-gone", {60: "当事人应当按照约定全面履行自己的义务。"})
    rows += articles("t-year", {32: "序言作下列修改。"})
    rows += articles("i-in", {3: "前款另有规定的除外。"})
    rows += articles("t-soon", {5: "自然人可以申请商标注册。"})
    return laws, rows, articles("l-1", {9: "物业服务人应当公开收费，不得以停水停电催交物业费。"})


def write(folder: Path, laws, rows, local=(), cases=()) -> Path:
    """The files of a source."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, part in (("laws", laws), ("articles", rows), ("local_articles", local), ("cases", cases)):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def load(folder: Path):
    """Write and load the small library."""
    return services.load(ACTOR, write(folder, *library()))


def forget():
    """What a process keeps: a rolled-back test leaves nothing there."""
    naming.forget()
    indexing.forget()
    figures.undo()
