"""What an import would do, as plain rows: kept packed beside the import, shown on its page, applied by `imports`."""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

Json = dict[str, Any]


@dataclass(slots=True)
class RowChange:
    """One row of the file that would add or change a person.

    `values`: {field: new value}; `old`: {field: value that it replaces}, empty for a new person. Units and positions
    are ids, dates ISO text. `unit_said`, `position_said`: the words of the file; `unit_how`, `position_how`: how they
    were recognised.
    """

    sheet: str
    row: int
    name: str
    values: Json
    old: Json = field(default_factory=dict)
    person_id: int | None = None
    unit_said: str = ""
    unit_how: str = ""
    position_said: str = ""
    position_how: str = ""
    since: str = ""

    @property
    def moves(self) -> bool:
        """Whether the unit or the position of a known person would change."""
        return bool(self.old.keys() & {"unit_id", "position_id"})


@dataclass(slots=True)
class RowProblem:
    """A sentence about one place of the file. `template` is a gettext msgid filled in with `params`."""

    sheet: str
    row: int
    column: str
    template: str
    params: dict[str, str] = field(default_factory=dict)
    severity: str = "warning"
    suggestion: str = ""
    name: str = ""


@dataclass(slots=True)
class Ask:
    """Words of the file that were not recognised for sure, in `rows` rows; `choices` are (id or code, name, score).

    `kind` is "unit" or "position"; `key` names the words in the answers; `taken` is what was assumed, "" for nothing.
    """

    kind: str
    key: str
    said: str
    around: str
    sheet: str
    row: int
    column: str
    rows: int = 0
    taken: str = ""
    how: str = ""
    choices: list[list[Any]] = field(default_factory=list)

    @property
    def sure(self) -> bool:
        """Whether the first choice is near enough, and the second far enough, to be taken with the others at once."""
        scores = [choice[2] for choice in self.choices]
        return bool(scores) and scores[0] >= 0.75 and (len(scores) < 2 or scores[0] - scores[1] >= 0.08)


@dataclass(slots=True)
class ImportPlan:
    """Everything an import would do. `absent` are people of the named units whom the file does not mention."""

    new: list[RowChange] = field(default_factory=list)
    changed: list[RowChange] = field(default_factory=list)
    unchanged: int = 0
    duplicates: list[Json] = field(default_factory=list)
    skipped: list[Json] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    absent: list[Json] = field(default_factory=list)
    columns: list[Json] = field(default_factory=list)
    rows_read: int = 0

    @property
    def size(self) -> int:
        """How many people would be added or changed."""
        return len(self.new) + len(self.changed)

    def counts(self) -> dict[str, int]:
        """The figures of the page's head."""
        return {
            "rows": self.rows_read,
            "new": len(self.new),
            "changed": sum(not one.moves for one in self.changed),
            "moved": sum(one.moves for one in self.changed),
            "unchanged": self.unchanged,
            "duplicates": len(self.duplicates),
            "skipped": len(self.skipped),
            "errors": sum(one.severity == "error" for one in self.problems),
            "warnings": sum(one.severity != "error" for one in self.problems),
            "absent": len(self.absent),
            "unit_asks": sum(one.kind == "unit" for one in self.asks),
            "position_asks": sum(one.kind == "position" for one in self.asks),
        }


def pack(plan: ImportPlan) -> bytes:
    """The plan as compressed JSON."""
    return pack_json(asdict(plan))


def unpack(data: bytes | memoryview) -> ImportPlan:
    """What `pack` made."""
    told = unpack_json(data)
    for key in ("new", "changed"):
        told[key] = [RowChange(**one) for one in told[key]]
    told["problems"] = [RowProblem(**one) for one in told["problems"]]
    told["asks"] = [Ask(**one) for one in told["asks"]]
    return ImportPlan(**told)


def pack_json(told: Any) -> bytes:
    """Compressed JSON; ids and ISO dates only."""
    return gzip.compress(json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode(), 5)


def unpack_json(data: bytes | memoryview) -> Any:
    """What `pack_json` made."""
    return json.loads(gzip.decompress(bytes(data)))


def stored(value: Any) -> Any:
    """A model's value as a plan keeps it."""
    return value.isoformat() if isinstance(value, date) else value


def loaded(field_name: str, value: Any) -> Any:
    """A plan's value as the model takes it."""
    return date.fromisoformat(value) if field_name == "birth_date" and value else value


def chunks(rows: Sequence[Any], size: int = 500) -> list[Sequence[Any]]:
    """The rows in slices."""
    return [rows[at : at + size] for at in range(0, len(rows), size)]
