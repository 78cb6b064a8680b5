"""A person in a package: begun, its claims recorded as claims, finished when the server's clock bears them out."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.develop.learning import timing
from nanglucso.develop.learning.clocks import lock_signs
from nanglucso.develop.learning.models import Package, PackageRun
from nanglucso.develop.learning.scorm import claims, cmi
from nanglucso.workforce.people.models import Person


@dataclass(frozen=True)
class Said:
    """What the player page passes on from the frame: `values` unchecked, as they came."""

    unit: str
    launch: int
    n: int
    event: str
    values: Any


def begin_package(*, actor: User | None, person: Person, package: Package, at: datetime) -> PackageRun:
    """The person's run: the one under way, even of an older version, or of the version in use.

    Raises Refused when no version is in use.
    """
    held = PackageRun.objects.filter(person=person, version__package=package).select_related("version")
    going = held.filter(finished_at=None).first() or held.filter(version=package.live_id).first()
    if going is not None:
        return going
    if package.live is None:
        raise Refused(_("This package is not in use. Choose another one from the list."))
    with act(actor, "learning.begin_package", package.live, at=at, person_id=person.pk, title=package.live.title):
        told = {"began_at": at, "seen_at": at, "unit": package.live.units[0]["key"]}
        return PackageRun.objects.get_or_create(person=person, version=package.live, defaults=told)[0]


def _locked(run_id: uuid.UUID, person_id: int) -> tuple[PackageRun, datetime]:
    """The run and the person's last sign of life anywhere; inside a write turn.

    Raises PackageRun.DoesNotExist for somebody else's.
    """
    signs = lock_signs(person_id)
    run = next((row for row in signs.runs if row.pk == run_id), None)
    if run is None or signs.last is None:
        raise PackageRun.DoesNotExist
    return run, signs.last


def record_package(*, run_id: uuid.UUID, person_id: int, said: Said | None, reads: bool, at: datetime) -> PackageRun:
    """Take what the frame said (None: nothing new) and, while somebody reads, count the time that went by.

    Raises PackageRun.DoesNotExist, and Refused for a unit, event or value that cannot be. A message that came late is
    passed over. Not an act of its own in the log; the finish is.
    """
    values = cmi.checked(said.values) if said else {}
    with write_turn():
        run, last = _locked(run_id, person_id)
        if reads and run.finished_at is None:
            run.spent = round(run.spent + timing.credit(last, at), 1)
        run.seen_at = max(run.seen_at, at)
        if said is not None:
            _fold(run, said, values, at)
        if run.claimed_at is None and claims.all_done(run.version.units, run.states):
            run.claimed_at = at
        run.save(update_fields=["spent", "seen_at", "states", "unit", "claimed_at"])
        return _settled(run, at)


def _fold(run: PackageRun, said: Said, values: dict[str, str], at: datetime) -> None:
    unit = next((one for one in run.version.units if one["key"] == said.unit), None)
    if unit is None or said.event not in claims.EVENTS:
        raise Refused(_("The package has no such lesson."))
    message = claims.Message(said.launch, said.n, said.event, values)
    state = run.states.get(said.unit, {})
    if not claims.is_late(state, message):
        run.states = {**run.states, said.unit: claims.folded(state, message, mastery=unit["mastery"], at=at)}
        run.unit = said.unit


def complete(run: PackageRun) -> bool:
    """Every unit claims to be done, and enough time went by on the server's clock for that to be possible."""
    return run.claimed_at is not None and run.spent >= timing.needed(run.version.minutes)


def _settled(run: PackageRun, at: datetime) -> PackageRun:
    if run.finished_at or not complete(run):
        return run
    told = {"title": run.version.title, "seconds": round(run.spent)}
    with act(run.person.user, "learning.finish_package", run, at=at, person_id=run.person_id, **told):
        run.finished_at = at
        run.save(update_fields=["finished_at"])
    return run
