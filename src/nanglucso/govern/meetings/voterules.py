"""Quorums and majorities: read from `content/meetings/voting.yaml`, counted in whole votes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from nanglucso.core import content

BASES = ("members", "present", "ballots")


@dataclass(frozen=True)
class Rule:
    """So many of a base: `share` of it, `strict` = more than that. Name and legal basis as {language: words}."""

    key: str
    share: Fraction
    strict: bool
    of: str
    name: Mapping[str, str]
    legal: Mapping[str, str]
    confidence: str

    def needed(self, base: int) -> int:
        """The least whole number that satisfies the rule: floor(share·base) + 1 when strict, else ceil(share·base).

        At least 1: nothing is carried by nobody.
        """
        part = self.share * base
        least = part.numerator // part.denominator + 1 if self.strict else -(-part.numerator // part.denominator)
        return max(1, least)

    def told(self) -> dict[str, Any]:
        """As it is kept with a vote."""
        return {
            "key": self.key, "share": str(self.share), "strict": self.strict, "of": self.of, "name": dict(self.name),
            "legal": dict(self.legal), "confidence": self.confidence,
        }  # fmt: skip


def rule(told: Mapping[str, Any]) -> Rule:
    """A rule from the file or as it was kept. Raises KeyError for a missing field, ValueError for a wrong one."""
    share = Fraction(str(told["share"]))
    if not 0 < share <= 1 or told["of"] not in BASES:
        raise ValueError(f"{told['key']}: a share is over 0 and at most 1, of {', '.join(BASES)}")
    return Rule(
        told["key"], share, bool(told["strict"]), told["of"], told["name"], told["legal"], told["confidence"]
    )  # fmt: skip


@dataclass(frozen=True)
class VoteRules:
    """One version of the file. `least_ballots`: fewer secret ballots are not counted, they would tell who voted how."""

    version: str
    quorums: Mapping[str, Rule]
    majorities: Mapping[str, Rule]
    least_ballots: int


def parse(read: Any) -> VoteRules:
    """The file's content. Raises KeyError and ValueError."""
    quorums = {one["key"]: rule(one) for one in read["quorums"]}
    majorities = {one["key"]: rule(one) for one in read["majorities"]}
    return VoteRules(str(read["version"]), quorums, majorities, int(read["secret"]["least_ballots"]))


@lru_cache(maxsize=1)
def rules() -> VoteRules:
    """The shipped rules."""
    return parse(content.read_yaml(content.root() / "meetings" / "voting.yaml"))


def elected(counts: Sequence[int], *, needed: int, places: int) -> tuple[list[int], bool]:
    """Positions of the candidates elected, best first, and whether a tie at the last place left some of them out.

    Elected are the `places` candidates with most votes among those with at least `needed`; candidates who tie across
    the last place are all left out, so that nobody wins by standing higher on the list.
    """
    able = sorted((i for i, n in enumerate(counts) if n >= needed), key=lambda i: (-counts[i], i))
    if len(able) <= places:
        return able, False
    edge = counts[able[places]]
    kept = [i for i in able[:places] if counts[i] > edge]
    return kept, len(kept) < places
