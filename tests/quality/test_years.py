"""Two calibrations on one scale: the later group's place is found again, and the item that was made to drift is named."""

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.core import jobs
from nanglucso.core.refusals import Refused
from nanglucso.engines import irt
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.quality import services, years
from nanglucso.measure.quality.models import CalibrationLine, CalibrationRun, YearComparison
from tests import make
from tests.quality import sat

pytestmark = pytest.mark.django_db
SLOPE, SHIFT, DRIFT = 1.25, 0.4, 0.9


def run_with(lines, campaigns=("khong-co",)):
    row = CalibrationRun.objects.create(
        campaigns=list(campaigns), rules={"sd_b": 0.5, "sd_log_a": 0.3, "least": 2}, started_at=make.AT, status="ready"
    )
    made = [
        CalibrationLine(run=row, version=v, n=400, enough=True, a=a, b=b, se_a=0.05, se_b=[0.05] * len(b))
        for v, a, b in lines
    ]
    CalibrationLine.objects.bulk_create(made)
    return row


@pytest.fixture
def versions():
    rows = ItemVersion.objects.filter(current=True, item__competence__code="1.1").order_by("item__code")
    return list(rows.select_related("item"))


@pytest.fixture
def runs(versions):
    """The later run on its own scale: old = 1.25 new + 0.4; the first item has become 0.9 logits harder."""
    before = run_with([(v, v.a, v.b) for v in versions])
    after = []
    for n, v in enumerate(versions):
        b = [(x + (DRIFT if n == 0 else 0.0) - SHIFT) / SLOPE for x in v.b]
        after.append((v, v.a * SLOPE, b))
    return before, run_with(after, ("khong-co-nam-sau",))


def test_the_line_between_the_scales_and_the_drifted_item_are_found_again(runs, versions):
    found = years.work_out(*runs)
    (link,) = found["links"]
    assert link["n"] == len(versions) > 8
    assert link["slope"] == pytest.approx(SLOPE, abs=0.12)
    assert link["shift"] == pytest.approx(SHIFT, abs=0.15)
    assert link["word"] == "higher"
    items = {one["code"]: one for one in found["items"]}
    first = items[versions[0].item.code]
    assert (first["drifted"], first["drift"] == pytest.approx(DRIFT, abs=0.25)) == (True, True)
    assert sum(one["drifted"] for one in items.values()) == 1
    for one in items.values():
        assert one["linked"] == pytest.approx(link["slope"] * one["b"][1] + link["shift"], abs=1e-3)


def test_the_same_items_held_fixed_give_the_later_group_as_well(versions):
    """Answers simulated for a group of mean 0.5 and sd 0.8 on the earlier scale."""
    from nanglucso.engines.linking import population

    rng, bank = np.random.default_rng(5), years._bank(run_with([(v, v.a, v.b) for v in versions]).lines.all())
    theta = 0.5 + 0.8 * rng.standard_normal(1500)
    items = np.tile(np.arange(bank.size), (1500, 1))
    reach = irt.reach(
        np.repeat(theta, bank.size), np.tile(bank.a, 1500), np.tile(bank.b, (1500, 1)), np.tile(bank.c, 1500)
    )
    scores = (rng.random(1500 * bank.size)[:, None] < reach).sum(1).reshape(1500, -1)
    got = population(bank, items, scores)
    assert got.mean == pytest.approx(0.5, abs=0.1)
    assert got.sd == pytest.approx(0.8, abs=0.1)


def test_changed_wording_is_no_anchor_and_too_few_are_not_linked(runs, versions):
    before, after = runs
    for v in versions[2:]:
        line = after.lines.get(version=v)
        copy = ItemVersion.objects.get(pk=v.pk)
        copy.pk, copy.number, copy.body = None, v.number + 1, {**v.body, "stem": "Câu dẫn khác."}
        copy.save()
        CalibrationLine.objects.filter(pk=line.pk).update(version=copy)
    assert len(years.shared(before, after)) == 2
    found = years.work_out(before, after)
    assert (found["links"], found["apart"]) == ([], ["1.1"])
    assert {one["drift"] for one in found["items"]} == {None}


def test_the_page_says_it_in_words_and_nothing_of_the_bank_changes(as_user, runs, versions):
    author = make.user("author")
    stored = list(ItemVersion.objects.order_by("pk").values())
    client = as_user(author)
    told = {"before": str(runs[0].pk), "after": str(runs[1].pk)}
    assert client.post(reverse("quality:years"), told).status_code == 302
    row = YearComparison.objects.get()
    jobs.perform(str(row.job_id))
    page = client.get(reverse("quality:year", args=[row.pk]), {"lang": "en"}).content.decode()
    assert "the later group stands higher" in page
    assert "became harder" in page
    assert f"1 of {len(versions)} linked items drifted" in page
    assert list(ItemVersion.objects.order_by("pk").values()) == stored


def test_two_runs_over_the_same_answers_are_shown_without_a_conclusion(as_user, runs):
    campaign = sat.campaign_of([make.person()])
    CalibrationRun.objects.update(campaigns=[campaign.code])
    row = services.start_years(actor=make.user("author"), before=runs[0], after=runs[1], at=make.AT)
    jobs.perform(str(row.job_id))
    client = as_user(make.user("author"))
    page = client.get(reverse("quality:year", args=[row.pk]), {"lang": "en"}).content.decode()
    assert "Not two years: the same answers stand on both sides" in page
    assert f"rest on answers of the same campaign: {campaign.name}." in page
    for word in ("the later group stands higher", "became harder", "linked items drifted", "behaves as before"):
        assert word not in page
    listed = client.get(reverse("quality:years"), {"lang": "en"}).content.decode()
    assert f"{campaign.name} → {campaign.name}" in listed


def test_the_same_run_twice_or_nothing_shared_is_refused(as_user, runs):
    same = {"before": str(runs[0].pk), "after": str(runs[0].pk)}
    assert as_user(make.user("author")).post(reverse("quality:years"), same).status_code == 422
    with pytest.raises(Refused):
        services.start_years(actor=make.user("author"), before=runs[0], after=run_with([]), at=make.AT)
    assert not YearComparison.objects.exists()
