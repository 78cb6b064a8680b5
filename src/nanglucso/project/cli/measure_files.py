"""Files of the measuring commands: read with a clear refusal, written whole or not at all.

bank.csv       item_id, competence, type (2pl, 3pl, grm), a, b (steps joined by ;), c, family, minutes
model.json     competences [{id, domain}], mean (K), cov (K x K), cuts (K x L): lower bound of level l + 1
answers.npz    score (N, J): persons in order of arrival x items of the bank, -1 = not known
required.npz   level (N, K): index into the cuts of the competence, -1 = nothing required
responses.csv  person_id, item_id, score[, period], one row an answer, in any order; .gz allowed

A refusal is one sentence naming file, row and column. Rows are counted as a spreadsheet counts them: in a CSV the
header is row 1, in an array the first person is row 1.
"""

import csv
import gzip
import io
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np

from nanglucso.engines import irt, levels
from nanglucso.engines.belief import prior_mean_cov
from nanglucso.engines.irt import Floats, Ints, ItemBank

BANK_COLUMNS = ("item_id", "competence", "type", "a", "b", "c", "family", "minutes")
TYPES = ("2pl", "3pl", "grm")


class BadInput(Exception):
    """One sentence for the user: file, row, column, what to do."""


@dataclass(frozen=True, eq=False)
class Model:
    """model.json: competence ids and domain index (K,), prior mean (K,) and cov (K, K), cuts (K, L)."""

    ids: list[str]
    domain: list[int]
    mean: Floats
    cov: Floats
    cuts: Floats


def read_model(path: Path, assume_cov: bool = False) -> Model:
    """model.json with a covariance; `assume_cov` takes the prior one where it is null. Raises BadInput."""
    try:
        raw = json.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise BadInput(f"{path}: the file cannot be read ({fault.strerror}).") from None
    except ValueError as fault:
        raise BadInput(f"{path}: this is not JSON ({fault}).") from None
    try:
        ids = [str(c["id"]) for c in raw["competences"]]
        names = [str(c["domain"]) for c in raw["competences"]]
    except (KeyError, TypeError):
        raise BadInput(f'{path}, "competences": each needs an "id" and a "domain".') from None
    if not ids or len(set(ids)) < len(ids):
        raise BadInput(f'{path}, "competences": at least one is needed and no id may come twice.')
    codes = {name: i for i, name in enumerate(dict.fromkeys(names))}
    k = len(ids)
    if assume_cov and raw.get("cov") is None:
        raw["cov"] = prior_mean_cov(names)[1].tolist()
    mean, cov = _numbers(path, raw, "mean", (k,)), _numbers(path, raw, "cov", (k, k))
    if not np.allclose(cov, cov.T, atol=1e-9) or np.linalg.eigvalsh(cov)[0] <= 0:
        raise BadInput(f'{path}, "cov": the matrix must be symmetric and positive definite.')
    try:
        cuts = levels.check_cuts(_numbers(path, raw, "cuts", (k, None)))
    except ValueError as fault:
        raise BadInput(f'{path}, "cuts": {fault}.') from None
    return Model(ids, [codes[name] for name in names], mean, cov, cuts)


def _numbers(path: Path, raw: dict[str, Any], key: str, shape: tuple[int | None, ...]) -> Floats:
    if raw.get(key) is None:
        raise BadInput(f'{path}, "{key}": it is missing or null; this command needs it.')
    try:
        value = np.asarray(raw[key], float)
    except (TypeError, ValueError):
        raise BadInput(f'{path}, "{key}": it must be a table of numbers with rows of one length.') from None
    fits = value.ndim == len(shape) and all(w in (None, n) for w, n in zip(shape, value.shape, strict=True))
    if not fits or not np.isfinite(value).all():
        wanted = " x ".join("L" if w is None else str(w) for w in shape)
        raise BadInput(f'{path}, "{key}": it must be {wanted} numbers, it is {" x ".join(map(str, value.shape))}.')
    return value


