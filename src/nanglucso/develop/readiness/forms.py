"""Forms of the readiness room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as translated
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.readiness.models import Decision, Slip
from nanglucso.develop.readiness.queries import surveyed_units
from nanglucso.develop.readiness.questionnaire import CHOICE, COUNT, SEVERAL, Question, Questionnaire, clean
from nanglucso.workforce.people.models import Person, Unit


def _field(question: Question) -> forms.Field:
    told: dict[str, Any] = {"label": question.label, "help_text": question.hint, "required": False}
    choices = [(one.code, one.name) for one in question.choices]
    if question.kind == CHOICE:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect(attrs={"class": "picks"}), **told)
    if question.kind == SEVERAL:
        ticks = forms.CheckboxSelectMultiple(attrs={"class": "picks"})
        return forms.MultipleChoiceField(choices=choices, widget=ticks, **told)
    if question.kind == COUNT:
        attrs = {"inputmode": "numeric", "autocomplete": "off", "maxlength": 12, "class": "short"}
        return forms.CharField(widget=forms.TextInput(attrs=attrs), **told)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": 3, "maxlength": question.most}), **told)


class SlipForm(forms.Form):
    """The survey of one unit; with `sending` every fault is told at its question."""

    saves = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, asked: Questionnaire, sending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked, self.sending = asked, sending
        fields: Any = self.fields
        for question in asked.questions:
            fields[question.code] = _field(question)

    def sections(self) -> list[dict[str, Any]]:
        """The questions by section, as bound fields."""
        return [
            {
                "code": section.code, "name": section.name,
                "fields": [
                    {"field": self[one.code], "needed": one.needed, "wide": one.kind not in (COUNT,)}
                    for one in self.asked.questions
                    if one.section == section.code
                ],
            }
            for section in self.asked.sections
        ]  # fmt: skip

    def answers(self) -> dict[str, Any]:
        """What was typed, by question."""
        return {one.code: self.cleaned_data.get(one.code) for one in self.asked.questions}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.sending:
            _made, faults = clean(self.asked, {one.code: data.get(one.code) for one in self.asked.questions})
            for fault in faults:
                self.add_error(fault.question, translated(fault.template) % fault.told)
        return data


class RoundForm(forms.Form):
    """Whom to ask, until when."""

    name = forms.CharField(label=_("Name of the round"), max_length=150)
    due = DayField(label=_("Last day to answer"))
    kinds = forms.MultipleChoiceField(
        label=_("Units asked"), widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"})
    )
    note = forms.CharField(label=_("Remark to the units"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = set(surveyed_units().values_list("kind", flat=True))
        field: Any = self.fields["kinds"]
        field.choices = [(kind.value, kind.label) for kind in Unit.Kind if kind.value in there]
        field.initial = sorted(there)


class ContactForm(forms.Form):
    """Who fills in a unit's slip beside its head."""

    contact = forms.ModelChoiceField(
        label=_("Contact who fills in the survey"), queryset=Person.objects.none(), required=False,
        empty_label=_("only the head of the unit"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, slip: Slip) -> None:
        super().__init__(data, initial={"contact": slip.contact_id})
        people = Person.objects.filter(active=True, unit__path__startswith=slip.unit.path).select_related("position")
        field: Any = self.fields["contact"]
        field.queryset = people.exclude(user=None).order_by("sort_key", "pk")
        field.label_from_instance = _named


def _named(one: Person) -> str:
    title = one.title or (one.position.title if one.position else "")
    return f"{one.full_name}, {title}" if title else one.full_name


class SheetForm(forms.Form):
    """A spreadsheet of many units."""

    file = forms.FileField(
        label=_("File of figures"), help_text=_("Excel or CSV, one row a unit; the template names the columns."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv"}),
    )  # fmt: skip
    day = DayField(label=_("Day on which the figures were counted"))


class DecideForm(forms.Form):
    """What is decided on a unit's investments."""

    verdict = forms.ChoiceField(label=_("What is to be done"), choices=Decision.Verdict.choices)
    reason = forms.CharField(
        label=_("Reason"), max_length=300, help_text=_("For example the number and day of the decision.")
    )


def typed(told: Mapping[str, Any]) -> dict[str, Any]:
    """Kept answers as the form shows them."""
    return {code: value if isinstance(value, list) else str(value) for code, value in told.items()}
