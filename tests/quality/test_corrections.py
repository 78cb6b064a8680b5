"""Neutralising an item, voiding a sitting, counting a late answer: the ledger grows, the belief is as if never asked."""

import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.urls import reverse

from nanglucso.core.audit import verify
from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import answering
from nanglucso.measure.assessments import services as sittings
from nanglucso.measure.assessments.models import GRACE, LateAnswer, Sitting
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.quality import services
from nanglucso.measure.quality.models import Correction, LateJudgement
from tests import make
from tests.quality import sat

pytestmark = pytest.mark.django_db
REASON = "Văn bản căn cứ đã thay đổi trước ngày đánh giá."


@pytest.fixture
def measured():
    """Four people who sat; two more who did not."""
    people = [make.person() for _ in range(4)]
    campaign = sat.campaign_of(people)
    for n, row in enumerate(campaign.sittings.order_by("pk")):
        sat.sit(row, make.right_choice if n % 2 else make.wrong_choice)
    return campaign, people


@pytest.fixture
def officers():
    return make.user("training"), make.user("training")


def neutralise(version, officers, at=None):
    row = services.prepare(actor=officers[0], kind="neutralise", item_version=version, reason=REASON, at=make.at(3))
    row = sat.work(row)
    services.approve(actor=officers[1], correction=row, at=at or make.at(4))
    return sat.work(row)


def test_the_preview_names_everybody_concerned_and_changes_nothing(measured, officers):
    campaign, people = measured
    version = sat.shared_version(campaign)
    before = {p.pk: sat.stored(p) for p in people}
    row = services.prepare(actor=officers[0], kind="neutralise", item_version=version, reason=REASON, at=make.at(3))
    assert row.status == "preparing"
    row = sat.work(row)
    met = {s.person_id for s in Sitting.objects.filter(answers__item_version=version)}
    assert met
    assert {line.person_id for line in row.lines.all()} == met
    assert row.summary["people"] == len(met)
    assert all(sat.same(before[p.pk], sat.stored(p)) for p in people)
    assert ItemVersion.objects.get(pk=version.pk).counted


def test_the_preview_says_what_then_happens_to_levels_and_words(measured, officers):
    from nanglucso.engines import levels
    from nanglucso.measure.profiles import folding

    campaign, _people = measured
    version = sat.shared_version(campaign)
    frame = folding.frame(make.framework())
    before = {row.person_id: folding.of_row(row, frame.size) for row in Belief.objects.all()}
    row = neutralise(version, officers)
    for line in row.lines.all():
        after = sat.stored(line.person)
        old, new = levels.level_of(before[line.person_id].mean, frame.cuts), levels.level_of(after.mean, frame.cuts)
        moved = {frame.codes[k]: [int(old[k]), int(new[k])] for k in np.flatnonzero(old != new)}
        said = {c["k"]: c["level"] for c in line.changes if c["level"][0] != c["level"][1]}
        assert said == moved
        assert line.shift == pytest.approx(np.abs(after.mean - before[line.person_id].mean).max(), abs=1e-9)


def test_after_neutralising_every_belief_is_as_if_the_item_had_never_been_asked(measured, officers):
    campaign, people = measured
    version = sat.shared_version(campaign)
    old_rows = {row.pk: row.entries for row in Evidence.objects.all()}
    expected = {p.pk: sat.fold_without(p, version) for p in people}
    with_it = {p.pk: sat.stored(p) for p in people}
    row = neutralise(version, officers)
    assert row.status == "applied"
    assert all(sat.same(expected[p.pk], sat.stored(p)) for p in people)
    touched = [p for p in people if not sat.same(with_it[p.pk], sat.stored(p))]
    assert {p.pk for p in touched} == {line.person_id for line in row.lines.all()}
    # The ledger only grew: every row that was there says what it said.
    assert {pk: Evidence.objects.get(pk=pk).entries for pk in old_rows} == old_rows
    assert AuditEntry.objects.filter(verb="quality.correct_profile").count() == len(touched)
    assert verify().ok


def test_undo_puts_every_belief_back_and_keeps_both_steps(measured, officers):
    campaign, people = measured
    version = sat.shared_version(campaign)
    before = {p.pk: sat.stored(p) for p in people}
    row = neutralise(version, officers)
    services.request_undo(
        actor=officers[0], correction=row, reason="Phát hiện văn bản vẫn còn hiệu lực.", at=make.at(5)
    )
    row = sat.work(row)
    assert row.status == "undone"
    assert all(sat.same(before[p.pk], sat.stored(p)) for p in people)
    assert ItemVersion.objects.get(pk=version.pk).counted
    again = neutralise(version, officers, at=make.at(6))
    assert again.status == "applied"
    assert all(sat.same(sat.fold_without(p, version), sat.stored(p)) for p in people)


