"""Forms of what there is to teach with: rooms, lecturers, days off."""

from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.budget.fields import DongField
from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.wording import legal_words, money_text, rate_words
from nanglucso.develop.plans.forms import course_choices, ticks
from nanglucso.develop.plans.models import DayOff, Lecturer, Venue
from nanglucso.kit.text import fold
from nanglucso.workforce.framework.models import Domain
from nanglucso.workforce.people.models import TravelArea

PAY_CLASSES = ("lecturer_session", "assistant_session", "foreign_lecturer", "inhouse_overtime")


def code_for(name: str, taken: Any) -> str:
    """A code from a name; a number is added when it is taken."""
    plain = slugify(fold(name))[:50] or "ma"
    code, number = plain, 2
    while taken.filter(code=code).exists():
        code, number = f"{plain}-{number}", number + 1
    return code


class AreaField(forms.ModelChoiceField):
    """An area by its name in the active language."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class VenueForm(forms.Form):
    """One room."""

    name = forms.CharField(label=_("Name of the room"), max_length=200)
    area = AreaField(label=_("Area"), queryset=TravelArea.objects.order_by("code"), empty_label=_("Choose an area"))
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=5000)
    buoi_week = forms.IntegerField(label=_("Sessions it can take in a week"), min_value=0, max_value=14, initial=10)
    rate = DongField(label=_("Price per session, VND"))
    assumed = forms.BooleanField(label=_("These figures are assumed, not agreed"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    @staticmethod
    def first_values(row: Venue) -> dict[str, Any]:
        """What the form shows of a room that is already there."""
        names = ("name", "area", "seats", "buoi_week", "rate", "assumed", "active")
        return {name: getattr(row, name) for name in names}


def pay_classes(rates: dict[str, Rate]) -> list[tuple[str, str]]:
    """Classes of pay with the legal maximum in force."""
    return [(code, _pay_class(rates[code])) for code in PAY_CLASSES if code in rates]


def _pay_class(rate: Rate) -> str:
    basis = legal_words(rate.legal_basis)[0]
    if rate.amount is None:
        return f"{rate.name} ({rate_words(rate.per)[0]}; {basis})"
    told = {"name": rate.name, "cap": money_text(rate.amount), "basis": basis}
    return _("Up to VND %(cap)s: %(name)s (%(basis)s)") % told


class LecturerForm(forms.Form):
    """One lecturer."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    organisation = forms.CharField(label=_("Employer"), max_length=200, required=False)
    qualification = forms.CharField(
        label=_("Qualification"), max_length=200, required=False,
        help_text=_("Degree, certificate, what they have taught."),
    )  # fmt: skip
    pay_class = forms.ChoiceField(label=_("Pay class"), help_text=_("The law's maximum for a session of four periods."))
    rate = DongField(label=_("Fee per session, VND"))
    week_max = forms.IntegerField(label=_("Sessions a week, at most"), min_value=0, max_value=14, initial=6)
    quarter_max = forms.IntegerField(label=_("Sessions a quarter, at most"), min_value=0, max_value=200, initial=40)
    families = ticks(_("Subjects they can teach"), _("Whole domains. Nothing ticked here and below = everything."))
    courses = ticks(_("Individual courses as well"))
    assumed = forms.BooleanField(label=_("These figures are assumed, not agreed"), required=False)
    active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, rates: dict[str, Rate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["courses"].choices = course_choices()
        found = Domain.objects.filter(framework__status="published").order_by("code")
        fields["families"].choices = [(row.code, f"{row.code} {row.name}") for row in found]
        fields["pay_class"].choices = pay_classes(rates)

    @staticmethod
    def first_values(row: Lecturer) -> dict[str, Any]:
        """What the form shows of a lecturer who is already there."""
        return {name: getattr(row, name) for name in LecturerForm.base_fields}


class DayOffForm(forms.Form):
    """Days on which nobody is taught."""

    name_vi = forms.CharField(label=_("Name in Vietnamese"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120, required=False)
    first = DayField(label=_("First day off"))
    last = DayField(label=_("Last day off"))
    kind = forms.ChoiceField(label=_("Basis"), choices=DayOff.Kind.choices, initial=DayOff.Kind.OWN)
    effective_from = DayField(label=_("In force since"), required=False)
    source = forms.CharField(
        label=_("Legal document"), max_length=300, help_text=_("Kept in the log with the day and the name.")
    )
    active = forms.BooleanField(label=_("In force"), required=False, initial=True)

    @staticmethod
    def first_values(row: DayOff) -> dict[str, Any]:
        """What the form shows of days off that are already there."""
        return {name: getattr(row, name) for name in DayOffForm.base_fields}
