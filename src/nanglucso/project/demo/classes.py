"""The demo's classes: opened from the approved plan, attended, finished, measured again."""

from datetime import datetime, time, timedelta

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.refusals import Refused
from nanglucso.develop.credentials.services import issue
from nanglucso.develop.plans.models import PlannedClass, Scenario
from nanglucso.develop.training import proving
from nanglucso.develop.training import services as training
from nanglucso.develop.training.models import ClassSession, Enrolment, TrainingClass
from nanglucso.develop.training.queries import booked, comparison_pool, proposals
from nanglucso.develop.training.questionnaires import asked_for, codes
from nanglucso.develop.training.services.evaluating import ATTENDED
from nanglucso.develop.training.services.timetable import LOCAL
from nanglucso.measure.assessments.conducting import close_ended
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.profiles import folding
from nanglucso.project.demo import lasting, takers
from nanglucso.project.demo.year import City

PRESENT = 0.93
RETESTED_CLASSES = 5
COMPARISON_LEAST = 20
OPEN_AHEAD_DAYS = 45
SETTLED_AFTER_DAYS = 21
EVENING = time(17)
ANSWERING = 0.75


def run_classes(city: City, scenario: Scenario) -> None:
    """Open every class that is due, and let the past ones happen."""
    rows = list(
        PlannedClass.objects.filter(scenario=scenario).select_related("course", "venue", "lecturer", "scenario")
    )
    finished: list[TrainingClass] = []
    officer, today = city.logins["training"], city.anchor.date()
    for planned in sorted(rows, key=lambda row: (row.start, row.number)):
        first = scenario.monday(planned.start)
        if first > today + timedelta(days=OPEN_AHEAD_DAYS):
            continue
        opened_at = min(city.anchor, city.at((first - today).days - 14))
        with act(officer, "demo.class", at=opened_at):
            row = training.open_class(actor=officer, planned=planned, at=opened_at)
            _attend(city, row)
            if row.ends_on < today and row.sessions.filter(attendances__isnull=False).exists():
                _end(city, row)
                finished.append(row)
    city.say(f"classes: {TrainingClass.objects.count()} opened, {len(finished)} finished")
    _measure_again(city, finished)


def _attend(city: City, row: TrainingClass) -> None:
    people = [e.person for e in booked(row).select_related("person")]
    faithful = {p.pk: city.rng.random() < 0.97 for p in people}
    for session in row.sessions.filter(ends_at__lt=city.anchor):
        there = [p for p in people if faithful[p.pk] and city.rng.random() < PRESENT]
        if there:
            training.mark_attendance(
                actor=city.logins["training"], session=session, present=there, at=session.starts_at
            )


def _taught(city: City, row: TrainingClass) -> datetime:
    """A day after the last session: what happens weeks later counts from it."""
    last: ClassSession = row.sessions.latest("number")
    return min(city.anchor, last.ends_at + timedelta(days=1))


def _last_evening(city: City, row: TrainingClass) -> datetime:
    """The evening of the class's last day, never before its last session is over."""
    last: ClassSession = row.sessions.latest("number")
    return min(city.anchor, max(last.ends_at, datetime.combine(row.ends_on, EVENING, LOCAL)))


def _end(city: City, row: TrainingClass) -> None:
    at = _last_evening(city, row)
    training.finish_class(actor=city.logins["training"], framework=city.framework, training_class=row, at=at)
    _settle(city, row, _taught(city, row))
    _evaluate(city, row, at)
    issue(actor=city.logins["training"], training_class=row, at=min(city.anchor, at + timedelta(days=3)))
    frame = folding.frame(city.framework)
    true_share = float(city.rng.normal(0.42, 0.12))
    gains = city.gains.setdefault(row.pk, {})
    for enrolment in row.enrolments.filter(status=Enrolment.Status.COMPLETED):
        theta = city.truth[enrolment.person_id]
        before = theta.copy()
        for cover in row.course.covers.select_related("competence"):
            k = frame.index(cover.competence.code)
            way = max(0.0, frame.cuts[k][cover.to_level - 1] - theta[k])
            theta[k] += max(0.0, true_share) * min(way, 1.5 * (cover.to_level - cover.from_level))
        gains[enrolment.person_id] = theta - before


