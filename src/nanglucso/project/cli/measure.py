"""`nanglucso measure`: adaptive sittings on recorded answers, and profiles from a log. Files in, files out.

Bad input ends with status 2, one sentence naming file, row and column, and no output file. The last line of standard
output is one JSON object. Formats: `measure_files`.
"""

import argparse
import json
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from nanglucso.engines import score, selection, sittings
from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.pool import Pool, build_pool
from nanglucso.engines.reestimate import reestimate
from nanglucso.project.cli import measure_calibrate, measure_health
from nanglucso.project.cli.measure_door import check_out, files, guarded
from nanglucso.project.cli.measure_files import (
    BadInput,
    Model,
    quoted,
    read_answers,
    read_bank,
    read_model,
    read_required,
    read_responses,
    write_whole,
)


# ---------------------------------------------------------------- commands
def register(sub: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `measure` with `simulate`, `score` and `health` to the command line."""
    parser = sub.add_parser(
        "measure", help="measuring engines on files: simulate sittings, score a log of answers, examine items"
    )
    inner = parser.add_subparsers(dest="measure_command", required=True)
    sim = inner.add_parser("simulate", help="hold adaptive sittings on answers drawn beforehand")
    files(sim, bank="bank.csv", model="model.json", answers="answers.npz", required="required.npz", out="result.npz")
    sim.add_argument("--items", type=int, default=36, help="most items a sitting (default 36)")
    sim.add_argument("--min-items", type=int, default=0, help="fewest items before a decided sitting ends (default 0)")
    sim.add_argument("--max-minutes", type=float, help="most minutes a sitting, by the items' expected minutes")
    sim.add_argument("--max-exposure", type=float, help="greatest share of persons, 0 .. 1, who may see one item")
    sim.add_argument("--rule", choices=("precision", "decision"), default="precision", help="default precision")
    sim.add_argument("--stop", choices=("decided",), help="end when every required level is met or not met for sure")
    _refitting(sim)
    sim.add_argument("--seed", type=int, default=1, help="same seed and files give the same result (default 1)")
    sim.set_defaults(func=lambda args: guarded(_simulate, args))
    fold = inner.add_parser("score", help="profiles of everybody in a log of answers, for any order of its rows")
    files(fold, bank="bank.csv", model="model.json", responses="responses.csv[.gz]", out="profiles.csv")
    _refitting(fold)
    fold.set_defaults(func=lambda args: guarded(_score, args))
    measure_calibrate.register(inner)
    measure_health.register(inner)


def _refitting(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--estimate-cov", action="store_true", help="re-estimate the correlations from these answers, then fold again"
    )
    parser.add_argument("--model-out", type=Path, metavar="FILE", help="file to write the re-estimated model to")


def _refit(args: argparse.Namespace, model: Model, bank: ItemBank, items: Ints, scores: Ints) -> tuple[Floats, Floats]:
    """Means and variances (N, K) under the re-estimated covariance, which counts the model's as 100 persons."""
    refit = reestimate(model.mean, model.cov, bank, items, scores)
    if args.model_out is not None:
        check_out(args.model_out)
        raw = json.loads(args.model.read_text("utf-8")) | {"cov": np.round(refit.cov, 6).tolist()}
        text = json.dumps(raw, separators=(",", ":")).encode() + b"\n"
        write_whole(args.model_out, lambda f: f.writelines([text]))
    return refit.means, refit.variances


def _simulate(args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    _check_numbers(args)
    check_out(args.out)
    model = read_model(args.model)
    bank, ids = read_bank(args.bank, model)
    answers = read_answers(args.answers, bank, ids)
    begin = sittings.Start(model.mean, model.cov, read_required(args.required, len(answers), model))
    pool = build_pool(bank, model.domain, model.cuts)
    rule = _rule(args, pool, model)
    ready = time.perf_counter()

    def answer(rows: Ints, items: Ints) -> Ints:
        given = answers[rows, items]
        if (given < 0).any():
            at = int(np.argmax(given < 0))
            where = f"{args.answers}, row {int(rows[at]) + 1}, column {ids[items[at]]}"
            raise BadInput(f"{where}: the item was asked but has no answer; give a score from 0 up.")
        return given

    try:
        sat = sittings.run(pool, rule, begin, answer, args.seed, args.max_exposure)
    except sittings.CannotFill as refusal:
        raise BadInput(f"{args.bank}: {refusal}; enlarge the bank or ask for less.") from None
    asked = sat.administered >= 0
    mean, var = sat.mean, sat.var
    if args.estimate_cov:
        mean, var = _refit(args, model, bank, sat.administered, sat.scores)
    write_whole(args.out, lambda f: np.savez(f, mean=mean, sd=np.sqrt(var), administered=sat.administered))
    return {
        "persons": len(answers),
        "items_mean": round(float(asked.sum(1).mean()), 4),
        "seconds": round(time.perf_counter() - ready - sat.pricing_seconds, 4),
        "selection_us": round(1e6 * sat.choosing_seconds / max(int(asked.sum()), 1), 2),
        "setup_seconds": round(ready - began + sat.pricing_seconds, 4),
    }


def _score(args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    check_out(args.out)
    model = read_model(args.model)
    bank, ids = read_bank(args.bank, model)
    people, person, item, given = read_responses(args.responses, bank, ids)
    ready = time.perf_counter()
    if args.estimate_cov:
        mean, var = _refit(args, model, bank, *score.table_of(person, item, given))
    else:
        profiles = score.fold_answers(model.mean, model.cov, bank, person, item, given)
        mean, var = profiles.mean, profiles.var
    sd = np.sqrt(var)

    def rows(f: IO[bytes]) -> None:
        f.write(b"person_id,competence,mean,sd\n")
        for p, name in enumerate(people):
            text = "".join(
                f"{quoted(name)},{quoted(k)},{mean[p, i]:.9f},{sd[p, i]:.9f}\n" for i, k in enumerate(model.ids)
            )
            f.write(text.encode())

    write_whole(args.out, rows)
    seconds = time.perf_counter() - ready
    return {
        "persons": len(people),
        "answers": len(item),
        "seconds": round(seconds, 4),
        "read_seconds": round(ready - began, 4),
    }


def _rule(args: argparse.Namespace, pool: Pool, model: Model) -> selection.SittingRule:
    length = args.items if args.max_minutes is None else min(args.items, int(args.max_minutes / pool.typical))
    return selection.SittingRule(
        rule=args.rule,
        max_items=args.items,
        min_items=args.min_items,
        max_minutes=args.max_minutes,
        stop_decided=args.stop == "decided",
        domain_min=selection.domain_quota(model.domain, length),
    )


# ---------------------------------------------------------------- checks of the command line
def _check_numbers(args: argparse.Namespace) -> None:
    share, minutes = args.max_exposure, args.max_minutes
    faults = (
        (args.items < 1, "--items must be 1 or more"),
        (not 0 <= args.min_items <= args.items, "--min-items must lie between 0 and --items"),
        (minutes is not None and not 0 < minutes < np.inf, "--max-minutes must be above 0"),
        (share is not None and not 0 < share <= 1, "--max-exposure must be above 0 and at most 1"),
        (args.seed < 0, "--seed must be 0 or more"),
    )
    for wrong, sentence in faults:
        if wrong:
            raise BadInput(f"{sentence}.")
