"""The exposure cap of live sittings: exact, held without turning late comers away, reported only for a trial bank."""

import threading
import uuid
from datetime import timedelta
from importlib import import_module

import numpy as np
import pytest
from django.apps import apps
from django.db import connection
from tests import make

from nanglucso.core import jobs
from nanglucso.core.models import Job
from nanglucso.core.refusals import Refused
from nanglucso.measure.assessments import answering, delivery, exposing, services
from nanglucso.measure.assessments.filling import blueprint
from nanglucso.measure.assessments.models import Answer, Campaign, Exposure, Sitting

SHORT = {"items_min": 8, "items_max": 10}
PEOPLE, CAP = 32, 0.25


def sat(sitting, rng):
    """One whole test through the services; answers are right or wrong by lot."""
    sitting = services.start_sitting(actor=None, sitting=sitting, at=make.at(1))
    version, told = sitting.served_item, {"sitting_id": sitting.pk, "person_id": sitting.person_id}
    for seq in range(99):
        choose = make.right_choice if rng.random() < 0.5 else make.wrong_choice
        sent = answering.Sent(seq, uuid.uuid4(), version.pk, choose(version))
        reply = answering.take_answer(**told, epoch=0, sent=sent, at=make.at(1) + timedelta(minutes=1))
        assert reply.kind == "saved"
        version = reply.version
        if version is None:
            return seq + 1
    raise AssertionError("a test without an end")


@pytest.mark.django_db
def test_every_item_stays_at_or_under_the_cap_and_late_comers_are_measured_as_well():
    campaign = make.campaign(people=[make.person() for _ in range(PEOPLE)], exposure_cap=CAP, **SHORT)
    assert not campaign.trial_bank
    assert exposing.price(campaign) > 0
    rng = np.random.default_rng(7)
    lengths = [sat(one, rng) for one in campaign.sittings.select_related("campaign", "person")]
    served = np.array(campaign.exposures.values_list("served", flat=True))
    limit = int(CAP * PEOPLE)
    assert (served.sum(), served.max()) == (sum(lengths), limit), "the cap is reached and never passed"
    met = [Answer.objects.filter(item_version=row.item_version).count() for row in campaign.exposures.all()]
    assert met == [row.served for row in campaign.exposures.all()]
    assert min(lengths) >= campaign.items_min, "nobody ran out of items"
    here, left = delivery.desk(campaign), []
    for row in campaign.sittings.all():
        belief = delivery.belief_now(here, row.start, row.state["asked"], row.state["scores"])
        need = np.array(row.state["required"]) > 0
        left.append(np.sqrt(belief.var[need]).mean())
    quarter = PEOPLE // 4
    assert np.mean(left[-quarter:]) <= np.mean(left[:quarter]) + 0.03


@pytest.mark.django_db
def test_without_the_cap_the_same_people_meet_some_items_more_often():
    campaign = make.campaign(people=[make.person() for _ in range(12)], **SHORT)
    Campaign.objects.filter(pk=campaign.pk).update(trial_bank=True)
    rng = np.random.default_rng(7)
    for one in campaign.sittings.select_related("campaign", "person"):
        sat(one, rng)
    assert campaign.exposures.order_by("-served").first().served > CAP * 12


@pytest.mark.django_db
def test_an_item_that_reached_its_limit_meanwhile_is_drawn_again_without_it():
    """What this process read of the counters is older than what another one wrote."""
    one, two = make.person(), make.person()
    campaign = make.campaign(people=[one, two], exposure_cap=0.5, **SHORT)
    first, second = campaign.sittings.select_related("campaign", "person")
    got = services.start_sitting(actor=None, sitting=first, at=make.at(1)).served_item
    kept = exposing._KEPT[campaign.pk]
    assert kept.limit == 1
    kept.counts[:] = 0
    seen = services.start_sitting(actor=None, sitting=second, at=make.at(1)).served_item
    assert seen != got
    assert sorted(campaign.exposures.exclude(served=0).values_list("served", flat=True)) == [1, 1]


