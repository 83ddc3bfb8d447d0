"""The names of laws: as printed, as people say them, as they abbreviate them. Kept in the process for each corpus."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from fawang.base.knowledge.models import Corpus, Law, Version
from fawang.base.knowledge.values import LIVE, Kind

_ALIASES = Path(__file__).parent / "definitions" / "aliases.yaml"
_SIGNS = re.compile(r"[\s《》〈〉<>«»“”\"'‘’「」『』()\[\]【】〔〕·,，、。]")
_COUNTRY = "中华人民共和国"
_COURTS = r"最高人民法院(?:最高人民检察院)?"
# how courts name what they issue, and what is left when people say it
_APPLYING = re.compile(
    rf"^{_COURTS}关于适用(?P<law>.+?(?:法典|法))(?P<part>.*?)"
    r"(?P<what>解释|规定|意见)(?P<no>[一二三四五六七八九十]*)$"
)
_TRYING = re.compile(
    rf"^{_COURTS}关于(?:审理|办理|确定)(?P<topic>.+?)(?:刑事|纠纷)?案件(?:具体)?(?:适用|应用)?(?:法律)?"
    r"(?:若干|有关|的)*问题的"
    r"(?:若干)?(?P<what>解释|规定|意见)(?P<no>[一二三四五六七八九十]*)$"
)
_FILLING = re.compile(r"(若干问题|有关问题|有关|的)+")


@dataclass(frozen=True)
class Named:
    """A law that a name may mean."""

    id: int
    is_live: bool
    kind: str


def squashed(name: str) -> str:
    """A name without signs, spaces and the country's name: how names are compared."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", name)).lower()
    return plain.replace(_COUNTRY, "") or plain


def _spoken(name: str) -> list[str]:
    """What people make of the long name of an interpretation."""
    if found := _APPLYING.match(name):
        part = _FILLING.sub("", found["part"])
        ends = [f"{found['what']}{found['no']}", f"司法{found['what']}{found['no']}"]
        heads = [f"{found['law']}{part}", *([part] if part else [])]
        return [name.removeprefix("最高人民法院"), *(head + end for head in heads for end in ends)]
    if found := _TRYING.match(name):
        topic = found["topic"]
        ends = [f"{found['what']}{found['no']}", f"司法解释{found['no']}"]
        return [name.removeprefix("最高人民法院"), *(topic + mid + end for mid in ("", "案件") for end in ends)]
    return [name.removeprefix("最高人民法院")] if name.startswith("最高人民法院") else []


@lru_cache(maxsize=2)
def _names(stamp: str) -> dict[str, tuple[Named, ...]]:
    live = set(
        Version.objects.filter(standing__in=[standing.value for standing in LIVE]).values_list("law_id", flat=True)
    )
    found: dict[str, dict[int, Named]] = {}
    spoken: dict[str, dict[int, Named]] = {}
    for row in Law.objects.order_by("id"):
        named = Named(row.id, row.id in live, row.kind)
        for name in {squashed(row.title), squashed(row.short)}:
            found.setdefault(name, {})[row.id] = named
            for other in _spoken(name):
                spoken.setdefault(other, {})[row.id] = named
    for name, meant in spoken.items():
        standing = {key: value for key, value in meant.items() if value.is_live} or meant
        # what could be two laws is nobody's name
        if name and name not in found and len(standing) == 1:
            found[name] = standing
    for name, title in yaml.safe_load(_ALIASES.read_text(encoding="utf-8")).items():
        if squashed(name) not in found and squashed(title) in found:
            found[squashed(name)] = found[squashed(title)]
    return {name: tuple(sorted(meant.values(), key=_rank)) for name, meant in found.items()}


def _rank(named: Named) -> tuple[bool, bool, int]:
    return not named.is_live, named.kind == Kind.LOCAL, named.id


def names() -> dict[str, tuple[Named, ...]]:
    """Every known name, squashed, with the laws it may mean, the likeliest first."""
    return _names(Corpus.objects.filter(pk=1).values_list("stamp", flat=True).first() or "")


def forget() -> None:
    """Drop the kept names (tests)."""
    _names.cache_clear()
