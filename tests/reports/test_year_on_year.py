"""From the ledger of two campaigns to the words of the page: a drifted bank is no change of people, a real one is shown."""

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.engines.irt import categories
from nanglucso.govern.reports import services
from nanglucso.govern.reports.models import YearTrend
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.workforce.people.models import Person
from tests import make

pytestmark = pytest.mark.django_db
PEOPLE, ASKED, YEAR = 320, 18, 300
CODES = ("1.1", "3.1", "4.1", "5.1")


def two_years(change=0.0, drift=0.0, seed=4, people=PEOPLE, **second):
    """Equal people but for `change` levels, answering the same questions, whose parameters the second year's ledger
    holds `drift` logits higher; written as the sittings' own scoring writes them."""
    rng = np.random.default_rng(seed)
    make.city()
    make.bank()
    frame = folding.frame(make.framework())
    kinds = ItemVersion.objects.filter(item__competence__code__in=CODES, current=True).select_related(
        "item__competence"
    )
    items = list(kinds.order_by("pk"))
    unit, position = make.unit(), make.position()
    rows = Person.objects.bulk_create(
        Person(
            staff_code=f"NN{n:05d}", ho_dem="Lê Thị", ten=f"Thử {n}", sort_key="t", fold="t", made_up=True,
            unit=unit, position=position,
        )
        for n in range(people)
    )  # fmt: skip
    width = np.diff(frame.cuts, axis=1).mean()
    theta = rng.multivariate_normal(np.zeros(frame.size), frame.prior_cov, people)
    for year, (moved, higher) in enumerate(((0.0, 0.0), (change * width, drift))):
        day = make.at(YEAR * year)
        row = Campaign.objects.create(
            code=f"nam-{year}", name_vi=f"Đợt năm {year}", framework=make.framework(), opens_at=day,
            closes_at=make.at(YEAR * year + 20), status="released", **(second if year else {}),
        )  # fmt: skip
        sittings = Sitting.objects.bulk_create(Sitting(campaign=row, person=p, status="scored") for p in rows)
        ledger = []
        for n, (person, sitting) in enumerate(zip(rows, sittings, strict=True)):
            entries = []
            for j in rng.choice(len(items), ASKED, replace=False):
                one, code = items[j], items[j].item.competence.code
                chance = categories(theta[n, frame.index(code)] + moved, one.a, np.asarray(one.b, float), one.c)
                score = int(rng.choice(len(chance), p=np.asarray(chance) / np.sum(chance)))
                b = [round(step + higher, 4) for step in one.b]
                entries.append({"k": code, "item": one.pk, "a": one.a, "b": b, "c": one.c, "score": score})
            ledger.append(
                Evidence(
                    person=person, kind="sitting", at=day, source=f"sitting:{sitting.pk}", entries=entries,
                    framework=make.framework(),
                )
            )  # fmt: skip
        Evidence.objects.bulk_create(ledger, batch_size=500)


def kept(day=YEAR + 30):
    return services.keep_trend(framework=make.framework(), at=make.at(day))


def text(as_user, lang="en"):
    return as_user(make.user("leader")).get(reverse("reports:trend"), {"lang": lang}).content.decode()


def test_a_bank_that_drifted_by_point_three_with_equal_people_shows_no_change(as_user):
    two_years(drift=0.3)
    value, low, high = kept().figures["stayed"]
    assert low < 0 < high
    assert abs(value) < 0.1
    page = text(as_user)
    assert "No change can be seen." in page
    assert "They have gained." not in page
    assert "Chưa thấy thay đổi." in text(as_user, "vi")


def test_a_real_change_of_point_two_is_shown_whatever_the_bank_did(as_user):
    two_years(change=0.2, drift=-0.3)
    value, low, high = kept().figures["stayed"]
    assert 0 < low < 0.2 < high
    assert value == pytest.approx(0.2, abs=0.1)
    assert "They have gained." in text(as_user)
    assert (
        "They have gained."
        in as_user(make.user("leader")).get(reverse("reports:leader"), {"lang": "en"}).content.decode()
    )


def test_too_few_people_one_year_or_results_held_back_say_so(as_user):
    assert kept() is None
    assert "Two years of measuring are needed" in text(as_user)
    two_years(people=12)
    assert kept().figures == {"why": "people", "people": [12, 0, 0]}
    assert "12 people have been measured both times; at least 30 are needed." in text(as_user)
    Campaign.objects.filter(code="nam-1").update(hold_results=True, status="closed")
    YearTrend.objects.all().delete()
    assert kept() is None


def test_it_is_worked_out_anew_only_when_the_ledger_has_moved():
    two_years(people=6)
    first = kept()
    assert kept(YEAR + 31).at == first.at
    row = Evidence.objects.first()
    Evidence.objects.create(
        person=row.person, kind="sitting", at=row.at, source=f"void:{row.pk}", entries=[], voids=row
    )
    assert kept(YEAR + 32).at == make.at(YEAR + 32)
