"""`nanglucso measure calibrate`: item parameters, and the competences' correlations, from a file of answers."""

import argparse
import json
import time
from pathlib import Path
from typing import IO, Any

import numpy as np

from nanglucso.engines.calibration import Population, calibrate
from nanglucso.engines.calibration_blocks import Dask, Mapper, Processes
from nanglucso.project.cli import measure_calibrate_files as files
from nanglucso.project.cli.measure_door import check_out, guarded
from nanglucso.project.cli.measure_files import BadInput, write_whole


def register(inner: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `calibrate` to `nanglucso measure`."""
    parser = inner.add_parser("calibrate", help="item parameters with standard errors from a log of answers")
    for option, told in {"items": "items.csv", "responses": "responses.csv[.gz]", "out": "params.csv to write"}.items():
        parser.add_argument(f"--{option}", required=True, type=Path, metavar="FILE", help=told)
    parser.add_argument("--model", type=Path, metavar="FILE", help="model.json; its cov may be null")
    parser.add_argument("--anchor", type=Path, metavar="FILE", help="params.csv of items that are held fixed")
    parser.add_argument("--estimate-cov", action="store_true", help="estimate the covariance though the model has one")
    parser.add_argument("--model-out", type=Path, metavar="FILE", help="the model with the covariance, to write")
    parser.add_argument("--adaptive", action="store_true", help="earlier answers decided which items were asked")
    parser.add_argument("--processes", type=int, default=1, help="processes to work in (default 1)")
    parser.add_argument("--dask", metavar="ADDRESS", help="a Dask scheduler to work on; needs nanglucso[cluster]")
    parser.set_defaults(func=_run)


def _run(args: argparse.Namespace) -> int:
    return guarded(_calibrate, args)


def _calibrate(args: argparse.Namespace) -> dict[str, Any]:
    began = time.perf_counter()
    for path in (args.out, args.model_out):
        if path is not None:
            check_out(path)
    if args.processes < 1:
        raise BadInput("--processes must be 1 or more.")
    model = files.read_calibration_model(args.model, args.items)
    items = files.read_items(args.items, model)
    if args.anchor is not None:
        files.hold(args.anchor, items)
    answers = files.read_long(args.responses, items)
    ready = time.perf_counter()
    result = calibrate(
        answers,
        list(items.values()),
        _population(model, args.estimate_cov),
        adaptive=args.adaptive,
        mapper=_mapper(args),
    )
    seconds = time.perf_counter() - ready
    if args.model_out is not None:
        found = {**model.raw, "mean": result.mean.round(6).tolist(), "cov": result.cov.round(6).tolist()}

        def whole(f: IO[bytes]) -> None:
            f.write((json.dumps(found, ensure_ascii=False, separators=(",", ":")) + "\n").encode())

        write_whole(args.model_out, whole)
    write_whole(args.out, lambda f: files.write_params(f, list(items), result))
    return {
        "loglik": round(result.loglik, 3),
        "iterations": result.iterations,
        "converged": result.converged,
        "seconds": round(seconds, 4),
        "read_seconds": round(ready - began, 4),
    }


def _population(model: files.CalibrationModel, estimate: bool) -> Population:
    k = len(model.ids)
    if k == 1:
        return Population.of(np.eye(1) if model.cov is None else model.cov, model.mean)
    if model.cov is None or estimate:
        return Population(model.mean, np.eye(k) if model.cov is None else model.cov, True, tuple(model.domain))
    return Population.of(model.cov, model.mean)


def _mapper(args: argparse.Namespace) -> Mapper | None:
    if args.dask:
        try:
            from distributed import Client
        except ImportError:
            raise BadInput("--dask: distributed is not installed; run pip install nanglucso[cluster].") from None
        try:
            return Dask(Client(args.dask, timeout="10s"))
        except (OSError, ValueError):
            raise BadInput(f"--dask: no scheduler answers at {args.dask}.") from None
    return Processes(args.processes) if args.processes > 1 else None
