"""Whether the bank can fill a campaign, and exactly what it lacks: competence, level, how many items."""

import math
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from nanglucso.core.scope import EVERYTHING
from nanglucso.measure.assessments.delivery import TRIAL_FACTOR
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.assessments.queries import eligible
from nanglucso.measure.bank.queries import live_versions
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Requirement

# One question is never the whole ground of a decision.
LEAST_AT_LEVEL = 2


@dataclass(frozen=True)
class Cell:
    """One competence at one required level (0 = in all): item families the bank has near it and needs."""

    code: str
    short: str
    level: int
    level_name: str
    people: int
    have: int
    need: int

    @property
    def lacking(self) -> int:
        return max(0, self.need - self.have)

    @property
    def sentence(self) -> str:
        told = {"code": self.code, "level": self.level_name, "n": self.lacking, "have": self.have, "need": self.need}
        if self.level:
            return _("%(code)s, level %(level)s: %(n)s more (%(have)s of %(need)s)") % told
        return _("%(code)s: %(n)s more (%(have)s of %(need)s)") % told


@dataclass(frozen=True)
class Blueprint:
    """What a campaign asks of the bank. `families`: items that count apart; `needed`: the longest sitting.

    `spread`: how many the exposure cap asks for, so that nobody runs out; 0 for a trial bank, where it is not kept.
    """

    cells: list[Cell]
    families: int
    needed: int
    spread: int = 0

    @property
    def lacking(self) -> list[Cell]:
        return [cell for cell in self.cells if cell.lacking]

    @property
    def fills(self) -> bool:
        return not self.lacking and self.families >= max(self.needed, self.spread)

    @property
    def sentences(self) -> list[str]:
        """One sentence for everything that is missing."""
        said = [cell.sentence for cell in self.lacking]
        if self.families < self.needed:
            told = {"have": self.families, "most": self.needed}
            said.append(_("in all: %(have)s questions that count apart; one sitting may ask %(most)s") % told)
        elif self.families < self.spread:
            told = {"have": self.families, "most": self.needed, "need": self.spread}
            text = _("in all: %(have)s questions that count apart; %(most)s in each test under this cap need %(need)s")
            said.append(text % told)
        return said


def _required(campaign: Campaign) -> dict[tuple[str, int], int]:
    """{(competence code, required level): people} over those whom the campaign would measure."""
    positions: dict[int, int] = defaultdict(int)
    for pk in eligible(campaign, EVERYTHING).values_list("position_id", flat=True):
        positions[pk] += 1
    rows = Requirement.objects.filter(position__in=positions, level__gt=0, competence__framework=campaign.framework_id)
    found: dict[tuple[str, int], int] = defaultdict(int)
    for pk, code, level in rows.values_list("position_id", "competence__code", "level"):
        found[code, level] += positions[pk]
    return found


def blueprint(campaign: Campaign) -> Blueprint:
    """What the people of a campaign must be asked, against the bank.

    Each competence: its even share of the shortest sitting. Each level that a position requires: `LEAST_AT_LEVEL`
    families at that level or a neighbouring one, because only those tell the two sides of its cut apart.
    """
    known = {row.code: row for row in campaign.framework.competences.order_by("index")}
    names = {0: "", **{row.number: str(row.label) for row in campaign.framework.levels.all()}}
    required = _required(campaign)
    wanted = campaign.competences or [code for code in known if any(c == code for c, _ in required)] or list(known)
    have: dict[str, set[tuple[str, int]]] = defaultdict(set)
    rows = live_versions(campaign.framework, wanted)
    for code, family, level in rows.values_list("item__competence__code", "item__family", "item__level"):
        have[code].add((family, level))
    cells = []
    least = math.ceil(min(campaign.items_min, campaign.items_max) / max(1, len(wanted)))
    for code in wanted:
        cells += _cells(known[code], have[code], {lv: n for (c, lv), n in required.items() if c == code}, least, names)
    families = {family for found in have.values() for family, _level in found}
    trial = rows.count() < TRIAL_FACTOR * campaign.items_max
    spread = 0 if trial else math.ceil(campaign.items_max / campaign.exposure_cap)
    return Blueprint(cells, len(families), campaign.items_max, spread)


def _cells(
    row: Competence, have: set[tuple[str, int]], levels: dict[int, int], least: int, names: dict[int, str]
) -> list[Cell]:
    whole = {family for family, _level in have}
    made = [Cell(row.code, row.short, 0, "", sum(levels.values()), len(whole), max(1, least))]
    for level, people in sorted(levels.items()):
        near = {family for family, at in have if abs(at - level) <= 1}
        made.append(Cell(row.code, row.short, level, names.get(level, ""), people, len(near), LEAST_AT_LEVEL))
    return made
