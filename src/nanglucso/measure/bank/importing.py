"""Items from a file: read, looked at by a person, then taken over as drafts. Nothing goes into use by import."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.days import local_day
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.bank.authoring import State
from nanglucso.measure.bank.models import Item, ItemDraft, ItemImport, ItemVersion
from nanglucso.measure.bank.previewing import preview
from nanglucso.measure.bank.reading import ItemRow
from nanglucso.workforce.framework.models import Framework

OPEN = (State.WRITING, State.READING, State.APPROVED)


@dataclass(frozen=True)
class Line:
    """One row of the file: `what` is new, version, same or bad; `faults` and `remarks` of the checker."""

    number: int
    raw: dict[str, Any]
    what: str
    why: str
    faults: list[Any]
    remarks: list[Any]

    @property
    def taken(self) -> bool:
        return self.what in ("new", "version")


def keep(*, actor: User, name: str, rows: list[dict[str, Any]], at: datetime) -> ItemImport:
    """Keep the rows of a file so that a person can look at them. Refused when there is none."""
    if not rows:
        raise Refused(_("The file holds no item."), field="file")
    with act(actor, "bank.read_import", at=at, file=name[:200], rows=len(rows)) as this:
        this.subject = made = ItemImport.objects.create(name=name[:200], rows=rows, created_by=actor, created_at=at)
    return made


def look(found: ItemImport, framework: Framework, today: date) -> list[Line]:
    """What would become of every row."""
    codes = [str(raw.get("id", "")) for raw in found.rows]
    items = {one.code: one for one in Item.objects.filter(code__in=codes).select_related("competence")}
    now = {one.item_id: one for one in ItemVersion.objects.filter(item__in=items.values(), current=True)}
    busy = set(ItemDraft.objects.filter(code__in=codes, state__in=OPEN).values_list("code", flat=True))
    known = set(framework.competences.values_list("code", flat=True))
    levels = {level.code: level.number for level in framework.levels.all()}
    lines = []
    why: Any
    for n, raw in enumerate(found.rows, 1):
        seen, code = preview(raw, today), codes[n - 1]
        item = items.get(code)
        row = seen.row
        if row is None:
            what, why = "bad", "; ".join(one.text for one in seen.findings)
        elif codes.count(code) > 1:
            what, why = "bad", _("The code stands twice in the file.")
        else:
            what, why = _fate(row, item, now.get(item.pk) if item else None, code in busy, known, levels)
        stops = [one for one in seen.findings if one.stops] if row else []
        lines.append(Line(n, raw, what, str(why), stops, [one for one in seen.findings if not one.stops]))
    return lines


def _fate(
    row: ItemRow, item: Item | None, current: ItemVersion | None, busy: bool, known: set[str], levels: dict[str, int]
) -> tuple[str, Any]:
    if row.competence not in known or row.level not in levels:
        return "bad", _("The framework has no such competence or level.")
    if busy:
        return "bad", _("A draft with this code is open already.")
    if item is None:
        return "new", ""
    if (item.competence.code, item.level, item.type) != (row.competence, levels[row.level], row.type):
        return "bad", _("The code belongs to an item of another competence, level or type.")
    if item.status == Item.Status.RETIRED:
        return "bad", _("The item with this code is retired.")
    return ("same", "") if current and _same(row, item, current) else ("version", "")


def _same(row: ItemRow, item: Item, now: ItemVersion) -> bool:
    parameters = (row.a, row.b, row.c, row.minutes) == (now.a, now.b, now.c, now.minutes)
    said = (row.body, row.key, row.notes) == (now.body, now.key, now.notes)
    about = (row.indicator, row.family, row.gloss_en, row.review_by)
    return parameters and said and about == (item.indicator, item.family, item.gloss_en, item.review_by)


def take(*, actor: User, found: ItemImport, framework: Framework, at: datetime) -> int:
    """Make a draft of every new or changed row; returns how many. Refused twice, or when nothing is new."""
    if found.created_by_id != actor.pk:
        raise Refused(_("Who uploaded the file takes it over."))
    lines = [line for line in look(found, framework, local_day(at)) if line.taken]
    if not lines and not found.taken_at:
        raise Refused(_("The file has nothing new that could be taken over."))
    items = {one.code: one for one in Item.objects.filter(code__in=[line.raw["id"] for line in lines])}
    with act(actor, "bank.take_import", found, at=at, drafts=len(lines), rows=len(found.rows)):
        if ItemImport.objects.select_for_update().get(pk=found.pk).taken_at:
            raise Refused(_("This file was taken over already."))
        for line in lines:
            item = items.get(line.raw["id"])
            base = item.versions.get(current=True) if item else None
            raw = {**line.raw, "version": base.number + 1 if base else 1}
            ItemDraft.objects.create(
                code=raw["id"], item=item, base=base, raw=raw, author=actor, created_at=at, changed_at=at
            )
        found.taken_at = at
        found.save(update_fields=["taken_at"])
    return len(lines)


def note_export(*, actor: User, kind: str, number: int, at: datetime) -> None:
    """Leave a trace that somebody took items with their keys away as a file."""
    with act(actor, "bank.export_items", at=at, kind=kind, items=number):
        pass
