"""Items in a move of frameworks: each goes to the competence and level with the strongest link."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from nanglucso.measure.bank.models import Item, Lab
from nanglucso.workforce.framework.models import Descriptor
from nanglucso.workforce.framework.passing import Passage, Step

_BATCH = 500


class ItemMover:
    """Items and practice tasks. An item that finds no place stays where it is and so is asked no more."""

    def blocked(self, passage: Passage) -> list[Any]:
        return []

    def preview(self, passage: Passage, *, at: datetime, step: Step) -> dict[str, Any]:
        rows = Item.objects.filter(competence__framework=passage.source)
        moving = sum(_place(passage, row) is not None for row in rows)
        return {"items": moving, "items_left": len(rows) - moving}

    def prepare(self, passage: Passage, *, at: datetime, step: Step) -> None:
        return None

    def apply(self, passage: Passage, prepared: None, *, at: datetime) -> dict[str, Any]:
        """Move them; competence, level and behaviour as they were are the way back."""
        refs = _refs(passage)
        old, moved = {}, []
        for row in Item.objects.filter(competence__framework=passage.source):
            place = _place(passage, row)
            if place is not None:
                old[str(row.pk)] = [row.competence_id, row.level, row.indicator]
                row.competence_id, row.level = place
                row.indicator = refs.get((row.competence_id, row.indicator), row.indicator)
                moved.append(row)
        Item.objects.bulk_update(moved, ["competence", "level", "indicator"], batch_size=_BATCH)
        return {"items": old, "labs": _move_labs(passage)}

    def undo(self, passage: Passage, inverse: Mapping[str, Any], *, at: datetime) -> None:
        rows = list(Item.objects.filter(pk__in=[int(pk) for pk in inverse["items"]]))
        for row in rows:
            row.competence_id, row.level, row.indicator = inverse["items"][str(row.pk)]
        Item.objects.bulk_update(rows, ["competence", "level", "indicator"], batch_size=_BATCH)
        for pk, competences in inverse["labs"].items():
            Lab.objects.get(pk=int(pk)).competences.set(competences)


def _place(way: Passage, row: Item) -> tuple[int, int] | None:
    best, level = way.best(row.competence_id), way.level(row.level)
    return (best[0], level) if best and level else None


def _refs(way: Passage) -> dict[tuple[int, str], str]:
    """Behaviours that both frameworks have, by their uid: {(competence here, ref there): ref here}."""
    there = dict(Descriptor.objects.filter(competence__framework=way.source).values_list("uid", "ref"))
    rows = Descriptor.objects.filter(competence__framework=way.target).values_list("uid", "competence_id", "ref")
    return {(pk, there[uid]): ref for uid, pk, ref in rows if uid in there}


def _move_labs(way: Passage) -> dict[str, list[int]]:
    old = {}
    for lab in Lab.objects.prefetch_related("competences"):
        held = [row.pk for row in lab.competences.all()]
        best = {pk: way.best(pk) for pk in held}
        if any(best.values()):
            old[str(lab.pk)] = held
            lab.competences.set({found[0] if found else pk for pk, found in best.items()})
    return old
