"""English names and sort keys of divisions, made from their Chinese names by pinyin.

武侯区 → Wuhou District, 阿坝藏族羌族自治州 → Aba Tibetan and Qiang Autonomous Prefecture. A name of one character keeps
its generic part in the spelling, as maps do: 珙县 → Gongxian County.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin

_DEFINITIONS = Path(__file__).parent / "definitions" / "readings.yaml"
_MUNICIPALITIES = {"北京市", "天津市", "上海市", "重庆市"}

# generic part → English, longest first where one ends with another
_GENERIC = {
    "特别行政区": "Special Administrative Region",
    "自治区": "Autonomous Region",
    "自治州": "Autonomous Prefecture",
    "自治县": "Autonomous County",
    "自治旗": "Autonomous Banner",
    "区公所": "District Office",
    "地区": "Prefecture",
    "林区": "Forestry District",
    "特区": "Special District",
    "新区": "New Area",
    "矿区": "Mining District",
    "街道": "Subdistrict",
    "苏木": "Sumu",
    "省": "Province",
    "盟": "League",
    "市": "City",
    "区": "District",
    "县": "County",
    "旗": "Banner",
    "镇": "Town",
    "乡": "Township",
}
_PEOPLES = {
    "蒙古": "Mongol", "回": "Hui", "藏": "Tibetan", "维吾尔": "Uygur", "苗": "Miao", "彝": "Yi", "壮": "Zhuang",
    "布依": "Bouyei", "朝鲜": "Korean", "满": "Manchu", "侗": "Dong", "瑶": "Yao", "白": "Bai", "土家": "Tujia",
    "哈尼": "Hani", "哈萨克": "Kazakh", "傣": "Dai", "黎": "Li", "傈僳": "Lisu", "佤": "Va", "畲": "She",
    "拉祜": "Lahu", "水": "Sui", "东乡": "Dongxiang", "纳西": "Naxi", "景颇": "Jingpo", "柯尔克孜": "Kirgiz",
    "土": "Tu", "达斡尔": "Daur", "仫佬": "Mulao", "羌": "Qiang", "布朗": "Blang", "撒拉": "Salar", "毛南": "Maonan",
    "仡佬": "Gelao", "锡伯": "Xibe", "阿昌": "Achang", "普米": "Pumi", "塔吉克": "Tajik", "怒": "Nu",
    "乌孜别克": "Uzbek", "俄罗斯": "Russian", "鄂温克": "Ewenki", "德昂": "Deang", "保安": "Bonan", "裕固": "Yugur",
    "京": "Gin", "塔塔尔": "Tatar", "独龙": "Derung", "鄂伦春": "Oroqen", "赫哲": "Hezhen", "门巴": "Monba",
    "珞巴": "Lhoba", "基诺": "Jino", "高山": "Gaoshan", "各": "Multi-Ethnic",
}  # fmt: skip
_WITH_ZU = re.compile(f"({'|'.join(sorted(_PEOPLES, key=len, reverse=True))})族$")
_WITHOUT_ZU = re.compile("(蒙古|哈萨克|柯尔克孜|塔吉克|锡伯|维吾尔|鄂伦春)$")


@dataclass(frozen=True, slots=True)
class Naming:
    """What is made of a Chinese name."""

    name_en: str
    pinyin: str
    initials: str


@cache
def _definitions() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    data: dict[str, Any] = yaml.safe_load(_DEFINITIONS.read_text(encoding="utf-8"))
    readings: dict[str, str] = data["readings"]
    longest_first = sorted(readings, key=len, reverse=True)
    return readings, data["names"], re.compile(f"({'|'.join(longest_first)})")


def _syllables(text: str) -> list[str]:
    """Pinyin without tones; ü is written v."""
    readings, _, pattern = _definitions()
    result: list[str] = []
    for part in pattern.split(text):
        if part:
            result += readings[part].split() if part in readings else lazy_pinyin(part, v_to_u=False)
    return result


def _spelled(text: str) -> str:
    """One capitalised word: 西安 → Xi'an, 吕梁 → Lüliang."""
    word = ""
    for syllable in _syllables(text):
        word += "'" + syllable if word and syllable[:1] in "aeo" else syllable
    return word.replace("v", "ü").capitalize()


def _peoples(stem: str, pattern: re.Pattern[str]) -> tuple[str, list[str]]:
    """The stem without the peoples at its end, and these in English, in order."""
    peoples: list[str] = []
    while found := pattern.search(stem):
        peoples.insert(0, _PEOPLES[found[1]])
        stem = stem[: found.start()]
        pattern = _WITH_ZU if pattern is _WITHOUT_ZU else pattern
    return stem, peoples


def _english(name: str) -> str:
    _, established, _pattern = _definitions()
    generic = next((part for part in _GENERIC if name.endswith(part) and name != part), "")
    stem = name.removesuffix(generic)
    english = "Municipality" if name in _MUNICIPALITIES else _GENERIC.get(generic, "")
    if stem in established:
        return f"{established[stem]} {english}".strip()
    plain, peoples = _peoples(stem, _WITH_ZU)
    if generic.startswith("自治") and not peoples:
        plain, peoples = _peoples(stem, _WITHOUT_ZU)
    if peoples and not plain and not generic.startswith("自治"):
        plain, peoples = stem, []
    if generic in {"乡", "镇", "苏木"} and peoples:
        english = f"Ethnic {english}"
    if plain.endswith("民族") and generic in {"乡", "镇", "苏木"}:
        plain, english = plain.removesuffix("民族"), f"Ethnic {english}"
    word = established.get(plain) or _spelled(plain if len(plain) != 1 else plain + generic[-1:])
    return " ".join(part for part in (word, _listed(peoples), english) if part)


def _listed(words: list[str]) -> str:
    """Words as a list: a, b and c."""
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1]))) if words else ""


def naming(name: str) -> Naming:
    """English name, sort key and initials of a division's Chinese name."""
    syllables = [re.sub(r"[^a-z0-9]", "", syllable.lower()) for syllable in _syllables(name)]
    initials = "".join(syllable[:1] for syllable in syllables)
    return Naming(_english(name)[:120], "".join(syllables)[:120], initials[:40])
