"""Two versions of an item side by side, word by word."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.queries import general_feedback, key_rows
from nanglucso.measure.bank.showing import stimulus
from nanglucso.ui.figures import num

Piece = tuple[bool, str]


@dataclass(frozen=True)
class Difference:
    """One part of an item: its name and both texts in pieces; True marks a piece that the other side lacks."""

    name: str
    left: list[Piece]
    right: list[Piece]
    changed: bool


def parts(version: ItemVersion) -> dict[str, str]:
    """Everything that is said in a version, by name, in reading order."""
    body, notes = version.body, version.notes
    told = {_("Question"): body.get("stem", ""), _("Beside the question"): _stimulus(body.get("stimulus"))}
    for n, row in enumerate(key_rows(version), 1):
        mark = f" [{_('key')}{': ' + row.points if row.points else ''}]" if row.best or row.points else ""
        labels = ((_("Feedback when chosen"), row.feedback), (_("Misconception behind it"), row.misconception))
        said = [f"{row.text}{mark}", *(f"{label}: {text}" for label, text in labels if text)]
        told[_row(version.item.type, n)] = "\n".join(said)
    told[_("Told about the answer as a whole")] = "\n".join(general_feedback(version))
    told[_("What it looks at")] = str(notes.get("rationale", ""))
    sources = notes.get("source") or []
    told[_("Source")] = "; ".join(f"{one.get('doc', '')} {one.get('ref', '')}".strip() for one in sources)
    told[_("Discrimination")] = num(version.a, 2)
    told[_("Difficulty, logits")] = "; ".join(num(float(x), 2) for x in version.b)
    told[_("Guessing")] = num(version.c, 2)
    return told


def _row(kind: str, n: int) -> str:
    """The n-th row of the answer, as the form of a draft calls it."""
    if kind in (Item.Type.NUMERIC, Item.Type.CLOZE, Item.Type.FILE):
        return _("Answer %(n)s") % {"n": n}
    if kind == Item.Type.ORDER:
        return _("Step %(n)s in the right order") % {"n": n}
    return _("Line %(n)s") % {"n": n} if kind == Item.Type.MATCH else _("Option %(n)s") % {"n": chr(64 + n)}


def _stimulus(raw: Any) -> str:
    found = stimulus(raw)
    if found is None:
        return ""
    tables = [" | ".join(map(str, row)) for one in found.tables for row in (one.columns, *one.rows)]
    facts = [f"{label}: {value}" for label, value in found.facts]
    return "\n".join(one for one in (found.title, *facts, found.text, *found.lines, *tables, found.note) if one)


def compare(left: ItemVersion, right: ItemVersion) -> list[Difference]:
    """Every part that either side has."""
    one, other = parts(left), parts(right)
    found = []
    for name in [*one, *(name for name in other if name not in one)]:
        a, b = one.get(name, ""), other.get(name, "")
        if a or b:
            found.append(Difference(name, *_pieces(a, b), changed=a != b))
    return found


def _pieces(left: str, right: str) -> tuple[list[Piece], list[Piece]]:
    a, b = re.findall(r"\S+\s*", left), re.findall(r"\S+\s*", right)
    mine, theirs = [], []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if a1 > a0:
            mine.append((kind != "equal", "".join(a[a0:a1])))
        if b1 > b0:
            theirs.append((kind != "equal", "".join(b[b0:b1])))
    return mine, theirs
