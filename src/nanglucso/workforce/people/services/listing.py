"""Write lists of units and positions, and take them back; required levels go into a draft (`drafting`)."""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import F

from nanglucso.kit.text import fold
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.models import Position, PositionFamily, Requirement, Unit
from nanglucso.workforce.people.services.applying import Written
from nanglucso.workforce.people.services.changes import ImportPlan, RowChange, stored

_UNIT = ("code", "name", "short_name", "kind", "aliases", "since", "source")
_POSITION = ("code", "name", "name_en", "group", "unit_kinds", "aliases", "yearly_tiet")


def unit_facts(unit: Unit) -> dict[str, Any]:
    """What a list can tell of a unit."""
    return {name: stored(getattr(unit, name)) for name in _UNIT}


def position_facts(position: Position) -> dict[str, Any]:
    """What a list can tell of a position."""
    return {**{name: getattr(position, name) for name in _POSITION}, "family": position.family.code}


def requirement_facts(positions: Iterable[Position]) -> Mapping[int, dict[str, Any]]:
    """{position id: {competence code: [level, must have]}}."""
    found: dict[int, dict[str, Any]] = defaultdict(dict)
    rows = Requirement.objects.filter(position__in=list(positions), level__gt=0)
    for position, code, level, must in rows.values_list("position", "competence__code", "level", "must_have"):
        found[position][code] = [level, must]
    return found


def write_list(kind: str, plan: ImportPlan) -> Written:
    """Apply a plan of a kind ("units", "positions"). Inside a transaction."""
    writer = _WRITERS[kind]()
    for row in plan.new:
        writer.add(row)
    for row in plan.changed:
        writer.change(row)
    return writer.done


def take_list_back(kind: str, inverse: Mapping[str, Any]) -> Written:
    """Undo `write_list`: whatever was changed again since keeps its newer values. Inside a transaction."""
    writer = _WRITERS[kind]()
    for row in reversed(inverse["old"]):
        writer.restore(row)
    for pk in reversed(inverse["created"]):
        writer.remove(pk)
    return writer.done


class _Writer(ABC):
    """Rows of one kind. `done.inverse`: {"created": [ids], "old": [{id, old, new}]}."""

    model: type[Unit] | type[Position] = Position

    def __init__(self) -> None:
        self.done = Written(inverse={"created": [], "old": []})

    @abstractmethod
    def facts(self, held: Any) -> dict[str, Any]:
        """What a list can tell of the thing, as it is held now."""

    @abstractmethod
    def put(self, held: Any, values: Mapping[str, Any]) -> None:
        """Write values of a plan."""

    def make(self, row: RowChange) -> Any:
        """The new row, or None when what it stands under is gone."""
        return None

    def _left(self, row: RowChange, why: str) -> None:
        self.done.conflicts.append({"sheet": row.sheet, "row": row.row, "name": row.name, "why": why})

    def add(self, row: RowChange) -> None:
        if self.model._default_manager.filter(code=row.values["code"]).exists():
            self._left(row, "appeared_thing")
            return
        made = self.make(row)
        if made is None:
            self._left(row, "place_gone")
            return
        self.done.inverse["created"].append(made.pk)
        self.done.created += 1

    def change(self, row: RowChange) -> None:
        held = self.model._default_manager.filter(pk=row.person_id or 0).first()
        facts = self.facts(held) if held else {}
        if held is None or any(facts.get(name) != value for name, value in row.old.items()):
            self._left(row, "changed" if held else "gone_thing")
            return
        self.done.inverse["old"].append({"id": held.pk, "name": row.name, "old": row.old, "new": row.values})
        self.put(held, row.values)
        self.done.changed += 1

    def restore(self, told: Mapping[str, Any]) -> None:
        held = self.model._default_manager.filter(pk=told["id"]).first()
        facts = self.facts(held) if held else {}
        if held is None or any(facts.get(name) != value for name, value in told["new"].items()):
            self.done.conflicts.append({"name": told["name"], "why": "changed"})
            return
        self.put(held, told["old"])
        self.done.changed += 1

    def remove(self, pk: int) -> None:
        held = self.model._default_manager.filter(pk=pk).first()
        if held is None:
            return
        if _is_used(held):
            self.done.conflicts.append({"name": str(held), "why": "used"})
            return
        held.delete()
        self.done.created += 1


class _Units(_Writer):
    model = Unit

    def facts(self, held: Unit) -> dict[str, Any]:
        return unit_facts(held)

    def put(self, held: Unit, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(held, name, date.fromisoformat(value) if name == "since" and value else value)
        held.fold = _unit_fold(held)
        held.save()

    def make(self, row: RowChange) -> Unit | None:
        told = dict(row.values)
        parent = Unit.objects.filter(code=told.pop("parent"), until=None).first()
        if parent is None:
            return None
        told["since"] = date.fromisoformat(told["since"]) if told.get("since") else None
        path, depth = _free_path(parent), parent.depth + 1
        unit = Unit(**told, area=parent.area, path=path, depth=depth, numchild=0)
        unit.fold = _unit_fold(unit)
        unit.save()
        Unit.objects.filter(pk=parent.pk).update(numchild=F("numchild") + 1)
        return unit


def _free_path(parent: Unit) -> str:
    """Where the next unit below goes in the tree."""
    below = Unit.objects.filter(path__startswith=parent.path, depth=parent.depth + 1).order_by("-path").first()
    last = Unit._str2int(below.path[-Unit.steplen :]) if below else 0
    path: str = Unit._get_path(parent.path, parent.depth + 1, last + 1)
    return path


def _unit_fold(unit: Unit) -> str:
    return fold(" ".join((unit.name, unit.short_name, *unit.aliases)))[:220]


class _Positions(_Writer):
    model = Position

    def facts(self, held: Position) -> dict[str, Any]:
        return position_facts(held)

    def put(self, held: Position, values: Mapping[str, Any]) -> None:
        for name, value in values.items():
            setattr(held, name, PositionFamily.objects.get(code=value) if name == "family" else value)
        held.fold = fold(" ".join((held.name, *held.aliases)))[:220]
        held.save()

    def make(self, row: RowChange) -> Position:
        made = Position(framework=current_framework())
        self.put(made, row.values)
        return made


_WRITERS: dict[str, type[_Writer]] = {"units": _Units, "positions": _Positions}


def _is_used(held: Any) -> bool:
    """Whether anything refers to the row: people, appointments, units below, plans."""
    if isinstance(held, Unit) and held.numchild:
        return True
    for relation in held._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete or relation.related_model is None:
            continue
        if relation.related_model._default_manager.filter(**{relation.field.name: held}).exists():
            return True
    return False