def rows_of(path: Path, columns: tuple[str, ...], extra: str = "") -> Iterator[tuple[int, list[str]]]:
    """(row number, texts of the named columns) of a CSV file, plain or .gz; `extra` may be absent, then it is empty."""
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else open(path, "rb") as raw:
            lines = csv.reader(io.TextIOWrapper(raw, "utf-8-sig", newline=""))
            head = next(lines, [])
            for name in columns:
                if name not in head:
                    raise BadInput(f"{path}, row 1: the column {name} is missing.")
            at = [head.index(name) for name in (*columns, extra) if name in head]
            pad = [""] if extra and extra not in head else []
            for number, line in enumerate(lines, 2):
                if line and len(line) != len(head):
                    where = f"{path}, row {number}, column {head[min(len(line), len(head) - 1)]}"
                    raise BadInput(f"{where}: the row has {len(line)} fields, the header {len(head)}.")
                if line:
                    yield number, [line[i].strip() for i in at] + pad
    except (OSError, EOFError, zlib.error) as fault:
        raise BadInput(f"{path}: the file cannot be read ({getattr(fault, 'strerror', None) or fault}).") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: the file is not UTF-8; save it as UTF-8 CSV.") from None
    except csv.Error as fault:
        raise BadInput(f"{path}: this is not CSV ({fault}).") from None


def read_bank(path: Path, model: Model) -> tuple[ItemBank, list[str]]:
    """bank.csv and its item ids. Raises BadInput."""
    place = {name: k for k, name in enumerate(model.ids)}
    ids: dict[str, int] = {}
    cells: list[tuple[int, float, list[float], float, str, float]] = []
    for row, (item, competence, kind, a, b, c, family, minutes) in rows_of(path, BANK_COLUMNS):
        if not item or item in ids:
            told = f"{item} stands in row {ids[item]} too" if item else "it is empty"
            raise BadInput(f"{path}, row {row}, column item_id: {told}; each item needs an id of its own.")
        if competence not in place:
            raise BadInput(f"{path}, row {row}, column competence: {competence!r} is not a competence of the model.")
        if kind not in TYPES:
            raise BadInput(f"{path}, row {row}, column type: {kind!r} is not one of {', '.join(TYPES)}.")
        steps = [number_at(path, row, "b", x) for x in b.split(";")]
        if kind != "grm" and len(steps) > 1:
            raise BadInput(f"{path}, row {row}, column b: an item of type {kind} has one step, not {len(steps)}.")
        values = (number_at(path, row, "a", a), steps, number_at(path, row, "c", c or "0"))
        try:
            irt.check_item(row, *values)
        except irt.BadItem as fault:
            raise BadInput(f"{path}, row {row}, column {fault.field}: {fault.reason}.") from None
        lasting = number_at(path, row, "minutes", minutes or "1")
        if lasting <= 0:
            raise BadInput(f"{path}, row {row}, column minutes: must be above 0.")
        ids[item] = row
        cells.append((place[competence], *values, family, lasting))
    if not cells:
        raise BadInput(f"{path}, row 2: there is no item; give at least one.")
    columns = zip(*cells, strict=True)
    return ItemBank.build(*columns), list(ids)


