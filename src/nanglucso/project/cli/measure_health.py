"""`nanglucso measure health`: what a log of answers says of every item. Files in, one table out.

items.csv   item_id, competence, type (2pl, 3pl, grm)           params.csv  item_id, a, b (steps joined by ;), c
groups.csv  person_id, then one column an attribute             health.csv  one row an item, in the order of items.csv
"""

import argparse
import csv
import io
import math
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from nanglucso.engines import irt, itemhealth
from nanglucso.engines.belief import prior_mean_cov
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.itemhealth import ItemHealth
from nanglucso.engines.itemlog import AnswerLog
from nanglucso.project.cli.measure_door import check_out, files, guarded
from nanglucso.project.cli.measure_files import (
    TYPES,
    BadInput,
    number_at,
    read_model,
    read_responses_in_time,
    rows_of,
    write_whole,
)

MOST_LEVELS = 20
COLUMNS = (
    *("item_id", "n", "facility", "rest_correlation", "infit", "outfit", "dif_attribute", "dif_level", "dif_logit"),
    *("dif_se", "dif_class", "drift_logit", "drift_se", "exposure", "flags", "dif_verdict", "dif_detectable"),
    *("drift_verdict", "key_verdict", "score_sd", "discriminative_efficiency", "slope", "slope_se"),
    *("difficulty_shift", "shift_se", "mh_delta", "mh_se", "mh_z"),
)


