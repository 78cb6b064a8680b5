"""Verbs of measuring: campaigns, sittings and ratings. The answer itself is taken in `answering`."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.jobs import enqueue
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.engines import belief as engine
from nanglucso.measure.assessments import accommodating, delivery, exposing, labexam, labgiving
from nanglucso.measure.assessments.filling import blueprint
from nanglucso.measure.assessments.models import Campaign, Rating, Sitting
from nanglucso.measure.assessments.proving import chain
from nanglucso.measure.assessments.queries import eligible
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.bank.queries import file_versions, live_versions
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.queries import prior_mean, required_levels
from nanglucso.measure.profiles.services import NewEvidence, fold_people, record, record_many
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person, PositionFamily, Unit


def create_campaign(
    *, actor: User | None, code: str, name_vi: str, framework: Framework, opens_at: datetime, closes_at: datetime,
    at: datetime, name_en: str = "", unit: Unit | None = None, families: Iterable[PositionFamily] = (),
    named: Iterable[Person] = (), excluded: Iterable[Person] = (), labs: Iterable[LabVersion] = (), **rules: Any,
) -> Campaign:  # fmt: skip
    """A draft campaign. `rules`: items_min, items_max, minutes, rule, purpose, competences, stop_early, …"""
    if closes_at <= opens_at:
        raise Refused(_("The campaign must close after it opens."), field="closes_at")
    if rules.get("items_min", 18) > rules.get("items_max", 36):
        raise Refused(_("The fewest items cannot be more than the most items."), field="items_min")
    if Campaign.objects.filter(code=code).exists():
        raise Refused(_("A campaign with this code exists already."), field="code")
    with act(actor, "assessments.create_campaign", at=at, code=code) as this:
        this.subject = campaign = Campaign.objects.create(
            code=code, name_vi=name_vi, name_en=name_en, framework=framework, unit=unit,
            opens_at=opens_at, closes_at=closes_at, **rules,
        )  # fmt: skip
        campaign.families.set(families)
        campaign.named.set(named)
        campaign.excluded.set(excluded)
        campaign.labs.set(labs)
    return campaign


def open_campaign(*, actor: User | None, campaign: Campaign, at: datetime) -> Campaign:
    """Fix the campaign's bank and open it. Refused when the bank cannot fill it, saying what is missing."""
    if campaign.status != Campaign.Status.DRAFT:
        raise Refused(_("Only a draft campaign can be opened."))
    plan = blueprint(campaign)
    if not plan.fills:
        told = {"what": "; ".join(plan.sentences)}
        raise Refused(_("The bank cannot fill this campaign. Missing: %(what)s.") % told)
    faults = labgiving.plan(campaign).faults
    if faults:
        raise Refused(_("The campaign cannot be opened: %(what)s.") % {"what": "; ".join(faults)})
    versions = list(live_versions(campaign.framework, campaign.competences).values_list("pk", flat=True))
    with act(actor, "assessments.open_campaign", campaign, at=at, items=len(versions)):
        campaign.items = versions
        campaign.files = _files(campaign) if campaign.with_file else []
        campaign.trial_bank = len(versions) < delivery.TRIAL_FACTOR * campaign.items_max
        campaign.status = Campaign.Status.OPEN
        campaign.save(update_fields=["items", "files", "trial_bank", "status"])
        exposing.begin_counting(campaign)
    return campaign


def _files(campaign: Campaign) -> list[int]:
    found = list(file_versions(campaign.framework, campaign.competences).values_list("pk", flat=True))
    if not found:
        raise Refused(_("The bank has no item on these competences that is answered by a file."))
    return found


def assign(*, actor: User | None, campaign: Campaign, people: QuerySet[Person], at: datetime) -> int:
    """Give each of these people a sitting; those who have one keep it. Returns how many are new."""
    with act(actor, "assessments.assign", campaign, at=at) as this:
        have = set(campaign.sittings.values_list("person_id", flat=True))
        fresh = [Sitting(campaign=campaign, person=p) for p in people.filter(active=True) if p.pk not in have]
        Sitting.objects.bulk_create(fresh, batch_size=500)
        this.note(people=len(fresh), labs=labgiving.give(campaign, [one.person for one in fresh], at))
    return len(fresh)


