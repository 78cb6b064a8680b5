"""How one framework reads in another: links of competences with a strength, and a map of levels."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.workforce.framework.models import Crossing, Framework, Link
from nanglucso.workforce.framework.passing import nearest_levels


def start_crossing(*, actor: User | None, source: Framework, target: Framework, at: datetime) -> Crossing:
    """A crosswalk with what can be told without judgement: same uid = the same competence, levels by their cut points.

    Between frameworks that share no part it begins empty and people draw the links. Raises `Refused` for the same
    framework twice; an existing crosswalk is returned as it is.
    """
    if source.pk == target.pk:
        raise Refused(_("Choose two different frameworks."), field="target")
    held = Crossing.objects.filter(source=source, target=target).first()
    if held:
        return held
    here = {row.uid: row for row in target.competences.all()}
    with act(actor, "framework.start_crossing", at=at, source=str(source), target=str(target)) as this:
        this.subject = row = Crossing.objects.create(
            source=source, target=target, levels=_levels(source, target), made_by=actor, made_at=at
        )
        links = [
            Link(crossing=row, source=one, target=here[one.uid], strength=1.0)
            for one in source.competences.all()
            if one.uid in here
        ]
        Link.objects.bulk_create(links)
        this.note(links=len(links))
    return row


def _levels(source: Framework, target: Framework) -> dict[str, int]:
    """Same levels in both: one to one; else by the nearest cut point."""
    there = list(source.levels.values_list("number", "uid"))
    here = {uid: number for number, uid in target.levels.values_list("number", "uid")}
    if there and all(uid in here for _number, uid in there):
        return {str(number): here[uid] for number, uid in there}
    return {str(number): level for number, level in nearest_levels(source.cuts, target.cuts).items()}


def set_links(
    *, actor: User | None, crossing: Crossing, links: Sequence[tuple[int, int, float]], levels: Mapping[int, int],
    at: datetime,
) -> int:  # fmt: skip
    """Put these links (competence there, competence here, strength) and levels in place of the old ones.

    Raises `Refused` for a strength outside 0–1, a competence or level of another framework, levels that fall while
    they should rise, or a crosswalk that the house has moved by. Returns how many links are held.
    """
    if crossing.moves.filter(undone_at=None).exists():
        raise Refused(_("The house has moved by this crosswalk, so it stays as it is; undo the move first."))
    there, here = (
        set(crossing.source.competences.values_list("pk", flat=True)),
        set(crossing.target.competences.values_list("pk", flat=True)),
    )
    seen: dict[tuple[int, int], float] = {}
    for one, other, strength in links:
        if one not in there or other not in here:
            raise Refused(_("A link names a competence that is not in the two frameworks."))
        if not 0 < strength <= 1:
            raise Refused(_("A strength lies above 0 and at most at 1; write it like 0,8."))
        seen[one, other] = strength
    _check_levels(crossing, levels)
    with act(actor, "framework.set_links", crossing, at=at, links=len(seen)):
        crossing.links.all().delete()
        Link.objects.bulk_create(
            Link(crossing=crossing, source_id=one, target_id=other, strength=strength)
            for (one, other), strength in seen.items()
        )
        crossing.levels, crossing.preview = {str(key): value for key, value in sorted(levels.items())}, {}
        crossing.save(update_fields=["levels", "preview"])
    return len(seen)


def _check_levels(crossing: Crossing, levels: Mapping[int, int]) -> None:
    there, here = len(crossing.source.cuts), len(crossing.target.cuts)
    rows = [levels[key] for key in sorted(levels)]
    if any(not 1 <= key <= there or not 1 <= value <= here for key, value in levels.items()):
        raise Refused(_("The map of levels names a level that one of the frameworks does not have."))
    if rows != sorted(rows):
        raise Refused(_("A higher level there cannot answer to a lower level here."))
