"""The house moves to another framework by a crosswalk, and back: requirements, items, courses, evidence, beliefs."""

import uuid
from dataclasses import replace

import numpy as np
import pytest

from nanglucso.core.refusals import Refused
from nanglucso.develop.plans.models import CourseCover
from nanglucso.measure.bank.models import Item
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence
from nanglucso.measure.profiles.proving import strayed
from nanglucso.measure.profiles.queries import standing, trend
from nanglucso.measure.profiles.services import NewEvidence, record
from nanglucso.measure.profiles.translating import weakened
from nanglucso.workforce.framework import services
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.outline import LevelOutline, Words
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.framework.services import drafts
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shipped():
    make.everything_shipped()
    folding.forget_frames()
    yield
    folding.forget_frames()


@pytest.fixture
def person():
    row = make.person(position=make.position("VTVL-SO-VT-01"))
    entries = [
        {"k": k, "item": n, "a": 1.4, "b": [0.1 * n - 0.4], "c": 0.0, "score": int(n % 3 > 0)}
        for n, k in enumerate(["3.3", "5.2", "4.1", "6.4"] * 3)
    ]
    told = [
        ("self", [{"k": "3.3", "rating": 3}, {"k": "5.2", "rating": 2}]), ("sitting", entries),
        ("certificate", [{"k": "1.1", "level": 2}]),
    ]  # fmt: skip
    for day, (kind, rows) in enumerate(told):
        evidence = NewEvidence(row, kind, f"{kind}:1", rows)
        record(actor=None, framework=make.framework(), evidence=evidence, at=make.at(day))
    return row


def published(change=None, version="2027"):
    """A version made from the one in force, changed, reviewed and published."""
    officer, leader = make.user("training"), make.user("leader")
    draft = services.start_draft(actor=officer, source=current_framework(), version=version, at=make.at(5))
    if change:
        services.edit(actor=officer, draft=draft, change=change, what="test", at=make.at(5))
    services.ask_review(actor=officer, draft=draft, at=make.at(5))
    services.publish(actor=leader, draft=draft, at=make.at(5))
    return draft


def crossing(target):
    return services.start_crossing(
        actor=make.user("training"), source=current_framework(), target=target, at=make.at(6)
    )


def photograph():
    """Everything that a move may touch."""
    return (
        sorted(Requirement.objects.values_list("position__code", "competence", "level", "weight", "must_have", "reason")),
        sorted(Item.objects.values_list("pk", "competence", "level", "indicator")),
        sorted(CourseCover.objects.values_list("course", "competence", "from_level", "to_level")),
        sorted(PositionFamily.objects.values_list("code", "defaults"), key=str),
        sorted(Position.objects.values_list("code", "framework")),
        sorted(BeliefPoint.objects.values_list("pk", "evidence")),
        sorted(Evidence.objects.values_list("pk", "framework")),
        sorted((b.person_id, b.framework_id, bytes(b.mean), bytes(b.covariance), bytes(b.prior_mean), b.prior_id) for b in Belief.objects.all()),
        sorted(Framework.objects.values_list("pk", "status", "published_on")),
    )  # fmt: skip


def test_a_move_to_an_equal_version_changes_nobody(person):
    old, way = current_framework(), crossing(published())
    was = standing(old, person)
    before = np.array(folding.of_row(Belief.objects.get(person=person), 20).mean)
    found = services.preview_move(actor=None, crossing=way, at=make.at(6))
    assert found["profiles"]["changed"] == 0
    assert found["people"]["lost"] == 0
    assert found["bank"]["items_left"] == 0
    services.move(actor=make.user("training"), crossing=way, at=make.at(7))
    assert current_framework() == way.target
    row = Belief.objects.get(person=person)
    assert row.framework == way.target
    assert np.allclose(folding.of_row(row, 20).mean, before, atol=1e-12)
    now = standing(way.target, person)
    assert [bar.state for bar in now.bars] == [bar.state for bar in was.bars]
    assert not Item.objects.filter(competence__framework=old).exists()
    assert Requirement.objects.filter(competence__framework=old).count() == 0
    assert list(strayed()) == []
    assert len(trend(way.target, person)) == 3


def test_undo_puts_every_row_back(person):
    before, way = photograph(), crossing(published(merged))
    states = photograph()
    move = services.move(actor=make.user("training"), crossing=way, at=make.at(7))
    assert photograph()[0] != before[0]
    services.undo_move(actor=make.user("training"), row=move, at=make.at(8))
    assert photograph() == states
    assert list(strayed()) == []


def merged(told):
    """5.1 and 5.2 become one, 3.3 is split in two, five levels in place of four."""
    two = next(row for row in told.competences if row.code == "5.2")
    told = drafts.without_competence(told, two.uid)
    three = next(row for row in told.competences if row.code == "3.3")
    half = replace(three, uid=uuid.uuid5(uuid.NAMESPACE_URL, "3.5"), code="3.5", words=Words("Nửa kia", "Other half"))
    told = drafts.with_competence(told, half, [])
    levels = [*told.levels, LevelOutline(uuid.uuid5(uuid.NAMESPACE_URL, "M5"), "M5", Words("Mức năm", "Five"))]
    return drafts.with_levels(told, levels, [-1.2, -0.2, 0.8, 1.8, 2.6])


