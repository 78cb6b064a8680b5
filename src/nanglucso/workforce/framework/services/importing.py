"""Frameworks of other systems come in as drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework import casein, tables
from nanglucso.workforce.framework.models import ForeignTable, Framework
from nanglucso.workforce.framework.outline import Outline, framework_uid, outline
from nanglucso.workforce.framework.services.writing import write

MOST_ROWS = 5000


def import_case(
    *, actor: User | None, data: bytes, name: str, at: datetime, version: str = "", competences_at: int | None = None
) -> Framework:
    """A CASE 1.0 or 1.1 package as a draft; the same package again gives the framework that is held already.

    `version` renames it, for a document that is held in another state. `competences_at`: see `casein.read`. Raises
    `Refused` with the place in the file, or when the version is held and differs.
    """
    found = casein.load(data, name)
    told = casein.read(found, competences_at=competences_at)
    if version.strip():
        fresh = version.strip()[:20]
        told = replace(told, version=fresh, uid=framework_uid(told.code, fresh))
    return keep(actor=actor, told=told, verb="framework.import_case", name=name, at=at, moment=casein.changed_at(found))


def start_table(*, actor: User | None, name: str, rows: Sequence[Sequence[str]], at: datetime) -> ForeignTable:
    """Keep a table that was read and guess its columns. Raises `Refused` for one with hardly anything in it."""
    filled = [list(row) for row in rows]
    if len([row for row in filled if any(row)]) < 2:
        raise Refused(_("The table has fewer than two rows with anything in them."), field="file")
    if len(filled) > MOST_ROWS:
        raise Refused(_("The table has more than %(most)s rows.") % {"most": MOST_ROWS}, field="file")
    columns = tables.guess(filled[tables.head_row(filled)])
    with act(actor, "framework.read_table", at=at, file=name, rows=len(filled)) as this:
        this.subject = row = ForeignTable.objects.create(
            name=name[:200], rows=filled, columns=columns, made_by=actor, made_at=at
        )
    return row


def import_table(
    *,
    actor: User | None,
    table: ForeignTable,
    columns: Mapping[str, int],
    name: str,
    code: str,
    version: str,
    at: datetime,
) -> Framework:
    """Read a kept table under these columns as a draft and let the table go. Refused while any row has a problem."""
    found = tables.read(table.rows, columns, name=name, code=code, version=version)
    if found.problems:
        row, column, text = found.problems[0]
        place = {"row": row, "column": column or "–", "text": text}
        raise Refused(_("Row %(row)s, column %(column)s: %(text)s") % place)
    framework = keep(actor=actor, told=found.outline, verb="framework.import_table", name=table.name, at=at)
    table.delete()
    return framework


def keep(
    *, actor: User | None, told: Outline, verb: str, name: str, at: datetime, moment: datetime | None = None
) -> Framework:
    """Store an outline as a draft. A draft of this code and version is replaced, anything else is left alone.

    `moment`: when the framework was changed last, where the file says so. Raises `Refused`.
    """
    held = Framework.objects.filter(code=told.code, version=told.version).first()
    if held and _same(outline(held), told):
        return held
    if held and not held.is_open:
        raise Refused(
            _("Version %(version)s of %(code)s is held already and is no draft: give the import another version.")
            % {"version": told.version, "code": told.code},
            field="version",
        )
    with act(actor, verb, at=at, file=name, competences=len(told.competences), levels=len(told.levels)) as this:
        row = held or Framework(code=told.code, version=told.version, cuts=[])
        row.uid = told.uid
        for key, value in told.about.items():
            setattr(row, key, value)
        row.save()
        this.subject = write(told, framework=row, at=moment or at)
    return row


def _same(held: Outline, told: Outline) -> bool:
    """Whether nothing would change; short names cut from long ones and kept notes of origin do not count."""
    parts = ("uid", "levels", "groups", "competences", "behaviours", "outside")
    return all(getattr(held, name) == getattr(told, name) for name in parts) and _plain(held) == _plain(told)


def _plain(told: Outline) -> dict[str, object]:
    return {key: value for key, value in told.about.items() if key != "origin"}
