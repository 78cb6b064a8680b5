"""CPU time of choosing the next item and updating the belief: in batch, and for one person at the answer door.

    python benchmarks/next_item.py [--persons 2000] [--requests 2000]

20 competences, 600 items in 6 domains, decision rule, 36 items, content balance, exposure prices. `batch` holds whole
sittings and divides by the items served; `single` is one call of `choose_next` and one `update` on beliefs met in
mid-sitting. Microseconds of CPU; the two parts of a single request are timed together and apart.
"""

import argparse
import os
import time

import numpy as np

from nanglucso.engines import belief, selection, sittings
from nanglucso.engines.irt import ItemBank
from nanglucso.engines.pool import Pool, build_pool

DOMAINS = np.repeat(np.arange(6), (3, 3, 4, 3, 4, 3)).tolist()
K, PER = len(DOMAINS), 30


def made_pool(rng: np.random.Generator) -> Pool:
    n = K * PER
    return build_pool(
        ItemBank.build(
            np.repeat(np.arange(K), PER).tolist(),
            np.exp(rng.normal(0.2, 0.3, n)).tolist(),
            rng.normal(0, 1.1, (n, 1)).tolist(),
            rng.choice([0.0, 0.2, 0.25], n).tolist(),
        ),
        DOMAINS,
        np.tile([-0.8, 0.0, 0.8], (K, 1)),
    )


def batch(pool: Pool, rule: selection.SittingRule, begin: sittings.Start, rng: np.random.Generator) -> float:
    """CPU microseconds an item: choosing, updating and the final fold, without pricing."""
    theta = rng.multivariate_normal(begin.mean, begin.cov, len(begin.required))
    began = time.process_time()
    sat = sittings.run(pool, rule, begin, sittings.drawn(pool, theta, rng), 1)
    return 1e6 * (time.process_time() - began) / (sat.administered >= 0).sum()


def single(pool: Pool, rule: selection.SittingRule, begin: sittings.Start, requests: int) -> dict[str, list[float]]:
    """CPU microseconds of each request."""
    rng = np.random.default_rng(3)
    exposure = selection.Exposure(np.zeros(pool.bank.size, np.int64), 10**9, np.full(pool.bank.size, 0.1))
    spent: dict[str, list[float]] = {"choose": [], "update": [], "both": []}
    for start in range(0, requests, rule.max_items):
        now, asked = belief.Belief(begin.mean, begin.cov), []
        theta, need = rng.multivariate_normal(begin.mean, begin.cov), begin.required[start % len(begin.required)]
        for turn in range(rule.max_items):
            t0 = time.process_time_ns()
            j = selection.choose_next(pool, rule, now.mean, now.cov, need, asked, start, exposure)
            t1 = time.process_time_ns()
            if j is None:
                raise SystemExit(f"no item left after {turn}")
            k, b = int(pool.bank.competence[j]), pool.bank
            y = int(rng.random() < b.c[j] + (1 - b.c[j]) / (1 + np.exp(-b.a[j] * (theta[k] - b.b[j, 0]))))
            answer = belief.ItemAnswer(0, k, float(b.a[j]), (float(b.b[j, 0]),), float(b.c[j]), y)
            t2 = time.process_time_ns()
            now = belief.update(now, answer)
            t3 = time.process_time_ns()
            asked.append(j)
            for name, value in {"choose": t1 - t0, "update": t3 - t2, "both": t1 - t0 + t3 - t2}.items():
                spent[name].append(value / 1e3)
    return spent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("persons", "requests"):
        parser.add_argument(f"--{name}", type=int, default=2000)
    o = parser.parse_args()
    rng = np.random.default_rng(11)
    pool = made_pool(rng)
    rule = selection.SittingRule(domain_min=selection.domain_quota(DOMAINS, 36))
    begin = sittings.Start(*belief.prior_mean_cov(DOMAINS), rng.integers(1, 4, (o.persons, K)))
    print(f"next_item: 20 competences, 600 items, cores {os.cpu_count()}")
    print(f"batch: {batch(pool, rule, begin, rng):.1f} µs CPU a person and item (bar 100)")
    for name, times in single(pool, rule, begin, o.requests).items():
        middle, late, last = np.quantile(times, (0.5, 0.95, 0.99))
        bar = " (bar 1000)" if name == "both" else ""
        print(f"single {name}: median {middle:.0f} µs CPU, p95 {late:.0f}, p99 {last:.0f}{bar}")


if __name__ == "__main__":
    main()
