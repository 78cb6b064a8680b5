"""Blocks of persons: expected statistics that add up, in this process, over processes, or over a Dask cluster.

A block holds the answers of some persons as a sparse 0/1 matrix, rows = (person, competence) pairs that have answers,
columns = (item, score). One product with the table of log P gives every pair's log-likelihood on the grid, one
product back gives the expected counts of the M-step.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from typing import Any, Protocol

import numpy as np
import scipy

from nanglucso.engines.irt import Floats, Ints

PERSONS = 4000


@dataclass(frozen=True, eq=False)
class Block:
    """Answers of `persons` people: design (pairs, J C) sparse; person, competence (pairs,) of each row."""

    persons: int
    design: Any
    person: Ints
    competence: Ints


def make_blocks(
    person: Ints, column: Ints, competence: Ints, k_n: int, columns: int, size: int = PERSONS
) -> list[Block]:
    """Blocks of `size` persons from sorted answers: person (M,) codes 0 .. N-1, column (M,) = item C + score."""
    n = int(person[-1]) + 1 if len(person) else 0
    edges = np.searchsorted(person, range(0, n + size, size))
    blocks = []
    for start, (low, high) in zip(range(0, n, size), pairwise(edges), strict=True):
        who = person[low:high] - start
        pair, row = np.unique(who * k_n + competence[low:high], return_inverse=True)
        count = np.bincount(row, minlength=len(pair))
        order = np.lexsort((column[low:high], row))
        data = np.ones(high - low)
        pointer = np.concatenate([[0], np.cumsum(count)])
        shape = (len(pair), columns)
        design = scipy.sparse.csr_matrix((data, column[low:high][order].astype(np.int32), pointer), shape=shape)
        blocks.append(Block(min(size, n - start), design, pair // k_n, pair % k_n))
    return blocks


# ---------------------------------------------------------------- where the blocks are worked on
Work = Callable[..., Any]


class Mapper(Protocol):
    """Somewhere to work: `place` the blocks once, then `run` a top-level function on each, in order."""

    def place(self, blocks: Sequence[Block]) -> Any: ...

    def run(self, work: Work, held: Any, states: Sequence[Any], shared: tuple[Any, ...]) -> list[Any]:
        """[work(block, state, *shared) for each block], in the order of the blocks."""
        ...

    def close(self, held: Any) -> None: ...


class Local:
    """This process, one block after the other."""

    def place(self, blocks: Sequence[Block]) -> Sequence[Block]:
        return blocks

    def run(self, work: Work, held: Sequence[Block], states: Sequence[Any], shared: tuple[Any, ...]) -> list[Any]:
        return [work(block, state, *shared) for block, state in zip(held, states, strict=True)]

    def close(self, held: Any) -> None:
        return None


_held: list[Block] = []


def _hold(blocks: list[Block]) -> None:
    _held[:] = blocks


def _on_held(work: Work, at: int, state: Any, shared: tuple[Any, ...]) -> Any:
    return work(_held[at], state, *shared)


class Processes:
    """`workers` processes of this machine; each is sent the blocks once."""

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def place(self, blocks: Sequence[Block]) -> tuple[ProcessPoolExecutor, int]:
        context = get_context("spawn")
        return ProcessPoolExecutor(self.workers, context, _hold, (list(blocks),)), len(blocks)

    def run(self, work: Work, held: Any, states: Sequence[Any], shared: tuple[Any, ...]) -> list[Any]:
        pool, n = held
        futures = [pool.submit(_on_held, work, i, states[i], shared) for i in range(n)]
        return [f.result() for f in futures]

    def close(self, held: Any) -> None:
        held[0].shutdown()


class Dask:
    """A Dask cluster (`pip install nanglucso[cluster]`): `client` is a `distributed.Client`."""

    def __init__(self, client: Any) -> None:
        self.client = client

    def place(self, blocks: Sequence[Block]) -> Any:
        return self.client.scatter(list(blocks), hash=False)

    def run(self, work: Work, held: Any, states: Sequence[Any], shared: tuple[Any, ...]) -> list[Any]:
        common = self.client.scatter(shared, broadcast=True, hash=False) if shared else ()
        futures = [
            self.client.submit(work, block, state, *common, pure=False)
            for block, state in zip(held, states, strict=True)
        ]
        return list(self.client.gather(futures))

    def close(self, held: Any) -> None:
        self.client.cancel(held)


# ---------------------------------------------------------------- one dimension: exact
@dataclass(frozen=True, eq=False)
class Expected:
    """Sums over persons: counts (J C, Q) of the M-step, first (K,) and second (K, K) moments of theta."""

    counts: Floats
    first: Floats
    second: Floats
    loglik: float

    def __add__(self, other: "Expected") -> "Expected":
        return Expected(
            self.counts + other.counts,
            self.first + other.first,
            self.second + other.second,
            self.loglik + other.loglik,
        )


def posterior(block: Block, table: Floats, log_weight: Floats) -> tuple[Floats, Floats]:
    """Posterior weights (pairs, Q) on the grid and log marginal likelihood (pairs,) of a one-dimensional block."""
    w = block.design @ table
    w += log_weight
    top = w.max(1, keepdims=True)
    w -= top
    np.exp(w, out=w)
    total = w.sum(1, keepdims=True)
    w /= total
    return w, (top + np.log(total))[:, 0]


def expect(block: Block, state: None, table: Floats, log_weight: Floats, grid: Floats) -> Expected:
    """E-step of a block in one dimension (Bock & Aitkin 1981)."""
    w, loglik = posterior(block, table, log_weight)
    share = w.sum(0)
    first, second = np.array([share @ grid]), np.array([[share @ grid**2]])
    return Expected(block.design.T @ w, first, second, float(loglik.sum()))


def score_products(block: Block, w: Floats, slope: Floats) -> Floats:
    """Sum over answers of s s', s = posterior mean of d log P / dx, (J C, D, D); w (pairs, Q), slope (J C, D, Q)."""
    by_column = block.design.tocsc()
    rows, pointer = by_column.indices, by_column.indptr
    out = np.zeros((len(slope), slope.shape[1], slope.shape[1]))
    for col in np.flatnonzero(np.diff(pointer)):
        s = w[rows[pointer[col] : pointer[col + 1]]] @ slope[col].T
        out[col] = s.T @ s
    return out


def products(block: Block, state: None, table: Floats, log_weight: Floats, slope: Floats) -> Floats:
    """Cross products of scores of a one-dimensional block."""
    return score_products(block, posterior(block, table, log_weight)[0], slope)
