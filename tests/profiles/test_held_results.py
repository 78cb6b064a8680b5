"""Results that wait for release are left out of the pages of the person and the head; old evidence says so."""

import numpy as np
import pytest
import time_machine
from django.urls import reverse
from tests import make

from nanglucso.engines import belief as engine
from nanglucso.engines import score
from nanglucso.measure.assessments import services
from nanglucso.measure.assessments.models import Campaign, Sitting
from nanglucso.measure.profiles import folding, holding
from nanglucso.measure.profiles.models import Evidence
from nanglucso.measure.profiles.queries import evidence_counts, standing
from nanglucso.measure.profiles.services import NewEvidence, record

pytestmark = pytest.mark.django_db
SHORT = {"competences": ["1.1", "1.2", "5.1", "5.2"], "items_min": 6, "items_max": 8}


def scored(person, hold=True):
    """A test in a campaign with twenty right answers in its ledger row."""
    campaign = make.campaign(people=[person], hold_results=hold, **SHORT)
    sitting = campaign.sittings.get()
    codes = folding.frame(make.framework()).codes
    entries = [{"k": code, "item": 0, "a": 1.5, "b": [0.5], "c": 0.0, "score": 1} for code in codes]
    row = NewEvidence(person, Evidence.Kind.SITTING, f"sitting:{sitting.pk}", entries, "bài")
    record(actor=None, framework=make.framework(), evidence=row, at=make.at(1))
    Sitting.objects.filter(pk=sitting.pk).update(status="scored")
    return campaign


def test_a_held_result_is_not_shown_to_the_person_or_the_head_but_counts(as_user):
    person = make.person(login=True)
    campaign = scored(person)
    with time_machine.travel(make.at(2), tick=False):
        held = holding.held_for(person)
        assert held.why == (campaign.name,)
        shown = standing(make.framework(), person, at=make.at(2), held=held)
        whole = standing(make.framework(), person, at=make.at(2))
        assert (shown.measured, whole.measured) == (False, True)
        assert all(a.mean < b.mean for a, b in zip(shown.bars, whole.bars, strict=True))
        assert evidence_counts(person, held) == {}
        own = (person.user, reverse("profiles:mine"), reverse("profiles:why"))
        heads = [reverse(f"profiles:{name}", args=[person.uuid]) for name in ("person", "why_person")]
        for viewer, page, why in (own, (make.user("head", person.unit), *heads)):
            client = as_user(viewer)
            reply = client.get(page)
            assert reply.context["held"]
            assert not reply.context["where"].measured
            assert client.get(why).templates[0].name == "profiles/held.html"
        officer = as_user(make.user("training")).get(reverse("profiles:person", args=[person.uuid]))
        assert officer.context["where"].measured


def test_after_release_everything_is_shown(as_user):
    person = make.person(login=True)
    campaign = scored(person)
    services.close_campaign(actor=None, campaign=Campaign.objects.get(), at=make.at(2))
    services.release(actor=make.user("training"), campaign=Campaign.objects.get(pk=campaign.pk), at=make.at(3))
    assert not holding.held_for(person)
    with time_machine.travel(make.at(3), tick=False):
        assert as_user(person.user).get(reverse("profiles:mine")).context["where"].measured


def test_a_campaign_that_holds_nothing_shows_at_once():
    person = make.person()
    scored(person, hold=False)
    assert not holding.held_for(person)


def test_old_evidence_says_so_and_its_band_is_wider_but_its_level_the_same(as_user):
    person = make.person(login=True)
    scored(person, hold=False)
    young = standing(make.framework(), person, at=make.at(30))
    old = standing(make.framework(), person, at=make.at(900))
    assert (young.old, old.old) == (None, make.at(1))
    for a, b in zip(young.bars, old.bars, strict=True):
        assert a.mean == b.mean
        assert b.high - b.low >= a.high - a.low
    with time_machine.travel(make.at(900), tick=False):
        page = as_user(person.user).get(reverse("profiles:mine")).content.decode()
    assert "Căn cứ đã cũ" in page


def test_one_rater_who_is_kind_in_everything_moves_less_than_many_raters():
    """The rater's bias is one unknown: twenty high ratings by one person are much less than twenty opinions."""
    frame = folding.frame(make.framework())
    prior, rules = engine.Belief(np.zeros(frame.size), frame.prior_cov), engine.Rules(frame.cuts)
    every = [(k, 3) for k in range(frame.size)]
    one = score.refold(prior, [engine.ManagerRating(0, "rater:1", tuple(every))], rules)
    split = [engine.ManagerRating(0, "rater:1", (pair,)) for pair in every]
    many = [engine.ManagerRating(0, f"rater:{n}", (pair,)) for n, pair in enumerate(every)]
    same, others = score.refold(prior, split, rules), score.refold(prior, many, rules)
    assert np.allclose(same.mean, one.mean, atol=1e-6)
    assert (others.mean > one.mean + 0.02).all()
    assert (others.var < one.var).all()


def test_the_ledger_hands_the_rater_to_the_engine():
    head, person = make.user("head"), make.person()
    services.rate(
        actor=head, person=person, kind="manager", levels={"1.1": 3}, framework=make.framework(), at=make.at(1)
    )
    row = folding.to_engine(folding.frame(make.framework()), Evidence.objects.get())[0]
    assert (type(row), row.rater) == (engine.ManagerRating, f"rater:{head.pk}")
