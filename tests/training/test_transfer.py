"""Three to six months after a class: what is left of a gain that is known because it is simulated; what heads say."""

from datetime import timedelta

import numpy as np
import pytest
import yaml

from nanglucso.core import erasing, own_data
from nanglucso.core.content import root
from nanglucso.core.models import AuditEntry, RoleGrant
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import Scope
from nanglucso.develop.training import estimating, proving, queries, services, transfer
from nanglucso.develop.training.models import ClassTransfer, EffectProposal, TransferView
from nanglucso.engines.effect_lasting import Left
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.services import NewEvidence, record_many
from nanglucso.project.demo import takers
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db
ITEMS = 24
ASKED = timedelta(days=100)


def sit(campaign, truth, rng, at):
    """Everybody with a place in a campaign really sits it."""
    rows = list(campaign.sittings.select_related("campaign", "person"))
    takers.sit_many(rows, truth, rng, at + timedelta(days=1), at + timedelta(days=9))


def answer(campaign, codes, truth, rng, at):
    """The same without the pages: what `ITEMS` items on each competence would put into the ledger, item by item."""
    frame, rows = folding.frame(make.framework()), []
    for sitting in campaign.sittings.select_related("person").order_by("person_id"):
        entries = []
        for code in codes:
            theta = float(truth[sitting.person_id][frame.index(code)])
            for b in np.linspace(-2.5, 2.5, ITEMS) + theta:
                right = rng.random() < 1 / (1 + np.exp(-(theta - b)))
                entries.append({"k": code, "item": 0, "a": 1.0, "b": [float(b)], "c": 0.0, "score": int(right)})
        rows.append(NewEvidence(sitting.person, Evidence.Kind.SITTING, f"sitting:{sitting.pk}", entries))
    record_many(actor=None, framework=make.framework(), evidence=rows, at=at)


def told(row):
    return {"actor": None, "framework": make.framework(), "training_class": row}


def live(n_class, n_beside, *, gain, kept, seed=1):
    """A class with a true gain in logits, measured right after; `kept` of it is left at the re-check.

    Returns the class and the gain in levels.
    """
    rng, frame = np.random.default_rng(seed), folding.frame(make.framework())
    people = [make.person(login=False) for _ in range(n_class + n_beside)]
    mine, beside = people[:n_class], people[n_class:]
    course = plan.planned(course="S3-CB-01").course
    codes = queries.covered_codes(course)
    truth = {p.pk: theta - 1.8 for p, theta in zip(people, drawn(len(people), rng), strict=True)}
    answer(make.campaign(people=people, competences=codes, items_min=3, items_max=5), codes, truth, rng, make.at(1))
    row = plan.finished(mine, course="S3-CB-01", start=2)
    truth |= {p.pk: truth[p.pk] + gain for p in mine}
    at = row.closed_at + timedelta(days=20)
    answer(services.open_retest(**told(row), people=people, at=at), codes, truth, rng, at + timedelta(days=5))
    proving.measure_effect(**told(row), comparison=beside, at=at + timedelta(days=15))
    truth |= {p.pk: truth[p.pk] - gain * (1 - kept) for p in mine}
    later = row.closed_at + ASKED
    answer(services.open_recheck(**told(row), at=later), codes, truth, rng, later + timedelta(days=5))
    bands = [(c.competence.index, c.from_level, c.to_level) for c in course.covers.select_related("competence")]
    row.refresh_from_db()
    return row, gain / estimating.band_width(frame, bands)


def drawn(n, rng):
    """True abilities (K,) of n people under the framework's prior."""
    root = np.linalg.cholesky(folding.frame(make.framework()).prior_cov)
    return [0.75 * (root @ rng.normal(size=len(root))) for _ in range(n)]


def measured(row):
    found = proving.measure_transfer(**told(row), at=row.closed_at + timedelta(days=125))
    row.refresh_from_db()
    return found