def launch(*, actor: User | None, campaign: Campaign, at: datetime) -> int:
    """Open a campaign and give a test to everybody in its units who holds a position; returns how many."""
    with act(actor, "assessments.launch", campaign, at=at) as this:
        open_campaign(actor=actor, campaign=campaign, at=at)
        found = assign(actor=actor, campaign=campaign, people=eligible(campaign, EVERYTHING), at=at)
        if not found:
            raise Refused(_("Nobody in these units holds a position, so there is nobody to measure."))
        this.note(people=found)
        spread_items(actor=actor, campaign=campaign, at=at)
    return found


def spread_items(*, actor: User | None, campaign: Campaign, at: datetime) -> None:
    """Work the prices out anew for the people that the campaign has now; whoever gave out tests calls this.

    A job does it beside; until then the hard limit alone keeps the cap. The campaign's bank is fixed when it opens.
    """
    if not campaign.trial_bank:
        enqueue("assessments.price", actor=actor, at=at, campaign_id=campaign.pk)


def assign_rest(*, actor: User | None, campaign: Campaign, at: datetime) -> int:
    """Give a test to those who came into the campaign's units after it had opened; returns how many."""
    if campaign.status != Campaign.Status.OPEN:
        raise Refused(_("Tests are given out only while the campaign is open."))
    found = assign(actor=actor, campaign=campaign, people=eligible(campaign, EVERYTHING), at=at)
    if found:
        spread_items(actor=actor, campaign=campaign, at=at)
    return found


def close_campaign(*, actor: User | None, campaign: Campaign, at: datetime) -> None:
    """Close: sittings under way expire, with every answer given so far counted; those not begun stay unmeasured."""
    if campaign.status != Campaign.Status.OPEN:
        raise Refused(_("Only an open campaign can be closed."))
    with act(actor, "assessments.close_campaign", campaign, at=at):
        for sitting in campaign.sittings.filter(status__in=(Sitting.Status.RUNNING, Sitting.Status.PAUSED)):
            finish(actor=actor, sitting=sitting, at=at, later=False, expired=True)
            score_sittings(actor=actor, sittings=Sitting.objects.filter(pk=sitting.pk), at=at)
        labexam.end_all(actor=actor, sittings=campaign.lab_sittings.filter(status__in=labexam.LIVE), at=at)
        campaign.status = Campaign.Status.CLOSED
        campaign.save(update_fields=["status"])


def release(*, actor: User, campaign: Campaign, at: datetime) -> None:
    """A person confirms that the campaign ran properly; the gaps of this day are then kept for comparison."""
    if campaign.status != Campaign.Status.CLOSED:
        raise Refused(_("Results are released after the campaign has closed."))
    with act(actor, "assessments.release", campaign, at=at):
        campaign.status, campaign.released_at = Campaign.Status.RELEASED, at
        campaign.save(update_fields=["status", "released_at"])
        told = {"framework_id": campaign.framework_id, "label": campaign.name_vi, "asked_at": at.isoformat()}
        enqueue("gaps.snapshot", actor=actor, at=at, **told)


def _start_belief(frame: folding.Frame, person: Person) -> engine.Belief:
    row = Belief.objects.filter(person=person, framework_id=frame.framework_id).first()
    if row:
        return folding.of_row(row, frame.size)
    began = folding.under(frame, folding.prior_in_force(frame.framework_id))
    return engine.Belief(prior_mean(frame, person), began.prior_cov)


def _required(frame: folding.Frame, campaign: Campaign, person: Person) -> list[int]:
    level, _weight, _core = required_levels(frame, Person.with_rehearsal.filter(pk=person.pk))
    wanted = set(campaign.competences) or set(frame.codes)
    asked = [int(lv) if code in wanted else 0 for code, lv in zip(frame.codes, level[0], strict=True)]
    if not any(asked):
        # A re-measurement may look at what the position does not require: then every chosen competence counts.
        asked = [1 if code in wanted else 0 for code in frame.codes]
    return asked


