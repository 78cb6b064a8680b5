"""A measured effect is proposed to the plan; a training officer takes it in or leaves it out; a bad course is flagged."""

import pytest
from django.urls import reverse

from nanglucso.core.models import AuditEntry
from nanglucso.core.refusals import Refused
from nanglucso.develop.training import estimating, queries, services, verdicts
from nanglucso.develop.training.models import ClassEffect, EffectProposal
from tests import make
from tests.training import planned as plan

pytestmark = pytest.mark.django_db


def effect_of(row, shift, *, error=0.1, naive=None, people=12):
    reach = 1.7 * error
    return ClassEffect.objects.create(
        training_class=row, course=row.course, people=people, shift=shift, standard_error=error, low=shift - reach,
        high=shift + reach, method=estimating.WITHOUT, measured_at=make.at(60), naive=naive,
    )  # fmt: skip


def proposed(share=0.4, verdict=verdicts.WORKS):
    row = plan.finished([make.person()])
    told = services.Share(share, share - 0.2, share + 0.2, 9)
    return services.propose_effect(actor=None, training_class=row, share=told, verdict=verdict, at=make.at(60))


def test_a_confirmed_effect_reaches_the_catalogue_once_and_is_logged():
    officer, one = make.user("training"), proposed()
    one.course.refresh_from_db()
    assert one.course.measured == {}
    services.confirm_effect(actor=officer, proposal=one, at=make.at(61))
    one.course.refresh_from_db()
    told = one.course.measured["inperson"]
    assert told["classes"] == {one.training_class.code: [0.4, 9]}
    with pytest.raises(Refused):
        services.confirm_effect(actor=officer, proposal=one, at=make.at(62))
    with pytest.raises(Refused):
        services.decline_effect(actor=officer, proposal=one, reason="Nhầm", at=make.at(62))
    entry = AuditEntry.objects.get(verb="training.confirm_effect")
    assert entry.actor == officer
    assert entry.details["verdict"] == "works"


def test_a_declined_effect_leaves_the_plan_as_it_was_and_needs_a_reason():
    officer, one = make.user("training"), proposed(share=-0.3, verdict=verdicts.HARM)
    with pytest.raises(Refused):
        services.decline_effect(actor=officer, proposal=one, reason=" ", at=make.at(61))
    services.decline_effect(actor=officer, proposal=one, reason="Phòng mất điện nửa buổi", at=make.at(61))
    one.course.refresh_from_db()
    one.refresh_from_db()
    assert one.course.measured == {}
    assert (one.status, one.decided_by, one.decided_at) == ("declined", officer, make.at(61))
    assert AuditEntry.objects.filter(verb="training.decline_effect").count() == 1


def test_measuring_again_renews_what_waits_and_never_what_is_decided():
    one = proposed()
    told = services.Share(0.5, 0.3, 0.7, 11)
    row = one.training_class
    services.propose_effect(actor=None, training_class=row, share=told, verdict="works", at=make.at(62))
    assert EffectProposal.objects.get().share == 0.5
    services.confirm_effect(actor=None, proposal=EffectProposal.objects.get(), at=make.at(63))
    services.propose_effect(
        actor=None, training_class=row, share=services.Share(0.1, 0.0, 0.2, 3), verdict="works", at=make.at(64)
    )
    assert list(EffectProposal.objects.order_by("pk").values_list("share", "status")) == [
        (0.5, "confirmed"), (0.1, "waiting"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("low", "high", "people", "said"),
    [
        (0.1, 0.6, 30, "works"), (-0.1, 0.6, 30, "unclear"), (-0.3, -0.1, 30, "harm"), (-0.1, 0.1, 30, "weak"),
        (0.02, 0.1, 30, "weak"), (0.1, 0.6, 4, "unclear"),
    ],
)  # fmt: skip
def test_the_verdict_follows_the_thresholds(low, high, people, said):
    assert verdicts.Thresholds(0.0, 0.15, 0.0, 5).verdict(low, high, people) == said


def test_the_thresholds_are_data_and_read_from_the_shipped_file():
    told = verdicts.thresholds()
    assert told.harm_below <= told.weak_below
    assert told.least_people >= 5


def test_a_course_shows_the_plain_figure_and_its_bias_beside_the_pooled_one():
    rows = [plan.finished([make.person()], start=week) for week in (1, 2)]
    for row, shift, naive in zip(rows, (0.3, 0.5), (0.9, 1.1), strict=True):
        effect_of(row, shift, naive=naive)
    [group] = queries.by_course()
    assert group.naive == pytest.approx(1.0)
    assert group.bias == pytest.approx(1.0 - group.whole.mean)
    assert (group.verdict, group.flagged) == ("works", False)
    means = [mean for _row, mean, _low, _high in group.drawn]
    assert 0.3 < means[0] < means[1] < 0.5, "each class is drawn to the course"


def test_the_course_page_shows_all_classes_and_takes_the_decision(as_user):
    officer, one = make.user("training"), proposed()
    effect_of(one.training_class, 0.4, naive=0.8)
    client = as_user(officer)
    address = reverse("training:course_effect", args=[one.course_id])
    page = client.get(address).content.decode()
    assert one.training_class.code in page
    client.post(reverse("training:decide_effect", args=[one.pk, "bo"]), {f"{one.pk}-reason": ""})
    one.refresh_from_db()
    assert one.status == "waiting"
    client.post(reverse("training:decide_effect", args=[one.pk, "nhan"]))
    one.refresh_from_db()
    assert (one.status, one.decided_by) == ("confirmed", officer)
    leader = as_user(make.user("leader"))
    assert leader.get(address).status_code == 200
    assert leader.post(reverse("training:decide_effect", args=[one.pk, "nhan"])).status_code == 403


def test_a_course_that_does_not_work_is_flagged_on_its_page(as_user):
    one = proposed(share=-0.4, verdict=verdicts.HARM)
    other = plan.finished([make.person()], start=2)
    for row in (one.training_class, other):
        effect_of(row, -0.6, error=0.05)
    page = as_user(make.user("training")).get(reverse("training:course_effect", args=[one.course_id]))
    assert queries.verdict_of(one.course) == "harm"
    assert "tag bad" in page.content.decode()


def test_a_course_without_a_measured_class_cannot_be_told(as_user):
    row = plan.finished([make.person()])
    page = as_user(make.user("training")).get(reverse("training:course_effect", args=[row.course_id]))
    assert page.status_code == 200
    assert queries.verdict_of(row.course) == "unclear"