@pytest.mark.parametrize(
    ("kept", "word"), [
        (1.0, transfer.KEPT), (0.0, transfer.REDUCED),
        pytest.param(0.5, transfer.REDUCED, marks=pytest.mark.thorough),
    ],
)  # fmt: skip
def test_what_is_left_of_a_gain_is_covered_and_named(kept, word):
    row, gain = live(24, 24, gain=2.0, kept=kept)
    effect, found = row.effect, measured(row)
    assert (found.people, found.comparison, found.method) == (24, 24, estimating.WITH_COMPARISON)
    assert effect.low < gain < effect.high
    assert found.low < kept * gain < found.high
    assert found.shift == pytest.approx(found.trained - found.untrained)
    one = queries.lasting(row)
    assert one.left.low < kept < one.left.high
    assert one.left.share == pytest.approx(found.shift / effect.shift)
    assert one.word == word
    assert [other.word for other in queries.lasting_of(row.course)] == [word]


def test_without_a_clear_gain_right_after_there_is_nothing_to_keep():
    row, _gain = live(8, 8, gain=0.0, kept=1.0, seed=3)
    assert not row.effect.low > 0
    measured(row)
    one = queries.lasting(row)
    assert (one.left, one.word) == (None, transfer.UNCLEAR)
    row.effect.delete()
    row.refresh_from_db()
    assert queries.lasting(row).effect is None
    assert queries.lasting(row).word == transfer.UNCLEAR


def test_people_who_really_sit_the_re_check_are_read_from_it():
    people = [make.person(login=False) for _ in range(12)]
    rng, frame = np.random.default_rng(5), folding.frame(make.framework())
    # Under the prior: beside nobody else the reading is as right as what was believed of the class before.
    truth = {p.pk: theta for p, theta in zip(people, drawn(12, rng), strict=True)}
    codes = queries.covered_codes(plan.planned(course="S3-CB-01").course)
    sit(make.campaign(people=people, competences=codes, items_min=3, items_max=5), truth, rng, make.AT)
    row = plan.finished(people[:6], course="S3-CB-01", start=2)
    campaign = services.open_recheck(**told(row), at=row.closed_at + ASKED)
    assert (campaign.items_max, campaign.minutes, campaign.purpose) == (6, 15, "retest")
    assert campaign.competences == codes
    assert set(campaign.sittings.values_list("person", flat=True)) == {p.pk for p in people[:6]}
    sit(campaign, {p.pk: truth[p.pk] + 1.2 for p in people}, rng, row.closed_at + ASKED)
    found = measured(row)
    assert (found.people, found.comparison, found.method) == (6, 0, estimating.WITHOUT)
    bands = [(c.competence.index, c.from_level, c.to_level) for c in row.course.covers.select_related("competence")]
    assert abs(found.shift - 1.2 / estimating.band_width(frame, bands)) < 4 * found.standard_error
    state = queries.recheck_state(row)
    assert (state.trained, state.trained_done, state.beside) == (6, 6, 0)


def test_the_re_check_leaves_the_effect_right_after_and_the_plan_alone():
    row, _gain = live(8, 8, gain=2.0, kept=0.2, seed=4)
    before = row.effect.shift
    measured(row)
    beside = queries.retest_people(row)
    again = proving.measure_effect(**told(row), comparison=beside, at=row.closed_at + timedelta(days=150))
    assert again.shift == pytest.approx(before), "answers of the re-check are none of it"
    measured(row)
    assert ClassTransfer.objects.count() == 1
    assert EffectProposal.objects.filter(status="waiting").count() == 1
    row.course.refresh_from_db()
    assert row.course.measured == {}


def test_whoever_took_another_class_on_this_meanwhile_is_left_out():
    row, _gain = live(8, 6, gain=1.5, kept=1.0, seed=6)
    assert (measured(row).people, measured(row).comparison) == (8, 6)
    mine = [one.person for one in row.enrolments.order_by("pk")[:2]]
    plan.finished(mine + queries.retest_people(row)[:1], course="S3-CB-01", start=6)
    assert (measured(row).people, measured(row).comparison) == (6, 5)


