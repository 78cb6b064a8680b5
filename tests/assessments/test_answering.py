"""The answer door: exactly once, in order, the next item stored before it is shown."""

import uuid
from datetime import timedelta

import pytest
from tests import make

from nanglucso.measure.assessments import answering, services, statements
from nanglucso.measure.assessments.answering import Sent, take_answer
from nanglucso.measure.assessments.models import GRACE, Answer, LateAnswer, Sitting
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.queries import standing

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting():
    person = make.person()
    campaign = make.campaign(people=[person], items_min=6, items_max=10)
    return services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.AT)


def send(sitting, seq, choose=make.right_choice, at=make.AT, key=None, epoch=0):
    served = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk).served_item
    sent = Sent(seq, key or uuid.uuid4(), served.pk, choose(served))
    return sent, take_answer(sitting_id=sitting.pk, person_id=sitting.person_id, epoch=epoch, sent=sent, at=at)


def sit(sitting, choose=make.right_choice):
    seq = 0
    while True:
        _, reply = send(sitting, seq, choose)
        seq += 1
        assert reply.kind == "saved"
        if reply.finished:
            return services.submit(actor=None, sitting=sitting, at=make.at(hours=1))


def test_an_answer_is_stored_and_the_next_item_is_served_in_the_same_step(sitting):
    first = sitting.served_item_id
    _, reply = send(sitting, 0)
    row = Sitting.objects.get(pk=sitting.pk)
    assert (reply.kind, reply.seq, row.seq) == ("saved", 1, 1)
    assert row.served_item_id == reply.version.pk != first
    assert Answer.objects.get().item_version_id == first


def test_the_same_key_twice_is_one_answer_and_shows_the_same_next_item(sitting):
    sent, first = send(sitting, 0)
    again = take_answer(sitting_id=sitting.pk, person_id=sitting.person_id, epoch=0, sent=sent, at=make.AT)
    assert (again.kind, again.seq, again.version) == ("replay", 1, first.version)
    assert Answer.objects.count() == 1


def test_another_key_for_a_past_step_is_out_of_step_and_stores_nothing(sitting):
    sent, _ = send(sitting, 0)
    other = Sent(0, uuid.uuid4(), sent.item, sent.choice)
    reply = take_answer(sitting_id=sitting.pk, person_id=sitting.person_id, epoch=0, sent=other, at=make.AT)
    assert (reply.kind, reply.seq) == ("out_of_step", 1)
    assert Answer.objects.count() == 1


def test_a_stranger_cannot_answer(sitting):
    sent = Sent(0, uuid.uuid4(), sitting.served_item_id, "A")
    with pytest.raises(Sitting.DoesNotExist):
        take_answer(sitting_id=sitting.pk, person_id=sitting.person_id + 1, epoch=0, sent=sent, at=make.AT)


def test_taking_over_ends_the_older_ticket(sitting):
    services.take_over(actor=None, sitting=sitting, at=make.AT)
    _, reply = send(sitting, 0, epoch=0)
    assert reply.kind == "taken_over"
    _, reply = send(sitting, 0, epoch=1)
    assert reply.kind == "saved"


def test_grace_counts_one_answer_and_later_ones_are_kept_for_people_to_judge(sitting):
    _, reply = send(sitting, 0, at=sitting.deadline + timedelta(seconds=100))
    assert (reply.kind, reply.late_in_grace, reply.finished) == ("saved", True, True)
    other = make.person()
    campaign = make.campaign(people=[other], items_min=6, items_max=10)
    late = services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.AT)
    _, reply = send(late, 0, at=late.deadline + GRACE + timedelta(seconds=1))
    assert reply.kind == "closed"
    assert (late.answers.count(), LateAnswer.objects.count()) == (0, 1)


def test_no_item_and_no_family_comes_twice(sitting):
    sit(sitting, make.wrong_choice)
    families = list(Answer.objects.values_list("item_version__item__family", flat=True))
    assert len(families) == len(set(families)) == 10


def test_a_finished_sitting_enters_the_ledger_once_and_moves_the_belief(sitting):
    row = sit(sitting)
    services.submit(actor=None, sitting=row, at=make.at(1))
    assert (row.status, Evidence.objects.count()) == (Sitting.Status.SCORED, 1)
    assert len(row.chain_hash) == 64
    assert Belief.objects.get().measured
    bars = standing(make.framework(), row.person).bars
    assert sum(bar.p_met for bar in bars) / len(bars) > 0.6


def test_the_same_state_always_chooses_the_same_item(sitting):
    from nanglucso.measure.assessments import delivery

    row = Sitting.objects.get(pk=sitting.pk)
    here = delivery.desk(row.campaign)
    again = delivery.next_turn(here, row.pk, row.start, row.state)
    assert again.version.pk == row.served_item_id


def test_pausing_moves_the_deadline_by_the_pause(sitting):
    services.pause(actor=None, sitting=sitting, at=make.at(minutes=5))
    services.resume(actor=None, sitting=sitting, at=make.at(minutes=15))
    row = Sitting.objects.get(pk=sitting.pk)
    assert row.deadline == sitting.deadline + timedelta(minutes=10)


def test_the_doors_own_statements_name_what_the_models_name(sitting):
    """Written as text for speed: every column that an answer has is stored, and all of it reads back the same."""
    told = {f"{field.column}" for field in Answer._meta.concrete_fields if not field.primary_key}
    assert set(statements.COLUMNS.strip("()").split(", ")) == told
    assert {Answer._meta.db_table, Sitting._meta.db_table} <= set(statements.BOTH.split())
    row = statements.read_locked(sitting.pk, sitting.person_id)
    stored = Sitting.objects.get(pk=sitting.pk)
    assert {name: getattr(stored, name) for name in statements.SittingRow.__dataclass_fields__} == vars(row)
    sent, reply = send(sitting, 0)
    kept = Answer.objects.get()
    assert (kept.sitting_id, kept.seq, kept.item_version_id, kept.choice) == (sitting.pk, 0, sent.item, sent.choice)
    assert (kept.key, kept.shown_ms, kept.late, kept.at) == (sent.key, 0, False, make.AT)
    moved = Sitting.objects.get(pk=sitting.pk)
    assert (moved.state["asked"], moved.state["scores"]) == ([sent.item], [kept.score])
    assert (moved.served_item_id, moved.served_at) == (reply.version.pk, make.AT)


def test_a_failure_after_the_answer_was_written_leaves_nothing_and_blocks_nobody(sitting, monkeypatch):
    """The whole of it or nothing, and the same key is taken afterwards."""
    store, key = answering.store, uuid.uuid4()

    def broken(*told):
        store(*told)
        raise RuntimeError("the process fails here")

    with monkeypatch.context() as patched:
        patched.setattr(answering, "store", broken)
        with pytest.raises(RuntimeError):
            send(sitting, 0, key=key)
    assert (Answer.objects.count(), Sitting.objects.get(pk=sitting.pk).seq) == (0, 0)
    _, reply = send(sitting, 0, key=key)
    assert (reply.kind, Answer.objects.get().key) == ("saved", key)
