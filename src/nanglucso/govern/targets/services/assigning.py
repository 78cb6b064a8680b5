"""What a target depends on and who answers for it in the city, as the city decides."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.govern.targets.models import Indicator, Link
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Unit


def assign(
    *, actor: User | None, indicator: Indicator, competences: Iterable[str], responsible: Unit | None, at: datetime
) -> None:
    """Set the linked competences (codes) and the unit that answers; from then on it is no longer assumed.

    Raises Refused.
    """
    wanted = set(competences)
    unknown = wanted - set(Competence.objects.filter(code__in=wanted).values_list("code", flat=True))
    if unknown:
        told = {"code": ", ".join(sorted(unknown))}
        raise Refused(_("The framework has no competence %(code)s.") % told, field="competences")
    if responsible and (responsible.until is not None or responsible.depth > 2):
        raise Refused(_("Choose the city or a unit right below it that still exists."), field="responsible")
    with act(actor, "targets.assign", indicator, at=at) as this:
        row = Indicator.objects.select_for_update().get(pk=indicator.pk)
        before = set(row.links.values_list("competence", flat=True))
        row.links.filter(competence__in=before - wanted).delete()
        Link.objects.bulk_create(Link(indicator=row, competence=one) for one in sorted(wanted - before))
        row.responsible, row.assumed = responsible, False
        row.save(update_fields=["responsible", "assumed"])
        this.note(
            added=sorted(wanted - before), removed=sorted(before - wanted),
            responsible=responsible.name if responsible else "",
        )  # fmt: skip
