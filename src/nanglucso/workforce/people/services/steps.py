"""The steps of a reorganisation as they are kept: plain data, units by their code.

found    {unit: {code, name, kind, parent, short_name}}
rename   {unit, name, short_name}
move     {unit, parent}
merge    {units: [code], into: code or {code, name, kind, parent}}
split    {unit, parts: [{code, name, kind} or code], keep, people: {person id: part}, children: {code: part}}
dissolve {unit, to: [code], people: {person id: place in `to`}, children: {code: place}}
A split with `keep` leaves the unit standing; whoever and whatever is not named stays. Otherwise they go to the first.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import Unit

Step = dict[str, Any]
KINDS = {
    "found": _("Found a unit"),
    "rename": _("Rename"),
    "move": _("Move under another unit"),
    "merge": _("Merge"),
    "split": _("Split"),
    "dissolve": _("Dissolve"),
}
_NEEDED = {
    "found": {"unit"},
    "rename": {"unit", "name"},
    "move": {"unit", "parent"},
    "merge": {"units", "into"},
    "split": {"unit", "parts"},
    "dissolve": {"unit"},
}
_CODE = re.compile(r"[\w.-]{1,40}")


def checked(step: Step) -> Step:
    """The step when its shape is right, else raises `Refused`; whether its units exist is seen when it is tried."""
    kind = step.get("kind", "")
    if kind not in KINDS or not _NEEDED[kind] <= set(step):
        raise Refused(_("A step of this kind is not known or lacks a part."))
    for told in new_units(step):
        check_new(told)
    if kind == "merge" and not step["units"]:
        raise Refused(_("Say which units are merged."), field="units")
    if kind == "split" and len(step["parts"]) + bool(step.get("keep")) < 2:
        raise Refused(_("A split needs at least two parts, or one part beside the unit that stays."), field="parts")
    return step


def new_units(step: Step) -> list[Step]:
    """What the step tells of units that do not exist yet."""
    told = [step.get("into"), *step.get("parts", [])]
    if step["kind"] == "found":
        told.append(step["unit"])
    return [one for one in told if isinstance(one, dict)]


def check_new(told: Step) -> None:
    """Raise `Refused` for a new unit without a usable code, name or kind."""
    if not _CODE.fullmatch(str(told.get("code", ""))):
        raise Refused(_("The code of a unit has at most 40 letters, digits, dots and hyphens."), field="code")
    if not 2 <= len(str(told.get("name", "")).strip()) <= 200:
        raise Refused(_("A unit needs a name of 2 to 200 characters."), field="name")
    if told.get("kind") not in Unit.Kind.values:
        raise Refused(_("Say what kind of unit it is."), field="unit_kind")


def named_units(step: Step) -> set[str]:
    """Codes of the units that a step names and that must stand before it, those made by it apart."""
    told = [step.get("unit"), step.get("parent"), step.get("into"), *step.get("units", []), *step.get("to", [])]
    told += [*step.get("parts", []), *step.get("children", {})]
    told += [one.get("parent") for one in new_units(step)]
    return {one for one in told if isinstance(one, str) and one}
