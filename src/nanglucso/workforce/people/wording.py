"""Words for codes that imports keep: fields, ways of recognising, reasons for skipping."""

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "name": _("Full name"),
    "ho_dem": _("Family and middle names"),
    "ten": _("Given name"),
    "birth_date": _("Date of birth"),
    "birth_male": _("Date of birth (men)"),
    "birth_female": _("Date of birth (women)"),
    "birth_day": _("Day of birth"),
    "birth_month": _("Month of birth"),
    "birth_year": _("Year of birth"),
    "gender": _("Gender"),
    "gender_male": _("Mark for men"),
    "gender_female": _("Mark for women"),
    "unit": _("Unit"),
    "department": _("Division"),
    "position": _("Position"),
    "title": _("Title"),
    "rank": _("Rank"),
    "rank_code": _("Rank code"),
    "staff_code": _("Staff number"),
    "citizen_number": _("Citizen number"),
    "email": _("Official e-mail"),
    "phone": _("Telephone"),
    "education": _("Education"),
    "appointed_on": _("Day of appointment"),
    "number": _("Row number"),
    "note": _("Note"),
    "unit_id": _("Unit"),
    "position_id": _("Position"),
    "active": _("Back at work"),
    "citizen_hash": _("Citizen number (kept as a code only)"),
}
CHOICES = tuple(name for name in FIELDS if name not in ("unit_id", "position_id", "citizen_hash", "active"))
HOWS = {
    "exact": _("same name"),
    "alias": _("known short form"),
    "chosen": _("chosen by a person"),
    "family": _("guessed from key words"),
    "generic": _("guessed from the kind of unit"),
    "ambiguous": _("several are possible"),
    "none": _("not recognised"),
}
REASONS = {
    "title": _("title above the list"),
    "header": _("column heads"),
    "repeated_header": _("column heads again"),
    "column_numbers": _("numbers of the columns"),
    "unit_heading": _("unit heading"),
    "total": _("total"),
    "footer": _("signatures or notes below the list"),
    "no_name": _("no name"),
    "stray": _("not a person"),
    "no_name_column": _("sheet without a column of names"),
    "hidden_sheet": _("hidden sheet"),
    "blank": _("blank row"),
    "example": _("example of the model file"),
}
CONFLICTS = {
    "changed": _("changed by someone since"),
    "appeared": _("already in the staff list by now"),
    "taken": _("the number belongs to someone else by now"),
    "place_gone": _("the unit or the position no longer exists"),
    "gone": _("no longer in the staff list"),
    "history": _("already has an account or results: kept as “has left”"),
}
