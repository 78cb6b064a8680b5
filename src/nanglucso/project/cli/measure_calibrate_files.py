"""Files of `nanglucso measure calibrate`: many answers read in chunks, items with their priors, parameters written.

items.csv      item_id, competence, type (1pl, 2pl, 3pl, grm, gpcm), categories, options, level, family
anchor.csv     item_id, a, b (steps joined by ;), c: items that are held fixed
params.csv     item_id, a, b, c, se_a, se_b, se_c, n
model.json     as for the other commands, except that "cov" may be null and "level_midpoints" are read
"""

import csv
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from nanglucso.engines.calibration import MODELS, Answers, CalibrationResult, ItemSpec
from nanglucso.engines.irt import BadItem, Floats, check_item
from nanglucso.kit.collecting import no_collecting
from nanglucso.project.cli.measure_files import BadInput, number_at, quoted, rows_of

ITEM_COLUMNS = ("item_id", "competence", "type", "categories", "options", "level", "family")
CHUNK = 100_000
MIDPOINTS = (-1.3, -0.4, 0.4, 1.3)
SPREAD = {1: (0.0,), 2: (-0.35, 0.35), 3: (-0.7, 0.0, 0.7)}
SD_B, SD_B_OPEN = 0.6, 0.9  # the lowest and the highest level have no far border


@dataclass(frozen=True, eq=False)
class CalibrationModel:
    """Competence ids, domain index (K,), mean (K,), cov (K, K) or None, level midpoints, and the file's own content."""

    ids: list[str]
    domain: list[int]
    mean: Floats
    cov: Floats | None
    midpoints: tuple[float, ...]
    raw: dict[str, Any]


def read_calibration_model(path: Path | None, items: Path) -> CalibrationModel:
    """model.json; without one, the competences of items.csv in their order, correlations to be estimated."""
    if path is None:
        names = list(dict.fromkeys(cells[0] for _, cells in rows_of(items, ("competence",))))
        raw: dict[str, Any] = {"competences": [{"id": n, "domain": "d1"} for n in names], "mean": [0.0] * len(names)}
        return CalibrationModel(names, [0] * len(names), np.zeros(len(names)), None, MIDPOINTS, raw)
    try:
        raw = json.loads(path.read_text("utf-8"))
        ids = [str(c["id"]) for c in raw["competences"]]
        domains = [str(c["domain"]) for c in raw["competences"]]
    except OSError as fault:
        raise BadInput(f"{path}: the file cannot be read ({fault.strerror}).") from None
    except (ValueError, KeyError, TypeError):
        raise BadInput(f'{path}, "competences": JSON with an "id" and a "domain" for each is needed.') from None
    if not ids or len(set(ids)) < len(ids):
        raise BadInput(f'{path}, "competences": at least one is needed and no id may come twice.')
    k = len(ids)
    mean = _table(path, raw, "mean", (k,)) if raw.get("mean") is not None else np.zeros(k)
    cov = _table(path, raw, "cov", (k, k)) if raw.get("cov") is not None else None
    if cov is not None and (not np.allclose(cov, cov.T, atol=1e-9) or np.linalg.eigvalsh(cov)[0] <= 0):
        raise BadInput(f'{path}, "cov": the matrix must be symmetric and positive definite.')
    own = raw.get("level_midpoints")
    midpoints = MIDPOINTS if own is None else tuple(_table(path, raw, "level_midpoints", (len(own),)))
    codes = {name: i for i, name in enumerate(dict.fromkeys(domains))}
    return CalibrationModel(ids, [codes[name] for name in domains], mean, cov, midpoints, raw)


def _table(path: Path, raw: dict[str, Any], key: str, shape: tuple[int, ...]) -> Floats:
    try:
        value = np.asarray(raw[key], float)
    except (TypeError, ValueError):
        value = np.empty(0)
    if value.shape != shape or not np.isfinite(value).all():
        raise BadInput(f'{path}, "{key}": it must be {" x ".join(map(str, shape))} numbers.')
    return value


