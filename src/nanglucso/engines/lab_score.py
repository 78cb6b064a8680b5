"""From a finished run to one graded observation per competence.

Steps are not items: inside a task they depend on each other. Points are summed per competence and cut into ordered
categories; a critical error caps the category. The graded response model (engines/irt) then reads the category with
the task's prior `a`, `b`.
"""

from dataclasses import dataclass
from itertools import pairwise

from nanglucso.engines.lab import Lab, State
from nanglucso.engines.lab_predicates import LabFault, holds


@dataclass(frozen=True)
class Graded:
    """Category 0..len(b) of one competence with the parameters it is read with."""

    competence: str
    points: int
    category: int
    a: float
    b: tuple[float, ...]


@dataclass(frozen=True)
class Outcome:
    """Steps done, critical errors made, and the graded observation of each competence."""

    done: frozenset[str]
    errors: frozenset[str]
    graded: tuple[Graded, ...]

    def categories(self) -> dict[str, int]:
        return {one.competence: one.category for one in self.graded}


def outcome(lab: Lab, state: State) -> Outcome:
    """What the run is worth at this state."""
    done = frozenset(step["id"] for step in lab.steps if holds(step["ok"], state.objects, state.log))
    errors = [error for error in lab.critical if holds(error["when"], state.objects, state.log)]
    graded = []
    for competence, rule in lab.score.items():
        points = sum(step["points"] for step in lab.steps if step["id"] in done and step["competence"] == competence)
        category = sum(points >= cut for cut in rule["cuts"])
        caps = [error["cap"][competence] for error in errors if competence in error["cap"]]
        graded.append(Graded(competence, points, min([category, *caps]), rule["prior"]["a"], tuple(rule["prior"]["b"])))
    return Outcome(done, frozenset(error["id"] for error in errors), tuple(graded))


def check_score(lab: Lab) -> None:
    """Raises LabFault where cuts do not rise, cannot be reached, or do not match the prior's difficulties."""
    for competence, rule in lab.score.items():
        cuts, b = rule["cuts"], rule["prior"]["b"]
        reachable = sum(step["points"] for step in lab.steps if step["competence"] == competence)
        if len(cuts) != len(b) or not cuts or cuts[-1] > reachable:
            raise LabFault(
                f"{lab.code}.score.{competence}: one cut per difficulty, the last at most {reachable} points"
            )
        if any(low >= high for row in (cuts, b) for low, high in pairwise(row)):
            raise LabFault(f"{lab.code}.score.{competence}: cuts and difficulties must rise")
