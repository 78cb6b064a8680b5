"""Nouns of money."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from nanglucso.core.bilingual import Named, said
from nanglucso.core.content import read_yaml, root
from nanglucso.develop.budget.models import Commitment, FundingSource, Rate


def rates_on(day: date) -> QuerySet[Rate]:
    """Rates in force on a day, the newest of each code last."""
    begun = Q(effective_from=None) | Q(effective_from__lte=day)
    return Rate.objects.filter(begun & (Q(effective_to=None) | Q(effective_to__gte=day))).order_by(
        "kind", "code", "effective_from"
    )


def rate_table(*, day: date | None = None, kind: str = "") -> QuerySet[Rate]:
    """The table for the screen: in force on `day` (None = every rate ever loaded), legal maxima first."""
    rows = rates_on(day) if day else Rate.objects.all()
    rows = rows.filter(kind=kind) if kind in Rate.Kind.values else rows
    return rows.order_by("-kind", "name_vi", "effective_from") if not kind else rows.order_by("name_vi")


def rates_by_code(day: date) -> dict[str, Rate]:
    """Rate code → the newest rate in force on a day."""
    return {rate.code: rate for rate in rates_on(day)}


def amounts_on(day: date) -> dict[str, int]:
    """Rate code → amount in đồng on a day; rates without an amount are left out."""
    return {rate.code: rate.amount for rate in rates_on(day) if rate.amount is not None}


def sources(year: int) -> QuerySet[FundingSource]:
    """Funding sources of a year in their order of use."""
    return FundingSource.objects.filter(year=year)


def source_years() -> list[int]:
    """Years that have a funding source, newest first."""
    return list(FundingSource.objects.order_by("-year").values_list("year", flat=True).distinct())


def total(year: int) -> int:
    """Money of a year, đồng."""
    return sources(year).aggregate(sum=Sum("amount"))["sum"] or 0


@dataclass(frozen=True)
class SourceKind(Named):
    """A kind of funding source as the shipped content describes it; `rule` says whom and what it may pay for."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    order: int
    unit_kinds: tuple[str, ...]
    families: tuple[str, ...]
    legal_basis: str
    rule_vi: str
    rule_en: str
    carry_over: str = "none"

    @property
    def rule(self) -> str:
        return said(self, "rule")


@lru_cache
def source_kinds() -> Mapping[str, SourceKind]:
    """The kinds of funding sources in their order of use, by code."""
    told: Any = read_yaml(root() / "funding" / "sources.yaml")
    return {
        row["code"]: SourceKind(
            row["code"], row["name_vi"], row["name_en"], row["kind"], row["order"], tuple(row["unit_kinds"]),
            tuple(row["course_families"] or ()), row["legal_basis"] or "", row["rule_vi"], row["rule_en"],
            row["carry_over"],
        )
        for row in told["sources"]
    }  # fmt: skip


def commitments(year: int, *, state: str = "", source: str = "") -> QuerySet[Commitment]:
    """Commitments of a year, newest first; unknown filters count as none."""
    rows = Commitment.objects.filter(source__year=year).select_related("source")
    if state in Commitment.State.values:
        rows = rows.filter(state=state)
    return rows.filter(source__code=source) if source else rows


def sums_of(rows: QuerySet[Commitment]) -> dict[str, int]:
    """Number and đồng held, advanced and spent of some commitments."""
    told = rows.order_by().aggregate(n=Count("pk"), held=Sum("held"), advanced=Sum("advanced"), spent=Sum("spent"))
    return {key: value or 0 for key, value in told.items()}