def test_a_neutralised_item_enters_no_later_result_and_is_served_to_nobody_who_begins(measured, officers):
    campaign, _people = measured
    version = sat.shared_version(campaign)
    running, late_comer = make.person(), make.person()
    sittings.assign(actor=None, campaign=campaign, people=type(running).objects.filter(pk__in=[running.pk, late_comer.pk]), at=make.AT)  # fmt: skip
    under_way = sittings.start_sitting(actor=None, sitting=campaign.sittings.get(person=running), at=make.AT)
    Sitting.objects.filter(pk=under_way.pk).update(served_item=version)
    sent = answering.Sent(0, uuid.uuid4(), version.pk, make.right_choice(version))
    answering.take_answer(sitting_id=under_way.pk, person_id=running.pk, epoch=0, sent=sent, at=make.AT)
    neutralise(version, officers)
    done = sittings.submit(actor=None, sitting=under_way, at=make.at(5))
    assert done.answers.filter(item_version=version).exists()
    assert not Evidence.objects.filter(person=running).exists()
    row = sittings.start_sitting(actor=None, sitting=campaign.sittings.get(person=late_comer), at=make.at(6))
    assert version.pk in row.state["forbidden"]


def test_nobody_approves_their_own_correction_nor_one_of_their_own_item_or_result(measured, officers):
    campaign, _people = measured
    version = sat.shared_version(campaign)
    first, second = officers
    row = sat.work(services.prepare(actor=first, kind="neutralise", item_version=version, reason=REASON, at=make.at(3)))
    with pytest.raises(Refused):
        services.approve(actor=first, correction=row, at=make.at(4))
    ItemVersion.objects.filter(pk=version.pk).update(author=second)
    with pytest.raises(Refused):
        services.approve(actor=second, correction=Correction.objects.get(pk=row.pk), at=make.at(4))
    concerned = row.lines.first().person
    concerned.user = make.user("training")
    concerned.save(update_fields=["user"])
    with pytest.raises(Refused):
        services.approve(actor=concerned.user, correction=row, at=make.at(4))
    assert Correction.objects.get(pk=row.pk).status == "ready"


def test_a_result_that_came_in_after_the_preview_makes_a_new_preview(measured, officers):
    campaign, _people = measured
    version = sat.shared_version(campaign)
    row = sat.work(
        services.prepare(actor=officers[0], kind="neutralise", item_version=version, reason=REASON, at=make.at(3))
    )
    person = row.lines.first().person
    sittings.rate(
        actor=None, person=person, kind="self", levels={"1.1": 2}, framework=make.framework(), at=make.at(3.5)
    )
    with pytest.raises(Refused):
        services.approve(actor=officers[1], correction=row, at=make.at(4))
    row = Correction.objects.get(pk=row.pk)
    assert row.status == "preparing"
    row = sat.work(row)
    services.approve(actor=officers[1], correction=row, at=make.at(5))
    sat.work(row)
    assert sat.same(sat.fold_without(person, version), sat.stored(person))


def test_a_second_correction_of_the_same_rows_must_be_undone_first(measured, officers):
    campaign, _people = measured
    version = sat.shared_version(campaign)
    first = neutralise(version, officers)
    person = first.lines.first().person
    sitting = campaign.sittings.get(person=person)
    void = sat.work(services.prepare(actor=officers[0], kind="void", sitting=sitting, reason=REASON, at=make.at(5)))
    services.approve(actor=officers[1], correction=void, at=make.at(6))
    void = sat.work(void)
    assert Sitting.objects.get(pk=sitting.pk).status == "voided"
    start = np.frombuffer(bytes(Belief.objects.get(person=person).prior_mean))
    assert np.abs(sat.stored(person).mean - start).max() < 1e-12
    assert not Belief.objects.get(person=person).measured
    with pytest.raises(Refused):
        services.request_undo(actor=officers[1], correction=first, reason=REASON, at=make.at(7))
    services.request_undo(actor=officers[1], correction=void, reason=REASON, at=make.at(7))
    sat.work(void)
    assert Sitting.objects.get(pk=sitting.pk).status == "scored"
    assert sat.same(sat.fold_without(person, version), sat.stored(person))


