"""The psychometrics desk: calibration runs, health lists, answers beside the curve, sittings to look at."""

from io import BytesIO

import numpy as np
import pytest
import time_machine
from django.urls import reverse
from python_calamine import load_workbook

from nanglucso.core import jobs
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.engines import calibration as engine
from nanglucso.measure.assessments.models import Answer, Sitting
from nanglucso.measure.bank import curves
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.quality import behaviour, calibrating, personfit, services
from nanglucso.measure.quality.models import CalibrationRun, HealthReport
from nanglucso.workforce.framework.queries import frame
from tests import make
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Đã xem từng câu, sai số đủ nhỏ."
RULES = {"sd_b": 0.5, "sd_log_a": 0.3, "least": 2}


@pytest.fixture
def campaign():
    """Five people in two agencies, three of whom answer everything right."""
    people = [make.person(unit=make.unit("Sở Nội vụ" if n < 3 else "Sở Tài chính")) for n in range(5)]
    made = sat.campaign_of(people, items_min=8, competences=["1.1"])
    for n, row in enumerate(made.sittings.order_by("person")):
        sat.sit(row, make.right_choice if n < 3 else make.wrong_choice)
    return made


@pytest.fixture
def authors():
    return make.user("author"), make.user("author")


def run_of(campaign, author, **rules):
    row = services.start_calibration(actor=author, campaigns=[campaign.code], at=make.at(3), **(RULES | rules))
    jobs.perform(str(row.job_id))
    return CalibrationRun.objects.get(pk=row.pk)


# ---------------------------------------------------------------- calibration
def test_a_run_shows_every_answered_item_and_leaves_the_bank_alone(campaign, authors):
    before = list(ItemVersion.objects.order_by("pk").values())
    run = run_of(campaign, authors[0])
    answered = set(Answer.objects.values_list("item_version", flat=True))
    assert {line.version_id for line in run.lines.all()} == answered
    assert run.summary["answers"] == Answer.objects.count()
    assert sum(line.n for line in run.lines.all()) == run.summary["answers"]
    assert [line.enough for line in run.lines.all()] == [line.n >= 2 for line in run.lines.all()]
    assert list(ItemVersion.objects.order_by("pk").values()) == before


def test_each_item_gets_the_parameters_that_its_own_answers_give(campaign, authors):
    run = run_of(campaign, authors[0])
    rows = list(Answer.objects.order_by("-pk").select_related("item_version__item__competence", "sitting"))
    order = list({row.item_version_id: row.item_version for row in rows}.values())
    items = [
        engine.ItemSpec(
            tuple(v.b), v.item.competence.index, "grm" if len(v.b) > 1 else "2pl", v.a, v.c, sd_log_a=0.3, sd_b=0.5
        )
        for v in order
    ]
    place = {v.pk: j for j, v in enumerate(order)}
    answers = engine.Answers(
        [row.sitting.person_id for row in rows],
        [place[row.item_version_id] for row in rows],
        [row.score for row in rows],
    )
    got = engine.calibrate(answers, items, engine.Population.of(frame(make.framework()).prior_cov))
    for line in run.lines.all():
        j, steps = place[line.version_id], len(line.b)
        assert line.a == pytest.approx(got.a[j], abs=2e-3)
        assert line.b == pytest.approx(got.b[j][:steps].tolist(), abs=2e-3)
        assert line.se_b == pytest.approx(got.se_b[j][:steps].tolist(), abs=2e-3)
    assert any(abs(line.b[0] - line.version.b[0]) > 0.05 for line in run.lines.select_related("version"))


def test_an_accepted_run_gives_new_versions_and_changes_nobodys_result(campaign, authors):
    run = run_of(campaign, authors[0])
    ledger = list(Evidence.objects.order_by("pk").values_list("pk", "entries"))
    line = run.lines.filter(enough=True).select_related("version__item").first()
    few = run.lines.filter(enough=False).select_related("version").first()
    with pytest.raises(Refused):
        services.accept_calibration(actor=authors[0], run=run, reason=REASON, at=make.at(4))
    made = services.accept_calibration(actor=authors[1], run=run, reason=REASON, looked=True, at=make.at(4))
    assert made == run.summary["enough"] > 0
    new = line.version.item.versions.get(current=True)
    assert (new.a, new.b, new.parameters_from, new.body) == (line.a, line.b, str(run), line.version.body)
    assert new.number == line.version.number + 1
    if few:
        assert ItemVersion.objects.get(pk=few.version_id).current
    assert list(Evidence.objects.order_by("pk").values_list("pk", "entries")) == ledger
    with pytest.raises(Refused):
        services.accept_calibration(actor=authors[1], run=run, reason=REASON, at=make.at(5))


