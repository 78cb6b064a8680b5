"""Which outside certificate gives what evidence: read from `content/certificates/rules.yaml`, versioned with it."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from nanglucso.core import content
from nanglucso.core.bilingual import said
from nanglucso.measure.profiles.folding import Frame


@dataclass(frozen=True)
class Rule:
    """One certificate: `gives` {competence code: level}; see `engines.belief.Certificate`.

    For lists of completions: `aliases` are other names of the course, `min_score` the least score that counts on a
    scale up to `score_max`. `check`: what the officer still looks up of the source before confirming.
    """

    code: str
    version: str
    name_vi: str
    name_en: str
    reason_vi: str
    reason_en: str
    source: str
    valid_years: int
    gives: dict[str, int]
    check: str = ""
    aliases: tuple[str, ...] = ()
    min_score: float | None = None
    score_max: float | None = None

    @property
    def name(self) -> str:
        return said(self, "name")

    @property
    def reason(self) -> str:
        return said(self, "reason")

    def last_day(self, issued: date) -> date:
        """The last day on which a certificate issued then may be confirmed; 29 February counts to 28 February."""
        try:
            return issued.replace(year=issued.year + self.valid_years)
        except ValueError:
            return issued.replace(year=issued.year + self.valid_years, day=28)

    def entries(self, frame: Frame) -> list[dict[str, Any]]:
        """Ledger entries; competences that the framework lacks are left out."""
        known = set(frame.codes)
        return [{"k": code, "level": level} for code, level in sorted(self.gives.items()) if code in known]


@lru_cache(maxsize=1)
def rules() -> dict[str, Rule]:
    """Every rule by its code."""
    read: Any = content.read_yaml(content.root() / "certificates" / "rules.yaml")
    return {row["code"]: Rule(version=read["version"], **row) for row in read["rules"]}
