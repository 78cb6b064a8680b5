"""Nouns of the framework room: the framework in force, its arrays for the engines, and what the pages show."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.apps import apps
from django.db.models import Count, Prefetch, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from nanglucso.core.refusals import Refused
from nanglucso.engines.belief import prior_mean_cov
from nanglucso.workforce.framework.models import (
    Competence,
    Crossing,
    Crosswalk,
    Descriptor,
    Domain,
    Framework,
    Level,
    OutsideComponent,
)

SCHEMES = {
    "tt02-2025": _("Circular 02/2025/TT-BGDĐT"),
    "digcomp-2.2": "DigComp 2.2",
    "dlgf-2018": "DLGF (UNESCO 2018)",
    "vtvl": _("Job position framework, levels 1–5"),
}


def current_framework() -> Framework:
    """The framework in force. Raises `Refused` when none has been loaded."""
    found = Framework.objects.filter(status=Framework.Status.PUBLISHED).order_by("-published_on", "-pk").first()
    if found is None:
        raise Refused(_("No competence framework is loaded yet."))
    return found


@dataclass(frozen=True, eq=False)
class FrameArrays:
    """A framework as the engines see it: K competences in index order, L levels.

    domains (K,): index of each competence's domain; cuts (K, L): lower bounds of levels 1..L in logits;
    prior_mean (K,), prior_cov (K, K): the belief about someone of whom nothing is known.
    """

    framework_id: int
    ids: tuple[int, ...]
    codes: tuple[str, ...]
    domains: NDArray[np.int64]
    domain_codes: tuple[str, ...]
    cuts: NDArray[np.float64]
    level_codes: tuple[str, ...]
    labels_vi: tuple[str, ...]
    labels_en: tuple[str, ...]
    prior_mean: NDArray[np.float64]
    prior_cov: NDArray[np.float64]

    @property
    def size(self) -> int:
        """K."""
        return len(self.codes)

    @property
    def levels(self) -> int:
        """L."""
        return self.cuts.shape[1]

    @property
    def labels(self) -> tuple[str, ...]:
        """Names of levels 0..L in the active language; 0 is "below the first level"."""
        return self.labels_en if (get_language() or "vi").startswith("en") else self.labels_vi

    def label(self, level: int) -> str:
        """Word and number of one level 0..L."""
        return self.labels[level]

    def index(self, code: str) -> int:
        """Place of a competence in every belief vector. Raises ValueError for an unknown code."""
        return self.codes.index(code)


def frame(framework: Framework) -> FrameArrays:
    """The arrays of one framework."""
    rows = list(framework.competences.select_related("domain").order_by("index"))
    levels = list(framework.levels.order_by("number"))
    domain_codes = tuple(dict.fromkeys(row.domain.code for row in rows))
    mean, cov = prior_mean_cov(
        [row.domain.code for row in rows], framework.correlation_within, framework.correlation_between
    )
    return FrameArrays(
        framework_id=framework.pk,
        ids=tuple(row.pk for row in rows),
        codes=tuple(row.code for row in rows),
        domains=np.array([domain_codes.index(row.domain.code) for row in rows], np.int64),
        domain_codes=domain_codes,
        cuts=np.array([row.cuts or framework.cuts for row in rows], float),
        level_codes=tuple(level.code for level in levels),
        labels_vi=(framework.below_vi, *(f"{level.name_vi} {level.number}" for level in levels)),
        labels_en=(framework.below_en, *(f"{level.name_en or level.name_vi} {level.number}" for level in levels)),
        prior_mean=mean,
        prior_cov=cov,
    )


def overview(framework: Framework) -> QuerySet[Domain]:
    """Domains in order, each with its competences."""
    return framework.domains.prefetch_related("competences")


def competence_pages(framework: Framework) -> QuerySet[Competence]:
    """Competences with everything one competence page shows."""
    return framework.competences.select_related("domain", "framework").prefetch_related(
        Prefetch("descriptors", Descriptor.objects.select_related("level")),
        Prefetch("crosswalks", Crosswalk.objects.select_related("component")),
    )


def level_columns(competence: Competence) -> list[tuple[Level, list[Descriptor]]]:
    """The competence's levels side by side, lowest first, each with its descriptors."""
    said = list(competence.descriptors.all())
    return [(level, [row for row in said if row.level_id == level.pk]) for level in competence.framework.levels.all()]


