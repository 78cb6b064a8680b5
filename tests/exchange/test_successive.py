"""Two releases laid side by side give no hidden count away, even to somebody who fills the gaps of one from the other."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from scipy.optimize import linprog

from nanglucso.govern.exchange import services
from nanglucso.govern.exchange.counting import Sheet
from nanglucso.govern.exchange.models import Release
from nanglucso.govern.exchange.remembering import Memory, memory
from nanglucso.measure.gaps.queries import SMALL_GROUP

PARENT = np.array([-1, 0, 0, 0, 1, 1, 1, 2, 2])
INNER = (2, 1, 0)
CODES = [f"U{u}" for u in range(len(PARENT))]
WORDS = ("met", "not_met", "not_yet_known")
NAMES = (*WORDS, "required")
pytestmark = pytest.mark.django_db
DAY = datetime(2026, 3, 3, tzinfo=UTC)


def summed(counts):
    """Counts of the leaves, put together in the units above them."""
    for u in INNER:
        counts[u] = counts[u == PARENT].sum(0)
    return counts


def later(counts, rng):
    """The same people a while later: a few have changed their state, come or gone."""
    moved = counts.copy()
    for _n in range(int(rng.integers(1, 4))):
        u, c, to = int(rng.integers(3, len(PARENT))), int(rng.integers(0, 3)), int(rng.integers(0, 4))
        if moved[u, c]:
            moved[u, c] -= 1
            if to < 3:
                moved[u, to] += 1
    return summed(moved)


def release(counts, tables, day):
    """Rows of a release after others, newest first."""
    sheet = Sheet([], CODES, PARENT, day)
    return sheet.told(counts, WORDS, Memory(("unit", "competence"), tables), competence="1.1")


def bounds_of(pair, shown):
    """Bounds of every state (2, U, C) to whoever has both releases and takes what one of them shows for both.

    He is right wherever the count has not changed, and knows that he is. pair: true counts (2, U, C); shown: bool
    (2, U, C + 1), the total last.
    """
    _two, rows, columns = pair.shape
    place = np.arange(pair.size).reshape(pair.shape)
    equations, right = [], []

    def equal(plus, minus, value):
        line = np.zeros(pair.size)
        line[np.ravel(plus)] += 1
        line[np.ravel(minus).astype(int)] -= 1
        equations.append(line)
        right.append(value)

    for t in (0, 1):
        for u in range(rows):
            for c in range(columns):
                if (u == PARENT).any():
                    equal(place[t, u, c], place[t, u == PARENT, c], 0)
            if shown[t, u, columns]:
                equal(place[t, u], [], pair[t, u].sum())
    for u in range(rows):
        for c in range(columns):
            if pair[0, u, c] == pair[1, u, c] and shown[:, u, c].any():
                equal(place[0, u, c], place[1, u, c], 0)
    spans = [(n, n) if seen else (0, None) for n, seen in zip(pair.ravel(), shown[:, :, :columns].ravel(), strict=True)]
    low, high = pair.astype(float).ravel(), pair.astype(float).ravel()
    for cell in np.flatnonzero(~shown[:, :, :columns].ravel()):
        aim = np.zeros(pair.size)
        aim[cell] = 1
        for sign, kept in ((1, low), (-1, high)):
            found = linprog(sign * aim, A_eq=equations, b_eq=right, bounds=spans, method="highs")
            kept[cell] = found.fun * sign if found.status == 0 else np.inf
    return low.reshape(pair.shape), high.reshape(pair.shape)


def given_away(pair, tables):
    """How many small counts of two releases can be told exactly from both."""
    shown = np.array([[[row[name] is not None for name in NAMES] for row in table] for table in tables])
    low, high = bounds_of(pair, shown)
    whole = pair.sum(2, keepdims=True)
    small = ((pair > 0) & (pair < SMALL_GROUP)) | ((whole > 0) & (whole < SMALL_GROUP) & (pair > 0))
    assert not (small & shown[:, :, :-1]).any()
    return int((high - low < 1 - 1e-6)[small].sum())


def drawn(n):
    rng = np.random.default_rng((20260303, n))
    counts = rng.integers(0, 14, (len(PARENT), 3))
    return summed(counts), rng


def steps(n, *, remember):
    """(counts, rows) of three releases of one city."""
    counts, rng = drawn(n)
    made = []
    for step in range(3):
        old = [rows for _counts, rows in reversed(made)] if remember else []
        rows = release(counts, old, DAY + timedelta(days=90 * step))
        # A release that is repeated tells the counts of its own day.
        made.append((made[-1][0] if made and rows == made[-1][1] else counts, rows))
        counts = later(counts, rng)
    return made


def tried(draws, *, remember):
    """Small counts given away by any two of three releases, and how many releases told something new."""
    found, fresh = 0, 0
    for n in draws:
        made = steps(n, remember=remember)
        fresh += sum(before[1] != after[1] for before, after in pairwise(made))
        for a, b in ((0, 1), (1, 2), (0, 2)):
            found += given_away(np.array([made[a][0], made[b][0]]), (made[a][1], made[b][1]))
    return found, fresh


def test_releases_that_follow_each_other_give_no_small_count_away_where_forgetful_ones_do():
    assert tried(range(3), remember=False)[0] > 0
    found, fresh = tried(range(3), remember=True)
    assert found == 0
    assert fresh


@pytest.mark.thorough
def test_many_drawn_cities_give_no_small_count_away_over_three_releases():
    found, fresh = tried(range(3, 60), remember=True)
    assert found == 0
    assert fresh > 50


def test_a_table_that_an_earlier_release_would_give_away_is_repeated_with_its_day():
    first = summed(np.array([[0, 0, 0]] * 3 + [[20, 20, 20], [6, 8, 9]] + [[20, 20, 20]] * 4))
    told = release(first, [], DAY)
    now = first.copy()
    now[4] = [4, 8, 9]  # 21 is shown, 8 and 9 were shown before: 4 would be what is left
    assert told[4]["met"] == 6
    again = release(summed(now), [told], DAY + timedelta(days=90))
    assert again == told
    assert {row["as_of"] for row in again} == {"2026-03-03"}
    assert release(summed(now), [], DAY)[4]["met"] is None


def test_a_count_once_kept_back_stays_so_when_it_has_grown():
    first = summed(np.array([[0, 0, 0]] * 3 + [[20, 20, 20], [3, 8, 9]] + [[20, 20, 20]] * 4))
    told = release(first, [], DAY)
    grown = first.copy()
    grown[4] = [33, 18, 19]
    after = release(summed(grown), [told], DAY + timedelta(days=90))
    assert told[4]["met"] is None
    assert after[4]["met"] is None
    assert after[4]["as_of"] == "2026-06-01"
    assert release(grown, [], DAY)[4]["met"] == 33


def test_releases_are_remembered_for_a_year(two):
    newest = Release.objects.get()
    day = timedelta(days=1)
    assert len(memory("gaps", ("unit", "competence"), newest.at + 364 * day).tables) == 1
    assert not memory("gaps", ("unit", "competence"), newest.at + 366 * day).tables
    again = services.make_release(actor=None, at=newest.at + day)
    pairs = zip(newest.tables["gaps"], again.tables["gaps"], strict=True)
    assert all(after[name] is None for before, after in pairs for name in NAMES if before[name] is None)
