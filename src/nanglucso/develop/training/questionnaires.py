"""The questionnaires of the six objects of evaluation (Nghị định 171/2025/NĐ-CP, Điều 26), data of `content/`."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language

from nanglucso.core.content import read_yaml, root


@dataclass(frozen=True)
class Said:
    """A code or value with its words in both languages."""

    code: str
    vi: str
    en: str

    def __str__(self) -> str:
        return self.en if (get_language() or "vi").startswith("en") else self.vi


@dataclass(frozen=True)
class Question:
    """One sentence to agree or disagree with, about one of the six objects."""

    id: str
    object: str
    text: Said


@dataclass(frozen=True)
class Questionnaire:
    """One version of a form; open from `first` to `last` days after its class was finished."""

    code: str
    version: int
    since: date
    title: Said
    first: timedelta
    last: timedelta
    questions: tuple[Question, ...]

    def is_open(self, closed_at: datetime | None, at: datetime) -> bool:
        """Whether it can be filled in for a class that was finished then."""
        return closed_at is not None and closed_at + self.first <= at <= closed_at + self.last


@dataclass(frozen=True)
class EvaluationRules:
    """`threshold`: no figure from fewer answers; `pleased_from`: the least answer that counts as content."""

    threshold: int
    pleased_from: int
    objects: tuple[Said, ...]
    scale: tuple[Said, ...]


def folder() -> Path:
    """Where the questionnaires stand."""
    return root() / "evaluation"


def _said(code: object, told: Any) -> Said:
    return Said(str(code), str(told["vi"]), str(told["en"]))


@lru_cache(maxsize=4)
def rules(path: Path | None = None) -> EvaluationRules:
    """Read `rules.yaml`. Raises KeyError or ValueError when it lacks something, or a threshold below 5."""
    raw: Any = read_yaml((path or folder()) / "rules.yaml")
    if int(raw["threshold"]) < 5:
        raise ValueError("fewer than 5 answers could be traced to people")
    return EvaluationRules(
        int(raw["threshold"]), int(raw["pleased_from"]), tuple(_said(one["code"], one) for one in raw["objects"]),
        tuple(_said(one["value"], one) for one in raw["scale"]),
    )  # fmt: skip


@lru_cache(maxsize=4)
def questionnaires(path: Path | None = None) -> tuple[Questionnaire, ...]:
    """Every version of every form, oldest first.

    Raises ValueError for a question about none of the six objects, or one asked twice in a version.
    """
    place = path or folder()
    objects = {one.code for one in rules(path).objects}
    made = []
    for file in sorted(place.glob("*.yaml")):
        if file.name == "rules.yaml":
            continue
        raw: Any = read_yaml(file)
        first, last = (timedelta(days=int(n)) for n in raw["open_days"])
        for told in raw["versions"]:
            asked = tuple(Question(str(q["id"]), str(q["object"]), _said(q["id"], q)) for q in told["questions"])
            if len({q.id for q in asked}) < len(asked) or not {q.object for q in asked} <= objects:
                raise ValueError(f"{file.name}, version {told['version']}: a question twice, or about no known object")
            made.append(
                Questionnaire(
                    raw["code"],
                    int(told["version"]),
                    told["since"],
                    _said(raw["code"], raw["title"]),
                    first,
                    last,
                    asked,
                )
            )
    return tuple(sorted(made, key=lambda one: (one.since, one.version)))


def codes() -> list[str]:
    """The forms, in the order in which they are asked."""
    newest = {one.code: one for one in questionnaires()}
    return [one.code for one in sorted(newest.values(), key=lambda one: one.first)]


def asked_for(code: str, closed_on: date) -> Questionnaire | None:
    """The version of a form for a class finished on a day: one class is asked one version; None before the first."""
    rows = [one for one in questionnaires() if one.code == code and one.since <= closed_on]
    return rows[-1] if rows else None
