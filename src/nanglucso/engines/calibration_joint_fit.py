"""K competences: the EM around the E-step of `calibration_joint`.

Where the covariance is unknown it is found last by EM, and so is the scale of a (an answer or two a person and
competence say little of it). So moments find both first, on a part of the persons, then on all; EM steps follow, with
the items' population brought back to mean 0 and variance 1 each time (PX-EM).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

import numpy as np

from nanglucso.engines.calibration_blocks import Block, Expected, Mapper
from nanglucso.engines.calibration_items import Packed, log_table, maximise, with_prior
from nanglucso.engines.calibration_joint import Prior, SiteState, expect_joint, products_joint
from nanglucso.engines.calibration_marginal import Fitted, moved, slopes
from nanglucso.engines.calibration_moments import correlations, item_moments, residual_moments, scale_of_a
from nanglucso.engines.calibration_shrink import shrink
from nanglucso.engines.irt import Floats

FIRST = 5000
FIRST_STEPS, ALL_STEPS = 5, 3


@dataclass(eq=False)
class Course:
    """Where an EM stands: items x, covariance, sites of each block, and the place the blocks are held."""

    packed: Packed
    mapper: Mapper
    blocks: Sequence[Block]
    x: Floats
    mean: Floats
    cov: Floats
    grid: Floats
    domain: Sequence[int]
    held: Any = None
    states: list[SiteState] = field(default_factory=list)
    info: Floats = field(default_factory=lambda: np.empty(0))

    def on(self, blocks: Sequence[Block]) -> None:
        """Work on these blocks from now on, with empty sites."""
        self.close()
        self.blocks, self.held = blocks, self.mapper.place(blocks)
        self.states = [SiteState.empty(b, len(self.mean)) for b in blocks]

    def close(self) -> None:
        if self.held is not None:
            self.mapper.close(self.held)
        self.held = None

    @property
    def anchored(self) -> bool:
        return bool((~self.packed.free.any(1)).any())

    @property
    def persons(self) -> int:
        return sum(b.persons for b in self.blocks)

    def expected(self, sweeps: int, finish: bool = False) -> Expected:
        prior = Prior.of(self.mean, self.cov, self.grid)
        shared = (log_table(self.packed, self.x, self.grid), prior, sweeps, finish)
        out = self.mapper.run(expect_joint, self.held, self.states, shared)
        self.states = [o[1] for o in out]
        return reduce(add, (o[0] for o in out))

    def step(self, *, free_scale: bool, free_cov: bool, sweeps: int = 1) -> float:
        """One EM step; returns how far items moved in units of their standard errors."""
        sums = self.expected(sweeps)
        before = self.x
        counts = sums.counts.reshape(len(before), self.packed.categories, -1)
        self.x, self.info = maximise(self.packed, before, counts, self.grid)
        if free_scale:
            first = sums.first / self.persons
            second = sums.second / self.persons - np.outer(first, first)
            sd = np.sqrt(np.diagonal(second))
            self._rescale(first, sd / np.sqrt(np.diagonal(self.cov)))
            if free_cov:
                self.cov = second / np.outer(sd, sd)
        elif free_cov:  # anchors hold the scale, so the variances are found too
            first = sums.first / self.persons - self.mean
            about_zero = sums.second / self.persons
            self.cov = about_zero - np.outer(self.mean, self.mean + first) - np.outer(first, self.mean)
        return moved(self.packed, self.x - before, self.info)

    def _rescale(self, first: Floats, ratio: Floats) -> None:
        """theta' = mean + (theta - first) / ratio for items and sites."""
        k = self.packed.competence
        free = self.packed.free
        b = self.mean[k][:, None] + (self.x[:, 1:-1] - first[k][:, None]) / ratio[k][:, None]
        x = self.x.copy()
        x[:, 1:-1] = np.where(free[:, 1:-1], b, x[:, 1:-1])
        x[:, 0] += np.where(free[:, 0], np.log(ratio[k]), 0.0)
        self.x = x
        self.states = [s.rescaled(first - self.mean * ratio, ratio) for s in self.states]

    def by_moments(self) -> None:
        """Correlations from residual products, shrunk; scale of a from pairs within a competence."""
        shared = (*item_moments(self.packed, self.x), len(self.mean))
        sums = reduce(add, self.mapper.run(_moments_of, self.held, self.states, shared))
        self.cov = shrink(*correlations(sums), self.domain)
        if self.anchored:
            return
        factor = np.log(scale_of_a(sums))
        self.x = self.x.copy()
        self.x[:, 0] += np.where(self.packed.free[:, 0], factor[self.packed.competence], 0.0)


def _moments_of(block: Block, state: SiteState, residual: Floats, h: Floats, k_n: int) -> Any:
    return residual_moments(block, residual, h, k_n)


def fit_joint(
    course: Course, *, estimate: bool, moments: bool, errors: bool, max_steps: int, tolerance: float
) -> Fitted:
    """Items of K competences; with `estimate` their correlations too, from `moments` first where the design allows."""
    everybody, step, converged = course.blocks, 0, False
    try:
        if estimate:
            k_n = len(course.mean)
            course.cov = np.full((k_n, k_n), 0.7) + 0.3 * np.eye(k_n)
            step = _begin(course, everybody, moments)
        else:
            course.on(everybody)
        while not converged and step < max_steps:
            change = course.step(
                free_scale=not course.anchored, free_cov=estimate and not moments, sweeps=2 if step == 0 else 1
            )
            step, converged = step + 1, change < tolerance
        sums = course.expected(1, finish=True)
        error = _errors(course) if errors else None
    finally:
        course.close()
    return Fitted(course.x, error, course.mean, course.cov, sums.loglik, step, converged)


def _begin(course: Course, everybody: Sequence[Block], moments: bool) -> int:
    """First steps on some thousand persons, then on all; returns how many."""
    some: list[Block] = []
    for block in everybody:
        if sum(b.persons for b in some) < FIRST:
            some.append(block)
    done = 0
    for blocks, steps in ((some, FIRST_STEPS), (everybody, ALL_STEPS)):
        course.on(blocks)
        for _ in range(steps):
            course.step(free_scale=not course.anchored, free_cov=not moments)
            if moments:
                course.by_moments()
            done += 1
    return done


def _errors(course: Course) -> Floats:
    """Inverse of the items' cross products of scores plus prior curvature (Berndt et al. 1974; Louis 1982)."""
    packed, x = course.packed, course.x
    prior = Prior.of(course.mean, course.cov, course.grid)
    shared = (log_table(packed, x, course.grid), prior, slopes(packed, x, course.grid))
    cross = reduce(add, course.mapper.run(products_joint, course.held, course.states, shared))
    summed = cross.reshape(len(x), packed.categories, *cross.shape[1:]).sum(1)
    return np.asarray(np.linalg.inv(with_prior(packed, summed)))