def test_items_beyond_the_bound_are_named_before_acceptance_and_in_the_log(as_user, campaign, authors):
    run = run_of(campaign, authors[0], sd_b=3.0, sd_log_a=1.0, bound_b=0.3)
    far = calibrating.moved(run)
    shifts = {
        line.version_id: max(abs(b - old) for b, old in zip(line.b, line.version.b, strict=True))
        for line in run.lines.filter(enough=True).select_related("version")
    }
    ratios = {line.version_id: line.a / line.version.a for line in run.lines.select_related("version")}
    want = {pk for pk, shift in shifts.items() if shift > 0.3 or max(ratios[pk], 1 / ratios[pk]) > 1.5}
    assert {one.line.version_id for one in far} == want
    assert want
    client, url = as_user(authors[1]), reverse("quality:calibration_decide", args=[run.pk, "accept"])
    page = client.get(reverse("quality:calibration", args=[run.pk])).content.decode()
    assert all(str(one.line.version) in page for one in far)
    refused = client.post(url, {"reason": REASON})
    assert (refused.status_code, REASON in refused.content.decode()) == (422, True)
    assert CalibrationRun.objects.get().status == "ready"
    assert client.post(url, {"reason": REASON, "looked": "on"}).status_code == 302
    run = CalibrationRun.objects.get()
    assert (run.status, run.decided_by) == ("accepted", authors[1])
    told = AuditEntry.objects.get(verb="quality.accept_calibration").details["beyond_bound"]
    assert told == [str(one.line.version) for one in far]
    assert str(authors[1]) in client.get(reverse("quality:calibration", args=[run.pk])).content.decode()


def test_a_discarded_run_is_kept_and_used_for_nothing(campaign, authors):
    run = run_of(campaign, authors[0])
    versions = ItemVersion.objects.count()
    services.discard_calibration(actor=authors[0], run=run, reason=REASON, at=make.at(4))
    assert (ItemVersion.objects.count(), CalibrationRun.objects.get().status) == (versions, "discarded")


def test_who_would_change_is_counted_over_the_old_tests(campaign, authors):
    none = run_of(campaign, authors[0], least=1000)
    assert (none.summary["enough"], none.summary["changed"], none.summary["beliefs"]) == (0, 0, 5)
    some = run_of(campaign, authors[0], least=1, sd_b=3.0, sd_log_a=1.0)
    assert 0 < some.summary["changed"] <= some.summary["beliefs"] == 5


def test_a_run_is_named_by_its_campaign_and_says_over_whom_the_change_is_counted(as_user, campaign, authors):
    run = run_of(campaign, authors[0], least=1, sd_b=3.0, sd_log_a=1.0)
    sat.sit(sat.campaign_of([make.person()]).sittings.get())
    counts = calibrating.would_change(make.framework(), list(run.lines.all()))
    assert counts["beliefs"] == run.summary["people"] + 1, "whoever sat another campaign is counted too"
    client = as_user(authors[1])
    page = client.get(reverse("quality:calibration", args=[run.pk]), {"lang": "en"}).content.decode()
    assert f"Calibration: {campaign.name}" in page
    assert f'{run.summary["changed"]} <span class="of">/ {run.summary["beliefs"]}</span>' in page
    assert campaign.name in client.get(reverse("quality:calibrations")).content.decode()


def test_a_campaign_to_tick_says_how_many_people_answered_and_decimals_follow_the_language(as_user, campaign, authors):
    client, url = as_user(authors[0]), reverse("quality:calibration_new")
    page = client.get(url).content.decode()
    assert f"{campaign.name} (5 người)" in page
    assert 'value="0,5"' in page
    told = {
        "campaigns": [campaign.code],
        "least": "30",
        "sd_b": "0,4",
        "sd_log_a": "0,3",
        "bound_b": "0.5",
        "bound_a": "1,5",
    }
    assert client.post(url, told).status_code == 302
    assert CalibrationRun.objects.get().rules["sd_b"] == 0.4


# ---------------------------------------------------------------- health
def test_a_health_report_says_not_enough_instead_of_a_verdict(campaign, authors):
    row = services.start_health(actor=authors[0], campaigns=[campaign.code], at=make.at(3))
    jobs.perform(str(row.job_id))
    report = HealthReport.objects.get()
    assert {one["version"] for one in report.rows} == set(Answer.objects.values_list("item_version", flat=True))
    assert all(one["few"] and set(one["flags"]) <= {"exposure"} for one in report.rows)
    most = max(report.rows, key=lambda one: one["n"])
    assert most["exposure"] == pytest.approx(most["n"] / 5)
    assert "exposure" in most["flags"]


def test_the_list_can_be_taken_away_and_that_is_recorded(as_user, campaign, authors):
    row = services.start_health(actor=authors[0], campaigns=[campaign.code], at=make.at(3))
    jobs.perform(str(row.job_id))
    client, codes = as_user(authors[0]), {one["code"] for one in HealthReport.objects.get().rows}
    page = client.get(reverse("quality:health", args=[row.pk])).content.decode()
    assert any(code in page for code in codes)
    book = load_workbook(BytesIO(client.get(reverse("quality:health_export", args=[row.pk, "xlsx"])).content))
    cells = {str(cell) for line in book.get_sheet_by_index(0).to_python() for cell in line}
    assert codes <= cells
    text = client.get(reverse("quality:health_export", args=[row.pk, "csv"])).content.decode("utf-8-sig")
    assert {line.split(",")[0] for line in text.splitlines()[1:]} == codes
    assert AuditEntry.objects.filter(verb="quality.export_health").count() == 2