@pytest.mark.django_db
def test_a_repeated_answer_is_not_counted_twice():
    campaign = make.campaign(people=[make.person()], **SHORT)
    sitting = services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.at(1))
    sent = answering.Sent(0, uuid.uuid4(), sitting.served_item_id, make.right_choice(sitting.served_item))
    for kind in ("saved", "replay"):
        told = {"sitting_id": sitting.pk, "person_id": sitting.person_id, "epoch": 0}
        assert answering.take_answer(**told, sent=sent, at=make.at(1)).kind == kind
    assert sum(campaign.exposures.values_list("served", flat=True)) == 2


@pytest.mark.django_db
def test_a_cap_that_the_bank_cannot_keep_stops_the_opening_and_says_how_many_are_needed():
    make.person()
    campaign = make.campaign(opened=False, exposure_cap=0.02, **SHORT)
    plan = blueprint(campaign)
    assert (plan.fills, plan.spread) == (False, 500)
    assert "500" in plan.sentences[-1]
    with pytest.raises(Refused, match="500"):
        services.open_campaign(actor=None, campaign=campaign, at=make.AT)


@pytest.mark.django_db
def test_a_campaign_that_was_open_before_the_counters_gets_them_from_its_answers():
    """The step of the migration, over the models of today."""
    campaign = make.campaign(people=[make.person()], **SHORT)
    sitting = services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.at(1))
    sent = answering.Sent(0, uuid.uuid4(), sitting.served_item_id, make.right_choice(sitting.served_item))
    told = {"sitting_id": sitting.pk, "person_id": sitting.person_id, "epoch": 0}
    second = answering.take_answer(**told, sent=sent, at=make.at(1)).version
    before = list(campaign.exposures.order_by("item_version").values_list("item_version", "served"))
    Exposure.objects.all().delete()
    import_module("nanglucso.measure.assessments.migrations.0004_sitting").count_what_was_served(apps, None)
    assert list(campaign.exposures.order_by("item_version").values_list("item_version", "served")) == before
    assert {pk for pk, served in before if served} == {sitting.served_item_id, second.pk}


@pytest.mark.django_db
def test_a_campaign_without_counters_is_served_and_counted_all_the_same():
    campaign = make.campaign(people=[make.person()], **SHORT)
    Exposure.objects.all().delete()
    exposing.forget_exposures()
    services.start_sitting(actor=None, sitting=campaign.sittings.get(), at=make.at(1))
    assert sum(campaign.exposures.values_list("served", flat=True)) == 1


@pytest.mark.django_db
def test_opening_for_people_queues_the_prices():
    make.person()
    campaign = make.campaign(opened=False, **SHORT)
    services.launch(actor=None, campaign=campaign, at=make.AT)
    assert Job.objects.get(kind="assessments.price").args == {"campaign_id": campaign.pk}


@pytest.mark.django_db
def test_prices_are_worked_out_anew_when_people_join_and_left_alone_once_the_campaign_has_closed():
    make.person()
    campaign = make.campaign(opened=False, **SHORT)
    services.launch(actor=None, campaign=campaign, at=make.AT)
    asked = Job.objects.filter(kind="assessments.price")
    assert services.assign_rest(actor=None, campaign=campaign, at=make.AT) == 0
    assert asked.count() == 1
    make.person()
    assert services.assign_rest(actor=None, campaign=campaign, at=make.AT) == 1
    first, second = asked.order_by("pk")
    campaign.exposures.update(price=-1.0)
    jobs.perform(str(first.pk))
    assert not campaign.exposures.filter(price=-1.0).exists()
    services.close_campaign(actor=None, campaign=campaign, at=make.at(1))
    campaign.exposures.update(price=-1.0)
    jobs.perform(str(second.pk))
    assert set(campaign.exposures.values_list("price", flat=True)) == {-1.0}


@pytest.mark.django_db(transaction=True)
def test_people_who_draw_at_the_same_moment_do_not_pass_the_cap_together():
    make.everything_shipped()
    campaign = make.campaign(people=[make.person() for _ in range(6)], exposure_cap=0.5, **SHORT)
    sittings, faults = list(campaign.sittings.select_related("campaign", "person")), []
    gate = threading.Barrier(len(sittings))

    def begin(one):
        try:
            gate.wait()
            services.start_sitting(actor=None, sitting=one, at=make.at(1))
        except Exception as error:
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin, args=(one,)) for one in sittings]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert faults == []
    served = list(Exposure.objects.values_list("served", flat=True))
    assert (sum(served), max(served) <= 3) == (6, True)
    assert Sitting.objects.filter(status="running").count() == 6
