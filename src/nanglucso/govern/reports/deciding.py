"""What the leader's page puts before its reader to decide, most pressing first. Bounds: `content/leader.yaml`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.core.bilingual import one_of
from nanglucso.develop.plans.models import Scenario
from nanglucso.govern.reports.leaderrules import LeaderRules
from nanglucso.govern.reports.sheet import gained
from nanglucso.govern.targets.judging import LATE
from nanglucso.ui.figures import dong, num, pct, signed


@dataclass(frozen=True)
class Decision:
    """One thing to decide, and the page that shows why."""

    text: str
    address: str


def decisions(
    told: dict[str, Any], change: dict[str, Any] | None, waiting: Sequence[Scenario], gone: float, rules: LeaderRules
) -> list[Decision]:
    """From the figures of the page and of the change from year to year, plans sent for approval, share of year gone."""
    found = [*_measuring(told, rules), *_plans(waiting), *_targets(told), *_fallen(change), *_money(told, gone, rules)]
    found += [*_courses(told), *_units(told, rules), *_more(told)]
    return found[: rules.decisions]


def _measuring(told: dict[str, Any], rules: LeaderRules) -> Iterator[Decision]:
    share = told["measured"] / max(1, told["people"])
    if share < rules.measured_share:
        text = _("Only %(share)s of the staff have been measured: by when shall the others sit the test?")
        yield Decision(text % {"share": pct(share, 0)}, reverse("assessments:campaigns"))


def _plans(waiting: Sequence[Scenario]) -> Iterator[Decision]:
    for row in waiting:
        text = _("Approve %(name)s %(year)s or send it back: %(classes)s classes, %(sum)s")
        said = {"name": row.name, "year": row.year, "classes": num(row.figures["classes"])}
        yield Decision(text % {**said, "sum": dong(row.figures["cost"])}, reverse("plans:show", args=[row.pk]))


def _targets(told: dict[str, Any]) -> Iterator[Decision]:
    """The city's worst one that is late; where none is, how many of its units are."""
    late, units = [row for row in told["targets"]["rows"] if row["status"] == LATE], told["targets"]["units_late"]
    for row in late[:1]:
        if row["answers"]:
            text = _("Target %(code)s will hardly be reached: what shall %(unit)s do about it?")
        else:
            text = _("Target %(code)s will hardly be reached and nobody answers for it: who shall?")
        yield Decision(
            text % {"code": row["code"], "unit": row["answers"]}, reverse("targets:show", args=[row["code"]])
        )
    if units and not late:
        text = ngettext(
            "%(n)s target of a unit is late: whose is it?", "%(n)s targets of units are late: whose?", units
        )
        yield Decision(text % {"n": num(units)}, reverse("targets:late"))


def _fallen(change: dict[str, Any] | None) -> Iterator[Decision]:
    if change and not change["why"] and change["stayed"][2] < 0:
        text = _("Those measured twice have lost %(n)s levels: what is to be done about it?")
        yield Decision(text % {"n": num(-change["stayed"][0], 2)}, reverse("reports:trend"))


def _money(told: dict[str, Any], gone: float, rules: LeaderRules) -> Iterator[Decision]:
    given = sum(row["given"] for row in told["money"])
    paid = sum(row["spent"] for row in told["money"]) / given if given else 1.0
    if gone - paid > rules.money_behind:
        text = _("%(paid)s of the money is paid with %(gone)s of the year gone: speed up, or move it?")
        yield Decision(text % {"paid": pct(paid, 0), "gone": pct(gone, 0)}, reverse("budget:report"))


def _courses(told: dict[str, Any]) -> Iterator[Decision]:
    for row in told["effects"][::-1][:1]:
        mean, low, _high = row["gain"]
        if low <= 0:
            text = _("No gain is shown after %(course)s (%(n)s levels): keep, change or stop it?")
            said = {"course": one_of(*row["names"]), "n": signed(mean)}
            yield Decision(text % said, reverse("training:course_effect", args=[row["id"]]))


def _units(told: dict[str, Any], rules: LeaderRules) -> Iterator[Decision]:
    tiles = [tile for area in told["areas"] for tile in area["tiles"] if tile["percent"] is not None]
    worst = max(tiles, key=lambda tile: tile["percent"], default=None)
    if worst and worst["percent"] > 100 * rules.worst_unit:
        text = _("%(unit)s: %(share)s of the requirements are not met: shall its people come first?")
        said = {"unit": worst["name"], "share": pct(worst["percent"] / 100, 0)}
        yield Decision(text % said, reverse("gaps:unit_of", args=[worst["id"]]))


def _more(told: dict[str, Any]) -> Iterator[Decision]:
    share = gained(told["plan"])
    if share:
        more = told["plan"]["more"]
        text = _("%(sum)s more would close a further %(share)s of the need: shall it be asked for?")
        said = {"sum": dong(more["money"]), "share": pct(share)}
        yield Decision(text % said, reverse("plans:show", args=[told["plan"]["id"]]) + "#frontier")
