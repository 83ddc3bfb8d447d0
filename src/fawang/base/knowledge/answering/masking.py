"""Takes out of a question what names somebody before it leaves the house: numbers by form, names by place."""

from __future__ import annotations

import re

_PATTERNS = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "［邮箱］"),
    (re.compile(r"(?<![\dXx])\d{17}[\dXx](?![\dXx])|(?<!\d)\d{15}(?!\d)"), "［证件号］"),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), "［手机号］"),
    (re.compile(r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)"), "［电话］"),
    (re.compile(r"(?<!\d)\d(?:[ .\-]?\d){6,}(?!\d)(?!\s*[元万块])"), "［号码］"),
    (
        re.compile(
            r"(?i)(?:微信|威信|qq|vx|weixin|wechat)\s*(?:号码?|id)?\s*(?:[:：是为]\s*)?[a-z0-9][a-z0-9_\-]{4,19}"
        ),
        "［账号］",
    ),
    (
        re.compile(
            r"[\u4e00-\u9fff]{1,8}(?:路|街|巷|弄|大道|胡同)\d+号(?:院?[\dA-Za-z\-]+(?:栋|幢|座|单元|层|楼|室|号))*"
        ),
        "［地址］",
    ),
    (re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])"), "［信用代码］"),
    (re.compile(r"[\u4e00-\u9fff][A-Z][·\s]?[A-Z0-9]{5,6}(?![A-Z0-9])"), "［车牌］"),
)
# full-width digits and letters, as they are typed with a Chinese keyboard
_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴"
    "贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严武戚莫孔向汤"
)
_NAME = rf"[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}"
# 我叫王小明, 老板张三, 被告李某某: a name after a word that announces one
_ANNOUNCED = re.compile(
    rf"(?P<before>(?:我叫|我是|姓名|名叫|名字是|叫做|叫|老板|经理|同事|邻居|房东|丈夫|妻子|老公|老婆|前夫|前妻|被告|原告|债务人|对方|包工头)[是:：]?\s*)"
    rf"(?P<name>{_NAME}?)(?=[，,。；;、\s：:！？的]|欠|借|打|拖|骗|不|把|跟|和|说|说是|要|没|从|在|$)"
)
_TITLED = re.compile(rf"(?<![\u4e00-\u9fff])[{_SURNAMES}](?:某某|某|先生|女士|总|师傅)")
_LATIN = re.compile(r"\b(?P<before>(?:[Mm]y name is|I am|I'm|Mr\.?|Mrs\.?|Ms\.?)\s+)[A-Z][a-z]+(?:\s[A-Z][a-z]+)?")


def masked(text: str) -> str:
    """The text without telephone and identity numbers, addresses of e-mail, plates, and names that are announced."""
    text = text.translate(_HALF_WIDTH)
    for pattern, mark in _PATTERNS:
        text = pattern.sub(mark, text)
    text = _ANNOUNCED.sub(lambda found: f"{found['before']}［姓名］", text)
    text = _TITLED.sub("［姓名］", text)
    return _LATIN.sub(lambda found: f"{found['before']}[name]", text)


def without_numbers(text: str) -> str:
    """The text without what names somebody by a number: it says nothing about the law."""
    for pattern, _mark in _PATTERNS:
        text = pattern.sub(" ", text)
    return text
