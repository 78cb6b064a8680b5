"""Do a shipped reorganisation from the beginning: the units before it, and the act itself through the usual door."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core import content
from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.workforce.people.models import Reorganisation, Unit
from nanglucso.workforce.people.services.reorganising import add_steps, approve, draft_reorganisation, send_for_review
from nanglucso.workforce.people.services.steps import Step
from nanglucso.workforce.people.services.tree import UnitTold, merge_units
from nanglucso.workforce.people.services.units import KINDS, table

FOLDER = "reorganisations"
COLUMNS = {
    "can_tho_agencies.csv": {"code", "name_vi", "kind"},
    "can_tho_units.csv": {"code", "name_traditional", "type"},
}


def shipped_reorganisations() -> list[str]:
    """Codes of what can be replayed."""
    return sorted(path.stem for path in (content.root() / "units" / FOLDER).glob("*.yaml"))


def load_before(*, actor: User | None, code: str, at: datetime) -> list[Unit]:
    """The units as they were before a shipped reorganisation. Raises `Refused` when there are units already."""
    told = _told(code)
    with act(actor, "people.load_units", at=at, units=len(told["before"]), before=code) as this:
        if Unit.objects.exists():
            raise Refused(_("There are units already: a shipped reorganisation is replayed from the beginning."))
        source = "; ".join(one["where"] for one in told["sources"])
        rows = [UnitTold(one["code"], one["name"], one["kind"], "", source=source) for one in told["before"]]
        merge_units(rows, {})
        found = list(Unit.objects.order_by("path"))
        this.subject = found[0]
    return found


def replay(*, writer: User | None, reviewer: User | None, code: str, at: datetime) -> Reorganisation:
    """Draft, send and approve a shipped reorganisation over the units of `load_before`.

    Raises `Refused` for an unknown code, and as every reorganisation does.
    """
    told = _told(code)
    row = draft_reorganisation(actor=writer, title=told["title"], decision=told["decision"], day=told["day"], at=at)
    row = add_steps(actor=writer, row=row, steps=_steps(told), scope=EVERYTHING, at=at)
    row = send_for_review(actor=writer, row=row, scope=EVERYTHING, at=at)
    return approve(actor=reviewer, row=row, mark=row.mark, scope=EVERYTHING, at=at)


def _told(code: str) -> Mapping[str, Any]:
    if code not in shipped_reorganisations():
        raise Refused(_("No reorganisation is shipped under the code %(code)s.") % {"code": code})
    told = content.read_yaml(_folder() / FOLDER / f"{code}.yaml")
    if not isinstance(told, Mapping) or not {"title", "decision", "day", "before", "into", "founded"} <= set(told):
        raise Refused(_("The file %(path)s is missing or is not a reorganisation.") % {"path": f"{code}.yaml"})
    return told


def _folder() -> Path:
    return content.root() / "units"


def _steps(told: Mapping[str, Any]) -> list[Step]:
    into = dict(told["into"])
    steps: list[Step] = [{"kind": "merge", "units": [one["code"] for one in told["before"]], "into": into}]
    for name in told["founded"]:
        for row in table(_folder() / name, COLUMNS[name]):
            called = row.get("name_vi") or row["name_traditional"]
            kind = row.get("kind") or str(KINDS[row["type"]])
            unit = {"code": row["code"], "name": called, "kind": kind, "parent": into["code"]}
            steps.append({"kind": "found", "unit": unit})
    return steps