# ---------------------------------------------------------------- items and anchors
def read_items(path: Path, model: CalibrationModel) -> dict[str, ItemSpec]:
    """Items with the priors of their level and type, by id in the order of the file. Raises BadInput."""
    place = {name: k for k, name in enumerate(model.ids)}
    items: dict[str, ItemSpec] = {}
    for row, (item, competence, kind, categories, options, level, _) in rows_of(path, ITEM_COLUMNS):
        where = f"{path}, row {row}, column"
        if not item or item in items:
            raise BadInput(f"{where} item_id: {item!r} is empty or comes twice; each item needs an id of its own.")
        if competence not in place:
            raise BadInput(f"{where} competence: {competence!r} is not a competence of the model.")
        if kind not in MODELS:
            raise BadInput(f"{where} type: {kind!r} is not one of {', '.join(MODELS)}.")
        steps = _whole(where, "categories", categories, 2, 12) - 1
        if kind in MODELS[:3] and steps > 1:
            raise BadInput(f"{where} categories: an item of type {kind} has 2, not {steps + 1}.")
        last = len(model.midpoints) - 1
        at = _whole(where, "level", level, 0, last)
        chances = _whole(where, "options", options or "0", 0, 99)
        if kind == "3pl" and chances < 2:
            raise BadInput(f"{where} options: an item of type 3pl has at least 2 answer options, not {chances}.")
        middle = model.midpoints[at]
        spread = SPREAD.get(steps) or tuple(0.7 * (s - (steps - 1) / 2) for s in range(steps))
        items[item] = ItemSpec(
            b=tuple(middle + s for s in spread),
            competence=place[competence],
            model=kind,
            c=1 / chances if kind == "3pl" else 0.0,
            sd_b=SD_B_OPEN if at in (0, last) else SD_B,
        )
    if not items:
        raise BadInput(f"{path}, row 2: there is no item; give at least one.")
    return items


def _whole(where: str, column: str, text: str, low: int, high: int) -> int:
    if not text.isdecimal() or not low <= int(text) <= high:
        raise BadInput(f"{where} {column}: {text!r} is not a whole number from {low} to {high}.")
    return int(text)


def hold(path: Path, items: dict[str, ItemSpec]) -> None:
    """Put the parameters of anchor.csv into `items` and hold them. Raises BadInput."""
    seen: dict[str, int] = {}
    for row, (item, a, b, c) in rows_of(path, ("item_id", "a", "b", "c")):
        where = f"{path}, row {row}, column"
        if item not in items or seen.setdefault(item, row) != row:
            told = "comes twice" if item in items else "is not in the items file"
            raise BadInput(f"{where} item_id: {item!r} {told}.")
        steps = [number_at(path, row, "b", x) for x in b.split(";")]
        if len(steps) != len(items[item].b):
            raise BadInput(f"{where} b: the item has {len(items[item].b)} steps, not {len(steps)}.")
        slope, guess = number_at(path, row, "a", a), number_at(path, row, "c", c or "0")
        if items[item].model == "gpcm":
            ordered = sorted(steps) if len(set(steps)) == len(steps) else [float(s) for s in range(len(steps))]
        else:
            ordered = steps
        try:
            check_item(row, slope, ordered, guess)
        except BadItem as fault:
            raise BadInput(f"{where} {fault.field}: {fault.reason}.") from None
        items[item] = replace(items[item], a=slope, b=tuple(steps), c=guess, fixed=True)