def start_sitting(*, actor: User | None, sitting: Sitting, at: datetime) -> Sitting:
    """Begin: the clock starts and the first item is stored before it is shown. A begun sitting is left as it is."""
    campaign = sitting.campaign
    if sitting.status != Sitting.Status.ASSIGNED:
        return sitting
    if campaign.status != Campaign.Status.OPEN or not campaign.opens_at <= at <= campaign.closes_at:
        raise Refused(_("This campaign is not open now."))
    here, given = delivery.desk(campaign), accommodating.of(campaign, sitting.person)
    state = {
        "required": _required(here.frame, campaign, sitting.person),
        "asked": [],
        "scores": [],
        "forbidden": accommodating.closed_items(here, sitting.person, given, at),
    }
    start = delivery.start_bytes(_start_belief(here.frame, sitting.person))
    minutes = accommodating.minutes(campaign, given, sitting.extra_minutes)
    deadline = None if minutes is None else at + timedelta(minutes=minutes)
    with act(actor, "assessments.start", sitting, at=at, person_id=sitting.person_id):
        turn = exposing.next_served(here, campaign, sitting.pk, start, state)
        if turn.version is None:
            raise Refused(_("There is no item that this person has not met within twelve months."))
        began = Sitting.objects.filter(pk=sitting.pk, status=Sitting.Status.ASSIGNED).update(
            status=Sitting.Status.RUNNING, started_at=at, deadline=deadline, start=start, state=state,
            served_item=turn.version, served_at=at,
        )  # fmt: skip
    sitting.refresh_from_db()
    return sitting if began else Sitting.objects.get(pk=sitting.pk)


def pause(*, actor: User | None, sitting: Sitting, at: datetime) -> None:
    """Stop the clock for as long as the allowance lasts; then it goes on though the question stays covered."""
    if sitting.status == Sitting.Status.RUNNING and not accommodating.pause_left(sitting):
        raise Refused(_("The pauses of this test are used up; the clock cannot stand still any more."))
    with act(actor, "assessments.pause", sitting, at=at, person_id=sitting.person_id):
        running = Sitting.objects.filter(pk=sitting.pk, status=Sitting.Status.RUNNING)
        running.filter(Q(deadline=None) | Q(deadline__gt=at)).update(status=Sitting.Status.PAUSED, paused_at=at)


def resume(*, actor: User | None, sitting: Sitting, at: datetime) -> None:
    """Go on; the deadline moves by the length of the pause, at most by what the allowance left."""
    with act(actor, "assessments.resume", sitting, at=at, person_id=sitting.person_id):
        row = Sitting.objects.select_for_update().get(pk=sitting.pk)
        if row.status == Sitting.Status.PAUSED and row.paused_at:
            stood = min(at - row.paused_at, accommodating.pause_left(row))
            row.deadline = row.deadline + stood if row.deadline else None
            row.paused_seconds += round(stood.total_seconds())
            row.status, row.paused_at = Sitting.Status.RUNNING, None
            row.save(update_fields=["deadline", "status", "paused_at", "paused_seconds"])


def take_over(*, actor: User | None, sitting: Sitting, at: datetime) -> Sitting:
    """Go on upon another device: the older device's ticket ends at once."""
    with act(actor, "assessments.take_over", sitting, at=at, person_id=sitting.person_id):
        row = Sitting.objects.select_for_update().get(pk=sitting.pk)
        row.epoch += 1
        row.save(update_fields=["epoch"])
    return row


def submit(*, actor: User | None, sitting: Sitting, at: datetime) -> Sitting:
    """End a sitting and put what it showed into the profile at once."""
    finish(actor=actor, sitting=sitting, at=at, later=False)
    score_sittings(actor=actor, sittings=Sitting.objects.filter(pk=sitting.pk), at=at)
    return Sitting.objects.get(pk=sitting.pk)