def register(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `health` to the measuring commands."""
    parser = inner.add_parser("health", help="fit, key, discrimination, DIF, drift and exposure of every item")
    files(parser, items="items.csv", params="params.csv", responses="responses.csv[.gz]", out="health.csv")
    parser.add_argument("--groups", type=Path, metavar="FILE", help="groups.csv; without it no DIF is looked for")
    parser.add_argument("--model", type=Path, metavar="FILE", help="model.json; without it correlations are assumed")
    parser.add_argument("--max-exposure", type=float, default=0.25, help="greatest share of persons (default 0.25)")
    parser.set_defaults(func=lambda args: guarded(_health, args))


def _health(args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    if not 0 < args.max_exposure <= 1:
        raise BadInput("--max-exposure must be above 0 and at most 1.")
    check_out(args.out)
    mean, cov, bank, ids = _read_bank(args)
    people, person, item, score, period = read_responses_in_time(args.responses, bank, ids)
    groups = () if args.groups is None else read_groups(args.groups, people)
    log = AnswerLog(person, item, score, period, len(people), groups)
    ready = time.perf_counter()
    rules = itemhealth.HealthRules(max_exposure=args.max_exposure)
    found = itemhealth.examine(bank, log, mean, cov, rules)
    write_whole(args.out, lambda f: _write(f, ids, found))
    return {
        "items": len(found),
        "flagged": sum(bool(h.flags) for h in found),
        "not_enough_answers": sum(h.dif_verdict == itemhealth.FEW for h in found),
        "answers": len(item),
        "seconds": round(time.perf_counter() - ready, 4),
        "read_seconds": round(ready - began, 4),
    }


# ---------------------------------------------------------------- reading
def _read_bank(args: argparse.Namespace) -> tuple[Floats, Floats, ItemBank, list[str]]:
    """Mean and covariance of ability, the bank in the order of items.csv, item ids."""
    cells: dict[str, tuple[int, str, str]] = {}
    for row, (name, competence, kind) in rows_of(args.items, ("item_id", "competence", "type")):
        if not name or name in cells:
            raise BadInput(f"{args.items}, row {row}, column item_id: {name!r} is empty or stands there twice.")
        if kind not in TYPES:
            raise BadInput(f"{args.items}, row {row}, column type: {kind!r} is not one of {', '.join(TYPES)}.")
        cells[name] = (row, competence, kind)
    if not cells:
        raise BadInput(f"{args.items}, row 2: there is no item; give at least one.")
    if args.model is None:
        order = list(dict.fromkeys(competence for _, competence, _ in cells.values()))
        mean, cov = prior_mean_cov(order)
    else:
        model = read_model(args.model, assume_cov=True)
        order, mean, cov = model.ids, model.mean, model.cov
    place = {name: k for k, name in enumerate(order)}
    for row, competence, _ in cells.values():
        if competence not in place:
            raise BadInput(
                f"{args.items}, row {row}, column competence: {competence!r} is not a competence of the model."
            )
    params = _read_params(args.params, {name: kind for name, (_, _, kind) in cells.items()})
    a, b, c = zip(*(params[name] for name in cells), strict=True)
    return mean, cov, ItemBank.build([place[x[1]] for x in cells.values()], a, b, c), list(cells)


def _read_params(path: Path, kinds: dict[str, str]) -> dict[str, tuple[float, list[float], float]]:
    """Parameters of every item of `kinds`; others in the file are passed over."""
    told: dict[str, tuple[float, list[float], float]] = {}
    for row, (name, a, b, c) in rows_of(path, ("item_id", "a", "b", "c")):
        if name not in kinds:
            continue
        if name in told:
            raise BadInput(f"{path}, row {row}, column item_id: {name} stands there twice.")
        steps = [number_at(path, row, "b", x) for x in b.split(";")]
        values = number_at(path, row, "a", a), steps, number_at(path, row, "c", c or "0")
        if kinds[name] != "grm" and len(values[1]) > 1:
            raise BadInput(f"{path}, row {row}, column b: an item of type {kinds[name]} has one step.")
        try:
            irt.check_item(row, *values)
        except irt.BadItem as fault:
            raise BadInput(f"{path}, row {row}, column {fault.field}: {fault.reason}.") from None
        told[name] = values
    missing = next((name for name in kinds if name not in told), None)
    if missing:
        raise BadInput(f"{path}, column item_id: item {missing} has no parameters; calibrate it first.")
    return told


def read_groups(path: Path, people: list[str]) -> tuple[tuple[str, tuple[str, ...], Ints], ...]:
    """Attributes of the people of a log; an empty cell or an absent person is "not known". Raises BadInput."""
    attributes = _attributes(path)
    place = {name: i for i, name in enumerate(people)}
    cells = np.full((len(people), len(attributes)), "", object)
    seen: set[str] = set()
    for row, (name, *values) in rows_of(path, ("person_id", *attributes)):
        if name in seen:
            raise BadInput(f"{path}, row {row}, column person_id: {name} stands there twice.")
        seen.add(name)
        if name in place:
            cells[place[name]] = values
    if not seen & place.keys():
        raise BadInput(f"{path}, column person_id: nobody of the answers is in it; use the same ids in both files.")
    out = []
    for i, attribute in enumerate(attributes):
        levels = sorted(set(cells[:, i]) - {""})
        if len(levels) > MOST_LEVELS:
            raise BadInput(
                f"{path}, column {attribute}: it has {len(levels)} values; put them into at most {MOST_LEVELS} groups."
            )
        code = {level: k for k, level in enumerate(levels)}
        out.append((attribute, tuple(levels), np.array([code.get(x, -1) for x in cells[:, i]], np.int64)))
    return tuple(out)


def _attributes(path: Path) -> list[str]:
    try:
        with open(path, encoding="utf-8-sig", newline="") as f:
            head = next(csv.reader(f), [])
    except (OSError, UnicodeDecodeError):
        head = []
    names = [name for name in head if name and name != "person_id"]
    if "person_id" not in head or not names:
        raise BadInput(f"{path}, row 1: the columns person_id and at least one attribute are needed.")
    return names


# ---------------------------------------------------------------- writing
def _write(f: IO[bytes], ids: list[str], found: list[ItemHealth]) -> None:
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    rows.writerows([name, *_cells(h)] for name, h in zip(ids, found, strict=True))
    f.write(text.getvalue().encode())


def _cells(h: ItemHealth) -> list[str]:
    group, late, mh = h.dif, h.drift, h.mantel
    return [
        *(str(h.n), _told(h.facility), _told(h.rest_correlation), _told(h.infit), _told(h.outfit)),
        *((group.attribute, group.level, _told(group.logit), _told(group.se)) if group else ("", "", "", "")),
        h.dif_class,
        *((_told(late.logit), _told(late.se)) if late else ("", "")),
        *(_told(h.exposure), ";".join(h.flags), h.dif_verdict, _told(h.detectable), h.drift_verdict, h.key_verdict),
        *(_told(h.score_sd), _told(h.efficiency), _told(h.slope), _told(h.slope_se)),
        *(_told(h.difficulty_shift), _told(h.shift_se)),
        *((_told(mh.delta), _told(mh.se), _told(mh.z)) if mh else ("", "", "")),
    ]


def _told(value: float) -> str:
    return f"{value:.5f}" if math.isfinite(value) else ""
