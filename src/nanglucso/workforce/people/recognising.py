"""Units and positions meant by the words of a staff file, and what must be asked because it is not sure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nanglucso.kit.spreadsheets import column_letter
from nanglucso.kit.text import fold
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Position, PositionFamily, Unit
from nanglucso.workforce.people.services.changes import Ask
from nanglucso.workforce.people.staffsheet.header import ColumnMap
from nanglucso.workforce.people.staffsheet.matching import KnownUnit, UnitIndex, UnitQuery
from nanglucso.workforce.people.staffsheet.positions import KnownPosition, PositionIndex, PositionQuery
from nanglucso.workforce.people.staffsheet.records import StaffRecord

GUESSES = ("family", "generic")


@dataclass(frozen=True)
class Known:
    """A recognised unit or position: its id (None: not recognised) and how."""

    id: int | None
    how: str


@dataclass
class Recogniser:
    """Recognises each different text once; `asks` collects what is not sure, keyed by (kind, key)."""

    chosen_units: Mapping[str, int]
    chosen_positions: Mapping[str, str]
    columns: tuple[ColumnMap, ...] = ()
    asks: dict[tuple[str, str], Ask] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.units = {unit.pk: unit for unit in Unit.objects.filter(until=None)}
        chains = queries.unit_chain(self.units.values())
        self.places = {pk: queries.place(chain) for pk, chain in chains.items()}
        self.kinds = {pk: _kind(chain) for pk, chain in chains.items()}
        self._units = UnitIndex(
            KnownUnit(pk, self.units[pk].name, _aliases(self.units[pk]), tuple(unit.name for unit in chain[:-1]))
            for pk, chain in chains.items()
        )
        self._seen_units: dict[Any, Known] = {}
        self._seen_positions: dict[Any, Known] = {}
        self._letters = {
            (columns.sheet, name): column_letter(place)
            for columns in self.columns
            for name, place in columns.places().items()
        }
        self._load_positions()

    def _load_positions(self) -> None:
        held = list(Position.objects.select_related("family").order_by("code"))
        self.positions = {position.code: position for position in held}
        self.names = {position.pk: position.name for position in held}
        self.kinds_of = {position.pk: set(position.unit_kinds) for position in held}
        self.families = {family.code: family for family in PositionFamily.objects.all()}
        self._of_family: dict[str, list[Position]] = {code: [] for code in self.families}
        for position in held:
            self._of_family[position.family.code].append(position)
        generic = {}
        for family in self.families.values():
            for kind in family.generic_for:
                stand_in = self._stand_in(family.code, kind)
                if stand_in:
                    generic[kind] = stand_in.code
        self._positions = PositionIndex(
            (KnownPosition(one.code, one.name, tuple(one.aliases), tuple(one.unit_kinds)) for one in held),
            {code: family.keywords for code, family in self.families.items()},
            generic,
        )

    def _stand_in(self, family: str, kind: str) -> Position | None:
        """The position of a family taken for a title that only tells the family."""
        held = self._of_family.get(family, [])
        default = self.positions.get(self.families[family].default_code) if family in self.families else None
        fitting = [one for one in held if kind in one.unit_kinds]
        if default and (default in fitting or not fitting):
            return default
        return fitting[0] if fitting else next(iter(held), None)

    def letter(self, sheet: str, *fields: str) -> str:
        """Letter of the first of these fields that the sheet has, "" for none."""
        return next((self._letters[sheet, name] for name in fields if (sheet, name) in self._letters), "")

    def unit(self, record: StaffRecord) -> Known:
        """The unit a record means; asks when it is not sure."""
        if not record.unit_text:
            return Known(None, "")
        seen = (record.unit_text, record.unit_path, record.hint)
        if seen not in self._seen_units:
            self._seen_units[seen] = self._match_unit(record)
        known = self._seen_units[seen]
        if known.id is None:
            self.asks["unit", unit_key(record)].rows += 1
        return known

    def _match_unit(self, record: StaffRecord) -> Known:
        key = unit_key(record)
        chosen = self.chosen_units.get(key)
        if chosen in self.units:
            return Known(chosen, "chosen")
        match = self._units.match(UnitQuery(record.unit_text, record.unit_path, record.hint))
        if match.id is None and ("unit", key) not in self.asks:
            choices = [[one.id, self.places[one.id], one.score] for one in match.suggestions]  # type: ignore[index]
            letter = self.letter(record.sheet, "department", "unit")
            around = ", ".join(reversed(record.unit_path))
            self.asks["unit", key] = Ask(
                "unit", key, record.unit_text, around, record.sheet, record.row, letter, how=match.how, choices=choices
            )
        return Known(match.id, match.how)  # type: ignore[arg-type]

    def unit_named(self, text: str) -> tuple[int | None, list[str]]:
        """The one unit that a text names, and the places it may mean when it names none for sure."""
        match = self._units.match(UnitQuery(text))
        near = [self.places[one.id] for one in match.suggestions]  # type: ignore[index]
        return match.id, near  # type: ignore[return-value]

    def position(self, record: StaffRecord, unit_id: int) -> Known:
        """The position a record means in a unit of that kind; a guess is taken but asked about."""
        seen = (record.position_text, self.kinds.get(unit_id, ""))
        if seen not in self._seen_positions:
            self._seen_positions[seen] = self._match_position(record, seen[1])
        known = self._seen_positions[seen]
        ask = self.asks.get(("position", position_key(*seen)))
        if ask:
            ask.rows += 1
        return known

    def _match_position(self, record: StaffRecord, kind: str) -> Known:
        text, key = record.position_text, position_key(record.position_text, kind)
        chosen = self.positions.get(self.chosen_positions.get(key, ""))
        if chosen:
            return Known(chosen.pk, "chosen")
        match = self._positions.match(PositionQuery(text, kind))
        position = self._stand_in(match.code, kind) if match.how == "family" else self.positions.get(match.code)
        if match.how != "exact":
            codes = [(position.code, position.name)] if position else []
            codes += [pair for pair in match.suggestions if pair not in codes]
            letter = self.letter(record.sheet, "position", "title")
            self.asks["position", key] = Ask(
                *("position", key, text, kind, record.sheet, record.row, letter),
                taken=position.code if position else "",
                how=match.how,
                choices=[[code, name, 0.0] for code, name in codes],
            )
        return Known(position.pk if position else None, match.how)


def _aliases(unit: Unit) -> tuple[str, ...]:
    return (*unit.aliases, *([unit.short_name] if unit.short_name and unit.short_name.isupper() else []))


def _kind(chain: tuple[Unit, ...]) -> str:
    """Kind of the nearest unit around that is not a division."""
    return next((unit.kind for unit in reversed(chain) if unit.kind != Unit.Kind.ROOM), "")


def unit_key(record: StaffRecord) -> str:
    """How answers name a record's unit words: the text, then the headings above it."""
    return " < ".join(fold(part) for part in (record.unit_text, *reversed(record.unit_path)))


def position_key(text: str, kind: str) -> str:
    """How answers name a title in a kind of unit."""
    return f"{fold(text)} @ {kind}"