def finish(*, actor: User | None, sitting: Sitting, at: datetime, later: bool = True, expired: bool = False) -> Sitting:
    """End a sitting and chain its answers; unless `later` is False a job then puts it into the profile.

    `expired`: its time ran out, whatever its own clock says (the campaign closed).
    """
    with act(actor, "assessments.submit", sitting, at=at, person_id=sitting.person_id) as this:
        late = expired or bool(sitting.deadline and at > sitting.deadline)
        status = Sitting.Status.EXPIRED if late else Sitting.Status.SUBMITTED
        live = (Sitting.Status.RUNNING, Sitting.Status.PAUSED)
        ended = Sitting.objects.filter(pk=sitting.pk, status__in=live).update(
            status=status, finished_at=at, served_item=None, chain_hash=chain(sitting)
        )
        this.note(ended=bool(ended))
        if ended and later:
            enqueue("assessments.score", actor=actor, at=at, sitting_id=str(sitting.pk))
    return Sitting.objects.get(pk=sitting.pk)


def sitting_entries(sitting: Sitting) -> list[dict[str, Any]]:
    """The answers as ledger entries, with the parameters they were scored by.

    Left out: neutralised items, and files, which enter the ledger by themselves once people have rated them.
    """
    rows = sitting.answers.select_related("item_version__item__competence").order_by("seq")
    rows = rows.filter(item_version__counted=True, score__isnull=False)
    return [
        {
            "k": row.item_version.item.competence.code, "item": row.item_version_id, "a": row.item_version.a,
            "b": row.item_version.b, "c": row.item_version.c, "score": row.score,
        }
        for row in rows
    ]  # fmt: skip


def score_sittings(*, actor: User | None, sittings: Iterable[Sitting], at: datetime) -> int:
    """Put finished sittings into the ledger of their people; a sitting enters it once, one of a rehearsal never."""
    ended = (Sitting.Status.SUBMITTED, Sitting.Status.EXPIRED)
    rows = [one for one in sittings if one.status in ended and not one.campaign.rehearsal]
    evidence = [
        NewEvidence(one.person, Evidence.Kind.SITTING, f"sitting:{one.pk}", sitting_entries(one), str(one.campaign))
        for one in rows
    ]
    evidence = [one for one in evidence if one.entries]
    if rows:
        record_many(actor=actor, framework=rows[0].campaign.framework, evidence=evidence, at=at)
        Sitting.objects.filter(pk__in=[one.pk for one in rows]).update(status=Sitting.Status.SCORED)
    return len(rows)


def rate(
    *, actor: User | None, person: Person, kind: str, levels: dict[str, int], framework: Framework, at: datetime,
    note: str = "",
) -> Rating:  # fmt: skip
    """Keep a self-rating or a manager's rating {code: 0..L} and let it move the belief.

    Nobody is their own manager; a newer rating by the same rater replaces what the older one said of the belief.
    """
    top = framework.levels.count()
    codes = set(framework.competences.values_list("code", flat=True))
    for code, level in levels.items():
        if code not in codes or not 0 <= level <= top:
            text = _("Competence %(code)s cannot be rated %(level)s.") % {"code": code, "level": level}
            raise Refused(text, field=code)
    own = bool(actor and person.user_id == actor.pk)
    if kind == Rating.Kind.MANAGER and own:
        raise Refused(_("Nobody rates themselves as their own manager."))
    entries = [{"k": code, "rating": level} for code, level in sorted(levels.items())]
    with act(actor, f"assessments.rate_{kind}", person, at=at, person_id=person.pk):
        row = Rating.objects.create(person=person, kind=kind, rater=actor, levels=levels, note=note, at=at)
        _set_older_aside(person, kind, actor, at, framework)
        label = str(Rating.Kind(kind).label)
        evidence = NewEvidence(person, kind, f"rating:{row.pk}", entries, label)
        record(actor=actor, framework=framework, evidence=evidence, at=at)
    return row


def _set_older_aside(person: Person, kind: str, actor: User | None, at: datetime, framework: Framework) -> None:
    """Only a rater's newest rating counts, else one opinion would be counted many times."""
    rows = Evidence.objects.filter(person=person, kind=kind, recorded_by=actor, voids=None, voided_by=None)
    for old in rows:
        Evidence.objects.create(
            person=person, kind=kind, at=at, source=f"void:{old.pk}", entries=[], voids=old, recorded_by=actor
        )
    if rows:
        fold_people(framework=framework, people=[person], at=at)
