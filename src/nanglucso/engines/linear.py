"""Linear and mixed-integer problems written row block by row block and solved by HiGHS, with stop and time limit."""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import highspy
import numpy as np
import scipy

from nanglucso.engines.instance import Floats, Ints

POLL_SECONDS = 0.02
INF = float("inf")
_late: list[threading.Thread] = []  # solver threads that were told to stop and have not yet


@dataclass
class Problem:
    """Maximise gain @ x over lower ≤ A x ≤ upper and 0 ≤ x ≤ cap; ``whole`` marks integer columns."""

    columns: int = 0
    gain: list[Floats] = field(default_factory=list)
    cap: list[Floats] = field(default_factory=list)
    whole: list[Any] = field(default_factory=list)
    rows: int = 0
    entries: list[tuple[Ints, Ints, Floats]] = field(default_factory=list)
    lower: list[Floats] = field(default_factory=list)
    upper: list[Floats] = field(default_factory=list)

    def add_columns(self, gain: Any, cap: Any = 1.0, whole: bool = True) -> Ints:
        """New columns; returns their numbers."""
        gain = np.asarray(gain, float)
        new = np.arange(self.columns, self.columns + len(gain))
        self.gain.append(gain)
        self.cap.append(np.broadcast_to(np.asarray(cap, float), gain.shape))
        self.whole.append(np.full(len(gain), whole))
        self.columns += len(gain)
        return new

    def add_rows(self, row: Any, column: Any, value: Any, lower: Any, upper: Any) -> None:
        """New rows 0 … k-1 given as entries (row, column, value); bounds of length k."""
        lower, upper = np.atleast_1d(np.asarray(lower, float)), np.atleast_1d(np.asarray(upper, float))
        count = len(lower) if len(lower) != 1 else len(upper)
        if not count:
            return
        row = np.asarray(row, np.int64)
        value = np.broadcast_to(np.asarray(value, float), row.shape)
        self.entries.append((row + self.rows, np.asarray(column, np.int64), value))
        self.lower.append(np.broadcast_to(lower, (count,)))
        self.upper.append(np.broadcast_to(upper, (count,)))
        self.rows += count

    def add_keyed(self, key: Any, column: Any, value: Any, upper: Callable[[Ints], Any], least: int = 1) -> None:
        """One row ``sum ≤ upper(key)`` per distinct key that has at least ``least`` columns."""
        key, column = np.asarray(key, np.int64), np.asarray(column, np.int64)
        if not len(key):
            return
        names, where, many = np.unique(key, return_inverse=True, return_counts=True)
        keep = many >= least
        if not keep.any():
            return
        renumber = np.cumsum(keep) - 1
        pick = keep[where]
        value = np.broadcast_to(np.asarray(value, float), key.shape)
        self.add_rows(renumber[where[pick]], column[pick], value[pick], -INF, upper(names[keep]))

    def model(self, integral: bool) -> highspy.HighsLp:
        """The problem as HiGHS takes it."""
        blocks = (
            list(zip(*self.entries, strict=True)) if self.entries else [[np.zeros(0)], [np.zeros(0)], [np.zeros(0)]]
        )
        row, column, value = (np.concatenate(part) for part in blocks)
        matrix = scipy.sparse.csc_matrix(
            (value, (row.astype(int), column.astype(int))), shape=(self.rows, self.columns)
        )
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = self.columns, self.rows
        lp.sense_ = highspy.ObjSense.kMaximize
        lp.col_cost_ = np.concatenate(self.gain)
        lp.col_lower_, lp.col_upper_ = np.zeros(self.columns), np.concatenate(self.cap)
        lp.row_lower_ = np.concatenate(self.lower) if self.rows else np.zeros(0)
        lp.row_upper_ = np.concatenate(self.upper) if self.rows else np.zeros(0)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
        if integral:
            kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
            lp.integrality_ = [kinds[int(w)] for w in np.concatenate(self.whole)]
        return lp


@dataclass(frozen=True)
class Answer:
    """Best x found (None when none), its value, and a proven upper bound of the problem."""

    x: Floats | None
    value: float
    bound: float
    reduced: Floats  # reduced costs of a linear problem; ≤ 0 where a column stays at 0
    dual: Floats  # what one more unit of each row of a linear problem would bring


def solve(
    problem: Problem,
    *,
    integral: bool,
    seconds: float,
    stop: Callable[[], bool],
    threads: int = 1,
    gap: float = 1e-4,
    seed: int = 0,
    options: dict[str, Any] | None = None,
) -> Answer:
    """Solve; returns what there is when ``seconds`` are over or ``stop`` says so.  The solver runs in a thread of its
    own so that a stop is honoured even while HiGHS is deep in one step."""
    _greet()
    solver = highspy.Highs()
    settings = {"output_flag": False, "threads": threads, "random_seed": seed, "time_limit": max(seconds, 0.01)}
    settings |= {"mip_rel_gap": gap} if integral else {}
    for key, value in (settings | (options or {})).items():
        solver.setOptionValue(key, value)
    solver.passModel(problem.model(integral))
    halt = threading.Event()
    for hook in (solver.cbMipInterrupt, solver.cbSimplexInterrupt, solver.cbIpmInterrupt):
        hook.subscribe(lambda event: event.interrupt() if halt.is_set() else None)
    work = threading.Thread(target=solver.run, daemon=True)
    end = time.monotonic() + seconds + 0.5
    work.start()
    while work.is_alive():
        work.join(POLL_SECONDS)
        if stop() or time.monotonic() > end:
            halt.set()
            work.join(0.05)
            break
    if work.is_alive():
        _late.append(work)
        return Answer(None, -INF, INF, np.zeros(0), np.zeros(0))
    return _answer(solver, problem.columns, integral)


@cache
def _greet() -> None:
    """Let HiGHS print its banner, once a process and straight from C, where it does not mix with our own lines."""
    with contextlib.suppress(OSError, AttributeError, ValueError):
        sys.stdout.flush()
        kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 1)
            highspy.Highs()
            ctypes.CDLL(None).fflush(None)
        finally:
            os.dup2(kept, 1)
            os.close(kept)
            os.close(nowhere)


def late() -> bool:
    """Whether a solver thread that was told to stop still runs; a process should not end normally before it."""
    return any(thread.is_alive() for thread in _late)


@atexit.register
def _wait() -> None:
    for thread in _late:
        thread.join(30.0)


def _answer(solver: highspy.Highs, columns: int, integral: bool) -> Answer:
    info, status = solver.getInfo(), solver.getModelStatus()
    optimal = status == highspy.HighsModelStatus.kOptimal
    feasible = info.primal_solution_status == 2
    x = np.array(solver.getSolution().col_value)[:columns] if feasible else None
    value = float(info.objective_function_value) if feasible else -INF
    if integral:
        return Answer(
            x, value, float(info.mip_dual_bound) if abs(info.mip_dual_bound) < 1e20 else INF, np.zeros(0), np.zeros(0)
        )
    solution = solver.getSolution()
    reduced, dual = (np.array(d) if feasible else np.zeros(0) for d in (solution.col_dual, solution.row_dual))
    return Answer(x, value, value if optimal else INF, reduced[:columns], dual)