def _evaluate(city: City, row: TrainingClass, ended: datetime) -> None:
    """Most people who came give their view when a form is open; how content they are differs from class to class.

    Numbers are drawn for a form that opens only after the anchor too, where its class was taught long enough before.
    """
    liked, taught = city.rng.normal(4.0, 0.35), _taught(city, row)
    for form in codes():
        asked = asked_for(form, local_day(ended))
        if asked is None or taught + asked.first + timedelta(days=2) > city.anchor:
            continue
        given_at = max(taught + timedelta(days=2), ended) + asked.first
        for place in row.enrolments.filter(status__in=ATTENDED).select_related("person"):
            if city.rng.random() < ANSWERING:
                marks = {one.id: int(min(5, max(1, round(city.rng.normal(liked, 0.8))))) for one in asked.questions}
                if given_at > city.anchor:
                    continue
                training.evaluate(
                    actor=None, training_class=row, person=place.person, form=form, answers=marks, at=given_at
                )


def _settle(city: City, row: TrainingClass, ended: datetime) -> None:
    """Classes whose papers are in by now: three weeks after the end, a little under what was planned."""
    paid = ended + timedelta(days=SETTLED_AFTER_DAYS)
    if paid <= city.anchor:
        cost = row.cost * (94 + row.pk % 6) // 100 // 1000 * 1000
        document = f"Hồ sơ thanh toán lớp {row.code}"
        training.settle_cost(actor=city.logins["training"], training_class=row, cost=cost, at=paid, document=document)


def _measure_again(city: City, finished: list[TrainingClass]) -> None:
    """The largest classes that ended long enough ago are measured again beside people who did not attend."""
    old = [row for row in finished if _taught(city, row) < city.at(-30)]
    chosen = sorted(old, key=lambda row: (-row.enrolments.count(), row.pk))[:RETESTED_CLASSES]
    for row in chosen:
        done = [e.person for e in row.enrolments.filter(status=Enrolment.Status.COMPLETED).select_related("person")]
        beside = comparison_pool(city.framework, row)[: max(COMPARISON_LEAST, len(done))]
        at = _taught(city, row) + timedelta(days=20)
        campaign = training.open_retest(
            actor=city.logins["training"], framework=city.framework, training_class=row, people=[*done, *beside],
            at=at, days=30,
        )  # fmt: skip
        _sit_all(city, campaign)
        close_ended(at=min(city.anchor, at + timedelta(days=31)))
        try:
            effect = proving.measure_effect(
                actor=city.logins["training"], framework=city.framework, training_class=row, comparison=beside,
                at=min(city.anchor, at + timedelta(days=32)),
            )  # fmt: skip
            city.say(f"effect of {row.code}: {effect.shift:+.2f} ({effect.low:+.2f} to {effect.high:+.2f})")
        except Refused as no:
            city.say(f"effect of {row.code}: {no}")
    _decide(city)
    lasting.look_back(city, finished, chosen)


def _decide(city: City) -> None:
    """All measured effects but the last are taken into the plan; that one waits for the training officer."""
    for one in list(proposals(waiting=True).order_by("made_at", "pk"))[:-1]:
        at = min(city.anchor, one.made_at + timedelta(days=1))
        training.confirm_effect(actor=city.logins["training"], proposal=one, at=at)


def _sit_all(city: City, campaign: Campaign) -> None:
    rows = list(campaign.sittings.select_related("campaign", "person__position__family").order_by("pk"))
    begin = campaign.opens_at + timedelta(days=1)
    takers.sit_many(rows, city.truth, city.rng, begin, begin + timedelta(days=10))
