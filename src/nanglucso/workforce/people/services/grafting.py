"""Cut a subtree off the unit tree and set it below another unit, remembering every path."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from nanglucso.core.refusals import Refused
from nanglucso.workforce.people.models import Unit
from nanglucso.workforce.people.services.ledger import Ledger

LONGEST = 255


def parent_of(unit: Unit) -> Unit | None:
    """The unit above, read anew."""
    return Unit.objects.filter(path=unit.path[: -Unit.steplen]).first() if unit.depth > 1 else None


def full_name(unit: Unit) -> str:
    """The name, with that of the unit above when it is only a part of one: “Văn phòng, Sở Nội vụ”."""
    above = parent_of(unit) if unit.depth > 2 else None
    return f"{unit.name}, {above.name}" if above else unit.name


def new_path(parent: Unit | None) -> str:
    """A free path below a unit, after all its children; None = a new top."""
    base, depth = (parent.path, parent.depth) if parent else ("", 0)
    beside = Unit.objects.filter(path__startswith=base, depth=depth + 1).order_by("-path")
    last = beside.values_list("path", flat=True).first()
    number = Unit._str2int(last[-Unit.steplen :]) + 1 if last else 1
    path: str = Unit._get_path(base, depth + 1, number)
    return path


def graft(ledger: Ledger, unit: Unit, parent: Unit) -> None:
    """Move the unit with everything below it to the end of `parent`'s children; `unit` has its new path then."""
    old, new = unit.path, new_path(parent)
    rows = list(Unit.objects.filter(path__startswith=old))
    if max(len(row.path) for row in rows) - len(old) + len(new) > LONGEST:
        raise Refused(_("The tree of units would become too deep."))
    ledger.remember(rows, "path", "depth")
    for row in rows:
        row.path = new + row.path[len(old) :]
        row.depth = len(row.path) // Unit.steplen
    Unit.objects.bulk_update(rows, ["path", "depth"], batch_size=200)
    count_children({old[: -Unit.steplen], parent.path})
    unit.path, unit.depth = new, len(new) // Unit.steplen


def count_children(paths: set[str]) -> None:
    """Set `numchild` of the units with these paths to what it is."""
    for unit in Unit.objects.filter(path__in=paths):
        number = Unit.objects.filter(path__startswith=unit.path, depth=unit.depth + 1).count()
        Unit.objects.filter(pk=unit.pk).update(numchild=number)


def restore_paths(rows: dict[int, dict[str, Any]], made: set[int]) -> None:
    """Give units their remembered paths again, with all their other remembered values.

    Raises `Refused` when a unit that came since stands below one of them or in the old place of one.
    """
    held = list(Unit.objects.filter(pk__in=rows))
    moved = [unit for unit in held if "path" in rows[unit.pk]]
    _check_free(moved, {rows[unit.pk]["path"] for unit in moved}, set(rows) | made)
    aside = [*moved, *Unit.objects.filter(pk__in=made)]
    for unit in aside:
        unit.path = f"~{unit.pk}"
    Unit.objects.bulk_update(aside, ["path"], batch_size=200)
    fields = ["name", "short_name", "fold", "until", "path", "depth"]
    for unit in held:
        for name, value in rows[unit.pk].items():
            setattr(unit, name, Unit._meta.get_field(name).to_python(value) if value is not None else None)
    Unit.objects.bulk_update(held, fields, batch_size=100)


def _check_free(moved: list[Unit], old: set[str], known: set[int]) -> None:
    now = {unit.path for unit in moved}
    for unit in Unit.objects.all():
        steps = {unit.path[:end] for end in range(Unit.steplen, len(unit.path) + 1, Unit.steplen)}
        if unit.pk not in known and (steps & now or unit.path in old):
            raise Refused(_("“%(name)s” has been added since, so this cannot be undone.") % {"name": unit.name})


def recount() -> None:
    """Set every wrong `numchild` of the tree right."""
    counted: dict[str, int] = {}
    for path in Unit.objects.filter(depth__gt=1).values_list("path", flat=True):
        counted[path[: -Unit.steplen]] = counted.get(path[: -Unit.steplen], 0) + 1
    wrong = [unit for unit in Unit.objects.all() if unit.numchild != counted.get(unit.path, 0)]
    for unit in wrong:
        unit.numchild = counted.get(unit.path, 0)
    Unit.objects.bulk_update(wrong, ["numchild"], batch_size=500)
