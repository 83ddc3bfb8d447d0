from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from fawang.base.notifications.ordering import stand
from fawang.base.notifications.values import State, Word

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def word(state, seconds, attempt=1):
    return Word(attempt, state, NOON + timedelta(seconds=seconds))


def state_of(*words, latest=1, exhausted=False):
    found = {stand(order, latest_attempt=latest, is_exhausted=exhausted).state for order in permutations(words)}
    assert len(found) == 1, "the order of arrival must not matter"
    return found.pop()


OURS = (word("QUEUED", 0), word("SENT", 1))


def test_a_bounce_that_arrives_before_the_earlier_delivery_receipt_stays_the_last_word():
    assert state_of(*OURS, word("BOUNCED", 9), word("DELIVERED", 5)) == State.BOUNCED


def test_a_delivery_after_a_bounce_is_a_delivery():
    assert state_of(*OURS, word("BOUNCED", 5), word("DELIVERED", 9)) == State.DELIVERED


def test_accepted_then_temporary_failure_is_a_temporary_failure():
    assert state_of(*OURS, word("ACCEPTED", 2), word("FAILED_TEMPORARY", 6)) == State.FAILED_TEMPORARY


def test_a_late_accepted_does_not_hide_the_delivery():
    assert state_of(*OURS, word("DELIVERED", 3), word("ACCEPTED", 30)) == State.DELIVERED


def test_a_temporary_failure_after_the_delivery_does_not_take_it_back():
    assert state_of(*OURS, word("DELIVERED", 3), word("FAILED_TEMPORARY", 4)) == State.DELIVERED


def test_duplicates_change_nothing():
    assert state_of(*OURS, word("DELIVERED", 3), word("DELIVERED", 3)) == State.DELIVERED


def test_a_provider_whose_clock_is_behind_ours_is_still_believed():
    assert state_of(word("QUEUED", 0), word("SENT", 4), word("ACCEPTED", 2)) == State.ACCEPTED


def test_at_the_same_instant_the_more_cautious_word_holds():
    assert state_of(*OURS, word("DELIVERED", 5), word("BOUNCED", 5)) == State.BOUNCED


def test_an_earlier_attempt_that_arrived_after_all_counts():
    later = (word("QUEUED", 60, 2), word("FAILED_TEMPORARY", 61, 2))
    assert state_of(*OURS, word("DELIVERED", 59), *later, latest=2) == State.DELIVERED


def test_without_an_arrival_the_latest_attempt_speaks():
    assert state_of(*OURS, word("FAILED", 3), word("QUEUED", 4, 2), latest=2) == State.QUEUED


def test_when_no_channel_is_left_the_message_is_undelivered_until_a_late_receipt_says_otherwise():
    assert state_of(*OURS, word("FAILED", 3), exhausted=True) == State.UNDELIVERED
    assert state_of(*OURS, word("FAILED", 3), word("DELIVERED", 4), exhausted=True) == State.DELIVERED


def test_reading_beats_everything():
    assert state_of(*OURS, word("BOUNCED", 9), word("READ", 5)) == State.READ


def test_no_receipts_at_all_is_an_error():
    with pytest.raises(ValueError):
        stand([], latest_attempt=1, is_exhausted=False)
