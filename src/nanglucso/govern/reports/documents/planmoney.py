"""Part IV and annex III of the plan: money by source, rates with their legal basis, assumptions marked."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.queries import rates_on
from nanglucso.govern.reports.documents import costlines
from nanglucso.govern.reports.documents.content import Block, Row, columns, heading, lead, sub, table, text
from nanglucso.govern.reports.documents.costlines import CostLine, cost_lines
from nanglucso.govern.reports.documents.planfacts import PlanFacts
from nanglucso.govern.reports.documents.wording import money_words, number, percent

Told = dict[str, Any]
CAP = "lecturer_session"
LECTURER_PLAN = "lecturer_session_plan"


@dataclass(frozen=True)
class PrintedLine:
    """A cost line with its words; `assumed` when the amount has no legal force."""

    line: CostLine
    name: str
    per: str
    basis: str
    assumed: bool

    @property
    def row(self) -> Row:
        """The cells of annex III."""
        share = self.line.code == costlines.SHARE
        quantity = percent(self.line.quantity, 0) if share else _plain(self.line.quantity)
        unit = number(self.line.unit) if self.line.unit else ""
        return Row((self.name, self.per, quantity, unit, number(self.line.amount), self.basis))


def _plain(quantity: float) -> str:
    if not quantity:
        return ""
    return number(quantity, 0 if float(quantity).is_integer() else 1)


def printed_lines(facts: PlanFacts, told: Told) -> list[PrintedLine]:
    """Every cost line of the plan, in words."""
    rates = {rate.code: rate for rate in rates_on(facts.scenario.first_week)}
    return [_printed(line, rates, told["annexes"]["costs"]) for line in cost_lines(facts.scenario, facts.classes)]


def _printed(line: CostLine, rates: dict[str, Rate], words: Told) -> PrintedLine:
    if line.code == costlines.SHARE:
        name = words["management"].format(share=percent(facts_share(line), 0))
        return PrintedLine(line, name, words["share_unit"], words["management_basis"], False)
    if line.code == costlines.OTHER_TRIP:
        return PrintedLine(line, words["trip"], words["trip_unit"], words["local"], False)
    if line.code in (costlines.LECTURER, costlines.ROOM):
        return _means(line, rates, words)
    rate = rates[line.code]
    assumed = rate.kind == Rate.Kind.ASSUMPTION
    return PrintedLine(line, rate.name_vi, rate.per, words["assumed"] if assumed else rate.legal_basis, assumed)


def facts_share(line: CostLine) -> float:
    """The management line carries the share as its quantity."""
    return line.quantity


def _means(line: CostLine, rates: dict[str, Rate], words: Told) -> PrintedLine:
    """Pay and rooms carry the lecturer's and the venue's own price; the legal cap is the basis of the first."""
    teaching = line.code == costlines.LECTURER
    name = words["lecturer"] if teaching else words["room"]
    planning = {
        rates[code].amount for code in (LECTURER_PLAN, "room_session", "computer_room_session") if code in rates
    }
    assumed = line.assumed or line.unit in planning
    basis = rates[CAP].legal_basis if teaching and CAP in rates else words["invoice"]
    return PrintedLine(line, name, words["session"], f"{basis} ({words['assumed']})" if assumed else basis, assumed)


def money(facts: PlanFacts, told: Told, said: Told) -> Iterator[Block]:
    """IV. Kinh phí."""
    part, scenario = told["money"], facts.scenario
    cost = sum(row.cost for row in facts.classes)
    yield heading(part["title"])
    left = number(scenario.budget - cost)
    yield text(part["total"].format(**{**said, "left": left}, cost=number(cost), words=money_words(cost)))
    yield text(part["sources"])
    yield table(columns(told["columns"]["sources"], (8, 2, 4, 2), "lrrr"), _sources(facts, told))
    cap = _cap(scenario.first_week)
    yield text(part["rates"].format(lecturer_cap=number(cap)))
    if facts.figures.get("shadow_price", 0) > 0:
        yield text(part["shadow"].format(**said))


@lru_cache(maxsize=64)
def _cap(day: Any) -> int:
    found = [rate.amount for rate in rates_on(day) if rate.code == CAP]
    return found[-1] or 0 if found else 0


def _sources(facts: PlanFacts, told: Told) -> Iterator[Row]:
    classes: Counter[tuple[int, str]] = Counter()
    costs: Counter[tuple[int, str]] = Counter()
    for row in facts.classes:
        key = (row.source.order, row.source.name_vi)
        classes[key] += 1
        costs[key] += row.cost
    whole = costs.total()
    for key in sorted(costs):
        yield Row((key[1], number(classes[key]), number(costs[key]), percent(costs[key] / whole if whole else 0)))
    total = number(whole)
    yield Row((told["words"]["total"], number(classes.total()), total, percent(1 if whole else 0)), bold=True)


def cost_table(facts: PlanFacts, told: Told) -> Iterator[Block]:
    """Annex III: a table a source, closed by its sum, and the whole."""
    words, lines = told["annexes"]["costs"], printed_lines(facts, told)
    names = {row.source.code: row.source.name_vi for row in facts.classes}
    heads = columns(told["columns"]["costs"], (7, 3.6, 2, 2.6, 3.2, 5), "lcrrrl")
    for source in dict.fromkeys(one.line.source for one in lines):
        mine = [one for one in lines if one.line.source == source]
        total = sum(one.line.amount for one in mine)
        last = Row((words["sum"].format(name=names[source]), "", "", "", number(total), ""), bold=True)
        yield sub(words["source"].format(name=names[source]))
        yield table(heads, [*(one.row for one in mine), last])
    whole = number(sum(one.line.amount for one in lines))
    yield lead(f"{words['total']}: {whole} đồng")
