"""From the sittings of campaigns to the correlations of the competences, and what they would change. Writes nothing."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nanglucso.engines.irt import Floats, Ints, ItemBank
from nanglucso.engines.reestimate import reestimate
from nanglucso.measure.assessments.models import Sitting
from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief, Evidence
from nanglucso.measure.profiles.queries import required_levels
from nanglucso.measure.quality.models import Reestimation
from nanglucso.measure.quality.rewriting import changed_words, standing_sittings
from nanglucso.workforce.framework.models import Framework
from nanglucso.workforce.people.models import Person

CHUNK = 200
Step = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class Logs:
    """Answers of N people: bank of the items met, items and scores (N, T) with -1 after the end, start (N, K)."""

    bank: ItemBank
    items: Ints
    scores: Ints
    start: Floats


def sitters(campaigns: Sequence[str]) -> dict[str, int]:
    """Ledger source of every sitting of these campaigns that has a result, and its person."""
    rows = Sitting.objects.filter(campaign__code__in=campaigns, status=Sitting.Status.SCORED)
    return {f"sitting:{pk}": person for pk, person in rows.values_list("pk", "person_id")}


def logs_of(frame: folding.Frame, campaigns: Sequence[str]) -> Logs:
    """What the ledger holds of these campaigns, a person a row, read with the parameters it was scored by.

    Raises LookupError when there is no answer.
    """
    wanted = sitters(campaigns)
    people = sorted(set(wanted.values()))
    found: dict[int, list[dict[str, Any]]] = {}
    for at in range(0, len(people), CHUNK):
        for row in standing_sittings(people[at : at + CHUNK]):
            if row.source.split("#")[0] in wanted:
                found.setdefault(row.person_id, []).extend(e for e in row.entries if e["k"] in frame.codes)
    found = {person: entries for person, entries in found.items() if entries}
    if not found:
        raise LookupError("these campaigns have no answers")
    met: dict[tuple[Any, ...], int] = {}
    table = [[met.setdefault(_key(frame, e), len(met)) for e in entries] for entries in found.values()]
    shape = (len(table), max(map(len, table)))
    items, scores = np.full(shape, -1), np.full(shape, -1)
    for i, (row_items, entries) in enumerate(zip(table, found.values(), strict=True)):
        items[i, : len(row_items)] = row_items
        scores[i, : len(row_items)] = [e["score"] for e in entries]
    of, a, b, c = zip(*met, strict=True)
    kept = dict(Belief.objects.filter(person__in=found).values_list("person_id", "prior_mean"))
    start = np.array([folding.unpack(kept[person], (frame.size,)) for person in found])
    return Logs(ItemBank.build(list(of), list(a), [list(x) for x in b], list(c)), items, scores, start)


def _key(frame: folding.Frame, entry: dict[str, Any]) -> tuple[Any, ...]:
    return frame.index(entry["k"]), entry["a"], tuple(entry["b"]), entry["c"]


def found_covariance(made: Reestimation) -> tuple[Floats, dict[str, Any]]:
    """Covariance (K, K) rounded as it is stored, and the counts of the run. Means and variances stay.

    Raises LookupError when there is no answer.
    """
    frame = folding.under(folding.frame(made.framework), made.base_id)
    logs = logs_of(frame, made.campaigns)
    got = reestimate(logs.start, frame.prior_cov, logs.bank, logs.items, logs.scores).cov.round(6)
    moved = np.abs(correlations(got) - correlations(frame.prior_cov))[np.triu_indices(frame.size, 1)]
    counts = {
        "people": len(logs.items), "answers": int((logs.items >= 0).sum()),
        "largest": round(float(moved.max()), 3), "average": round(float(moved.mean()), 3),
    }  # fmt: skip
    return got, counts


def correlations(cov: Floats) -> Floats:
    """(K, K) with a unit diagonal."""
    sd = np.sqrt(np.diagonal(cov))
    return np.asarray(cov / np.outer(sd, sd))


def effects(frame: folding.Frame, people: Sequence[int]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """Person and `changed_words` if the belief began with `frame.prior_cov`, for these people, all with a belief."""
    for at in range(0, len(people), CHUNK):
        part = list(people[at : at + CHUNK])
        ledger: dict[int, list[Evidence]] = {pk: [] for pk in part}
        for row in Evidence.objects.filter(person__in=part).order_by("at", "id"):
            ledger[row.person_id].append(row)
        found = Person.objects.filter(pk__in=part).order_by("pk")
        need = dict(zip(found.values_list("pk", flat=True), required_levels(frame, found)[0], strict=True))
        for kept in Belief.objects.filter(person__in=part).order_by("person_id"):
            start = folding.unpack(kept.prior_mean, (frame.size,))
            after = folding.fold(frame, start, folding.standing(ledger[kept.person_id]))
            before = folding.of_row(kept, frame.size)
            yield kept.person_id, changed_words(frame, before, after, need[kept.person_id])


def would_change(framework: Framework, frame: folding.Frame, step: Step = lambda share: None) -> dict[str, int]:
    """Over everybody with a belief: how many, who change level or word, levels up and down. `step` hears the share."""
    people = list(Belief.objects.filter(framework=framework).order_by("person_id").values_list("person_id", flat=True))
    counts = {"beliefs": len(people), "changed": 0, "up": 0, "down": 0}
    for n, (_person, changes) in enumerate(effects(frame, people), 1):
        moves = [one["level"][1] - one["level"][0] for one in changes]
        counts["changed"] += bool(changes)
        counts["up"] += sum(move > 0 for move in moves)
        counts["down"] += sum(move < 0 for move in moves)
        if n % 50 == 0:
            step(n / len(people))
    return counts


# ---------------------------------------------------------------- for the page
@dataclass(frozen=True)
class Pair:
    """Two competences (or domains), the correlation before and after; for domains the mean over their pairs."""

    one: Any
    other: Any
    before: float
    after: float

    @property
    def change(self) -> float:
        return self.after - self.before


def moved_pairs(made: Reestimation, most: int = 10) -> tuple[list[Pair], list[Pair]]:
    """Pairs of domains in order, and the pairs of competences that moved most; empty before the run has ended."""
    if not made.covariance:
        return [], []
    frame = folding.under(folding.frame(made.framework), made.base_id)
    before, after = correlations(frame.prior_cov), correlations(np.array(made.covariance))
    names = list(made.framework.competences.order_by("index"))
    domains = list({row.domain_id: row.domain for row in made.framework.competences.select_related("domain")}.values())
    i, j = np.triu_indices(frame.size, 1)
    of = [sorted((frame.domains[x], frame.domains[y])) for x, y in zip(i, j, strict=True)]
    wide = []
    for pair in sorted({(int(x), int(y)) for x, y in of}):
        use = np.array([(int(x), int(y)) == pair for x, y in of])
        mean = [float(r[i[use], j[use]].mean()) for r in (before, after)]
        wide.append(Pair(domains[pair[0]], domains[pair[1]], *mean))
    order = np.argsort(-np.abs(after - before)[i, j])[:most]
    near = [Pair(names[i[x]], names[j[x]], float(before[i[x], j[x]]), float(after[i[x], j[x]])) for x in order]
    return wide, near


def table_of(wide: list[Pair]) -> list[tuple[Any, list[Pair | None]]]:
    """Pairs of domains as a table: a row a domain, a column a domain up to its own; None above the diagonal
    and where a domain has one competence."""
    domains = sorted(
        {one.pk: one for pair in wide for one in (pair.one, pair.other)}.values(), key=lambda one: one.code
    )
    found = {frozenset((pair.one.code, pair.other.code)): pair for pair in wide}
    return [
        (row, [found.get(frozenset((row.code, other.code))) if j <= i else None for j, other in enumerate(domains)])
        for i, row in enumerate(domains)
    ]
