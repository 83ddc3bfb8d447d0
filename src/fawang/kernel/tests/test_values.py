"""Sealing, identifiers, money, clock and the table of permissions."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from fawang.kernel import clock, crypto, ids, money, policy
from fawang.kernel.errors import FawangError, NotLoggedIn, NotPermitted, TooMany
from fawang.kernel.policy import VISITOR, Actor, Scope, system

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]), max_size=60)


def ring(settings, current, **keys):
    settings.FAWANG_KEYS = json.dumps({"current": current, "keys": keys})


@pytest.mark.parametrize("suite", crypto.SEAL_SUITES)
def test_what_is_sealed_opens_in_its_own_context_only(settings, suite):
    settings.FAWANG_SEAL_SUITE = suite
    sealed = crypto.seal("13900001234", context="a.phone")
    assert crypto.unseal(sealed, context="a.phone") == "13900001234"
    assert sealed.startswith(f"{suite}:t1:")
    assert "13900001234" not in sealed
    assert crypto.is_sealed(sealed)
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(sealed, context="b.phone")


@pytest.mark.parametrize("suite", crypto.SEAL_SUITES)
def test_a_sealed_value_that_was_altered_anywhere_does_not_open(settings, suite):
    settings.FAWANG_SEAL_SUITE = suite
    head, key, body = crypto.seal("甲方", context="c").split(":")
    raw = base64.b64decode(body)
    for position in range(len(raw)):
        wrong = bytes([*raw[:position], raw[position] ^ 1, *raw[position + 1 :]])
        with pytest.raises(crypto.CannotOpen):
            crypto.unseal(f"{head}:{key}:{base64.b64encode(wrong).decode()}", context="c")
    for cut in (0, 5, 12, 20, len(raw) - 1):
        with pytest.raises(crypto.CannotOpen):
            crypto.unseal(f"{head}:{key}:{base64.b64encode(raw[:cut]).decode()}", context="c")


@pytest.mark.parametrize(
    "value", ["", "x", "::", "sm4-gcm:t1", "sm4-gcm:t1:é", "sm4-gcm:none:AAAA", "rot13:t1:AAAA", "sm4-gcm::AAAA"]
)
def test_what_is_no_sealed_value_is_refused_in_one_way(value):
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(value, context="c")


@settings(max_examples=60, deadline=None)
@given(text=TEXTS)
def test_any_text_comes_back_and_two_sealings_differ(text):
    first, second = crypto.seal(text, context="c"), crypto.seal(text, context="c")
    assert crypto.unseal(first, context="c") == crypto.unseal(second, context="c") == text
    assert first != second


def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key(settings):
    ring(settings, "k1", k1="aa" * 32)
    old, old_index = crypto.seal("甲", context="c"), crypto.index("甲", context="c")
    ring(settings, "k2", k1="aa" * 32, k2="bb" * 32)
    assert crypto.unseal(old, context="c") == "甲"
    assert crypto.seal("甲", context="c").split(":")[1] == "k2"
    assert old_index in crypto.indexes("甲", context="c")
    assert crypto.index("甲", context="c") in crypto.indexes("甲", context="c")
    assert crypto.index("甲", context="c") != old_index
    ring(settings, "k2", k2="bb" * 32)
    with pytest.raises(crypto.CannotOpen):
        crypto.unseal(old, context="c")


def test_a_ring_without_its_current_key_or_with_a_short_one_is_refused(settings):
    for current, keys in (("k9", {"k1": "aa" * 32}), ("k1", {"k1": "aa" * 8})):
        ring(settings, current, **keys)
        with pytest.raises(ValueError, match="FAWANG_KEYS"):
            crypto.seal("x", context="c")


@pytest.mark.parametrize("suite", crypto.INDEX_SUITES)
def test_an_index_is_stable_short_and_of_its_context(settings, suite):
    settings.FAWANG_INDEX_SUITE = suite
    index = crypto.index("13900001234", context="a")
    assert index == crypto.index("13900001234", context="a")
    assert index != crypto.index("13900001234", context="b")
    assert len(index) <= 90
    assert index in crypto.indexes("13900001234", context="a")


def test_codes_for_people_hold_nothing_that_sounds_or_looks_alike():
    codes = {ids.readable_code() for _ in range(500)}
    assert len(codes) == 500
    assert not set("".join(codes)) & set("01ILOUV")
    tokens = {ids.token() for _ in range(500)}
    assert len(tokens) == 500
    assert all(len(one) == 22 and one.islower() or one.isalnum() for one in tokens)


def test_the_check_character_agrees_with_the_identity_cards_of_the_standard():
    # GB 11643-1999's own examples
    assert ids.check_mod_11_2("11010519491231002") == "X"
    assert ids.check_mod_11_2("44052418800101001") == "4"


@pytest.mark.parametrize("value", [-1, 1_000_000, 10**9])
def test_a_serial_outside_its_range_is_an_error(value):
    with pytest.raises(ValueError, match="range"):
        ids.serial(value, key=b"k" * 32, tweak="")


@settings(max_examples=100, deadline=None)
@given(fen=st.integers(-(10**14), 10**14))
def test_money_shown_is_money_read(fen):
    assert money.parse(money.show(fen).replace("-¥", "-")) == fen


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("3500.50", 350050),
        ("¥1,234.5", 123450),
        ("￥12", 1200),
        (" 0 ", 0),
        ("1.500", 150),
        (".5", 50),
        ("１２", 1200),
        ("-3", -300),
    ],
)
def test_yuan_as_people_write_them(text, fen):
    assert money.parse(text) == fen


@pytest.mark.parametrize(
    "text", ["", "x", "1.234", "1e5", "1e999999999", "NaN", "Infinity", "1_000", "0x10", "--1", "9" * 40, "1 2"]
)
def test_what_is_no_amount_is_refused_quickly(text):
    with pytest.raises(ValueError):
        money.parse(text)


def test_moved_time_stands_nests_and_ends():
    first, second = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert not clock.is_moved()
    with clock.at(first):
        with clock.at(second):
            clock.advance(timedelta(days=1))
            assert clock.now() == second + timedelta(days=1)
        assert clock.now() == first
    assert not clock.is_moved()
    with pytest.raises(RuntimeError):
        clock.advance(timedelta(1))
    with pytest.raises(ValueError, match="zone"), clock.at(datetime(2026, 1, 1)):
        pass
    with clock.at(datetime(2026, 1, 1, 17, tzinfo=UTC)):
        assert clock.today().isoformat() == "2026-01-02"


def test_a_permission_nobody_declared_is_an_error_not_a_refusal():
    for ask in (policy.scopes, policy.require):
        with pytest.raises(KeyError):
            ask(VISITOR, "nobody.declared")
    with pytest.raises(KeyError):
        policy.grant("nobody.declared", Scope.ALL, ["SYSTEM"])


def test_two_meanings_of_one_permission_and_two_scopes_of_one_role_are_errors():
    policy.declare("catalogue.read", policy.permissions()["catalogue.read"])
    with pytest.raises(ValueError, match="twice"):
        policy.declare("catalogue.read", "something else")
    with pytest.raises(ValueError, match="twice"):
        policy.grant("catalogue.read", Scope.ALL, ["VISITOR"])


def test_what_is_not_in_the_table_is_refused_by_who_asks():
    with pytest.raises(NotLoggedIn):
        policy.require(VISITOR, "workorders.work")
    with pytest.raises(NotPermitted):
        policy.require(Actor(ref="account:1", roles=frozenset({"CITIZEN"}), account_id=1), "workorders.work")
    assert policy.require(system("x"), "workorders.work") == {Scope.ALL}
    table = policy.table()
    assert table == sorted(table, key=lambda row: (row.permission, row.role))


@given(code=st.sampled_from(FawangError.__subclasses__()))
def test_every_error_has_a_stable_code_and_a_sentence(code):
    assume(code is not TooMany)
    assert code.code
    assert 400 <= code.status < 600
    assert TooMany(wait_minutes=5).text.count("5") == 1


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "零元整"), (5, "伍分"), (100, "壹元整"), (1050, "壹拾元伍角整"), (10005, "壹佰元零伍分"),
        (1020350, "壹万零贰佰零叁元伍角整"), (100010001, "壹佰万零壹佰元零壹分"), (10000000000, "壹亿元整"),
        (100000010000, "壹拾亿零壹佰元整"), (12345678912, "壹亿贰仟叁佰肆拾伍万陆仟柒佰捌拾玖元壹角贰分"),
    ],
)  # fmt: skip
def test_an_amount_is_written_out_as_on_contracts(fen, words):
    assert money.words(fen) == words
