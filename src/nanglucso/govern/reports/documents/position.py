"""The printed description of a position, sections I to IX of the official form, with what it requires today."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.govern.reports.documents.content import Block, OfficialDocument, columns, heading, sub, table, text
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    place_date,
    short_date,
    wording,
)
from nanglucso.workforce.people.models import Position
from nanglucso.workforce.people.queries import requirements

Told = Mapping[str, Any]


def position_document(position: Position, *, at: datetime) -> OfficialDocument:
    """The document of one position; write it with `to_docx`."""
    told, names, day = wording("position"), organisation(), local_day(at)
    said = {"name": position.name, "code": position.code, "day": short_date(day)}
    return OfficialDocument(
        superior=agency_lines(names["superior"]),
        issuer=names["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names['symbol']}",
        place_date=place_date(names["place"], day),
        kind=told["kind"],
        subject=tuple(line.format(**said) for line in told["subject"]),
        to="",
        notes=(told["notes"]["draft"].format(**said),),
        bases=(),
        blocks=tuple(_blocks(position, told)),
        recipients=(*(f"- {line};" for line in told["recipients"]), f"- {told['last_recipient']}."),
        signer=(names["signer_title"],),
        signer_name=names["signer_name"],
    )


def _blocks(position: Position, told: Told) -> list[Block]:
    form, parts = position.profile, told["parts"]
    framework = position.framework
    digital = parts["digital_table"].format(framework=framework.name_vi, version=framework.version)
    return [
        heading(parts["facts"]), *_facts(form.get("I_thong_tin_chung", {}), told["facts"]),
        heading(parts["purpose"]), text(str(form.get("II_muc_tieu", ""))),
        heading(parts["duties"]), _duties(form.get("III_cong_viec", []), told),
        heading(parts["general"]), sub(parts["general_table"]), _general(form.get("VI_khung_nang_luc_chung", []), told),
        sub(digital), _digital(position, told),
        heading(parts["relations"]), *_facts(form.get("VII_quan_he", {}), told["relations"]),
        heading(parts["authority"]), *(text(f"- {line}.") for line in form.get("VIII_quyen_han", [])),
        heading(parts["demands"]), *_facts(form.get("IX_yeu_cau", {}), told["demands"]),
    ]  # fmt: skip


def _facts(held: Told, names: Told) -> list[Block]:
    """One line a fact; a list is joined by semicolons."""
    rows = [(name, held.get(key)) for key, name in names.items()]
    return [text(f"- {name}: {_line(value)}.") for name, value in rows if value]


def _line(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list) else str(value).rstrip(".")


def _duties(duties: Sequence[Told], told: Told) -> Block:
    rows = [[str(n), str(one["viec"]), str(one["san_pham"]), str(one["tieu_chi"])] for n, one in enumerate(duties, 1)]
    return table(columns(told["duty_columns"], (1, 6, 4, 4), "clll"), rows)


def _general(held: Sequence[Told], told: Told) -> Block:
    rows = [[str(n), str(one["ten"]), str(one["cap_do"])] for n, one in enumerate(held, 1)]
    return table(columns(told["general_columns"], (1, 9, 2), "clc"), rows)


def _digital(position: Position, told: Told) -> Block:
    names = {level.number: f"{level.name_vi} {level.number}" for level in position.framework.levels.all()}
    rows = [
        [
            row.competence.code, row.competence.name_vi, names.get(row.level, str(row.level)),
            number(row.weight, 0 if row.weight == round(row.weight) else 1), told["core"] if row.must_have else "",
        ]
        for row in requirements(position)
    ]  # fmt: skip
    return table(columns(told["digital_columns"], (1.2, 7, 3, 2, 3), "clcrl"), rows)
