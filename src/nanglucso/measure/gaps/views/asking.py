"""What every page of this room asks first: which framework, whose scope, which filters."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from nanglucso.core.access import Access
from nanglucso.core.clock import now
from nanglucso.core.scope import Scope
from nanglucso.measure.gaps import heat, queries
from nanglucso.measure.gaps.models import SavedView
from nanglucso.measure.gaps.queries.protecting import SMALL_GROUP
from nanglucso.workforce.framework.models import Competence, Framework

KEYS = ("domain", "kind", "sort", "need", "show", "view", "state", "family")


@dataclass
class Asking:
    """One request: the viewer, the framework in force, the moment, the filters; tables are read when first used."""

    request: HttpRequest
    framework: Framework
    competences: list[Competence]
    at: datetime

    @cached_property
    def access(self) -> Access:
        return self.request.access  # type: ignore[attr-defined,no-any-return]

    @property
    def hides(self) -> bool:
        """Whether small groups are kept back from the viewer."""
        return not self.access.may("gaps.names")

    @cached_property
    def cols(self) -> heat.Columns:
        """Columns as asked for; an unknown domain counts as not asked."""
        wanted = self.request.GET.get("domain", "")
        found = heat.columns_of(self.competences, wanted)
        return found if found.heads else heat.columns_of(self.competences)

    @cached_property
    def asked(self) -> heat.Asked:
        """Filters of the address; what is not known counts as not asked."""
        get = self.request.GET.get
        domain = self.cols.domain.code if self.cols.domain else heat.EVERY if get("domain") == heat.EVERY else ""
        kind, need, show = get("kind", ""), get("need", ""), get("show", "")
        return heat.Asked(
            domain,
            kind if kind in heat.group_titles() else "",
            get("sort", "")[:12],
            need if need in heat.requirement_kinds() else "",
            show if show in heat.measures() else "",
        )

    @cached_property
    def tree(self) -> queries.Tree:
        return queries.tree(self.access.scope)

    @cached_property
    def table(self) -> queries.GapTable:
        """Everybody of the scope, in no order."""
        return queries.gap_table(self.framework, queries.active_people(self.access.scope).order_by(), at=self.at)

    @cached_property
    def sums(self) -> queries.Sums:
        """Counts of every unit of the scope."""
        return queries.unit_sums(self.framework, self.access.scope, at=self.at)

    @property
    def as_of(self) -> datetime:
        """Of when the page's figures are; earlier than now only where they are the worker's."""
        kept = self.__dict__.get("sums")
        return kept.as_of or self.at if kept is not None else self.at

    def sums_of(self, place: queries.Place | None) -> queries.Sums:
        """Counts of the units of a place, or of the scope."""
        inside = self.tree.within(place) if place else None
        return self.sums if inside is None else self.sums.of(np.array(inside, np.int64))

    def of_whom(self) -> str:
        grant = self.access.grant
        return grant.unit.name if grant and grant.unit else _("Whole city")

    def place(self, pk: int | None) -> queries.Place:
        """The asked unit inside the scope; without one the role's own unit, else the viewer's own, else the top."""
        if pk is None:
            own = self.access.grant.unit_id if self.access.grant else None
            pk = own or (self.access.person.unit_id if self.access.person else None)
            found = (self.tree.find(pk) if pk else None) or self.tree.top
        else:
            found = self.tree.find(pk)
        if found is None:
            raise Http404
        return found

    def asked_unit(self) -> queries.Place | None:
        """The unit in `?unit=`; None when there is none. Outside the scope it is not found."""
        pk = self.request.GET.get("unit", "")
        return self.place(int(pk)) if pk.isascii() and pk.isdigit() and len(pk) < 12 else None

    def table_of(self, place: queries.Place | None, *, by_name: bool = False) -> queries.GapTable:
        """Everybody of a unit, or of the scope."""
        if place is None or place is self.tree.top:
            if not by_name:
                return self.table
            place = None
        scope = Scope(paths=(place.path,)) if place else self.access.scope
        people = queries.active_people(scope)
        return queries.gap_table(self.framework, people if by_name else people.order_by(), at=self.at)

    def veil(self, place: queries.Place | None) -> queries.Veil | None:
        """What is kept back on the page of a unit; None for somebody who may see names."""
        place = place or self.tree.top
        if not self.hides or place is None:
            return None
        return queries.unit_veil(self.sums, self.tree, place, split=bool(self.asked.need))[0]

    def common(self) -> dict[str, Any]:
        """What every map's template needs."""
        return {
            "asked": self.asked,
            "domains": self.cols.domains,
            "domain": self.cols.domain,
            "n_competences": self.cols.size,
            "of_whom": self.of_whom(),
            "at": self.as_of,
            "hides": self.hides,
            "small": SMALL_GROUP,
            "names": self.access.may("gaps.names"),
            "measures": heat.measures().items(),
            "measure_title": heat.measure_titles()[self.asked.show],
            "needs_of": heat.requirement_kinds().items(),
            "need_title": heat.requirement_kinds()[self.asked.need] if self.asked.need else "",
            "counted": self.request.GET.get("view") == "counts",
            "filters": self.filters(),
        }

    def filters(self) -> dict[str, str]:
        """The filters in force, as a saved view keeps them."""
        kept = {key: value for key, value in asdict(self.asked).items() if value}
        more = {key: self.request.GET.get(key, "")[:12] for key in KEYS if key not in asdict(self.asked)}
        return kept | {key: value for key, value in more.items() if value}


def asking(request: HttpRequest) -> Asking | None:
    """The request as a question; None when no framework is in force. The framework comes with its competences."""
    found = Competence.objects.filter(framework__status=Framework.Status.PUBLISHED)
    rows = list(found.select_related("domain", "framework").order_by("-framework__published_on", "-framework", "index"))
    if not rows:
        return None
    framework = rows[0].framework
    return Asking(request, framework, [row for row in rows if row.framework_id == framework.pk], now())


def nothing(request: HttpRequest) -> HttpResponse:
    """The page that says what has to be loaded first."""
    return render(request, "gaps/nothing.html")


PAGE_OF = {
    SavedView.Page.CITY: "gaps:city",
    SavedView.Page.UNIT: "gaps:unit_of",
    SavedView.Page.POSITIONS: "gaps:positions",
    SavedView.Page.COMPETENCES: "gaps:competences",
    SavedView.Page.PEOPLE: "gaps:people",
}
