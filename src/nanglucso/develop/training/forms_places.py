"""Forms of places: the terms of a class, holding one below its minimum, a lecturer's log-in, materials."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.training.models import TrainingClass

STAGES = ((1, _("One: the unit or the training officer")), (2, _("Two: the unit, then another person at city level")))


class TermsForm(forms.Form):
    """Seats, minimum and its day, approvals."""

    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=2000)
    minimum = forms.IntegerField(
        label=_("Least number of learners"), min_value=0, max_value=2000,
        help_text=_("A class below it is put forward for cancellation; it is never called off by itself."),
    )  # fmt: skip
    decide_by = DayField(label=_("Last day to reach it"), required=False)
    stages = forms.TypedChoiceField(label=_("Approvals of a place"), coerce=int, choices=STAGES)

    def __init__(self, data: Any = None, *, row: TrainingClass) -> None:
        first = {name: getattr(row, name) for name in ("seats", "minimum", "decide_by", "stages")}
        super().__init__(data, initial=first)


class HoldForm(forms.Form):
    """Why a class below its minimum is held."""

    reason = forms.CharField(label=_("Why it is held with fewer people"), max_length=300)


class AccountForm(forms.Form):
    """The log-in of a lecturer; empty = none."""

    username = forms.CharField(
        label=_("Log-in of the lecturer"), max_length=150, required=False,
        help_text=_("With it lecturers see their own classes, take attendance and keep the list of materials."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class MaterialForm(forms.Form):
    """One line of the list of materials."""

    title = forms.CharField(label=_("Title of the material"), max_length=200)
    place = forms.CharField(
        label=_("Where it is found"), max_length=300, required=False,
        help_text=_("An address, a folder, or “handed out in class”."),
    )  # fmt: skip
