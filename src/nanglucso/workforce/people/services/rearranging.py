"""The steps of a reorganisation done to the unit tree; what people, roles and rows above do is in `rehousing`."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.kit.text import clean, fold
from nanglucso.workforce.people.models import Reorganisation, Unit, UnitPast, UnitSuccession
from nanglucso.workforce.people.services.grafting import full_name, graft, new_path, parent_of
from nanglucso.workforce.people.services.ledger import Ledger
from nanglucso.workforce.people.services.rehousing import Rehousing
from nanglucso.workforce.people.services.steps import Step

Place = Callable[[int], Unit | None]


class Rearrangement:
    """One reorganisation being done inside a transaction: `run` its steps, then read `effects` and `ledger`."""

    def __init__(self, *, row: Reorganisation, day: date, at: datetime) -> None:
        self.row, self.day, self.at = row, day, at
        self.ledger = Ledger()
        self.units: list[dict[str, Any]] = []
        self.touched: set[int] = set()
        self.dated: set[int] = set()
        self.homes = Rehousing(self.ledger, day=day, at=at, kept_out=set(row.kept_out))

    def run(self, steps: Sequence[Step]) -> None:
        """Do every step. Raises `Refused` for the first that cannot be done, with its number."""
        for number, step in enumerate(steps, 1):
            try:
                getattr(self, f"_{step['kind']}")(step)
            except Refused as refusal:
                sentence = _("Step %(number)s: %(why)s") % {"number": number, "why": refusal.message}
                raise Refused(sentence, field=refusal.field) from refusal
        self.homes.follow()

    def effects(self) -> dict[str, Any]:
        """What was done, as JSON without database numbers of new rows: equal when tried again on the same data."""
        return {"units": self.units, **self.homes.effects()}

    def all_touched(self) -> list[int]:
        """Numbers of every unit that was changed, made, moved along or pointed to."""
        rows = set(self.ledger.old.get("people.Unit", {})) | set(self.ledger.created.get("people.Unit", []))
        return sorted(self.touched | rows)

    def _unit(self, code: str) -> Unit:
        unit = Unit.objects.filter(code=code).first()
        if unit is None:
            raise Refused(_("There is no unit with the code %(code)s.") % {"code": code})
        if unit.until is not None:
            raise Refused(_("“%(name)s” has ended.") % {"name": unit.name})
        return unit

    def _tell(self, what: str, unit: Unit, **more: Any) -> None:
        self.touched.add(unit.pk)
        self.units.append({"what": what, "code": unit.code, "name": unit.name, **more})

    def _began(self, unit: Unit) -> date | None:
        last = unit.pasts.order_by("-until").first()
        return last.until if last else unit.since

    def _keep_past(self, unit: Unit) -> None:
        """Write down how the unit stood until the day; once for all steps of this act."""
        if unit.pk in self.dated:
            return
        began = self._began(unit)
        if began is not None and self.day <= began:
            raise Refused(
                _("“%(name)s” has stood as it is since %(since)s; the day of effect must be later.")
                % {"name": unit.name, "since": began.strftime("%d/%m/%Y")},
                field="day",
            )
        self.dated.add(unit.pk)
        past = UnitPast(unit=unit, name=unit.name, short_name=unit.short_name, kind=unit.kind, reorganisation=self.row)
        past.parent, past.since, past.until = parent_of(unit), began, self.day
        self.ledger.create([past])

    def _check_name(self, name: str, parent: Unit | None, but: int | None = None) -> None:
        beside = Unit.objects.filter(until=None, depth=parent.depth + 1 if parent else 1)
        beside = beside.filter(path__startswith=parent.path if parent else "")
        if any(fold(one.name) == fold(name) and clean(one.name) == clean(name) and one.pk != but for one in beside):
            raise Refused(_("There is already a unit called “%(name)s” there.") % {"name": name}, field="name")

    def _new(self, told: Step, *, beside: Unit | None = None) -> Unit:
        code, name = str(told["code"]), clean(str(told["name"]))
        if Unit.objects.filter(code=code).exists():
            raise Refused(_("The code %(code)s is taken.") % {"code": code}, field="code")
        above = told.get("parent", None)
        parent = self._unit(above) if above else (parent_of(beside) if beside and above is None else None)
        if parent is None and Unit.objects.filter(depth=1, until=None).exists() and (not beside or beside.depth > 1):
            raise Refused(_("Say below which unit “%(name)s” stands.") % {"name": name}, field="parent")
        self._check_name(name, parent)
        path = new_path(parent)
        unit = Unit(code=code, name=name, short_name=str(told.get("short_name", ""))[:80], kind=told["kind"])
        unit.path, unit.depth, unit.numchild = path, len(path) // Unit.steplen, 0
        unit.area = (parent.area if parent else None) or (beside.area if beside else None)
        unit.fold = fold(f"{name} {unit.short_name}".strip())[:220]
        unit.since, unit.source = self.day, self.row.decision or self.row.title
        self.ledger.create([unit])
        if parent:
            Unit.objects.filter(pk=parent.pk).update(numchild=parent.numchild + 1)
        self.dated.add(unit.pk)
        self._tell("founded", unit, now=parent.name if parent else "")
        return unit

    # the six kinds of steps

    def _found(self, step: Step) -> None:
        self._new(step["unit"])

    def _rename(self, step: Step) -> None:
        unit, name = self._unit(step["unit"]), clean(str(step["name"]))
        if name == unit.name:
            raise Refused(_("The unit already has this name."), field="name")
        self._check_name(name, parent_of(unit), unit.pk)
        self._keep_past(unit)
        short = str(step.get("short_name", unit.short_name))[:80]
        was = unit.name
        self.ledger.update([unit], name=name, short_name=short, fold=fold(" ".join((name, short, *unit.aliases)))[:220])
        self._tell("renamed", unit, was=was, now=name)

    def _move(self, step: Step) -> None:
        unit, parent = self._unit(step["unit"]), self._unit(step["parent"])
        self.homes.scopes_of_move(unit, parent)
        self._under(unit, parent)

    def _under(self, unit: Unit, parent: Unit) -> None:
        old = parent_of(unit)
        if parent.path.startswith(unit.path):
            raise Refused(_("A unit cannot stand below itself."), field="parent")
        if old is not None and old.pk == parent.pk:
            raise Refused(_("“%(name)s” already stands there.") % {"name": unit.name}, field="parent")
        self._check_name(unit.name, parent, unit.pk)
        self._keep_past(unit)
        graft(self.ledger, unit, parent)
        self.touched |= {parent.pk, *([old.pk] if old else [])}
        moved = {"was": old.name if old else "", "now": parent.name}
        self._tell("moved", unit, people=self.homes.people_in(unit), **moved)

    def _merge(self, step: Step) -> None:
        into, sources = step["into"], [self._unit(code) for code in dict.fromkeys(step["units"])]
        target = self._unit(into) if isinstance(into, str) else self._new(into, beside=sources[0])
        if isinstance(into, str) and any(one.pk == target.pk for one in sources):
            sources = [one for one in sources if one.pk != target.pk]
        if not sources:
            raise Refused(_("Say which units are merged."), field="units")
        for code in [one.code for one in sources]:
            self._absorb(self._unit(code), self._unit(target.code))

    def _absorb(self, unit: Unit, target: Unit) -> None:
        """All of the unit goes into the target; parts of the same name become one."""
        if target.path.startswith(unit.path):
            raise Refused(_("A unit cannot be merged into one of its own parts."), field="into")
        self._hand_over(unit, [target], lambda code: target, lambda person: target)

    def _split(self, step: Step) -> None:
        unit = self._unit(step["unit"])
        parts = [self._new(one, beside=unit) if isinstance(one, dict) else self._unit(one) for one in step["parts"]]
        self._divide(self._unit(unit.code), parts, step, keep=bool(step.get("keep")))

    def _dissolve(self, step: Step) -> None:
        unit, to = self._unit(step["unit"]), [self._unit(code) for code in step.get("to", [])]
        if not to and (self.homes.has_people(unit, self.day) or self._children(unit)):
            sentence = _("“%(name)s” still has people or parts: say where they go.")
            raise Refused(sentence % {"name": unit.name}, field="to")
        if unit.depth == 1:
            raise Refused(_("The top of the tree cannot be dissolved."), field="unit")
        self._divide(unit, to, step, keep=False)

    def _divide(self, unit: Unit, parts: list[Unit], step: Step, *, keep: bool) -> None:
        people = {int(pk): int(part) for pk, part in step.get("people", {}).items()}
        children = {code: int(part) for code, part in step.get("children", {}).items()}
        if any(not 0 <= part < len(parts) for part in (*people.values(), *children.values())):
            raise Refused(_("A person or part is sent to a unit that this step does not name."))
        if any(part.path.startswith(unit.path) for part in parts):
            raise Refused(_("The parts of a unit cannot stand below it."), field="parts")
        rest = None if keep or not parts else parts[0]

        def child(code: str) -> Unit | None:
            return parts[children[code]] if code in children else rest

        def person(pk: int) -> Unit | None:
            return parts[people[pk]] if pk in people else rest

        self._hand_over(unit, parts, child, person, keep=keep)

    def _children(self, unit: Unit) -> list[Unit]:
        return list(Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1, until=None).order_by("path"))

    def _hand_over(
        self, unit: Unit, parts: list[Unit], child: Callable[[str], Unit | None], person: Place, *, keep: bool = False
    ) -> None:
        for one in self._children(unit):
            self._send_child(self._unit(one.code), child(one.code))
        self.homes.rehouse(unit, person)
        self.homes.regrant(unit, parts, person, keep=keep)
        self.touched |= {unit.pk, *(part.pk for part in parts)}
        links = [UnitSuccession(before=unit, after=one, day=self.day, reorganisation=self.row) for one in parts]
        self.ledger.create(links)
        names = [full_name(part) for part in parts]
        if keep:
            self._tell("divided", unit, to=names)
        else:
            self._close(Unit.objects.get(pk=unit.pk), parts)

    def _send_child(self, child: Unit, target: Unit | None) -> None:
        """A part goes below the target, or into the target's part of the same name."""
        if target is None:
            return
        target = self._unit(target.code)
        twin = next((one for one in self._children(target) if fold(one.name) == fold(child.name)), None)
        if twin is not None and twin.pk != child.pk:
            self._absorb(child, twin)
        else:
            self._under(child, target)

    def _close(self, unit: Unit, parts: list[Unit]) -> None:
        """End the unit; with one successor its archive lies below that one, else where it stood."""
        self._keep_past(unit)
        said = full_name(unit)
        self.ledger.update([unit], until=self.day)
        self.homes.closed[unit.pk] = parts[0].pk if parts else None
        if len(parts) == 1:
            graft(self.ledger, unit, self._unit(parts[0].code))
        self._tell("closed", unit, full=said, to=[full_name(part) for part in parts])
