"""Verbs of the gap room."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.db import write_turn
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.core.scope import EVERYTHING
from nanglucso.core.watching.pulses import beat
from nanglucso.measure.gaps.models import GapSnapshot, SavedView, UnitSums
from nanglucso.measure.gaps.queries import Counts, summing, top_units, unit_rows
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Unit

MOST_VIEWS = 50


def take_snapshot(*, actor: User | None, framework: Framework, label: str, at: datetime) -> int:
    """Keep today's counts of the city and of every agency, commune and ward; returns how many units."""
    table = summing.checked(framework, EVERYTHING, at=at)
    roots = list(Unit.objects.filter(depth=1, until=None))
    rows = unit_rows(table, [*roots, *top_units(EVERYTHING)], [])
    codes = table.frame.codes
    with act(actor, "gaps.snapshot", roots[0] if roots else None, at=at, label=label, units=len(rows)):
        GapSnapshot.objects.bulk_create(
            [
                GapSnapshot(
                    unit_id=row.key,
                    label=label,
                    at=at,
                    people=row.counts.people,
                    measured=row.counts.measured,
                    counts=_kept(row.counts, codes),
                )
                for row in rows
                if row.counts.people
            ],
            ignore_conflicts=True,
        )
    return len(rows)


def _kept(counts: Counts, codes: tuple[str, ...]) -> dict[str, list[float]]:
    columns = (counts.required, counts.met, counts.not_met, counts.unknown)
    return {
        code: [*(int(column[k]) for column in columns), round(float(counts.missing[k]), 2)]
        for k, code in enumerate(codes)
    }


def keep_sums(*, at: datetime) -> int:
    """Write down the counts of the units whose people or day have changed, and drop those of units without people.

    Returns how many were counted.

    The worker calls it. Nobody does anything here, so it is no act: the numbers follow from what is in the database,
    and a map is the same without them, only slower on the first page of a process.
    """
    framework = Framework.objects.filter(status=Framework.Status.PUBLISHED).order_by("-published_on", "-pk").first()
    if framework is None:
        return 0
    what = summing.asked(framework, EVERYTHING, at=at)
    old = {pk: bytes(key) for pk, key in UnitSums.objects.filter(framework=framework).values_list("unit_id", "key")}
    units = enumerate(zip(what.units.tolist(), what.keys, strict=True))
    stale = [u for u, (unit, key) in units if unit and old.get(unit) != key]  # people without a unit have no row
    for portion in summing.portions(what, stale):
        made = summing.counted(what, portion)
        rows = [
            UnitSums(framework=framework, unit_id=int(unit), key=what.keys[u], numbers=row.tobytes())
            for u, unit, row in zip(portion, made.unit, made.rows, strict=True)
        ]
        with write_turn():
            UnitSums.objects.bulk_create(
                rows, batch_size=200, update_conflicts=True,
                unique_fields=["framework", "unit"], update_fields=["key", "numbers"],
            )  # fmt: skip
    if gone := set(old) - set(what.units.tolist()):
        with write_turn():
            UnitSums.objects.filter(framework=framework, unit__in=gone).delete()
    beat(summing.PULSE, at=at, framework=framework.pk)
    return len(stale)


def note_export(*, actor: User, what: str, of_whom: str, rows: int, at: datetime) -> None:
    """Leave a trace that a table of gaps left the system as a file."""
    with act(actor, "gaps.export", at=at, what=what, of_whom=of_whom, rows=rows):
        pass


def save_view(
    *, actor: User, name: str, page: str, query: dict[str, str], unit: Unit | None, at: datetime
) -> SavedView:
    """Keep the filters of a map under a name of the owner's; the same name again replaces them."""
    name = " ".join(name.split())
    if not name:
        raise Refused(_("Give the view a name."), field="name")
    if len(name) > 80:
        raise Refused(_("A name has at most 80 characters."), field="name")
    mine = SavedView.objects.filter(owner=actor)
    if mine.count() >= MOST_VIEWS and not mine.filter(name=name).exists():
        raise Refused(_("There are already 50 saved views; delete one first."), field="name")
    with act(actor, "gaps.save_view", at=at, name=name, page=page) as this:
        fields = {"page": page, "query": query, "unit": unit, "made_at": at}
        view, _new = SavedView.objects.update_or_create(owner=actor, name=name, defaults=fields)
        this.subject = view
    return view


def share_view(*, actor: User, view: SavedView, shared: bool, over: Unit | None, at: datetime) -> None:
    """Let everybody within the owner's own scope find the view, or take that back. `over` None = the whole city."""
    _own(actor, view)
    with act(actor, "gaps.share_view", view, at=at, shared=shared):
        view.shared, view.shared_over = shared, over if shared else None
        view.save(update_fields=["shared", "shared_over"])


def delete_view(*, actor: User, view: SavedView, at: datetime) -> None:
    """Forget a saved view."""
    _own(actor, view)
    with act(actor, "gaps.delete_view", view, at=at, name=view.name):
        view.delete()


def _own(actor: User, view: SavedView) -> None:
    if view.owner_id != actor.pk:
        raise Refused(_("Only the person who saved a view may change it."))
