"""People whose level is known for sure, for numbers that can be worked out by hand."""

import numpy as np

from nanglucso.measure.profiles import folding
from nanglucso.measure.profiles.models import Belief
from nanglucso.workforce.people.models import Person
from tests import make

SURE = 1e-6


def believe(person: Person, theta: float | dict[str, float], measured: bool = True) -> Person:
    """Write a belief that is sure of `theta` logits in every competence, or of each code in a table (others at 0)."""
    frame = folding.frame(make.framework())
    table = theta if isinstance(theta, dict) else dict.fromkeys(frame.codes, theta)
    mean, var = np.array([table.get(code, 0.0) for code in frame.codes]), np.full(frame.size, SURE)
    fields = {
        "mean": folding.pack(mean),
        "variance": folding.pack(var),
        "covariance": folding.pack(np.diag(var)),
        "prior_mean": folding.pack(np.zeros(frame.size)),
    }
    Belief.objects.create(person=person, framework=make.framework(), measured=measured, as_of=make.AT, **fields)
    return person


def above(person: Person) -> Person:
    """Far above every level: everything required is met."""
    return believe(person, 9.0)


def below(person: Person) -> Person:
    """Far below every level: nothing required is met, and every required level is missing in full."""
    return believe(person, -9.0)
