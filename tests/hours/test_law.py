"""The duty of periods by law, as dated data."""

from datetime import date
from itertools import pairwise

import pytest

from nanglucso.core.content import read_yaml, root
from nanglucso.develop.hours import lawrules
from nanglucso.develop.hours.lawrules import CLASS, ENTRY, LESSON, OUTSIDE, law
from nanglucso.develop.hours.wording import CONFIDENCE, REGIMES, SOURCES
from nanglucso.govern.reports.documents.bases import register
from nanglucso.measure.assessments.certrules import rules as certificate_rules


def test_civil_servants_owe_forty_by_the_decree_that_was_read():
    duty = law().duty("cong_chuc", 2026)
    assert (duty.tiet, duty.document, duty.since, duty.confidence) == (40, "171/2025/NĐ-CP", date(2025, 7, 1), "S")
    assert law().duty("cong_chuc", 2024) is None


def test_public_employees_have_their_own_rows_and_none_before_the_new_decree_has_a_figure():
    before, now = law().duty("vien_chuc", 2025), law().duty("vien_chuc", 2026)
    assert (before.tiet, before.until) == (None, date(2026, 7, 1))
    assert (now.tiet, now.document, now.confidence) == (40, "259/2026/NĐ-CP", "S2")


def test_at_most_one_duty_holds_on_any_day_and_dates_agree_with_the_register():
    for regime in REGIMES:
        rows = sorted((one for one in law().duties if one.regime == regime), key=lambda one: one.since or date.min)
        for one, after in pairwise(rows):
            assert one.until is not None
            assert after.since is not None
            assert one.until <= after.since
    for duty in law().duties:
        for number in duty.document.split("; "):
            known = register().get(number)
            if known and known.effective and duty.since:
                assert duty.since == known.effective, number


def test_every_row_says_why_where_from_and_how_sure_in_both_languages():
    for duty in law().duties:
        assert duty.confidence in CONFIDENCE
        assert duty.source
        assert set(duty.says) == {"vi", "en"}
    for rule in law().sources:
        assert rule.source in SOURCES
        assert rule.confidence in CONFIDENCE
        assert rule.legal
        assert set(rule.why) == {"vi", "en"}
        assert set(rule.regimes) <= set(REGIMES)
    assert all(set(one) == {"vi", "en"} for one in law().unclear)


def test_every_outside_course_is_spoken_of_and_lessons_do_not_count_yet():
    day = date(2026, 5, 5)
    for regime in REGIMES:
        assert law().source(CLASS, regime, day).counts
        assert not law().source(LESSON, regime, day).counts
        assert law().source(ENTRY, regime, day).counts
        for code in certificate_rules():
            assert law().source(OUTSIDE, regime, day, code) is not None, code
        assert law().source(OUTSIDE, regime, day, "la-lam") is None
    assert law().counting_codes == {"binh-dan-hoc-vu-so"}


def test_a_rule_that_ends_gives_way_on_its_day():
    read = read_yaml(root() / "hours" / "rules.yaml")
    ended = dict(next(row for row in read["sources"] if row["source"] == CLASS))
    rest = [row for row in read["sources"] if row["source"] != CLASS]
    new = {**ended, "since": date(2027, 1, 1), "counts": False}
    told = lawrules.parse({**read, "sources": [{**ended, "until": date(2027, 1, 1)}, new, *rest]})
    assert told.source(CLASS, "cong_chuc", date(2026, 12, 31)).counts
    assert not told.source(CLASS, "cong_chuc", date(2027, 1, 1)).counts


def test_a_row_without_a_reason_is_no_rule():
    read = read_yaml(root() / "hours" / "rules.yaml")
    broken = [{key: value for key, value in row.items() if key != "why"} for row in read["sources"]]
    with pytest.raises(KeyError):
        lawrules.parse({**read, "sources": broken})
