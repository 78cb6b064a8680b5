"""The list of a unit as a workbook."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from nanglucso.develop.hours.queries import NamedRow
from nanglucso.develop.hours.wording import REGIMES
from nanglucso.kit.spreadsheets import Column, OutSheet


def people_sheet(rows: Iterable[NamedRow], year: int) -> OutSheet:
    """One row a person."""
    columns = [
        *(Column(_("Full name"), 28), Column(_("Staff number"), 14), Column(_("Unit"), 34), Column(_("Position"), 34)),
        *(Column(_("Group"), 16), Column(_("Periods counted"), 14, "int"), Column(_("Corrected by"), 14, "int")),
        *(Column(_("Owed"), 10, "int"), Column(_("Missing"), 10, "int")),
    ]
    body = [
        (
            one.person.full_name, one.person.staff_code or "", one.unit,
            one.person.position.title if one.person.position else "", str(REGIMES.get(one.row.regime, one.row.regime)),
            one.row.tiet, one.row.change, one.row.owed, None if one.row.owed is None else one.row.missing,
        )
        for one in rows
    ]  # fmt: skip
    return OutSheet(_("Training periods %(year)s") % {"year": year}, columns, body)
