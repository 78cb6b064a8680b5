"""An item as a row of the item files, whatever it came from: a stored version, or nothing yet.

`raw_of` is the inverse of `reading.read_row`: what it gives reads back to the same body, key, notes and parameters.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.measure.bank.models import ItemVersion
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.workforce.framework.models import Competence, Level

# Priors before anybody has answered: content rules 3.2. Guessing of single choice falls with the number of options.
SLOPE = {"single": 1.0, "multiple": 1.1, "order": 1.0, "match": 1.0, "cloze": 1.1, "hotspot": 1.0, "sjt": 0.8,
         "numeric": 1.2, "file": 1.2}  # fmt: skip
BELOW_CUT = 0.2
SECONDS = 60
FILE_SECONDS = 1200


def guessing(kind: str, options: int = 4) -> float:
    """Prior of c: .20 for four options, .28 for three, .05 for a drawn screen, else 0."""
    if kind == "single":
        return 0.28 if options <= 3 else 0.20
    return 0.05 if kind == "hotspot" else 0.0


def prior(kind: str, cut: float, shift: float = 0.0, options: int = 4) -> dict[str, float]:
    """a, b, c of a new item: b = cut of its level - 0.2 + the author's shift (logits)."""
    b = round(cut - BELOW_CUT + shift, 3)
    return {"a": SLOPE[kind], "b": b, "c": guessing(kind, options)}


def cut_of(competence: Competence, level: int) -> float:
    """Lower bound of a level, in logits."""
    return float((competence.cuts or competence.framework.cuts)[level - 1])


def blank(
    *, code: str, competence: Competence, level: Level, kind: str, indicator: str, family: str, today: date
) -> dict[str, Any]:
    """A row with its identity and priors, and nothing said yet; one year until its review."""
    raw: dict[str, Any] = {
        "id": code, "version": 1, "family": family, "competence": competence.code, "indicator": indicator,
        "level": level.code, "type": kind, "audience": ["chung"],
        "time_s": FILE_SECONDS if kind == "file" else SECONDS, "stem": "", "stimulus": None,
        "rationale": "", "source": [{"doc": "kỹ năng chung", "as_of": today.isoformat(), "confidence": "S"}],
        "review_by": _next_year(today).isoformat(), "prior": prior(kind, cut_of(competence, level.number)),
        "gloss_en": "", "expert_panel": None,
    }  # fmt: skip
    return raw | _EMPTY[kind]


_EMPTY: dict[str, dict[str, Any]] = {
    "single": {"options": []},
    "multiple": {"options": []},
    "sjt": {"options": []},
    "order": {"steps": [], "answer": [], "accept": [], "feedback": {}},
    "match": {"left": [], "right": [], "answer": {}, "feedback": {}},
    "numeric": {"answer": None, "tolerance": 0, "unit": "", "check": [], "feedback_correct": "", "feedback_wrong": ""},
    "cloze": {
        "answer": "", "accept": [], "refuse": [], "unmarked": "ask", "feedback_correct": "", "feedback_wrong": "",
    },
    "file": {"accept": [], "rubric": []},
    "hotspot": {"screen": {"title": "", "rows": []}, "answer": "", "accept": [], "feedback": {}},
}  # fmt: skip


def _next_year(day: date) -> date:
    return day.replace(year=day.year + 1, day=min(day.day, 28))


def _whole(value: float) -> float | int:
    """Minutes come back to the seconds that were written."""
    return round(value) if abs(value - round(value)) < 1e-6 else round(value, 3)


def raw_of(version: ItemVersion) -> dict[str, Any]:
    """The row of an item file that gives this version."""
    item, body, key = version.item, version.body, version.key
    level = item.competence.framework.levels.get(number=item.level)
    raw: dict[str, Any] = {
        "id": item.code, "version": version.number, "family": item.family, "competence": item.competence.code,
        "indicator": item.indicator, "level": level.code, "type": item.type,
        "time_s": _whole(version.minutes * 60), "stem": body["stem"], "stimulus": body.get("stimulus"),
        **_parts(item.type, body, key), "review_by": item.review_by.isoformat(), "gloss_en": item.gloss_en,
        "prior": {"a": version.a, "b": version.b, "c": version.c},
    }  # fmt: skip
    return raw | {name: value for name, value in version.notes.items() if name not in ("time_s", "status")}


def _parts(kind: str, body: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    if "options" in body:
        raw: dict[str, Any] = {"options": [_option(one, key) for one in body["options"]], "answer": key["answer"]}
        return raw | ({"choose": body["choose"]} if body.get("choose") else {})
    if kind == "file":
        return {"accept": body["file"]["accept"], "rubric": key["rubric"]}
    if kind == "order":
        return {"steps": body["steps"], **{name: key[name] for name in ("answer", "accept", "feedback")}}
    if kind == "match":
        scoring = {"full": len(key["answer"]), "partial_min": key["partial_min"]}
        sides = {"left": body["left"], "right": body["right"]}
        return {**sides, "answer": key["answer"], "scoring": scoring, "feedback": key["feedback"]}
    if kind == "hotspot":
        return {"screen": body["screen"], **{name: key[name] for name in ("answer", "accept", "feedback")}}
    return ({"unit": body["unit"]} if kind == "numeric" else {}) | key


def _option(one: dict[str, Any], key: dict[str, Any]) -> dict[str, Any]:
    name = one["key"]
    raw = {"key": name, "text": one["text"], "score": key["scores"][name], "feedback": key["feedback"].get(name, "")}
    return raw | ({"misconception": key["misconceptions"][name]} if name in key["misconceptions"] else {})


def missing(raw: dict[str, Any]) -> list[tuple[str, str]]:
    """(part, sentence) of everything without which the row is not yet an item."""
    kind, found = raw.get("type"), []
    if not raw.get("stem"):
        found.append(("stem", _("The question is missing.")))
    if kind not in STEPS:
        return [*found, ("", _("The type of the item is unknown."))]
    if kind in ("single", "multiple", "sjt"):
        found += _missing_choices(raw, kind)
    elif kind == "order" and len(raw.get("steps") or []) < 3:
        found.append(("rows", _("At least three steps are needed.")))
    elif kind == "match" and len(raw.get("left") or []) < 3:
        found.append(("rows", _("At least three pairs are needed.")))
    elif kind == "hotspot":
        if not (raw.get("screen") or {}).get("rows"):
            found.append(("rows", _("The screen has no rows yet.")))
        elif not raw.get("answer"):
            found.append(("rows", _("Say which place is right.")))
    elif kind == "file":
        found += _missing_rubric(raw)
    elif kind in ("numeric", "cloze") and raw.get("answer") in (None, ""):
        found.append(("answer", _("The right answer is missing.")))
    return found


def _missing_rubric(raw: dict[str, Any]) -> list[tuple[str, str]]:
    found = [] if raw.get("accept") else [("answer", _("Say which kinds of file may be handed in."))]
    if [one["score"] for one in raw.get("rubric") or [] if one["text"]] != list(range(STEPS["file"] + 1)):
        found.append(("answer", _("Each category of the rubric needs its description.")))
    return found


def _missing_choices(raw: dict[str, Any], kind: str) -> list[tuple[str, str]]:
    options = raw.get("options") or []
    if len(options) < 3:
        return [("rows", _("At least three options are needed."))]
    best = max(int(one.get("score") or 0) for one in options)
    if best <= 0:
        return [("rows", _("Say which option is right."))]
    if kind == "sjt" and best < STEPS["sjt"]:
        return [("rows", _("Give the best act two points."))]
    return []