# ---------------------------------------------------------------- answers
@no_collecting()
def read_long(path: Path, items: dict[str, ItemSpec]) -> Answers:
    """responses.csv[.gz], millions of rows: chunks of columns, looked up by dictionary. Raises BadInput."""
    place = {name: j for j, name in enumerate(items)}
    top = np.array([len(spec.b) for spec in items.values()])
    people: dict[str, int] = {}
    periods: dict[str, int] = {}
    parts: list[tuple[np.ndarray, ...]] = []
    for first, who, name, score, period in _columns(path):
        size = len(who)
        try:
            item = np.fromiter((place[x] for x in name), np.int32, size)
        except KeyError:
            at = next(i for i, x in enumerate(name) if x not in place)
            told = f"{name[at]!r} is not in the items file"
            raise BadInput(f"{path}, row {first + at}, column item_id: {told}.") from None
        codes = {x: int(x) if x.isdecimal() and len(x) < 4 else -1 for x in set(score)}
        points = np.fromiter((codes[x] for x in score), np.int16, size)
        wrong = np.flatnonzero((points < 0) | (points > top[item]))
        if len(wrong):
            at = int(wrong[0])
            told = f"{score[at]!r} is not a whole number from 0 to {top[item[at]]}"
            raise BadInput(f"{path}, row {first + at}, column score: {told}.")
        if "" in who:
            raise BadInput(f"{path}, row {first + who.index('')}, column person_id: it is empty.")
        person = np.fromiter((people.setdefault(x, len(people)) for x in who), np.int32, size)
        when = np.fromiter((periods.setdefault(x, len(periods)) for x in period), np.int32, size)
        parts.append((person, item, points, when))
    if not parts:
        raise BadInput(f"{path}, row 2: there is no answer; give at least one.")
    person, item, points, when = (np.concatenate(x) for x in zip(*parts, strict=True))
    _once(path, person.astype(np.int64) * len(place) + item, when, len(periods))
    # codes by name, so that the order of rows cannot move a person into another block
    plain = all(x.isdecimal() for x in people)
    order = sorted(people, key=(lambda x: (int(x), x)) if plain else (lambda x: (0, x)))
    rank = np.empty(len(order), np.int32)
    rank[[people[x] for x in order]] = np.arange(len(order))
    return Answers(rank[person], item, points)


def _once(path: Path, key: np.ndarray, when: np.ndarray, periods: int) -> None:
    full = key * periods + when
    order = np.argsort(full, kind="stable")
    again = np.flatnonzero(np.diff(full[order]) == 0)
    if len(again):
        late = int(order[again + 1].min())
        raise BadInput(
            f"{path}, answer {late + 1} (row {late + 2} where no row is blank), column item_id: "
            "this person has answered this item already; keep one of the two."
        )


def _columns(path: Path) -> Iterator[tuple[int, list[str], list[str], list[str], list[str]]]:
    """(number of the first row, person, item, score, period) in chunks; period is empty where there is no column."""
    wanted = ("person_id", "item_id", "score")
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as raw:
            lines = csv.reader(io.TextIOWrapper(raw, "utf-8-sig", newline=""))
            head = next(lines, [])
            for name in wanted:
                if name not in head:
                    raise BadInput(f"{path}, row 1: the column {name} is missing.")
            at = [head.index(name) for name in wanted]
            extra = head.index("period") if "period" in head else None
            first = 2
            while chunk := list(islice(lines, CHUNK)):
                rows = _even(path, chunk, head, first)
                if rows:
                    table = list(zip(*rows, strict=True))
                    who, item, score = (list(table[i]) for i in at)
                    yield first, who, item, score, [""] * len(who) if extra is None else list(table[extra])
                first += len(chunk)
    except (OSError, EOFError, zlib.error) as fault:
        raise BadInput(f"{path}: the file cannot be read ({getattr(fault, 'strerror', None) or fault}).") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: the file is not UTF-8; save it as UTF-8 CSV.") from None
    except csv.Error as fault:
        raise BadInput(f"{path}: this is not CSV ({fault}).") from None


def _even(path: Path, chunk: list[list[str]], head: list[str], first: int) -> list[list[str]]:
    """Rows of the header's length; blank rows at the end are dropped, any other length is refused."""
    width = len(head)
    while chunk and not chunk[-1]:
        chunk.pop()
    for i, row in enumerate(chunk):
        if len(row) != width:
            where = f"{path}, row {first + i}, column {head[min(len(row), width - 1)]}"
            raise BadInput(f"{where}: the row has {len(row)} fields, the header {width}.")
    return chunk


# ---------------------------------------------------------------- writing
def write_params(f: IO[bytes], names: list[str], result: CalibrationResult) -> None:
    """params.csv; six decimals, steps joined by ;."""
    f.write(b"item_id,a,b,c,se_a,se_b,se_c,n\n")
    for j, name in enumerate(names):
        live = np.isfinite(result.b[j])
        b, se_b = (";".join(f"{x:.6f}" for x in v[j][live]) for v in (result.b, result.se_b))
        cells = (result.a[j], b, result.c[j], result.se_a[j], se_b, result.se_c[j])
        text = ",".join(x if isinstance(x, str) else f"{x:.6f}" for x in cells)
        f.write(f"{quoted(name)},{text},{result.n[j]}\n".encode())
