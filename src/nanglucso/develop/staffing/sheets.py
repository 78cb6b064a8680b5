"""The report of streamlining as a workbook."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.ui.figures import vmoment


def report(rows: Sequence[dict[str, Any]], *, at: datetime) -> OutSheet:
    """Every pair that a person reviewed: both duties with holders, finding, what is done, by whom, until when, done."""
    columns = [
        Column(_("Duty A"), 46), Column(_("Held by"), 30), Column(_("Duty B"), 46), Column(_("Held by"), 30),
        Column(_("Finding"), 24), Column(_("Remark"), 30), Column(_("What is done"), 34), Column(_("How"), 34),
        Column(_("Unit responsible"), 28), Column(_("Until"), 12, "date"), Column(_("Carried out on"), 12, "date"),
        Column(_("Legal document"), 30), Column(_("Score of the finder"), 10, "percent"),
    ]  # fmt: skip
    lines = [
        [
            *(told for side in row["sides"] for told in (side["duty"].text, side["holder"])),
            row["pair"].get_verdict_display(), row["pair"].remark,
            row["pair"].get_action_display() if row["pair"].overlapping else "", row["pair"].plan,
            row["pair"].owner.name if row["pair"].owner else "", row["pair"].due, row["pair"].closed_on,
            row["pair"].closing, row["pair"].score,
        ]
        for row in rows
    ]  # fmt: skip
    titles = [_("Overlapping functions and duties, and their resolution"), _("As of %(when)s") % {"when": vmoment(at)}]
    return OutSheet(_("Overlaps"), columns, lines, titles)
