"""A framework in a table of any shape: which column holds what is guessed, shown, corrected, and read.

Two shapes are understood: one row a behaviour (columns for group, competence, level, behaviour), and one row a
competence with a column for each level. Blank cells of groups and competences repeat the cell above, as merged cells
do.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nanglucso.kit.letters import nfc
from nanglucso.kit.spreadsheets import column_letter
from nanglucso.kit.text import fold
from nanglucso.workforce.framework.casein import even_cuts
from nanglucso.workforce.framework.outline import (
    BehaviourOutline,
    CompetenceOutline,
    GroupOutline,
    LevelOutline,
    Outline,
    Words,
    framework_uid,
    part_uid,
)

Rows = Sequence[Sequence[str]]
MOST_LEVELS = 8
PLAIN = {
    "group1": gettext_lazy("Group"), "group2": gettext_lazy("Group inside the group"),
    "code": gettext_lazy("Code of the competence"), "name": gettext_lazy("Name of the competence"),
    "name_en": gettext_lazy("Name of the competence in English"), "level": gettext_lazy("Level of the behaviour"),
    "behaviour": gettext_lazy("Behaviour"),
}  # fmt: skip
_GUESS = {
    "code": ("ma", "code", "id", "ky hieu"), "name_en": ("english", "tieng anh"),
    "group2": ("nhom con", "sub area", "subdomain", "tieu mien", "nhom nang luc thanh phan"),
    "group1": ("mien", "nhom", "domain", "area", "linh vuc", "group"),
    "level": ("cap do", "bac", "muc do", "level", "proficiency"),
    "behaviour": (
        "bieu hien", "hanh vi", "mo ta", "chi bao", "descriptor", "behaviour", "behavior", "indicator", "yeu cau",
    ),
    "name": ("nang luc", "competence", "competency", "skill", "thanh phan"),
}  # fmt: skip
_LEVEL_HEAD = re.compile(r"^(?:cap do|bac|muc|level|l|m)\s*(\d)\b")


@dataclass
class TableRead:
    """What a table gives. `problems`: (row from 1, column letter or "", sentence); any of them forbids the import."""

    outline: Outline
    problems: list[tuple[int, str, str]] = field(default_factory=list)


def guess(head: Sequence[str]) -> dict[str, int]:
    """Which column holds what, by the words of the head: {"name": 2, "L1": 3, …}."""
    found: dict[str, int] = {}
    words = [" ".join(fold(cell).split()) for cell in head]
    for number, said in enumerate(words):
        level = _LEVEL_HEAD.match(said)
        if level and 1 <= int(level[1]) <= MOST_LEVELS:
            found.setdefault(f"L{level[1]}", number)
    for key, starts in _GUESS.items():
        for number, said in enumerate(words):
            if number not in found.values() and key not in found and _says(said, starts):
                found[key] = number
    return found


def _says(said: str, words: Sequence[str]) -> bool:
    return any(re.search(rf"\b{re.escape(word)}\b", said) for word in words)


def head_row(rows: Rows) -> int:
    """The first row with at least two filled cells."""
    return next((n for n, row in enumerate(rows) if sum(bool(cell) for cell in row) >= 2), 0)


def read(rows: Rows, columns: Mapping[str, int], *, name: str, code: str, version: str) -> TableRead:
    """The outline that the table gives under these columns."""
    made = _Reading(rows, columns, slugify(fold(code or name))[:40].strip("-") or "khung")
    return made.whole(nfc(name).strip()[:250], version)


class _Reading:
    """Groups, competences and behaviours as the rows name them."""

    def __init__(self, rows: Rows, columns: Mapping[str, int], code: str) -> None:
        self.rows, self.columns, self.code = rows, columns, code
        self.first = head_row(rows)
        self.groups: dict[str, GroupOutline] = {}
        self.competences: dict[str, CompetenceOutline] = {}
        self.behaviours: list[BehaviourOutline] = []
        self.levels: dict[str, str] = {}
        self.problems: list[tuple[int, str, str]] = []

    def whole(self, name: str, version: str) -> TableRead:
        if "name" not in self.columns:
            self.problems.append((self.first + 1, "", _("Say which column holds the names of the competences.")))
        else:
            self._find_levels()
            self._take()
        if "name" in self.columns and not self.competences:
            self.problems.append((self.first + 1, self._letter("name"), _("No row names a competence.")))
        levels = tuple(
            LevelOutline(part_uid(self.code, "level", key), key, Words(said)) for key, said in self.levels.items()
        )
        about = {
            "name_vi": name, "name_en": "", "source": "", "note_vi": "", "note_en": "", "is_proposal": True,
            "below_vi": "", "below_en": "", "cuts": even_cuts(len(levels)), "cuts_note": "", "cuts_note_en": "",
            "level_map": [], "correlation_within": 0.85, "correlation_between": 0.65, "origin": {},
        }  # fmt: skip
        told = Outline(
            framework_uid(self.code, version), self.code, version, about, levels, tuple(self.groups.values()),
            tuple(self.competences.values()), tuple(self.behaviours),
        )  # fmt: skip
        return TableRead(told, self.problems)

    def _letter(self, key: str) -> str:
        return column_letter(self.columns[key])

    def _cell(self, row: Sequence[str], key: str) -> str:
        place = self.columns.get(key, -1)
        return nfc(row[place]).strip() if 0 <= place < len(row) else ""

    def _find_levels(self) -> None:
        """Levels from their own columns, or the values of the level column in order of number or first sight."""
        head = self.rows[self.first] if self.rows else []
        for number in range(1, MOST_LEVELS + 1):
            if f"L{number}" in self.columns:
                self.levels[f"L{number}"] = self._cell(head, f"L{number}")[:60] or f"L{number}"
        if self.levels or "level" not in self.columns:
            return
        said = list(dict.fromkeys(filter(None, (self._cell(row, "level") for row in self.rows[self.first + 1 :]))))
        if all(re.search(r"\d", one) for one in said):
            said.sort(key=lambda one: int(re.findall(r"\d+", one)[0]))
        if len(said) > MOST_LEVELS:
            text = _("This column has %(n)s different values; a scale has at most %(most)s levels.")
            self.problems.append((self.first + 1, self._letter("level"), text % {"n": len(said), "most": MOST_LEVELS}))
        self.levels = {f"L{number}": one[:60] for number, one in enumerate(said[:MOST_LEVELS], start=1)}

    def _take(self) -> None:
        above: dict[str, str] = {}
        for number, row in enumerate(self.rows[self.first + 1 :], start=self.first + 2):
            if not any(cell.strip() for cell in row):
                continue
            for key in ("group1", "group2", "code", "name", "name_en"):
                self._carry(above, key, self._cell(row, key))
            self._row(number, row, above)

    def _carry(self, above: dict[str, str], key: str, said: str) -> None:
        """Keep the cell above where this one is blank; a new group or competence forgets what hung on the old one."""
        if not said:
            return
        if said != above.get(key):
            below = {"group1": ("group2", "code", "name", "name_en"), "group2": ("code", "name", "name_en")}
            for lower in below.get(
                key, ("name_en",) if key == "name" else ("name", "name_en") if key == "code" else ()
            ):
                above.pop(lower, None)
        above[key] = said

    def _row(self, number: int, row: Sequence[str], above: Mapping[str, str]) -> None:
        name = above.get("name", "")
        if not name:
            if above.get("code") or self._cell(row, "behaviour"):
                self.problems.append((number, self._letter("name"), _("The competence of this row has no name.")))
            return
        if len(name) > 500:
            text = _("The name is longer than 500 letters: is this the right column?")
            self.problems.append((number, self._letter("name"), text))
            return
        competence = self._competence(number, above, self._group(above))
        if competence is not None:
            self._said(number, row, competence)

    def _group(self, above: Mapping[str, str]) -> str:
        first, second = above.get("group1") or _("Competences"), above.get("group2", "")
        top = self._one_group(first, "")
        return self._one_group(second, top) if second else top

    def _one_group(self, name: str, parent: str) -> str:
        for code, row in self.groups.items():
            if row.words.name_vi == name and row.parent == parent:
                return code
        beside = sum(row.parent == parent for row in self.groups.values()) + 1
        code = f"{parent}.{beside}" if parent else f"G{beside}"
        self.groups[code] = GroupOutline(part_uid(self.code, "domain", code), code, Words(name[:500]), parent)
        return code

    def _competence(self, number: int, above: Mapping[str, str], group: str) -> CompetenceOutline | None:
        name, code = above["name"], above.get("code", "")
        same = next((c for c in self.competences.values() if c.words.name_vi == name and c.group == group), None)
        if same and (not code or same.code == code):
            return same
        code = code or f"{group}.{sum(c.group == group for c in self.competences.values()) + 1}"
        if code in self.competences or len(code) > 40:
            place = self._letter("code") if "code" in self.columns else self._letter("name")
            taken = self.competences.get(code)
            said = (
                _("The code %(code)s is already that of “%(name)s”.") % {"code": code, "name": taken.words.name_vi[:80]}
                if taken
                else _("The code %(code)s is longer than 40 letters.") % {"code": code[:60]}
            )
            self.problems.append((number, place, said))
            return None
        words = Words(name, above.get("name_en", "")[:500])
        made = CompetenceOutline(part_uid(self.code, "competence", code), code, group, words)
        self.competences[code] = made
        return made

    def _said(self, number: int, row: Sequence[str], competence: CompetenceOutline) -> None:
        """The behaviours of a row: one cell, or one a level."""
        cells = [(key, self._cell(row, key)) for key in self.levels if key in self.columns]
        if "behaviour" in self.columns:
            level = self._cell(row, "level")
            key = next((key for key, said in self.levels.items() if said == level[:60]), "")
            if self._cell(row, "behaviour") and self.levels and not cells and not key:
                self.problems.append((number, self._letter("level"), _("The behaviour of this row has no level.")))
                return
            cells.append((key, self._cell(row, "behaviour")))
        for key, text in cells:
            if text:
                beside = sum(one.competence == competence.code for one in self.behaviours) + 1
                ref = ".".join(filter(None, (competence.code, key, str(beside))))
                uid: uuid.UUID = part_uid(self.code, "descriptor", ref)
                self.behaviours.append(BehaviourOutline(uid, ref, competence.code, key, text))
