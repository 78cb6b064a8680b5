"""Verbs of the profile: evidence goes in, the belief is folded again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.engines.belief import family_mean
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, BeliefPoint, Evidence, FamilyPrior, Prior, new_revision
from nanglucso.measure.profiles.queries import prior_mean
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Person, PositionFamily

MEASURING = (Evidence.Kind.SITTING, Evidence.Kind.OUTSIDE)


@dataclass(frozen=True)
class NewEvidence:
    """What `record_many` takes for each person; see `Evidence.entries` for the shapes. `since`: when it was earned."""

    person: Person
    kind: str
    source: str
    entries: list[dict[str, Any]]
    label: str = ""
    since: datetime | None = None


def record(*, actor: User | None, framework: Framework, evidence: NewEvidence, at: datetime) -> Belief:
    """Add one row to the ledger and fold the person's belief again. Adding the same source twice changes nothing."""
    record_many(actor=actor, framework=framework, evidence=[evidence], at=at)
    return Belief.objects.get(person=evidence.person)


def record_many(*, actor: User | None, framework: Framework, evidence: Iterable[NewEvidence], at: datetime) -> int:
    """Add rows for many people in one act and fold their beliefs; returns how many rows are new."""
    wanted = list(evidence)
    known = set(
        Evidence.objects.filter(
            person__in={row.person.pk for row in wanted}, source__in={row.source for row in wanted}
        ).values_list("person_id", "source")
    )
    fresh = [row for row in wanted if (row.person.pk, row.source) not in known]
    if not fresh:
        return 0
    one = fresh[0].person if len(fresh) == 1 else None
    with act(actor, "profiles.record", one, at=at, person_id=one.pk if one else None) as this:
        rows = Evidence.objects.bulk_create(
            [
                Evidence(
                    person=row.person, kind=row.kind, at=row.since or at, source=row.source, label=row.label,
                    entries=row.entries, recorded_by=actor, framework=framework,
                )
                for row in fresh
            ],
            batch_size=500,
        )  # fmt: skip
        this.note(rows=len(rows), kinds=sorted({row.kind for row in fresh}))
        fold_people(framework=framework, people=[row.person for row in fresh], at=at, caused_by=rows)
    return len(rows)


def void(*, actor: User | None, evidence: Evidence, reason: str, at: datetime) -> None:
    """Take a row out of the fold after an appeal; the row itself stays readable."""
    if evidence.voids_id or evidence.voided_by.exists():
        raise Refused(_("This evidence has already been set aside."))
    with act(actor, "profiles.void", evidence.person, at=at, person_id=evidence.person_id, reason=reason):
        row = Evidence.objects.create(
            person=evidence.person, kind=evidence.kind, at=at, source=f"void:{evidence.pk}", label=reason,
            entries=[], voids=evidence, recorded_by=actor, framework_id=evidence.framework_id,
        )  # fmt: skip
        framework = Belief.objects.get(person=evidence.person).framework
        fold_people(framework=framework, people=[evidence.person], at=at, caused_by=[row])


def note_view(*, actor: User, person: Person, at: datetime, page: str) -> None:
    """Leave a trace that somebody looked at another person's profile."""
    with act(actor, "profiles.view_person", person, at=at, person_id=person.pk, page=page):
        pass


def fold_people(
    *, framework: Framework, people: Iterable[Person], at: datetime, caused_by: Iterable[Evidence] = ()
) -> None:
    """Fold the whole ledger of each person and keep the belief, and the point after each new row of evidence."""
    frame = folding.frame(framework)
    rows = list({person.pk: person for person in people}.values())
    ledger: dict[int, list[Evidence]] = {person.pk: [] for person in rows}
    for one in Evidence.objects.filter(person__in=ledger).order_by("at", "id"):
        ledger[one.person_id].append(one)
    kept = {row.person_id: row for row in Belief.objects.filter(person__in=ledger)}
    fresh = folding.prior_in_force(framework.pk) if len(kept) < len(rows) else None
    made = [_folded(frame, fresh, person, ledger[person.pk], kept.get(person.pk), at) for person in rows]
    fields = ["mean", "covariance", "variance", "measured", "evidence_count", "as_of", "revision"]
    Belief.objects.bulk_update([row for row in made if row.pk], fields, batch_size=200)
    Belief.objects.bulk_create([row for row in made if not row.pk], batch_size=200)
    beliefs = {row.person_id: row for row in made}
    BeliefPoint.objects.bulk_create([_point(beliefs[row.person_id], row, frame) for row in caused_by], batch_size=500)


