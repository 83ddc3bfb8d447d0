"""Patterns of what identifies people in a text. It proposes; a person must read the result before it is published."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳史唐费廉岑薛雷贺倪汤"
    "滕殷罗毕郝邬安常乐傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵湛汪祁毛禹狄米贝明臧计成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林"
    "刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊甄曲封储靳汲松段富巫乌焦巴牧山谷车侯宓蓬全班仰秋仲伊宫宁仇"
    "栾甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲台鄂索咸籍赖卓蔺屠蒙池乔阴胥苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎"
)
_STREET = r"[\u4e00-\u9fff]{1,8}(?:路|街|大道|巷|弄|胡同)\d+(?:号|弄)?"
_PLACE = r"[\u4e00-\u9fff]{2,8}?(?:小区|花园|公寓|大厦|村)(?=\d|[，。；、])"
_HOUSE = r"(?:[\u4e00-\u9fff]{0,8}?\d+(?:号楼|号院|栋|幢|组|单元|室|号|楼))*"
# a name is looked for where the text says that one follows: never a bare guess in the middle of a sentence
_TITLES = "先生|女士|小姐|同志|老师|经理|师傅|律师|法官|医生|老板|主任"
_PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("e-mail", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", "〔邮箱〕"),
    ("link", r"https?://[^\s，。；）]+", "〔网址〕"),
    ("identity number", r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}[01]\d[0-3]\d{4}[0-9Xx]\b", "〔证件号〕"),
    ("credit code", r"(?<![0-9A-Za-z])[0-9A-Z]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])", "〔信用代码〕"),
    ("bank card", r"(?<!\d)(?:\d{4}[ -]?){3,4}\d{1,7}(?!\d)", "〔账号〕"),
    ("phone", r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)", "〔电话〕"),
    ("phone", r"(?<!\d)0\d{2,3}[ -]?\d{7,8}(?!\d)", "〔电话〕"),
    ("plate", r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·. ]?[A-Z0-9]{5,6}", "〔车牌〕"),
    ("case number", r"[（(](?:19|20)\d{2}[）)][^\s，。；、]{1,12}?\d+号", "〔案号〕"),
    ("chat account", r"(?:微信号?|QQ号?|qq)[：: ]*[A-Za-z0-9_-]{5,20}", "〔联系方式〕"),
    ("address", _STREET + _HOUSE, "〔地址〕"),
    ("address", _PLACE + _HOUSE, "〔地址〕"),
    ("company", r"[\u4e00-\u9fff（）()]{2,20}?(?:有限责任公司|股份有限公司|有限公司)", "某公司"),
    ("name", rf"(?<=叫|是|和|与|给|找)[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}(?=[，。、；,.]|$)", "某人"),
    ("name", rf"[{_SURNAMES}][\u4e00-\u9fff]{{0,2}}?(?={_TITLES})", "某"),
    ("number", r"(?<!\d)\d{7,}(?!\d)", "〔号码〕"),
)  # fmt: skip
_COMPILED = [(kind, re.compile(pattern), instead) for kind, pattern, instead in _PATTERNS]


@dataclass(frozen=True)
class Masked:
    """A text with what identifies people replaced, and what was replaced: (kind, as it stood)."""

    text: str
    found: tuple[tuple[str, str], ...] = field(repr=False)


def mask(text: str, known: Iterable[str] = ()) -> Masked:
    """The text without what identifies people, and what was replaced: the names known from the order first."""
    found: list[tuple[str, str]] = []
    for name in sorted({one.strip() for one in known if len(one.strip()) > 1}, key=len, reverse=True):
        if name in text:
            found.append(("name", name))
            text = text.replace(name, "某人")
    for kind, pattern, instead in _COMPILED:
        found += [(kind, match[0]) for match in pattern.finditer(text)]
        text = pattern.sub(instead, text)
    return Masked(text, tuple(dict.fromkeys(found)))