def test_work_that_was_cut_off_goes_on_where_it_stopped(measured, officers):
    campaign, people = measured
    version = sat.shared_version(campaign)
    row = sat.work(
        services.prepare(actor=officers[0], kind="neutralise", item_version=version, reason=REASON, at=make.at(3))
    )
    services.approve(actor=officers[1], correction=row, at=make.at(4))
    row = Correction.objects.get(pk=row.pk)
    row.job.status = "cancelled"
    row.job.save()
    services.corrections._replace(row, list(row.lines.all())[:1], False, make.at(4))
    services.go_on(actor=officers[0], correction=row, at=make.at(4))
    row = sat.work(row)
    assert row.status == "applied"
    assert all(sat.same(sat.fold_without(p, version), sat.stored(p)) for p in people)


def test_a_late_answer_counts_only_after_a_judgement_and_an_approval(officers):
    person = make.person()
    campaign = sat.campaign_of([person])
    row = sittings.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.AT)
    first = ItemVersion.objects.select_related("item").get(pk=row.served_item_id)
    sent = answering.Sent(0, uuid.uuid4(), first.pk, make.right_choice(first))
    reply = answering.take_answer(sitting_id=row.pk, person_id=person.pk, epoch=0, sent=sent, at=make.AT)
    second = ItemVersion.objects.select_related("item__competence").get(pk=reply.version.pk)
    late_at = row.deadline + GRACE + timedelta(seconds=1)
    sent = answering.Sent(1, uuid.uuid4(), second.pk, make.right_choice(second))
    answering.take_answer(sitting_id=row.pk, person_id=person.pk, epoch=0, sent=sent, at=late_at)
    sittings.submit(actor=None, sitting=row, at=late_at)
    late, before = LateAnswer.objects.get(), sat.stored(person)
    made = services.judge_late(
        actor=officers[0], late=late, accepted=True, reason="Mất điện tại trụ sở.", at=make.at(2)
    )
    assert sat.same(before, sat.stored(person))
    made = sat.work(made)
    with pytest.raises(Refused):
        services.approve(actor=officers[0], correction=made, at=make.at(3))
    services.approve(actor=officers[1], correction=made, at=make.at(3))
    sat.work(made)
    now = Evidence.objects.get(person=person, voids=None, voided_by=None)
    assert [entry["item"] for entry in now.entries] == [first.pk, second.pk]
    assert now.entries[1]["score"] == len(second.b)
    assert sat.stored(person).mean[second.item.competence.index] > before.mean[second.item.competence.index]
    with pytest.raises(Refused):
        services.judge_late(actor=officers[1], late=late, accepted=False, reason="Không có căn cứ gì.", at=make.at(4))


def test_a_rejected_late_answer_changes_nothing_and_nobody_judges_their_own(officers):
    person = make.person(login=True)
    campaign = sat.campaign_of([person])
    row = sittings.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.AT)
    late = LateAnswer.objects.create(sitting=row, seq=0, key=uuid.uuid4(), choice="A", at=make.at(1))
    with pytest.raises(Refused):
        services.judge_late(actor=person.user, late=late, accepted=True, reason="Mạng của tôi bị hỏng.", at=make.at(2))
    told = {"accepted": False, "reason": "Thiết bị vẫn có mạng suốt buổi.", "at": make.at(2)}
    assert services.judge_late(actor=officers[0], late=late, **told) is None
    assert not Correction.objects.exists()


def test_a_late_answer_that_cannot_count_is_only_offered_to_be_refused(as_user, officers):
    person = make.person()
    row = sat.campaign_of([person]).sittings.get()
    sat.sit(row)
    late = LateAnswer.objects.create(sitting=row, seq=90, key=uuid.uuid4(), choice="A", at=make.at(1))
    client, address = as_user(officers[0]), reverse("quality:late_judge", args=[late.pk])
    page = client.get(address, {"lang": "en"}).content.decode()
    assert "its item is unknown" in page
    assert 'value="no"' in page
    assert 'value="yes"' not in page
    told = {"accepted": "yes", "reason": "Mất điện tại trụ sở."}
    assert client.post(address, told).status_code == 422
    assert not LateJudgement.objects.exists()
    assert client.post(address, {**told, "accepted": "no"}).status_code == 302
    assert not LateJudgement.objects.get().accepted


def test_a_corrected_result_of_a_held_campaign_waits_for_release_like_the_first_one(officers):
    from nanglucso.measure.profiles.holding import held_for

    person = make.person()
    campaign = sat.campaign_of([person], hold_results=True)
    sat.sit(campaign.sittings.get())
    assert neutralise(sat.shared_version(campaign), officers).status == "applied"
    standing = Evidence.objects.get(person=person, voids=None, voided_by=None)
    assert standing.source.partition("#")[1]
    assert standing.source in held_for(person).sources
