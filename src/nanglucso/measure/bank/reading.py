"""Shipped or imported item files: YAML rows checked and split into what is shown and what is kept secret."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml
from nanglucso.kit.filekinds import KINDS
from nanglucso.measure.bank.scoring import STEPS

NOTES = ("rationale", "source", "audience", "why_good", "expert_panel", "check", "time_s", "status", "common_errors")
_SPREAD = {1: (0.0,), 2: (-0.5, 0.5), 3: (-0.7, 0.0, 0.7)}


class BadItemFile(ValueError):
    """File, item and field that is wrong, in one sentence."""


@dataclass(frozen=True)
class ItemRow:
    """One item ready to be stored. `prior` = (a, b list, c)."""

    code: str
    version: int
    competence: str
    indicator: str
    level: str
    type: str
    family: str
    gloss_en: str
    review_by: date
    minutes: float
    practice: bool
    body: dict[str, Any]
    key: dict[str, Any]
    notes: dict[str, Any]
    a: float
    b: list[float]
    c: float


def _choices(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    options = raw["options"]
    body = {"options": [{"key": str(o["key"]), "text": o["text"]} for o in options]}
    key: dict[str, Any] = {
        "scores": {str(o["key"]): int(o["score"]) for o in options},
        "feedback": {str(o["key"]): o.get("feedback", "") for o in options},
        "misconceptions": {str(o["key"]): o["misconception"] for o in options if o.get("misconception")},
    }
    best: int = max(key["scores"].values())
    right = [k for k, s in key["scores"].items() if s == best and s > 0]
    key["answer"] = right if raw["type"] == "multiple" else right[0]
    if raw["type"] == "multiple" and raw.get("choose"):
        return {**body, "choose": int(raw["choose"])}, key
    return body, key


def _parts(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    kind = raw["type"]
    if kind in ("single", "sjt", "multiple"):
        return _choices(raw)
    if kind == "order":
        body = {"steps": [{"key": str(s["key"]), "text": s["text"]} for s in raw["steps"]]}
        return body, {"answer": raw["answer"], "accept": raw.get("accept") or [], "feedback": raw["feedback"]}
    if kind == "match":
        body = {side: [{"key": str(s["key"]), "text": s["text"]} for s in raw[side]] for side in ("left", "right")}
        answer = {str(k): str(v) for k, v in raw["answer"].items()}
        least = (raw.get("scoring") or {}).get("partial_min", max(1, len(answer) - 2))
        return body, {"answer": answer, "partial_min": least, "feedback": _text_keys(raw["feedback"])}
    if kind == "hotspot":
        return _drawn(raw)
    if kind == "file":
        return _handed(raw)
    told = {name: raw.get(name, "") for name in ("feedback_correct", "feedback_wrong")}
    if kind == "numeric":
        return {"unit": raw.get("unit", "")}, {"answer": raw["answer"], "tolerance": raw["tolerance"], **told}
    unmarked = raw.get("unmarked", "ask")
    if unmarked not in ("accept", "ask"):
        raise ValueError(f"unmarked: {unmarked} (accept or ask)")
    refuse = raw.get("refuse") or []
    return {}, {"answer": raw["answer"], "accept": raw["accept"], "refuse": refuse, "unmarked": unmarked, **told}


def _drawn(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A screen drawn in rows of cells; a cell with a key can be chosen, the others are only there to be read."""
    looks = ("field", "button", "line", "text", "tab", "alert")
    rows = [[_cell(cell, looks) for cell in row] for row in raw["screen"]["rows"]]
    body = {"screen": {"title": raw["screen"]["title"], "rows": rows}}
    accept = [str(one) for one in raw.get("accept") or []]
    return body, {"answer": str(raw["answer"]), "accept": accept, "feedback": _text_keys(raw["feedback"])}


def _handed(raw: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """A file of one of the kinds in `accept`; what raters go by stands in the key and never reaches the taker."""
    accept = [str(one) for one in raw["accept"]]
    if not accept or set(accept) - set(KINDS):
        raise ValueError(f"accept: {accept} (some of {', '.join(KINDS)})")
    rubric = [{"score": int(row["score"]), "text": str(row["text"])} for row in raw["rubric"]]
    if [row["score"] for row in rubric] != list(range(STEPS["file"] + 1)):
        raise ValueError(f"rubric: one row for each category 0 to {STEPS['file']}, in order")
    return {"file": {"accept": accept}}, {"answer": "", "rubric": rubric}


def _cell(cell: dict[str, Any], looks: tuple[str, ...]) -> dict[str, Any]:
    if cell.get("look", "line") not in looks:
        raise ValueError(f"look: {cell['look']} (one of {', '.join(looks)})")
    made = {"text": cell["text"], "look": cell.get("look", "line")}
    return made | {name: str(cell[name]) for name in ("key", "note") if cell.get(name)}


def _text_keys(table: dict[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in table.items()}


def _steps(kind: str, b: Any) -> list[float]:
    if isinstance(b, list):
        return [float(x) for x in b]
    return [float(b) + shift for shift in _SPREAD[STEPS[kind]]]


def _day(value: Any) -> date:
    """A date, or its ISO text as drafts and CSV files hold it."""
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def read_row(raw: dict[str, Any], where: str) -> ItemRow:
    """Check one YAML row. Raises BadItemFile naming file, item and field."""
    code = str(raw.get("id", "?")) if isinstance(raw, dict) else "?"
    try:
        body, key = _parts(raw)
        body |= {"stem": raw["stem"], "stimulus": raw.get("stimulus"), "type": raw["type"]}
        prior = raw["prior"]
        return ItemRow(
            code=code,
            version=int(raw["version"]),
            competence=str(raw["competence"]),
            indicator=str(raw["indicator"]),
            level=str(raw["level"]),
            type=raw["type"],
            family=str(raw["family"]),
            gloss_en=raw.get("gloss_en", ""),
            review_by=_day(raw["review_by"]),
            minutes=float(raw.get("time_s", 60)) / 60,
            practice=raw.get("practice", False) is True,
            body=body,
            key=key,
            notes={name: plain(raw[name]) for name in NOTES if name in raw},
            a=float(prior["a"]),
            b=_steps(raw["type"], prior["b"]),
            c=float(prior["c"]) if STEPS[raw["type"]] == 1 else 0.0,
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise BadItemFile(f"{where}, item {code}: {type(error).__name__} at {error}") from error


def plain(value: Any) -> Any:
    """JSON-able copy: dates become ISO text."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


def read_items(folder: Path) -> list[ItemRow]:
    """Every item of the YAML files in a folder, in file and row order. Raises BadItemFile."""
    rows: list[ItemRow] = []
    for path in sorted(folder.glob("*.yaml")):
        found = read_yaml(path)
        if not isinstance(found, list):
            raise BadItemFile(f"{path.name}: the file must be a list of items")
        rows += [read_row(raw, path.name) for raw in found]
    codes = [row.code for row in rows]
    twice = sorted({code for code in codes if codes.count(code) > 1})
    if twice:
        raise BadItemFile(f"item id used twice: {', '.join(twice)}")
    return rows
