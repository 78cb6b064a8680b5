"""Which copies stay, and when the next one is due."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.core.keeping.rules import BackupRules, backup_rules, is_due, kept

KEEP = {"hourly": 24, "daily": 7, "weekly": 5, "monthly": 12}
START = datetime(2026, 1, 1, 18, 30, tzinfo=UTC)
RULES = BackupRules(time(1, 30), {"sqlite": timedelta(minutes=10)}, timedelta(hours=48), timedelta(days=31), KEEP)
moments = st.sets(st.integers(0, 60 * 24 * 500).map(lambda n: START + timedelta(minutes=n)), max_size=60)


@given(moments)
def test_no_more_stay_than_the_spans_allow_and_the_newest_always_does(found):
    stay = kept(found, KEEP)
    assert stay <= found
    assert len(stay) <= sum(KEEP.values())
    assert not found or max(found) in stay


@given(moments)
def test_deleting_twice_deletes_nothing_more(found):
    stay = kept(found, KEEP)
    assert kept(stay, KEEP) == stay


@given(moments, st.integers(1, 500))
def test_a_copy_that_went_never_comes_to_be_missed(found, minutes):
    """Deleting as one goes ends with what deleting at the end would have kept."""
    line = sorted(found)
    half = kept(line[: len(line) // 2], KEEP) if line else set()
    assert kept(half | set(line[len(line) // 2 :]), KEEP) == kept(found, KEEP)


def test_nightly_copies_of_two_years_leave_seven_days_five_weeks_twelve_months():
    nights = [START + timedelta(days=n) for n in range(730)]
    stay = kept(nights, KEEP | {"hourly": 0})
    days = sorted((nights[-1] - one).days for one in stay)
    assert days[:7] == [0, 1, 2, 3, 4, 5, 6]
    assert 18 <= len(stay) <= 22
    assert 300 <= days[-1] <= 366


@pytest.mark.parametrize(
    ("last", "at", "testing", "due"),
    [
        (None, "2026-03-02T12:00", False, True),
        ("2026-03-02T01:31", "2026-03-02T23:00", False, False),
        ("2026-03-01T23:00", "2026-03-02T01:29", False, False),
        ("2026-03-01T23:00", "2026-03-02T01:30", False, True),
        ("2026-03-02T09:00", "2026-03-02T09:09", True, False),
        ("2026-03-02T09:00", "2026-03-02T09:10", True, True),
        ("2026-03-02T09:00", "2026-03-02T09:10", False, False),
        ("2026-02-20T01:31", "2026-03-02T12:00", False, True),
    ],
)
def test_when_the_next_one_is_due(last, at, testing, due):
    def here(text):
        return datetime.fromisoformat(f"{text}:00+07:00") if text else None

    assert is_due(here(last), at=here(at), testing=testing, vendor="sqlite", rules=RULES) is due


def test_the_shipped_rules_are_complete():
    rules = backup_rules()
    assert rules.keep == KEEP
    assert set(rules.while_testing) == {"sqlite", "postgresql"}