def neighbours(competence: Competence) -> tuple[Competence | None, Competence | None]:
    """The competences before and after in the framework's order."""
    others = competence.framework.competences
    return others.filter(index=competence.index - 1).first(), others.filter(index=competence.index + 1).first()


def descriptor_count(framework: Framework) -> int:
    """How many observable behaviours the framework describes."""
    return Descriptor.objects.filter(competence__framework=framework).count()


def by_scheme(competence: Competence) -> list[tuple[object, list[Crosswalk]]]:
    """The competence's crosswalks under the name of each scheme that has any."""
    rows = list(competence.crosswalks.all())
    found = [(name, [row for row in rows if row.component.scheme == slug]) for slug, name in SCHEMES.items()]
    return [(name, links) for name, links in found if links]


@dataclass(frozen=True)
class CrosswalkRow:
    """One of our competences beside the components of every outside scheme, in the order of `SCHEMES`."""

    competence: Competence
    cells: tuple[tuple[object, tuple[Crosswalk, ...]], ...]


def crosswalk_schemes() -> list[tuple[str, object]]:
    """Slug and name of every scheme that components are loaded for."""
    held = set(OutsideComponent.objects.values_list("scheme", flat=True))
    return [(slug, name) for slug, name in SCHEMES.items() if slug in held]


def crosswalk_rows(framework: Framework) -> list[CrosswalkRow]:
    """The crosswalk table, one row a competence."""
    schemes = crosswalk_schemes()
    return [
        CrosswalkRow(
            row,
            tuple(
                (name, tuple(link for link in row.crosswalks.all() if link.component.scheme == slug))
                for slug, name in schemes
            ),
        )
        for row in competence_pages(framework)
    ]


def unreached(framework: Framework) -> QuerySet[OutsideComponent]:
    """Outside components that none of our competences is mapped to."""
    return OutsideComponent.objects.exclude(crosswalks__competence__framework=framework)


@dataclass(frozen=True)
class LevelMap:
    """A scheme's own words for each of our levels, in level order; `official` when a legal text says so."""

    scheme: object
    pairs: tuple[tuple[str, Level], ...]
    official: bool


def level_maps(framework: Framework, levels: Sequence[Level]) -> list[LevelMap]:
    """Which levels of other schemes ours answer to."""
    found = []
    for slug, name in SCHEMES.items():
        rows = {row["level"]: row for row in framework.level_map if row["target"] == slug}
        if rows:
            pairs = tuple((_span(rows[level.code]["values"] if level.code in rows else []), level) for level in levels)
            found.append(LevelMap(name, pairs, all(row.get("status") == "quy định" for row in rows.values())))
    return found


def _span(values: Sequence[str]) -> str:
    return f"{values[0]}–{values[-1]}" if len(values) > 1 else "".join(values)


def crossings() -> QuerySet[Crossing]:
    """Crosswalks between frameworks, newest first."""
    return Crossing.objects.select_related("source", "target", "made_by", "job").annotate(n_links=Count("links"))


def unlinked(crossing: Crossing) -> tuple[list[Competence], list[Competence]]:
    """Competences of either side that no link of the crosswalk reaches."""
    there = crossing.source.competences.exclude(pk__in=crossing.links.values("source"))
    here = crossing.target.competences.exclude(pk__in=crossing.links.values("target"))
    return list(there), list(here)


def named(rows: Sequence[Sequence[int]]) -> list[tuple[str, str, Sequence[int], Sequence[int]]]:
    """Name, unit, and (met, not met, not yet known) before and after of people whom a preview names by number."""
    people = apps.get_model("people", "Person").objects.filter(pk__in=[row[0] for row in rows]).select_related("unit")
    held = {one.pk: one for one in people}
    return [
        (held[row[0]].full_name, str(held[row[0]].unit or ""), row[1:4], row[4:7]) for row in rows if row[0] in held
    ]
