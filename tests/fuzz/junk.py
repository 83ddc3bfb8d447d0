"""Bad submissions: what a broken page, a broken program or somebody who means harm sends in place of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from fawang.base.catalogue.schema import Question

# every character there is, without halves of characters (a form cannot carry them; JSON can, see `anything`)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
CONTROL = "坏\x00字\x07符\x1b[31m"
EMOJI = "👩‍👩‍👧‍👦🏳️‍🌈" * 20
HUGE = "长" * 20_001
NUMBERS = ["NaN", "Infinity", "-1", "1e309", "-99999999999999999999", "½", "0x10", "1_0", "--1", "９" * 40]
DAYS = [
    ("2026", "2", "31"), ("2026", "13", "1"), ("0", "0", "0"), ("99999", "1", "1"), ("1899", "12", "31"),
    ("２０２６", "１３", "４０"), ("2026", "", "5"), ("-5", "1", "1"), ("2101", "1", "1"), ("²", "³", "¹"),
]  # fmt: skip
CLOCKS = ["25:00", "9", "99:99", "٣:٤", "24:00:00", "：：", "10:00+99:99"]
PLACES = ["000000", "999999", "51010x", "五一零一零七", "51" * 9, "510107'--", "\x00"]


@dataclass(frozen=True)
class Junk:
    """Fields of a form in place of the answer to a question; `is_wrong`: no service could take it."""

    fields: dict[str, Any] = field(default_factory=dict)
    is_wrong: bool = False


def _days(name: str) -> st.SearchStrategy[dict[str, str]]:
    def parts(day: tuple[str, str, str]) -> dict[str, str]:
        return dict(zip((f"{name}__year", f"{name}__month", f"{name}__day"), day, strict=True))

    return st.sampled_from(DAYS).map(parts)


def _wrong(q: Question, name: str, foreign: str) -> st.SearchStrategy[dict[str, Any]]:
    """Fields that no question of this kind may take."""
    kind = str(q.type)
    one = {
        "text": [CONTROL, "字" * (q.max_length + 1)], "long_text": [CONTROL, HUGE], "choice": ["no such", CONTROL, HUGE],
        "choices": ["no such", CONTROL], "yes_no": ["maybe", "1", CONTROL], "amount": [*NUMBERS, CONTROL, HUGE],
        "number": [n for n in NUMBERS if n != "-1"] + [CONTROL, HUGE], "phone": ["12", EMOJI, CONTROL, HUGE],
        "email": ["a@b", "@", EMOJI, CONTROL, HUGE], "name": [CONTROL, HUGE], "uscc": ["9" * 18, EMOJI, CONTROL],
        "plate": ["XX", EMOJI, CONTROL],
    }.get(kind)  # fmt: skip
    if one is not None:
        return st.sampled_from(one).map(lambda value: {name: value})
    if kind == "date":
        return _days(name)
    if kind == "datetime":
        return st.tuples(_days(name), st.sampled_from(CLOCKS)).map(lambda both: {**both[0], f"{name}__time": both[1]})
    if kind == "date_range":
        return st.tuples(_days(f"{name}__from"), _days(f"{name}__to")).map(lambda both: {**both[0], **both[1]})
    if kind == "division":
        return st.sampled_from(PLACES).map(lambda code: {f"{name}__0": code})
    if kind == "address":
        return st.sampled_from(PLACES).map(lambda code: {f"{name}__division__0": code, f"{name}__text": CONTROL})
    if kind == "point":
        return st.sampled_from(["91", "NaN", "1e3", CONTROL]).map(lambda n: {f"{name}__lat": n, f"{name}__lng": n})
    if kind == "id_number":
        pairs = [
            ("ID_CARD", "510107199003070000"),
            ("NONE", "1"),
            ("PASSPORT", CONTROL),
            ("ID_CARD", HUGE),
            ("", EMOJI),
        ]
        return st.sampled_from(pairs).map(lambda pair: {f"{name}__type": pair[0], f"{name}__number": pair[1]})
    if kind == "file":
        return st.sampled_from([foreign, "z" * 22, "../../etc/passwd", CONTROL, HUGE]).map(
            lambda token: {f"{name}__kept": token}
        )
    if kind == "signature":
        return st.sampled_from([{f"{name}__name": CONTROL}, {f"{name}__name": "王示例", f"{name}__strokes": "<svg/>"}])
    return _rows(q, name, foreign)


def _rows(q: Question, name: str, foreign: str) -> st.SearchStrategy[dict[str, Any]]:
    def row(inner: Question, number: int) -> st.SearchStrategy[dict[str, Any]]:
        return _wrong(inner, f"{name}__{number}__{inner.id}", foreign)

    columns = [inner for inner in q.questions if not inner.show]
    return st.tuples(st.sampled_from(columns or q.questions), st.sampled_from([0, 1, 7, 999])).flatmap(
        lambda pair: row(*pair)
    )


def wrong(q: Question, foreign: str) -> st.SearchStrategy[Junk]:
    """A submission that must be refused at the question. `foreign` is the token of somebody else's file."""
    return _wrong(q, q.id, foreign).map(lambda fields: Junk(fields, is_wrong=True))


