"""Forms of the targets."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.govern.targets.shipped import systems
from nanglucso.workforce.people.models import Unit


class FigureForm(forms.Form):
    """A figure of a period with what proves it; `units`: where it may be written down."""

    unit = forms.ModelChoiceField(Unit.objects.none(), label=_("Figure of"), empty_label=None)
    period = forms.CharField(
        label=_("Period of the figure"), max_length=40, help_text=_("For example 9/2026, 2026-Q3 or 2026")
    )
    value = forms.DecimalField(label=_("Figure"), max_digits=12, decimal_places=2, localize=True)
    link = forms.CharField(label=_("Address of the proof"), max_length=500, required=False)
    note = forms.CharField(label=_("Document that proves it"), max_length=300, required=False)

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class FileForm(forms.Form):
    """A file of figures and the system that it is from."""

    system = forms.ChoiceField(label=_("System the file is from"))
    file = forms.FileField(
        label=_("File of figures"),
        help_text=_("Excel or CSV with a row of heads."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].choices = [(code, one.name) for code, one in systems().items()]  # type: ignore[attr-defined]


class AssignForm(forms.Form):
    """What a target depends on, and who answers for it; `competences`: [(code, name)]."""

    responsible = forms.ModelChoiceField(
        Unit.objects.none(), label=_("Answers for it in the city"), required=False, empty_label=_("Nobody yet")
    )
    competences = forms.MultipleChoiceField(
        label=_("Competences it depends on"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"}),
    )

    def __init__(self, *args: Any, competences: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["responsible"].queryset = Unit.objects.filter(depth__lte=2, until=None).order_by("path")  # type: ignore[attr-defined]
        self.fields["competences"].choices = competences  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why a figure no longer counts."""

    reason = forms.CharField(label=_("Why it no longer counts"), max_length=300)
