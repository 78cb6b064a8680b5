"""A unit's answers → how far its infrastructure reaches. Thresholds are data: `content/readiness/rules.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import Any

from nanglucso.core.bilingual import Named, said
from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class PartRule(Named):
    """A part of the infrastructure: `wanted` 0..1 is the value from which it is enough."""

    code: str
    wanted: float
    name_vi: str
    name_en: str
    short_vi: str
    short_en: str
    what_vi: str
    what_en: str

    @property
    def short(self) -> str:
        return said(self, "short")

    @property
    def what(self) -> str:
        return said(self, "what")


@dataclass(frozen=True)
class Purchase(Named):
    """A kind of investment and its assumed price in đồng."""

    code: str
    part: str
    price: int
    name_vi: str
    name_en: str
    per_vi: str
    per_en: str
    assumption: bool
    note_vi: str
    note_en: str

    @property
    def per(self) -> str:
        return said(self, "per")

    @property
    def note(self) -> str:
        return said(self, "note")


@dataclass(frozen=True)
class Rules:
    """Thresholds and assumptions of one version, see the file."""

    version: str
    parts: tuple[PartRule, ...]
    network_values: Mapping[str, float]
    shown_up_to: float
    skills_wanted: float
    least_known: float
    fresh_months: int
    life_years: int
    life_source: str
    unknown_skills: float
    purchases: tuple[Purchase, ...]
    least_index: float
    unknown_is_ready: bool


@lru_cache
def rules() -> Rules:
    """The rules as shipped."""
    told: Any = read_yaml(root() / "readiness" / "rules.yaml")
    names = ("code", "wanted", "name_vi", "name_en", "short_vi", "short_en", "what_vi", "what_en")
    parts = tuple(PartRule(**{name: row[name] for name in names}) for row in told["parts"])
    return Rules(
        told["version"], parts, told["network_values"], told["shown_up_to"], told["skills"]["wanted"],
        told["skills"]["least_known"], told["fresh_months"], told["life"]["years"], told["life"]["source"],
        told["investments"]["unknown_skills"], tuple(Purchase(**row) for row in told["investments"]["kinds"]),
        told["plans"]["least_index"], told["plans"]["unknown_is_ready"],
    )  # fmt: skip


@dataclass(frozen=True)
class Part:
    """One part of a unit: `value` 0..1 as it is; `ratio` = value / wanted, 1 = enough."""

    rule: PartRule
    value: float

    @property
    def ratio(self) -> float:
        return self.value / self.rule.wanted

    @property
    def heat(self) -> int:
        """0 (enough) to 6 (nothing), in the steps of the heat maps."""
        return 0 if self.ratio >= 1 else min(6, 1 + int((1 - self.ratio) * 6))


@dataclass(frozen=True)
class Standing:
    """A unit's infrastructure. `index` = smallest ratio of its parts (machines without a network are of no use)."""

    parts: tuple[Part, ...]

    @property
    def weakest(self) -> Part:
        return min(self.parts, key=lambda part: part.ratio)

    @property
    def index(self) -> float:
        return self.weakest.ratio

    @property
    def equipped(self) -> bool:
        return self.index >= 1 - 1e-9

    @property
    def reach(self) -> float:
        """Share 0..1 of the people for whom the infrastructure is enough, taken to be the index up to 1."""
        return min(1.0, self.index)


def standing(answers: Mapping[str, Any], n_systems: int) -> Standing:
    """Parts of one unit. devices = (computers − past service life) / people at computers; network by the answer;
    signing = people with a signature / people at computers; systems = in use / `n_systems` that the survey names."""
    desks = max(1, int(answers.get("desks", 0)))
    good = int(answers.get("computers", 0)) - int(answers.get("computers_old", 0))
    values = {
        "devices": good / desks,
        "network": rules().network_values.get(str(answers.get("network", "")), 0.0),
        "signing": int(answers.get("signatures", 0)) / desks,
        "systems": len(answers.get("systems", [])) / max(1, n_systems),
    }
    return Standing(tuple(Part(rule, min(1.0, max(0.0, values[rule.code]))) for rule in rules().parts))


@dataclass(frozen=True)
class Line:
    """What a unit would need of one kind: how many, at which price, đồng."""

    purchase: Purchase
    quantity: int
    replaced: int = 0

    @property
    def cost(self) -> int:
        return self.quantity * self.purchase.price


def lacking(answers: Mapping[str, Any], n_systems: int) -> list[Line]:
    """What brings every part of a unit to what is wanted; `replaced`: of the computers, those in place of old ones."""
    held, desks, made = standing(answers, n_systems), max(1, int(answers.get("desks", 0))), []
    kinds = {one.part: one for one in rules().purchases}
    for part in held.parts:
        if part.ratio >= 1 - 1e-9 or part.rule.code not in kinds:
            continue
        of = {"network": 1, "systems": n_systems}.get(part.rule.code, desks)
        quantity = max(1, ceil((part.rule.wanted - part.value) * of - 1e-9))
        old = int(answers.get("computers_old", 0)) if part.rule.code == "devices" else 0
        made.append(Line(kinds[part.rule.code], quantity, min(old, quantity)))
    return made