# ---------------------------------------------------------------- one item
def test_observed_shares_stand_by_groups_of_ability():
    version = ItemVersion.objects.select_related("item__competence").filter(item__type="single").first()
    told = [(t, int(t > 0), "A") for t in np.linspace(-2, 2, 60)]
    bands = behaviour._bands(version, told, 1)
    assert [band.n for band in bands] == [20, 20, 20]
    assert [band.observed for band in bands] == [0.0, 0.5, 1.0]
    ability = [t for t, _s, _c in told[:20]]
    assert bands[0].expected == pytest.approx(np.mean([curves.share_at(version, t) for t in ability]))
    assert behaviour._bands(version, told[:39], 1) == []
    assert behaviour._choices(version, told[:29]) == []


def test_few_answers_are_called_too_few_and_only_authors_see_options(as_user, campaign, authors):
    version = sat.shared_version(campaign)
    address = reverse("quality:item", args=[version.item.code])
    page = as_user(authors[0]).get(address, headers={"Accept-Language": "en"})
    assert (page.status_code, page.context["seen"].enough) == (200, False)
    page = as_user(make.user("training")).get(address)
    secrets = [o["text"] for o in version.body.get("options", [])] + [t for t in _told(version) if t]
    assert secrets
    assert not [text for text in secrets if text in page.content.decode()]


def _told(version):
    key = version.key
    told = key.get("feedback") or {}
    return [*map(str, told.values()), key.get("feedback_correct", ""), key.get("feedback_wrong", "")]


# ---------------------------------------------------------------- person fit
def _three_items():
    versions = list(ItemVersion.objects.select_related("item__competence").filter(item__type="numeric")[:3])
    for version, b in zip(versions, (-1.0, 0.0, 1.0), strict=True):
        version.a, version.b, version.c = 1.2, [b], 0.0
    return {version.pk: version for version in versions}


def test_fit_is_the_standardised_log_likelihood_of_each_sitting():
    known, size = _three_items(), frame(make.framework()).size
    means, scores = np.array([np.zeros(size), np.full(size, 0.8), np.zeros(size)]), [[1, 1, 0], [1, 1, 0], [0, 1, 1]]
    who, item = np.repeat(np.arange(3), 3), np.tile(list(known), 3)
    got = personfit.fits(means, who, item, np.ravel(scores), known)
    for theta, told, one in zip((0, 0.8, 0), scores, got, strict=True):
        p = 1 / (1 + np.exp(-1.2 * (theta - np.array([-1.0, 0.0, 1.0]))))
        expected = float((p * np.log(p) + (1 - p) * np.log(1 - p)).sum())
        variance = float((p * (1 - p) * np.log(p / (1 - p)) ** 2).sum())
        seen = float(np.where(told, np.log(p), np.log(1 - p)).sum())
        assert one == pytest.approx((seen - expected) / np.sqrt(variance), rel=1e-9)
    assert got[2] < got[0]


def test_sittings_read_in_parts_are_judged_as_in_one(campaign, monkeypatch):
    Answer.objects.filter(sitting__in=campaign.sittings.order_by("pk")[:3]).update(shown_ms=900)
    told = [
        (one.sitting, one.quick, one.fit, one.answers)
        for one in personfit.flags(EVERYTHING, frame(make.framework()), campaign.pk)
    ]
    assert {one[0] for one in told} >= set(campaign.sittings.order_by("pk")[:3])
    monkeypatch.setattr(personfit, "CHUNK", 2)
    parts = personfit.flags(EVERYTHING, frame(make.framework()), campaign.pk)
    assert [(one.sitting, one.quick, one.fit, one.answers) for one in parts] == told


def test_unusual_sittings_are_shown_within_the_units_only_and_looking_is_recorded(as_user, campaign):
    Answer.objects.update(shown_ms=900)
    with time_machine.travel(make.at(1), tick=False):
        reply = as_user(make.user("training", make.unit("Sở Nội vụ"))).get(reverse("quality:flags"))
        page, rows = reply.content.decode(), reply.context["rows"]
        names = {s.person.full_name: s.person.unit.name for s in Sitting.objects.select_related("person__unit")}
        assert {row.sitting.person.full_name for row in rows} == {n for n, u in names.items() if u == "Sở Nội vụ"}
        assert not [n for n, u in names.items() if u != "Sở Nội vụ" and n in page]
        assert all(row.too_fast for row in rows)
    assert AuditEntry.objects.filter(verb="quality.open_flags").count() == 1
