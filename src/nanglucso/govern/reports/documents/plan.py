"""The annual plan: KẾ HOẠCH bồi dưỡng năng lực số, from a computed scenario."""

from datetime import datetime
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.develop.plans.models import Scenario
from nanglucso.govern.reports.documents import planbody, planmoney, planremarks
from nanglucso.govern.reports.documents.bases import Base, bases, closed
from nanglucso.govern.reports.documents.content import Block, PlanDocument, text
from nanglucso.govern.reports.documents.firsttests import FirstTests, first_tests
from nanglucso.govern.reports.documents.planannexes import Frame, annexes
from nanglucso.govern.reports.documents.planfacts import PlanFacts, plan_facts
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    percent,
    place_date,
    said_name,
    short_date,
    wording,
)
from nanglucso.workforce.framework.queries import current_framework

__all__ = ["plan_document"]


def plan_document(
    scenario: Scenario, *, at: datetime, organisation_names: dict[str, str] | None = None
) -> PlanDocument:
    """The document of a computed scenario on the day of `at`. Raises ValueError for a scenario without a plan.

    `organisation_names` replaces the settings' names of the issuing agency (an empty name is printed as dots).
    """
    if not scenario.figures:
        raise ValueError("the scenario has not been computed")
    facts, told = plan_facts(scenario, at), wording("plan")
    first = first_tests(facts)
    names = organisation(organisation_names)
    said = _said(facts, first, names)
    lines = bases(told, local_day(at), names["place"])
    return PlanDocument(
        superior=agency_lines(names["superior"]),
        issuer=names["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names['symbol']}",
        place_date=place_date(names["place"], local_day(at)),
        kind=told["kind"],
        subject=tuple(line.format(**said) for line in told["subject"]),
        to="",
        notes=tuple(_notes(facts, told, said)),
        bases=closed(lines),
        blocks=tuple(_blocks(facts, told, said, first)),
        recipients=tuple(_recipients(told, said)),
        signer=(names["signer_title"],),
        signer_name=names["signer_name"],
        annexes=annexes(facts, told, Frame(names, said, first, _remarks(facts, told, said, lines))),
        figures=_figures(facts, first),
    )


def _figures(facts: PlanFacts, first: FirstTests) -> dict[str, Any]:
    kept = ("objective", "bound", "gap", "need", "cost", "classes", "seats", "people")
    return {name: facts.figures[name] for name in kept} | {"first_tests": first.people}


def _said(facts: PlanFacts, first: FirstTests, names: dict[str, str]) -> dict[str, Any]:
    """Every figure that the prose speaks of, as words."""
    f, scenario = facts.figures, facts.scenario
    tops = {facts.places.of(person).top_path for person in facts.people}
    waiting = scenario.basis.get("unready", {"people": 0, "units": []})
    tied = sum(seat.tied for seat in facts.all_seats())
    return {
        "year": scenario.year, "next_year": scenario.year + 1, "issue_year": local_day(facts.at).year,
        "issuer": said_name(names["issuer"], names["place"]),
        "superior": said_name(names["superior"], names["place"]), "symbol": names["symbol"],
        "framework": current_framework().name_vi, "as_of": short_date(local_day(facts.at)),
        "people": number(len(facts.people)), "units": number(len(tops)), "unmeasured": number(first.people),
        "planned": number(f["seats"]), "seats": number(f["seats"]), "persons": number(f["people"]),
        "classes": number(f["classes"]), "tied": number(tied),
        "left": number(len(facts.people) - f["people"]),
        "closed": number(f["objective"], 1), "need": number(f["need"], 1), "objective": number(f["objective"], 1),
        "bound": number(f["bound"], 1), "gap": percent(f["gap"], 2), "seconds": number(f["seconds"], 1),
        "percent": percent(f["objective"] / f["need"] if f["need"] else 0.0), "budget": number(scenario.budget),
        "waiting": number(waiting["people"]), "waiting_units": number(len(waiting["units"])),
        "absent": percent(scenario.params.get("absent_max", 0.10), 0), "shadow": number(f.get("shadow_price", 0), 2),
    }  # fmt: skip


def _notes(facts: PlanFacts, told: dict[str, Any], said: dict[str, Any]) -> list[str]:
    """Lines of the box on the first page: what the reader must know before believing a number."""
    notes, means = [], planremarks.assumed_means(facts, told)
    if facts.scenario.status != Scenario.Status.APPROVED:
        notes.append("draft")
    if len(facts.unmeasured) == len(facts.people):
        notes.append("prior_all")
    elif facts.unmeasured:
        notes.append("prior_some")
    if means:
        notes.append("means")
    if any(line.assumed for line in planmoney.printed_lines(facts, told)):
        notes.append("rates")
    if any(person.made_up for person in facts.people):
        notes.append("made_up")
    if "unready" in facts.scenario.basis:
        notes.append("unready")
    if facts.intake.get("own_tree"):
        notes.append("own_tree")
    if any(seat.tied for seat in facts.all_seats()):
        notes.append("provisional")
    return [told["notes"][name].format(**said, means=means) for name in notes]


def _blocks(facts: PlanFacts, told: dict[str, Any], said: dict[str, Any], first: FirstTests) -> list[Block]:
    return [
        text(told["intro"].format(**said)),
        *planbody.purpose(told, said),
        *planbody.content(facts, told, said),
        *planbody.forms(facts, told, said, first),
        *planmoney.money(facts, told, said),
        *planbody.doing(told, said),
    ]


def _remarks(facts: PlanFacts, told: dict[str, Any], said: dict[str, Any], lines: list[Base]) -> tuple[Block, ...]:
    return tuple(planremarks.remarks(facts, told, said, lines))


def _recipients(told: dict[str, Any], said: dict[str, Any]) -> list[str]:
    whole = [line.format(**said) for line in told["recipients"]]
    return [f"- {line};" for line in whole] + [f"- {told['last_recipient'].format(**said)}."]