def wild(q: Question) -> st.SearchStrategy[Junk]:
    """Anything at all under the names a page knows, and under names it does not."""
    suffixes = ["", "__year", "__month", "__day", "__time", "__0", "__1", "__3", "__number", "__type", "__kept", "__name",
                "__strokes", "__text", "__lat", "__from__year", "__division__0", "__0__", "__0__x", "__999__who",
                "__1000__who", "__-1__who", "__0__0__0", "____"]  # fmt: skip
    names = st.one_of(st.sampled_from(suffixes).map(lambda suffix: q.id + suffix), TEXT.filter(bool))
    values = st.one_of(TEXT, st.sampled_from([CONTROL, EMOJI, HUGE, *NUMBERS]), st.lists(TEXT, max_size=3))
    marks = st.dictionaries(
        st.sampled_from(["narrow", "more", "less", "remove", "version", "key"]),
        st.sampled_from([q.id, f"{q.id}:0", f"{q.id}:-1", f"{q.id}:x", CONTROL, "9" * 30]), max_size=1,
    )  # fmt: skip
    return st.tuples(st.dictionaries(names, values, max_size=5), marks).map(lambda both: Junk({**both[0], **both[1]}))


def submissions(q: Question, foreign: str) -> st.SearchStrategy[Junk]:
    """One bad submission to a question: half of them surely wrong, half anything."""
    return st.one_of(wrong(q, foreign), wild(q))


# --- JSON --------------------------------------------------------------------------------------------------------
_ATOMS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), TEXT,
    st.sampled_from([CONTROL, EMOJI, HUGE, "\ud800", "2026-02-31", "0000-00-00", "2026-01-01T99:00", 10**400, {"sealed": "x"}]),
)  # fmt: skip


def anything() -> st.SearchStrategy[Any]:
    """Any JSON value, and some that only pretend to be JSON (NaN, halves of characters, huge numbers)."""
    return st.recursive(
        _ATOMS,
        lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(TEXT, inner, max_size=3)),
        max_leaves=6,
    )


def wrong_values(q: Question, foreign: str) -> st.SearchStrategy[Any]:
    """JSON values that no question of this kind may take."""
    common: list[Any] = [
        {"x": {"y": []}},
        [[["x"]]],
        1.5,
        float("nan"),
        {"sealed": "nothing"},
        "\x00",
        "\ud800",
        10**400,
    ]
    own: dict[str, list[Any]] = {
        "date": ["2026-02-31", "20260230", 20260101, "2026-01-01T00:00", "1899-12-31"],
        "datetime": ["2026-01-01T99:00", "now", 0], "amount": ["NaN", "-1", -1, 1e308, True],
        "number": ["NaN", "٣x", 1e308, True], "division": ["999999", 510107, "\u0665" * 6], "file": [foreign, "z" * 22, 1],
        "id_number": [{"type": "ID_CARD", "number": "1"}, {"number": None}, {"type": [], "number": "1"}, "5101"],
        "choice": ["nope", 1, ["a"]], "choices": ["a", [1], ["nope"], [["a"]]], "yes_no": [2, "maybe"],
        "group": [[1], "x", [{"who": {"x": 1}}], [{"no": 1}], [{}] * 40 + [{"x": 1}] * 40],
        "address": ["x", {"division": [], "text": "x"}, {"division": "999999", "text": "x"}],
        "point": [{"lat": 1}, {"lat": "91", "lng": "0"}, {"lat": None, "lng": {}}],
        "date_range": [{"from": "2026-02-02"}, {"from": [], "to": {}}, {"from": "2026-02-02", "to": "2026-01-01"}],
        "signature": [{"name": "", "strokes": "M0 0"}, {"name": ["x"]}, {"name": "王示例", "strokes": 5}],
    }.get(str(q.type), [])  # fmt: skip
    return st.sampled_from([*common, *own])  # type: ignore[type-var]
