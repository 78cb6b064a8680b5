"""Forms of the people room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.core.scope import Scope
from nanglucso.workforce.people import queries
from nanglucso.workforce.people.models import Person, Position, PositionFamily, StaffImport, Unit

STATUSES = (("active", _("Working")), ("left", _("Has left")), ("all", _("All")))


class StaffFilterForm(forms.Form):
    """What the staff list is cut to; every key stands in the address."""

    q = forms.CharField(label=_("Name, staff number or e-mail"), required=False, max_length=80)
    unit = forms.ModelChoiceField(label=_("Unit"), queryset=Unit.objects.none(), required=False)
    family = forms.ModelChoiceField(label=_("Position family"), queryset=PositionFamily.objects.all(), required=False)
    position = forms.ModelChoiceField(label=_("Position"), queryset=Position.objects.all(), required=False)
    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.queryset = queries.units(scope=scope)

    def wanted(self, sort: str) -> queries.StaffFilter:
        """The filter; a value that is not one of the choices counts as empty."""
        clean = self.cleaned_data
        return queries.StaffFilter(
            text=clean.get("q") or "",
            unit=clean.get("unit"),
            position=clean.get("position"),
            family=clean.get("family"),
            status=clean.get("status") or "active",
            sort=sort or "ten",
        )


class UploadForm(forms.Form):
    """One spreadsheet with a list, and what it lists."""

    kind = forms.ChoiceField(
        label=_("What the file lists"),
        choices=StaffImport.Kind.choices,
        initial=StaffImport.Kind.STAFF,
        required=False,
    )
    file = forms.FileField(
        label=_("Spreadsheet"),
        help_text=_(
            "Excel (.xlsx, .xls) or CSV, at most 50 MB. Several sheets and title rows above the list are fine."
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xlsm,.xls,.csv"}),
        error_messages={
            "required": _("Choose the spreadsheet that holds the list."),
            "empty": _("The file is empty: choose the spreadsheet that holds the list."),
        },
    )

    def clean_kind(self) -> str:
        """Staff unless something else was asked for."""
        return self.cleaned_data["kind"] or StaffImport.Kind.STAFF


class PersonForm(forms.Form):
    """A person's own facts."""

    name = forms.CharField(label=_("Full name"), max_length=150)
    staff_code = forms.CharField(label=_("Staff number"), max_length=30, required=False)
    birth_date = DayField(label=_("Date of birth"), required=False)
    birth_year = forms.IntegerField(label=_("Year of birth, if the date is not known"), required=False)
    gender = forms.ChoiceField(label=_("Gender"), choices=Person.Gender.choices, required=False)
    email = forms.EmailField(label=_("Official e-mail"), required=False)
    phone = forms.CharField(label=_("Telephone"), max_length=20, required=False)

    @staticmethod
    def of(person: Person) -> dict[str, Any]:
        """What the form shows first."""
        told: dict[str, Any] = {name: getattr(person, name) for name in PersonForm.base_fields if name != "name"}
        year = None if person.birth_date else person.birth_year
        return {**told, "name": person.full_name, "birth_year": year}


class AppointForm(forms.Form):
    """A position in a unit from a day."""

    unit = forms.CharField(
        label=_("Unit"),
        max_length=300,
        help_text=_("Begin to type and choose from the list."),
        widget=forms.TextInput(attrs={"list": "unit-list", "autocomplete": "off", "hx-target": "#unit-list"}),
    )
    position = forms.ModelChoiceField(
        label=_("Position"), queryset=Position.objects.all(), empty_label=_("Choose a position")
    )
    title = forms.CharField(label=_("Title, if it differs from the position's name"), max_length=200, required=False)
    since = DayField(label=_("From day"))

    def __init__(self, *args: Any, places: Mapping[str, Unit], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places = places
        asking = {"hx-get": reverse("people:unit_options"), "hx-trigger": "input changed delay:250ms"}
        self.fields["unit"].widget.attrs.update(asking)

    def clean_unit(self) -> Unit:
        found = self.places.get(self.cleaned_data["unit"].strip())
        if found is None:
            raise forms.ValidationError(_("There is no such unit in your scope: choose one from the list."))
        return found


class AddForm(PersonForm, AppointForm):
    """A new person with their position."""

    field_order = ("name", "unit", "position", "title", "since", "staff_code", "birth_date", "birth_year", "gender")


class EndForm(forms.Form):
    """The first day on which an appointment no longer holds."""

    until = DayField(label=_("No longer holds from"))
