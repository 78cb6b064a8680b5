"""Question statistics of a campaign: the engine's figures of its real answers, on the page and in the files."""

from io import BytesIO

import numpy as np
import pytest
from django.urls import reverse
from python_calamine import load_workbook

from nanglucso.core.models import AuditEntry
from nanglucso.engines.quizstats import question_statistics, quiz_statistics
from nanglucso.measure.assessments.models import Answer
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.measure.quality.statistics import statistics_of
from tests import make
from tests.quality import sat


def test_where_everybody_met_the_same_questions_the_figures_are_moodles():
    rng = np.random.default_rng(11)
    most = np.array([1, 2, 2, 1, 3])
    ability = rng.standard_normal(60)
    table = np.clip(np.rint(most * (0.5 + 0.25 * ability[:, None]) + rng.normal(0, 0.5, (60, 5))), 0, most)
    whole = quiz_statistics(table, most)
    who, question = np.nonzero(np.ones_like(table))
    got = question_statistics(who, question, table[who, question], most)
    for name in ("facility", "sd", "discrimination", "efficiency"):
        assert getattr(got, name) == pytest.approx(getattr(whole, name), abs=1e-9), name


def test_people_with_one_question_say_nothing_of_discrimination():
    got = question_statistics([1, 2, 3, 3], [0, 0, 0, 1], [1, 0, 1, 1], [1, 1])
    assert got.n.tolist() == [3, 1]
    assert got.facility.tolist() == pytest.approx([2 / 3, 1])
    assert np.isnan(got.discrimination).all()
    with pytest.raises(ValueError, match="between 0"):
        question_statistics([1], [0], [2], [1])


@pytest.fixture
def campaign(db):
    people = [make.person() for _ in range(6)]
    made = sat.campaign_of(people, items_min=8, competences=["1.1"])
    for n, row in enumerate(made.sittings.order_by("person")):
        sat.sit(row, make.right_choice if n % 2 else make.wrong_choice)
    return made


def test_facility_of_a_campaign_by_hand(campaign):
    found = statistics_of(campaign.code)
    assert found.answers == Answer.objects.count()
    for line in found.lines:
        scores = list(Answer.objects.filter(item_version=line.version).values_list("score", flat=True))
        top = STEPS[line.version.item.type]
        assert line.n == len(scores)
        assert line.facility == pytest.approx(sum(scores) / len(scores) / top)
    assert statistics_of("khong-co") is None


def test_the_page_and_both_files_tell_the_same_and_taking_them_is_recorded(as_user, campaign):
    client = as_user(make.user("author"))
    codes = {line.version.item.code for line in statistics_of(campaign.code).lines}
    page = client.get(reverse("quality:statistics"), {"campaign": campaign.code, "lang": "en"}).content.decode()
    assert all(code in page for code in codes)
    assert "No item has 200 answers yet: too few answers to judge any of them." in page
    assert "Discriminative efficiency</th>" not in page, "a column that could hold dashes only"
    assert "The machine chose questions" in page
    book = client.get(reverse("quality:statistics_export", args=[campaign.code, "xlsx"])).content
    cells = {str(cell) for line in load_workbook(BytesIO(book)).get_sheet_by_index(0).to_python() for cell in line}
    assert codes <= cells
    text = client.get(reverse("quality:statistics_export", args=[campaign.code, "csv"])).content.decode("utf-8-sig")
    assert {line.split(",")[0] for line in text.splitlines()[1:]} == codes
    assert AuditEntry.objects.filter(verb="quality.export_statistics").count() == 2
    assert client.get(reverse("quality:statistics_export", args=["khong-co", "csv"])).status_code == 404


def test_without_a_campaign_or_answers_the_page_says_so(as_user, db):
    client = as_user(make.user("training"))
    assert client.get(reverse("quality:statistics")).status_code == 200
    make.campaign()
    page = client.get(reverse("quality:statistics"), {"lang": "en"}).content.decode()
    assert "No answers yet" in page
