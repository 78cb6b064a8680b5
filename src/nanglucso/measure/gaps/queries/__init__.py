"""Nouns of the gap: required minus believed, as arrays, as counts of groups, and what of it may be shown to whom."""

from nanglucso.measure.gaps.queries.counting import (
    Cell,
    HeatRow,
    Need,
    cells,
    competence_columns,
    domain_columns,
    families,
    family_rows,
    level_shares,
    needs,
    unit_rows,
    unit_tally,
    whole,
)
from nanglucso.measure.gaps.queries.protecting import SMALL_GROUP, Veil, group_veil, unit_veil
from nanglucso.measure.gaps.queries.summing import unit_sums
from nanglucso.measure.gaps.queries.sums import Sums, sums_of
from nanglucso.measure.gaps.queries.table import CORE, MET, NICE, NOT_MET, UNKNOWN, GapTable, active_people, gap_table
from nanglucso.measure.gaps.queries.tallying import ENOUGH_MEASURED, Counts, Tally, tally
from nanglucso.measure.gaps.queries.units import Place, Tree, top_units, tree

__all__ = [
    "CORE", "ENOUGH_MEASURED", "MET", "NICE", "NOT_MET", "SMALL_GROUP", "UNKNOWN", "Cell", "Counts", "GapTable",
    "HeatRow", "Need", "Place", "Sums", "Tally", "Tree", "Veil", "active_people", "cells", "competence_columns",
    "domain_columns", "families", "family_rows", "gap_table", "group_veil", "level_shares", "needs",
    "sums_of", "tally", "top_units", "tree", "unit_rows", "unit_sums", "unit_tally", "unit_veil", "whole",
]  # fmt: skip