def refold(*, people: Iterable[int], at: datetime) -> int:
    """Fold again whoever of these people has evidence or a belief; how many beliefs were written."""
    wanted = list(people)
    found = dict(Belief.objects.filter(person__in=wanted).values_list("person", "framework"))
    for person in Evidence.objects.filter(person__in=wanted).values_list("person", flat=True):
        found.setdefault(person, current_framework().pk)
    for framework in Framework.objects.filter(pk__in=set(found.values())):
        rows = Person.objects.filter(pk__in=[pk for pk, number in found.items() if number == framework.pk])
        with write_turn():
            fold_people(framework=framework, people=rows, at=at)
    return len(found)


def _folded(
    frame: folding.Frame,
    fresh: int | None,
    person: Person,
    ledger: list[Evidence],
    kept: Belief | None,
    at: datetime,
) -> Belief:
    start = folding.unpack(kept.prior_mean, (frame.size,)) if kept else prior_mean(frame, person)
    counted = folding.standing(ledger)
    row = kept or Belief(person=person, framework_id=frame.framework_id, prior_mean=folding.pack(start), prior_id=fresh)
    after = folding.fold(folding.under(frame, row.prior_id), start, counted)
    row.mean, row.covariance, row.variance = folding.pack(after.mean), folding.pack(after.cov), folding.pack(after.var)
    row.measured = any(one.kind in MEASURING for one in counted)
    row.evidence_count, row.revision = len(counted), new_revision()
    row.as_of = max((one.at for one in counted), default=at)
    return row


def _point(row: Belief, evidence: Evidence, frame: folding.Frame) -> BeliefPoint:
    mean, var = folding.unpack(row.mean, (frame.size,)), folding.unpack(row.variance, (frame.size,))
    return BeliefPoint(
        framework_id=frame.framework_id, person_id=row.person_id, evidence=evidence, at=evidence.at,
        mean=np.round(mean, 4).tolist(), sd=np.round(np.sqrt(var), 4).tolist(),
    )  # fmt: skip


def update_family_priors(*, actor: User | None, framework: Framework, at: datetime) -> int:
    """Learn where unmeasured people of each position family begin (at least 100 measured); returns families learned."""
    frame = folding.frame(framework)
    means: dict[int, list[Any]] = {}
    measured = Belief.objects.filter(framework=framework, measured=True, person__active=True)
    for family, mean in measured.values_list("person__position__family", "mean"):
        means.setdefault(family, []).append(folding.unpack(mean, (frame.size,)))
    learned = 0
    with act(actor, "profiles.update_family_priors", framework, at=at) as this:
        enough = [pk for pk, rows in means.items() if len(rows) >= 100]
        for group in PositionFamily.objects.filter(pk__in=enough):
            rows = np.array(means[group.pk])
            mean = family_mean(np.zeros(frame.size), rows).round(6).tolist()
            fields = {"framework": framework, "mean": mean, "people": len(rows), "as_of": at}
            FamilyPrior.objects.update_or_create(family=group, defaults=fields)
            learned += 1
        this.note(families=learned)
    return learned


def adopt_prior(
    *, actor: User | None, framework: Framework, covariance: Sequence[Sequence[float]], source: str, people: int,
    at: datetime,
) -> Prior:  # fmt: skip
    """Put a new version of the prior into force. Beliefs that exist stay under theirs until `move_to_prior`."""
    last = Prior.objects.filter(framework=framework).order_by("-number").values_list("number", flat=True).first()
    with act(actor, "profiles.adopt_prior", at=at, source=source, people=people) as this:
        this.subject = row = Prior.objects.create(
            framework=framework, number=(last or 0) + 1, covariance=[list(r) for r in covariance], source=source,
            people=people, author=actor, at=at,
        )  # fmt: skip
    return row


def withdraw_prior(*, actor: User | None, prior: Prior, at: datetime) -> None:
    """Take a version out of force; the one before it, or the framework's own assumption, is in force again."""
    if folding.prior_in_force(prior.framework_id) != prior.pk:
        raise Refused(_("Only the correlations in force can be withdrawn."))
    with act(actor, "profiles.withdraw_prior", prior, at=at):
        prior.withdrawn_at = at
        prior.save(update_fields=["withdrawn_at"])


def move_to_prior(*, framework: Framework, people: Iterable[Person], prior_id: int | None, at: datetime) -> None:
    """Let the beliefs of these people begin with this version and fold them again; inside the caller's act."""
    rows = list(people)
    Belief.objects.filter(framework=framework, person__in=rows).update(prior=prior_id)
    fold_people(framework=framework, people=rows, at=at)
