"""What is known of a series, worked out anew from its figures; inside the act that changed one."""

from collections import defaultdict
from collections.abc import Iterable

from nanglucso.govern.targets.judging import line_of, outlooks
from nanglucso.govern.targets.models import Indicator, Observation, Series


def recount(pairs: Iterable[tuple[int, int]]) -> None:
    """Series of these (indicator, unit) keys; one without figures goes."""
    wanted = set(pairs)
    found: dict[tuple[int, int], list[Observation]] = defaultdict(list)
    rows = Observation.objects.filter(indicator__in={one for one, _unit in wanted}, ended_at=None)
    for row in rows.filter(unit__in={unit for _one, unit in wanted}).order_by("day", "pk"):
        found[row.indicator_id, row.unit_id].append(row)
    Series.objects.filter(indicator__in={one for one, _unit in wanted}, unit__in={u for _one, u in wanted}).delete()
    indicators = Indicator.objects.in_bulk({one for one, _unit in wanted})
    for share in (True, False):
        kept = [key for key in wanted if found.get(key) and indicators[key[0]].measure.share is share]
        _count(kept, found, indicators, share)


def _count(
    keys: list[tuple[int, int]], found: dict[tuple[int, int], list[Observation]], indicators: dict[int, Indicator],
    share: bool,
) -> None:  # fmt: skip
    lines = [line_of([(row.day, float(row.value)) for row in found[key]]) for key in keys]
    goals = [None if (goal := indicators[key[0]].goal) is None else float(goal) for key in keys]
    dues = [indicators[key[0]].last for key in keys]
    told = outlooks(lines, goals, dues, share=share)
    made = []
    for key, one in zip(keys, told, strict=True):
        newest = found[key][-1]
        made.append(
            Series(
                indicator_id=key[0], unit_id=key[1], figures=len(found[key]), value=newest.value, day=newest.day,
                due=indicators[key[0]].last, low=one.low if one else None, mean=one.mean if one else None,
                high=one.high if one else None, chance=one.chance if one else None,
            )
        )  # fmt: skip
    Series.objects.bulk_create(made)
