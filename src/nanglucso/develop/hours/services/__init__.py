"""Verbs of the yearly duty: write periods down, close a year."""

from nanglucso.develop.hours.services.closing import ask_close, close_year
from nanglucso.develop.hours.services.entering import enter

__all__ = ["ask_close", "close_year", "enter"]
