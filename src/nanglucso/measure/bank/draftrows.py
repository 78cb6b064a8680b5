"""The rows of an item form: options, steps, pairs or places of a drawn screen, to and from a row of the item files."""

from collections.abc import Callable, Sequence
from typing import Any

Raw = dict[str, Any]
Rows = Sequence[dict[str, Any]]
LETTERS = "ABCDEFGHIJ"


def option_rows(raw: Raw) -> list[dict[str, Any]]:
    """Options as the form holds them."""
    rows = []
    for one in raw.get("options") or []:
        points = int(one.get("score") or 0)
        kept = {name: one.get(name, "") for name in ("text", "feedback", "misconception")}
        rows.append({**kept, "right": points > 0, "points": str(points)})
    return rows


def _options(rows: Rows, raw: Raw) -> Raw:
    kind, made = raw["type"], []
    for key, row in zip(LETTERS, rows, strict=False):
        points = int(row["points"] or 0) if kind == "sjt" else int(row["right"])
        one = {"key": key, "text": row["text"], "score": points, "feedback": row["feedback"]}
        made.append(one | ({"misconception": row["misconception"]} if row["misconception"] else {}))
    best = max((one["score"] for one in made), default=0)
    right = [one["key"] for one in made if one["score"] == best and best > 0]
    return {"options": made, "answer": right if kind == "multiple" else right[0] if right else ""}


def step_rows(raw: Raw) -> list[dict[str, Any]]:
    """Steps in their right order."""
    said = {str(one["key"]): one["text"] for one in raw.get("steps") or []}
    return [{"text": said[key]} for key in raw.get("answer") or []]


def _steps(rows: Rows, raw: Raw) -> Raw:
    """Keys go by the alphabet of the texts, so that they do not give the order away."""
    texts = [row["text"] for row in rows]
    if texts == [row["text"] for row in step_rows(raw)]:
        return {}
    ranked = sorted(range(len(texts)), key=lambda n: texts[n].casefold())
    keys = {n: f"s{place}" for place, n in enumerate(ranked, 1)}
    steps = [{"key": keys[n], "text": texts[n]} for n in ranked]
    return {"steps": steps, "answer": [keys[n] for n in range(len(texts))], "accept": []}


def pair_rows(raw: Raw) -> list[dict[str, Any]]:
    """Lines with what belongs to each."""
    right = {str(one["key"]): one["text"] for one in raw.get("right") or []}
    answer, told = raw.get("answer") or {}, raw.get("feedback") or {}
    return [
        {"text": one["text"], "match": right[answer[str(one["key"])]], "feedback": told.get(str(one["key"]), "")}
        for one in raw.get("left") or []
    ]


def unused(raw: Raw) -> list[str]:
    """Answers of a matching item that belong to no line."""
    used = set((raw.get("answer") or {}).values()) if raw.get("type") == "match" else set()
    return [one["text"] for one in raw.get("right") or [] if str(one["key"]) not in used]


def _pairs(rows: Rows, raw: Raw, extra: Sequence[str] = ()) -> Raw:
    texts = sorted({row["match"] for row in rows if row["match"]} | set(extra), key=str.casefold)
    right = [{"key": LETTERS[n], "text": text} for n, text in enumerate(texts[: len(LETTERS)])]
    key_of = {one["text"]: one["key"] for one in right}
    left = [{"key": str(n), "text": row["text"]} for n, row in enumerate(rows, 1)]
    answer = {str(n): key_of.get(row["match"], "") for n, row in enumerate(rows, 1)}
    told = {str(n): row["feedback"] for n, row in enumerate(rows, 1)}
    return {
        "left": left, "right": right, "answer": answer, "feedback": told,
        "scoring": {"full": len(left), "partial_min": max(1, len(left) - 2)},
    }  # fmt: skip


def place_rows(raw: Raw) -> list[dict[str, Any]]:
    """Cells of the drawn screen in reading order; `beside` = on the same line as the one before."""
    rows, told = [], raw.get("feedback") or {}
    right = {raw.get("answer"), *(raw.get("accept") or [])}
    for line in (raw.get("screen") or {}).get("rows") or []:
        for place, cell in enumerate(line):
            key = cell.get("key")
            rows.append({
                "text": cell["text"], "note": cell.get("note", ""), "look": cell.get("look", "line"),
                "chosen": bool(key), "beside": place > 0, "right": bool(key) and key in right,
                "feedback": told.get(key, "") if key else "",
            })  # fmt: skip
    return rows


def _places(rows: Rows, raw: Raw, title: str = "") -> Raw:
    lines: list[list[dict[str, Any]]] = []
    right, told, n = [], {}, 0
    for row in rows:
        cell: dict[str, Any] = {"text": row["text"], "look": row["look"] or "line"}
        if row["chosen"]:
            n += 1
            cell["key"], told[f"r{n}"] = f"r{n}", row["feedback"]
            right += [f"r{n}"] if row["right"] else []
        if row["note"]:
            cell["note"] = row["note"]
        lines = [*lines[:-1], [*lines[-1], cell]] if row["beside"] and lines else [*lines, [cell]]
    screen = {"title": title, "rows": lines}
    return {"screen": screen, "answer": right[0] if right else "", "accept": right[1:], "feedback": told}


ROWS: dict[str, Callable[[Raw], list[dict[str, Any]]]] = {
    "single": option_rows, "multiple": option_rows, "sjt": option_rows, "order": step_rows, "match": pair_rows,
    "hotspot": place_rows,
}  # fmt: skip


def from_rows(rows: Rows, raw: Raw, *, extra: Sequence[str] = (), title: str = "") -> Raw:
    """The parts of the row that the form's rows decide; rows without a text are left out."""
    kind, filled = raw["type"], [row for row in rows if row.get("text")]
    if kind in ("single", "multiple", "sjt"):
        return _options(filled, raw)
    if kind == "order":
        return _steps(filled, raw)
    if kind == "match":
        # What was not touched stays as it was, keys and all.
        same = filled == pair_rows(raw) and list(extra) == unused(raw)
        return {} if same else _pairs(filled, raw, extra)
    return _places(filled, raw, title) if kind == "hotspot" else {}
