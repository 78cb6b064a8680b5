"""Figures and tables of a simulated system as the page draws them.

An object may hold `tiles: [[label, value, remark], ...]`, `bars: {title, unit, rows: [[label, value, remark], ...]}`
and `table: {title, heads, rows}`. A remark may be left out. Numbers are written as Vietnamese offices do (12,5 ·
1.250.000); bars are as long as their share of the greatest.
"""

from collections.abc import Mapping
from typing import Any

from nanglucso.engines.lab_sheet import shown


def board(fields: Mapping[str, Any]) -> dict[str, Any]:
    """One board: `title`, `asof`, `remark` as texts, `tiles`, `bars` or None, `table` or None."""
    tiles = [(label, shown(value), remark) for label, value, remark in map(_three, fields.get("tiles", ()))]
    texts = {name: fields.get(name, "") for name in ("title", "asof", "remark")}
    return texts | {"tiles": tiles, "bars": _bars(fields.get("bars")), "table": table(fields.get("table"))}


def table(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """A plain table: `heads` of (text, over numbers), `rows` of cells (head, text, whether a number)."""
    if not told:
        return None
    rows = [
        [(head, shown(cell), isinstance(cell, int | float)) for head, cell in zip(told["heads"], row, strict=True)]
        for row in told["rows"]
    ]
    numbers = [cell[2] for cell in rows[0]] if rows else [False] * len(told["heads"])
    return {"title": told.get("title", ""), "heads": list(zip(told["heads"], numbers, strict=True)), "rows": rows}


def _bars(told: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if not told:
        return None
    longest = max((value for _label, value, _remark in map(_three, told["rows"])), default=0) or 1
    rows = [
        {
            "label": label,
            "said": f"{shown(value)}{told.get('unit', '')}",
            "width": 100 * value / longest,
            "remark": remark,
        }
        for label, value, remark in map(_three, told["rows"])
    ]
    return {"title": told.get("title", ""), "rows": rows}


def _three(row: list[Any]) -> tuple[Any, Any, str]:
    return row[0], row[1], str(row[2]) if len(row) > 2 else ""
