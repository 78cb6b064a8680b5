"""Verbs of the targets."""

from nanglucso.govern.targets.services.assigning import assign
from nanglucso.govern.targets.services.importing import apply_figures, read_figures, undo_figures
from nanglucso.govern.targets.services.loading import load_targets
from nanglucso.govern.targets.services.recording import Proof, record_observation, withdraw

__all__ = [
    "Proof", "apply_figures", "assign", "load_targets", "read_figures", "record_observation", "undo_figures",
    "withdraw",
]  # fmt: skip
