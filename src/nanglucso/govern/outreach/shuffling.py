"""The order in which one person sees the options of a check."""

from nanglucso.develop.learning.lessons import shuffled
from nanglucso.govern.outreach.models import Reading


def option_order(row: Reading, question: int, count: int) -> list[int]:
    """Places of the options as written, in the order of this person's page in this round."""
    return shuffled(count, row.pk, row.round, question)