def drawn(way):
    """Links by hand: 5.1 and 5.2 into 5.1, 3.3 into 3.3 and 3.5."""
    there = {row.code: row.pk for row in way.source.competences.all()}
    here = {row.code: row.pk for row in way.target.competences.all()}
    links = [(there[c], here[c], 1.0) for c in there if c in here]
    links += [(there["5.2"], here["5.1"], 0.9), (there["3.3"], here["3.5"], 0.8), (there["3.4"], here["3.5"], 0.2)]
    services.set_links(actor=way.made_by, crossing=way, links=links, levels={1: 1, 2: 2, 3: 4, 4: 5}, at=make.at(6))
    return there, here


def test_requirements_follow_strong_links_and_weights_still_add_up():
    way = crossing(published(merged))
    _there, here = drawn(way)
    position = make.position("VTVL-SO-VT-01")
    old = {row.competence.code: row for row in position.requirements.select_related("competence")}
    services.move(actor=make.user("training"), crossing=way, at=make.at(7))
    new = {row.competence_id: row for row in position.requirements.all()}
    assert new[here["5.1"]].level == 4  # the higher of the two, level 3 there is level 4 here
    assert new[here["5.1"]].must_have
    assert new[here["3.5"]].level == 4
    assert new[here["3.3"]].weight + new[here["3.5"]].weight == pytest.approx(old["3.3"].weight, abs=0.02)
    assert sum(row.weight for row in new.values()) == pytest.approx(sum(row.weight for row in old.values()), abs=0.1)
    assert new[here["3.4"]].level == old["3.4"].level
    assert Item.objects.filter(competence=here["5.1"]).count() > Item.objects.filter(competence=here["1.3"]).count()
    assert Item.objects.filter(competence=here["3.5"]).count() == 0


def test_preview_names_who_changes_and_changes_nothing(person):
    way = crossing(published(lambda told: drafts.with_levels(told, list(told.levels), [0.5, 1.5, 2.5, 3.5])))
    before = photograph()
    found = services.preview_move(actor=None, crossing=way, at=make.at(6))["profiles"]
    assert photograph() == before
    assert found["changed"] == 1
    assert found["people"][0][0] == person.pk
    services.move(actor=make.user("training"), crossing=way, at=make.at(7))
    now = standing(way.target, person)
    counted = [sum(bar.state == word for bar in now.bars) for word in ("met", "not_met", "not_yet_known")]
    assert counted == found["people"][0][4:]


def test_new_evidence_adds_to_the_old_in_the_new_framework(person):
    way = crossing(published(merged))
    drawn(way)
    services.move(actor=make.user("training"), crossing=way, at=make.at(7))
    entries = [{"k": "3.5", "item": n, "a": 1.5, "b": [0.0], "c": 0.0, "score": 1} for n in range(12)]
    k = folding.frame(way.target).index("3.5")
    before = folding.of_row(Belief.objects.get(person=person), 20).mean[k]
    record(
        actor=None, framework=way.target, evidence=NewEvidence(person, "sitting", "sitting:9", entries), at=make.at(9)
    )
    assert folding.of_row(Belief.objects.get(person=person), 20).mean[k] > before + 0.2
    assert list(strayed()) == []
    with pytest.raises(Refused):
        services.undo_move(actor=None, row=way.moves.get(), at=make.at(10))


def test_a_weaker_link_tells_less():
    slope, steps = weakened(1.4, [0.5, 1.0], 0.7)
    assert 0 < slope < 1.4 * 0.7
    assert steps == [0.5 / 0.7, 1.0 / 0.7]
    assert weakened(1.4, [0.5], 1) == (1.4, [0.5])


def test_what_stands_in_the_way_is_said():
    way = crossing(published())
    with pytest.raises(Refused):
        services.move(actor=way.made_by, crossing=way, at=make.at(7))  # who drew it does not decide
    campaign = make.campaign()
    assert any(str(campaign) in str(text) for text in services.reasons_against(way))
    with pytest.raises(Refused):
        services.move(actor=None, crossing=way, at=make.at(7))
    back = services.start_crossing(actor=None, source=way.target, target=way.source, at=make.at(7))
    assert services.reasons_against(back)


def test_a_ledger_that_grew_meanwhile_stops_the_move(person, monkeypatch):
    from nanglucso.measure.profiles import moving

    way = crossing(published())
    told = moving.BeliefMover.prepare

    def slow(self, passage, *, at, step):
        ready = told(self, passage, at=at, step=step)
        record(
            actor=None,
            framework=passage.source,
            evidence=NewEvidence(person, "self", "self:2", [{"k": "3.3", "rating": 1}]),
            at=at,
        )
        return ready

    monkeypatch.setattr(moving.BeliefMover, "prepare", slow)
    with pytest.raises(Refused):
        services.move(actor=None, crossing=way, at=make.at(7))
    assert current_framework() == way.source
    assert not Requirement.objects.filter(competence__framework=way.target).exists()
