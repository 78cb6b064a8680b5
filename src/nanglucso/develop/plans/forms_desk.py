"""Forms of the planner's desk."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.plans.models import HandChange, PlannedClass, Scenario
from nanglucso.kit.text import fold
from nanglucso.workforce.people.models import Person

MOST_NAMES, MOST_LISTED = 5, 200
LONGEST = 150


class PersonField(forms.Field):
    """A person by staff code, or by a name that only one of the staff has; cleans to the person."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()[:LONGEST]
        if not text:
            return None
        rows = Person.objects.filter(active=True).select_related("unit")
        found = list(rows.filter(staff_code__iexact=text)[:1]) or list(rows.filter(fold=fold(text))[: MOST_NAMES + 1])
        if not found:
            raise ValidationError(_("Nobody has this staff code or full name."))
        if len(found) > 1:
            codes = ", ".join(f"{row.staff_code or '–'} ({row.unit})" for row in found[:MOST_NAMES])
            raise ValidationError(
                _("Several people have this name; write the staff code: %(codes)s") % {"codes": codes}
            )
        return found[0]


class HandForm(forms.Form):
    """One change by hand."""

    kind = forms.ChoiceField(label=_("What to do"), choices=HandChange.Kind.choices)
    person = PersonField(label=_("Staff member"), help_text=_("Staff code, or the full name."))
    number = forms.IntegerField(
        label=_("Number of the class"), min_value=1, help_text=_("The class they go to, or the one they leave.")
    )
    reason = forms.CharField(label=_("Why"), max_length=300, help_text=_("The approver reads it."))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(
            scenario.classes.select_related("course").only("number", "start", "course", "scenario")[: MOST_LISTED + 1]
        )
        if len(rows) <= MOST_LISTED:
            field: Any = self.fields["number"]
            field.label = _("Class")
            field.widget = forms.Select(
                choices=[("", _("Choose a class")), *((row.number, _line(row, scenario)) for row in rows)]
            )


def _line(row: PlannedClass, scenario: Scenario) -> str:
    return f"{row.number}. {row.course} ({scenario.monday(row.start):%d/%m/%Y})"