def test_the_re_check_is_refused_before_and_after_its_window_twice_and_before_the_end():
    people = [make.person() for _ in range(2)]
    row = plan.finished(people[:1])
    first, last = row.closed_at + timedelta(days=90), row.closed_at + timedelta(days=180)
    with pytest.raises(Refused, match="Còn sớm"):
        services.open_recheck(**told(row), at=first - timedelta(minutes=1))
    with pytest.raises(Refused, match="Đã hết hạn"):
        services.open_recheck(**told(row), at=last + timedelta(minutes=1))
    with pytest.raises(Refused, match="chưa kết thúc"):
        services.open_recheck(**told(plan.opened([people[1]], start=9)), at=first)
    with pytest.raises(Refused, match="chưa được đo lại"):
        proving.measure_transfer(**told(row), at=first)
    services.open_retest(**told(row), people=people, at=row.closed_at + timedelta(days=20))
    campaign = services.open_recheck(**told(row), at=first)
    assert set(campaign.sittings.values_list("person", flat=True)) == {p.pk for p in people}
    assert AuditEntry.objects.get(verb="training.open_recheck").details == {"people": 1, "beside": 1}
    with pytest.raises(Refused, match="chỉ có một lần"):
        services.open_recheck(**told(row), at=first)
    with pytest.raises(Refused, match="Chưa đến 5 người"):
        proving.measure_transfer(**told(row), at=last)
    assert not ClassTransfer.objects.exists()


def test_the_words_follow_the_interval_and_nothing_else():
    rules = transfer.transfer_rules()
    words = {span: rules.word(Left(0.6, *span)) for span in ((0.51, 1.4), (0.5, 1.4), (0.6, 0.79), (0.3, 0.8))}
    assert list(words.values()) == ["kept", "unclear", "reduced", "unclear"]
    assert rules.word(None) == "unclear"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("least_people: 5", "least_people: 4"), ("window: [90, 180]", "window: [180, 90]"),
        ("kept_above: 0.5", "kept_above: 0.9"), ("use: true, ", ""), ("{id: tot,", "{id: dung,"),
    ],
)  # fmt: skip
def test_a_file_that_would_hurt_is_not_read(tmp_path, old, new):
    text = (root() / "transfer.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "transfer.yaml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"transfer\.yaml"):
        transfer.transfer_rules(tmp_path / "transfer.yaml")


def test_the_shipped_file_says_that_it_is_a_proposal_in_both_languages():
    raw = yaml.safe_load((root() / "transfer.yaml").read_text(encoding="utf-8"))
    assert raw["status"] == "đề xuất"
    rules = transfer.transfer_rules()
    assert [one.code for one in rules.scale] == ["1", "2", "3", "4", "5"]
    assert len(rules.statements) == 3
    assert all(one.text.vi and one.text.en for one in rules.statements)
    assert (rules.least_people, rules.use) == (estimating.LEAST_PEOPLE, "dung")


def view(place, actor=None, use=4, days=100, **more):
    answers = {"dung": use, "tot": 4, "kien": 4} | more.pop("answers", {})
    at = place.training_class.closed_at + timedelta(days=days)
    return services.give_transfer(actor=actor, enrolment=place, answers=answers, at=at, **more)


def head_over(unit):
    person = make.person(unit=unit, login=True)
    RoleGrant.objects.create(user=person.user, role="head", unit=unit, granted_at=make.at(-400))
    return person


def test_a_view_is_kept_corrected_by_the_same_head_and_each_change_is_logged():
    boss, other = make.user("head"), make.user("head")
    person = make.person()
    place = plan.finished([person]).enrolments.get()
    view(place, boss, note="  Tự lập được báo cáo. ")
    kept = TransferView.objects.get()
    assert (kept.answers, kept.note, kept.by) == ({"dung": 4, "tot": 4, "kien": 4}, "Tự lập được báo cáo.", boss)
    view(place, boss, use=0, days=110)
    kept.refresh_from_db()
    assert (kept.answers["dung"], kept.note, kept.at) == (0, "", place.training_class.closed_at + timedelta(days=110))
    log = AuditEntry.objects.filter(verb="training.give_transfer").order_by("seq")
    assert [one.details for one in log] == [{}, {"corrected": ["dung", "note"]}]
    assert {one.person_id for one in log} == {person.pk}
    with pytest.raises(Refused, match="chỉ người đó sửa được"):
        view(place, other)
    with pytest.raises(Refused, match="Đã hết hạn"):
        view(place, boss, days=181)
    kept.refresh_from_db()
    assert kept.answers["dung"] == 0


