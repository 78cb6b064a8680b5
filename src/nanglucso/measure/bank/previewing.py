"""A draft as the official will meet it, its answer side, and what is found in it."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from nanglucso.measure.bank.checking import Fault, check_row, shipped_rules
from nanglucso.measure.bank.models import Item, ItemVersion
from nanglucso.measure.bank.queries import Option, general_feedback, key_rows
from nanglucso.measure.bank.rawitem import missing
from nanglucso.measure.bank.reading import BadItemFile, ItemRow, read_row
from nanglucso.measure.bank.showing import Stimulus, stimulus

MIXED = 7
PARTS = ("indicator", "stem", "stimulus", "rows", "answer", "feedback", "source", "review_by", "check")


@dataclass(frozen=True)
class Preview:
    """`q`: type and body as a question is drawn, in mixed order; `key` and `told` are for authors only."""

    row: ItemRow | None
    findings: list[Fault]
    q: dict[str, Any] = field(default_factory=dict)
    stimulus: Stimulus | None = None
    key: list[Option] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    @property
    def faults(self) -> list[Fault]:
        return [one for one in self.findings if one.stops]

    @property
    def slots(self) -> list[tuple[str, list[Fault]]]:
        """Every place of the form where findings stand, with what stands there now."""
        return [(part, self.by_part.get(part, [])) for part in PARTS]

    @property
    def by_part(self) -> dict[str, list[Fault]]:
        found: dict[str, list[Fault]] = {}
        for one in self.findings:
            found.setdefault(one.part, []).append(one)
        return found


def mixed(body: dict[str, Any], seed: int = MIXED) -> dict[str, Any]:
    """The body with options, steps and answers in another order than the author's, always the same one."""
    rng, body = np.random.default_rng(seed), dict(body)
    for part in ("options", "steps", "right"):
        if part in body:
            body[part] = [body[part][i] for i in rng.permutation(len(body[part]))]
    return body


def version_of(row: ItemRow) -> ItemVersion:
    """A version that is not stored, for the pages that draw one."""
    made = ItemVersion(number=row.version, body=row.body, key=row.key, notes=row.notes, a=row.a, b=row.b, c=row.c)
    made.item = Item(code=row.code, type=row.type)
    return made


def preview(raw: dict[str, Any], today: date) -> Preview:
    """What can be shown of a row that may not be finished yet."""
    code = str(raw.get("id", ""))
    lacks = [Fault("E01", code, text, part) for part, text in missing(raw)]
    try:
        row = read_row(raw, code)
    except BadItemFile as error:
        text = _("a part of the row is missing or has the wrong form: %(part)s") % {"part": error.__cause__ or error}
        return Preview(None, lacks or [Fault("E01", code, text)])
    if lacks:
        return Preview(None, lacks, {"type": row.type, "body": row.body}, stimulus(row.body.get("stimulus")))
    terms, laws = shipped_rules()
    version = version_of(row)
    return Preview(
        row, check_row(row, terms=terms, laws=laws, today=today), {"type": row.type, "body": mixed(row.body)},
        stimulus(row.body.get("stimulus")), key_rows(version), general_feedback(version),
    )  # fmt: skip
