"""The chain over a test's answers or a task's acts: made at its end, walked again by `nanglucso check --deep`."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from nanglucso.measure.assessments.models import LabSitting, Sitting


@dataclass(frozen=True)
class Broken:
    """A test whose answers are not those it ended with, and in what they differ."""

    sitting: str
    who: str
    why: str


def chain(sitting: Sitting) -> str:
    """sha256 over the answers in order, each hashed after the head before it; the first head is the test's number."""
    head = sitting.pk.hex
    for row in sitting.answers.order_by("seq").values_list("seq", "item_version_id", "choice", "score", "key"):
        text = json.dumps([*row[:4], str(row[4])], ensure_ascii=False, sort_keys=True)
        head = hashlib.sha256((head + text).encode()).hexdigest()
    return head


def broken_chains() -> Iterator[Broken]:
    """Ended tests whose chain is not what their answers give, or whose steps have a gap."""
    rows = Sitting.objects.select_related("person").exclude(chain_hash="").order_by("finished_at", "pk")
    for one in rows.iterator(chunk_size=200):
        steps = list(one.answers.order_by("seq").values_list("seq", flat=True))
        if steps != list(range(one.seq)):
            yield Broken(str(one.pk), str(one.person), f"{len(steps)} answers stored, {one.seq} counted")
        elif chain(one) != one.chain_hash:
            yield Broken(str(one.pk), str(one.person), "the chain does not agree")


def lab_chain(sitting: LabSitting) -> str:
    """The same over the acts of a practice task that counts; the last link is what it was found to be worth.

    Of an act's arguments only the choices: texts that the person typed may be dropped later, the chain stays.
    """
    head, choices = sitting.pk.hex, sitting.version.body["choices"]
    links: list[object] = []
    for row in sitting.run.events.order_by("seq") if sitting.run else ():
        chosen = {name: value for name, value in row.args.items() if name in choices}
        links.append([row.seq, row.t_ms, row.verb, chosen, str(row.key)])
    for link in [*links, sitting.graded]:
        text = json.dumps(link, ensure_ascii=False, sort_keys=True)
        head = hashlib.sha256((head + text).encode()).hexdigest()
    return head


def broken_labs() -> Iterator[Broken]:
    """Ended practice tasks whose chain is not what their acts and their categories give."""
    rows = (
        LabSitting.objects.select_related("person", "run", "version")
        .exclude(chain_hash="")
        .order_by("finished_at", "pk")
    )
    for one in rows.iterator(chunk_size=200):
        if lab_chain(one) != one.chain_hash:
            yield Broken(str(one.pk), str(one.person), "the chain does not agree")
