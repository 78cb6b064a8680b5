"""Verbs of the framework room."""

from nanglucso.workforce.framework.services.importing import import_case
from nanglucso.workforce.framework.services.loading import SHIPPED, load_framework, load_outside_components

__all__ = ["SHIPPED", "import_case", "load_framework", "load_outside_components"]
