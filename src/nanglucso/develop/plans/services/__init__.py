"""Verbs of planning: the catalogue, the means, what units propose, scenarios from draft to the published plan."""

from nanglucso.develop.plans.services.catalogue import edit_course, set_trips
from nanglucso.develop.plans.services.changing import change_by_hand, take_back
from nanglucso.develop.plans.services.means import load_days_off, set_day_off, set_lecturer, set_venue
from nanglucso.develop.plans.services.needs import answer, answer_all, propose, publish, set_round, withdraw
from nanglucso.develop.plans.services.scenarios import (
    approve,
    ask_frontier,
    ask_solution,
    copy_scenario,
    create_scenario,
    drop_scenario,
    edit_scenario,
    keep_frontier,
    load_catalogue,
    mark_failed,
    send_back,
    set_measured_effect,
    solve_now,
    stop_solving,
    submit_scenario,
)

__all__ = [
    "answer",
    "answer_all",
    "approve",
    "ask_frontier",
    "ask_solution",
    "change_by_hand",
    "copy_scenario",
    "create_scenario",
    "drop_scenario",
    "edit_course",
    "edit_scenario",
    "keep_frontier",
    "load_catalogue",
    "load_days_off",
    "mark_failed",
    "propose",
    "publish",
    "send_back",
    "set_day_off",
    "set_lecturer",
    "set_measured_effect",
    "set_round",
    "set_trips",
    "set_venue",
    "solve_now",
    "stop_solving",
    "submit_scenario",
    "take_back",
    "withdraw",
]
