"""What `content/targets/` says: documents, measures, notes, who follows what, rules of judging, columns of systems."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from nanglucso.core import content
from nanglucso.core.bilingual import Named, said

ARTICLE, NATIONAL, CITY = "article", "national", "city"


@dataclass(frozen=True)
class Document:
    """A document that sets targets; `printed`: its number as the article prints it, where that differs."""

    code: str
    number_vi: str
    number_en: str
    title_vi: str
    title_en: str
    part: str
    issued: date | None
    confidence: str
    printed: str = ""

    @property
    def number(self) -> str:
        return said(self, "number")

    @property
    def title(self) -> str:
        return said(self, "title")


@dataclass(frozen=True)
class Measure(Named):
    """In what a target is told; `share`: a percentage from 0 to 100; `number`: figures of it can be compared."""

    code: str
    name_vi: str
    name_en: str
    share: bool
    number: bool


@dataclass(frozen=True)
class Follower(Named):
    """Who follows a target nationally; `unit`: code of the city's unit that is taken to answer for it, or ""."""

    code: str
    name_vi: str
    name_en: str
    unit: str


@dataclass(frozen=True)
class Rules:
    """How a target is judged; see `content/targets/rules.yaml`."""

    least_figures: int
    level: float
    near: float
    on_track: float
    late: float
    stale_days: int
    most_months: int


@dataclass(frozen=True)
class Counted(Named):
    """What one row of a system's file tells: a share of two columns for some indicators."""

    indicators: tuple[str, ...]
    name_vi: str
    name_en: str
    part: tuple[str, ...]
    whole: tuple[str, ...]


@dataclass(frozen=True)
class System(Named):
    """A system whose files are read. Either `counted`, or each row names its indicator and value itself."""

    code: str
    name_vi: str
    name_en: str
    unit: tuple[str, ...]
    period: tuple[str, ...]
    counted: tuple[Counted, ...]
    indicator: tuple[str, ...] = ()
    value: tuple[str, ...] = ()

    @property
    def headings(self) -> dict[str, tuple[str, ...]]:
        """Field → heads; a column that serves two measures has one field."""
        made = {"unit": self.unit, "period": self.period}
        if self.indicator:
            made |= {"indicator": self.indicator, "value": self.value}
        for one in self.counted:
            made |= {one.part[0]: one.part, one.whole[0]: one.whole}
        return made


def _read(name: str) -> Any:
    return content.read_yaml(content.root() / "targets" / f"{name}.yaml")


@lru_cache(maxsize=1)
def documents() -> dict[str, Document]:
    """Documents by code, in the order of the file."""
    made = {}
    for row in _read("documents")["documents"]:
        told = {"number_en": row["number"], "printed": "", **row}
        made[row["code"]] = Document(number_vi=told.pop("number"), **told)
    return made


def document(code: str) -> Document:
    return documents()[code]


@lru_cache(maxsize=1)
def _words() -> dict[str, Any]:
    return dict(_read("words"))


@lru_cache(maxsize=32)
def measure(code: str) -> Measure:
    """A measure; "" = the text read names none."""
    row = _words()["measures"].get(code, {"vi": "", "en": "", "share": False, "number": False})
    return Measure(code, row["vi"], row["en"], row["share"], row["number"])


@lru_cache(maxsize=32)
def follower(code: str) -> Follower | None:
    row = _words()["followers"].get(code)
    return Follower(code, row["vi"], row["en"], row["unit"]) if row else None


def note(code: str) -> dict[str, str]:
    """A note {language: sentence}."""
    return dict(_words()["notes"][code])


def levels() -> dict[str, dict[str, str]]:
    """Levels of government by code {language: words}, highest first."""
    return dict(_words()["levels"])


@lru_cache(maxsize=1)
def rules() -> Rules:
    read = _read("rules")
    return Rules(**{name: read[name] for name in Rules.__dataclass_fields__})


@lru_cache(maxsize=1)
def systems() -> dict[str, System]:
    """Systems by code."""
    read = _read("systems")
    made = {}
    for row in read["systems"]:
        counted = tuple(
            Counted(tuple(one["indicators"]), one["name_vi"], one["name_en"], tuple(one["part"]), tuple(one["whole"]))
            for one in row.get("measures", ())
        )
        made[row["code"]] = System(
            row["code"], row["name_vi"], row["name_en"], tuple(read["unit"]), tuple(read["period"]), counted,
            tuple(row.get("indicator", ())), tuple(row.get("value", ())),
        )  # fmt: skip
    return made


def targets() -> list[dict[str, str]]:
    """The rows of `targets.csv` as they stand."""
    with (content.root() / "targets" / "targets.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))