def number_at(path: Path, row: int, column: str, text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = np.nan
    if not np.isfinite(value):
        raise BadInput(f"{path}, row {row}, column {column}: {text!r} is not a number.")
    return value


def _array(path: Path, key: str, shape: tuple[int | None, int], meaning: str) -> Ints:
    """An integer table out of an .npz file."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            if key not in archive.files:
                raise BadInput(f"{path}: the array {key} is missing.")
            value = archive[key]
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile, zlib.error):
        raise BadInput(f"{path}: this is not a readable .npz file.") from None
    if value.ndim != 2 or value.shape[1] != shape[1] or shape[0] not in (None, len(value)) or not len(value):
        wanted = f"{'N' if shape[0] is None else shape[0]} x {shape[1]}"
        raise BadInput(f"{path}, {key}: the table is {' x '.join(map(str, value.shape))}, wanted {wanted} ({meaning}).")
    if not (np.issubdtype(value.dtype, np.number) or value.dtype == bool) or np.iscomplexobj(value):
        raise BadInput(f"{path}, {key}: the table must hold whole numbers, not {value.dtype}.")
    odd = np.argwhere(~np.isfinite(value) | (value != np.floor(value)))
    if len(odd):
        row, column = odd[0] + 1
        raise BadInput(
            f"{path}, {key}, row {row}, column {column}: {value[row - 1, column - 1]} is not a whole number."
        )
    table: Ints = value.astype(np.int64)
    return table


def read_answers(path: Path, bank: ItemBank, ids: list[str]) -> Ints:
    """answers.npz: score (N, J), -1 = not known. Raises BadInput for a score outside the item's range."""
    table = _array(path, "score", (None, bank.size), "persons x items of the bank")
    wrong = np.argwhere((table > bank.top_score) | (table < -1))
    if len(wrong):
        i, j = wrong[0]
        told = f"score {table[i, j]} is outside 0 .. {bank.top_score[j]}"
        raise BadInput(f"{path}, row {i + 1}, column {j + 1} ({ids[j]}): {told}.")
    return table


def read_required(path: Path, persons: int, model: Model) -> Ints:
    """required.npz as levels 0 .. L, 0 = nothing required. Raises BadInput."""
    table = _array(path, "level", (persons, len(model.ids)), "persons x competences")
    wrong = np.argwhere((table < -1) | (table >= model.cuts.shape[1]))
    if len(wrong):
        i, k = wrong[0]
        told = f"level {table[i, k]} is outside -1 .. {model.cuts.shape[1] - 1}"
        raise BadInput(f"{path}, row {i + 1}, column {k + 1} ({model.ids[k]}): {told}.")
    return table + 1


def read_responses(path: Path, bank: ItemBank, ids: list[str]) -> tuple[list[str], Ints, Ints, Ints]:
    """responses.csv: person names in order, then person, item and score of every answer. Raises BadInput."""
    return read_responses_in_time(path, bank, ids)[:4]


def read_responses_in_time(path: Path, bank: ItemBank, ids: list[str]) -> tuple[list[str], Ints, Ints, Ints, Ints]:
    """As `read_responses`, and the period of every answer: 0, 1 ... in order. Raises BadInput."""
    place, top = {name: j for j, name in enumerate(ids)}, bank.top_score.tolist()
    people: dict[str, int] = {}
    seen: dict[tuple[int, int, str], int] = {}
    person, item, given, when = [], [], [], []
    for row, (who, name, text, period) in rows_of(path, ("person_id", "item_id", "score"), "period"):
        if not who:
            raise BadInput(f"{path}, row {row}, column person_id: it is empty.")
        j = place.get(name)
        if j is None:
            raise BadInput(f"{path}, row {row}, column item_id: {name!r} is not in the bank.")
        if not text.isdecimal() or int(text) > top[j]:
            raise BadInput(f"{path}, row {row}, column score: {text!r} is not a whole number from 0 to {top[j]}.")
        p = people.setdefault(who, len(people))
        if seen.setdefault((p, j, period), row) != row:
            told = f"person {who} has answered {name} in row {seen[p, j, period]} already"
            raise BadInput(f"{path}, row {row}, column item_id: {told}; keep one of the two.")
        person.append(p)
        item.append(j)
        given.append(int(text))
        when.append(period)
    if not people:
        raise BadInput(f"{path}, row 2: there is no answer; give at least one.")
    names, periods = _in_order(people), _in_order(set(when))
    rank = np.empty(len(names), np.int64)
    rank[[people[name] for name in names]] = np.arange(len(names))
    turn = {name: i for i, name in enumerate(periods)}
    period_of = np.fromiter((turn[name] for name in when), np.int64, len(when))
    return names, rank[person], np.asarray(item, np.int64), np.asarray(given, np.int64), period_of


def _in_order(names: Iterable[str]) -> list[str]:
    """By number where all are whole numbers, else by name."""
    plain = all(name.isdecimal() for name in names)
    return sorted(names, key=(lambda name: (int(name), name)) if plain else (lambda name: (0, name)))


# ---------------------------------------------------------------- writing
def write_whole(path: Path, content: Callable[[IO[bytes]], None]) -> None:
    """Write all or nothing: a reader never sees half a file."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as f:
            content(f)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(x in text for x in ',"\r\n') else text
