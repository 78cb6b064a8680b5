"""Verbs of money: rates, sources, and what is bound, paid and settled of them. Amounts in đồng."""

from nanglucso.develop.budget.services.rates import set_rate
from nanglucso.develop.budget.services.settling import cancel, settle
from nanglucso.develop.budget.services.sources import load_rates, set_source
from nanglucso.develop.budget.services.spending import PlanLine, adopt_plan, commit, find, note_export, post

__all__ = [
    "PlanLine",
    "adopt_plan",
    "cancel",
    "commit",
    "find",
    "load_rates",
    "note_export",
    "post",
    "set_rate",
    "set_source",
    "settle",
]