def test_a_view_is_refused_about_oneself_incomplete_too_long_early_and_of_who_did_not_complete():
    head, absent = head_over(make.unit()), make.person()
    row = plan.opened([head, absent])
    plan.attended(row, [head])
    services.finish_class(**told(row), at=row.sessions.last().ends_at)
    place = row.enrolments.get(person=head)
    with pytest.raises(Refused, match="chính mình"):
        view(place, head.user)
    with pytest.raises(Refused, match="đã hoàn thành lớp"):
        view(row.enrolments.get(person=absent))
    with pytest.raises(Refused, match="Còn sớm"):
        view(place, days=89)
    for wrong in ({"tot": 6}, {"tot": -1}, {"tot": None}):
        with pytest.raises(Refused, match=": 2"):
            view(place, answers=wrong)
    with pytest.raises(Refused, match="300"):
        view(place, note="x" * 301)
    assert not TransferView.objects.exists()
    view(place, note="x" * 300)


def test_a_head_is_asked_about_people_of_the_own_units_in_the_window_but_never_about_oneself():
    here, there = make.unit("Sở Nội vụ"), make.unit("Sở Tài chính")
    head = head_over(here)
    mine, theirs, gone = make.person(unit=here), make.person(unit=there), make.person(unit=here)
    row = plan.finished([head, mine, theirs, gone])
    type(gone).objects.filter(pk=gone.pk).update(active=False)

    def asked(days, unit=here, person=head, ask=queries.transfer_places):
        scope = Scope(paths=(unit.path,), person_id=person.pk)
        return [one.person for one in ask(scope, row.closed_at + timedelta(days=days))]

    assert [asked(days) for days in (89, 90, 180, 181)] == [[], [mine], [mine], []]
    assert asked(100, unit=there) == [theirs]
    assert asked(100, ask=queries.transfer_waiting) == [mine]
    view(row.enrolments.get(person=mine), head.user)
    assert asked(100, ask=queries.transfer_waiting) == []
    assert asked(100) == [mine]


def test_no_share_from_fewer_than_five_observed_nor_while_the_window_is_open():
    people = [make.person() for _ in range(8)]
    row = plan.finished(people)
    places = list(row.enrolments.order_by("pk"))

    def say(days=181):
        return queries.heads_say(row, row.closed_at + timedelta(days=days))

    assert say(89) is None
    for place, use in zip(places, (5, 4, 3, 1, 0, 0), strict=False):
        view(place, use=use)
    four = say()
    assert (four.asked, four.given, four.observed, four.unseen, four.used, four.share) == (8, 6, 4, 2, None, None)
    view(places[6], use=5)
    assert (say(150).observed, say(150).used) == (5, None)
    assert (say().observed, say().used, say().share) == (5, 3, 60.0)


def test_the_person_reads_it_and_it_is_in_the_own_data_and_loses_its_note_when_erased():
    person = make.person(login=True)
    place = plan.finished([person]).enrolments.get()
    view(place, make.user("head"), use=0, note="Thấy tự làm được.")
    [said] = queries.views_about(person)
    assert [(statement.id, seen) for statement, _word, seen in said.lines] == [
        ("dung", False), ("tot", True), ("kien", True)
    ]  # fmt: skip
    assert queries.views_about(make.person()) == []
    kind = next(one for one in own_data.kinds() if one.key == "transfer_views")
    [row] = own_data.rows_of(kind, person.user).values(*kind.fields)
    assert (row["answers"]["dung"], row["note"]) == (0, "Thấy tự làm được.")
    assert kind.erased == ("note",)
    erasing.empty(own_data.owned(kind, [person.pk]), kind.erased)
    assert TransferView.objects.get().note == ""
