"""Forms of a reorganisation: its head, and one form a kind of step."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.workforce.people.models import Reorganisation, Unit


class HeadForm(forms.Form):
    """What is decided, by which document, with effect from when."""

    title = forms.CharField(label=_("What is reorganised"), max_length=200)
    decision = forms.CharField(
        label=_("Decision document"),
        max_length=200,
        required=False,
        help_text=_("Number, day and issuer of the document."),
    )
    day = DayField(
        label=_("With effect from"),
        help_text=_("A day that lies ahead is kept until then; a past day corrects the record from that day on."),
    )

    @staticmethod
    def of(row: Reorganisation) -> dict[str, Any]:
        """What the form shows first."""
        return {"title": row.title, "decision": row.decision, "day": row.day}


class UnitField(forms.CharField):
    """A unit chosen by typing its name; gives its code."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 300)
        super().__init__(widget=forms.TextInput(attrs={"list": "unit-list", "autocomplete": "off"}), **kwargs)
        self.codes: Mapping[str, str] = {}

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        if text and text not in self.codes:
            raise forms.ValidationError(_("There is no such unit in your scope: choose one from the list."))
        return self.codes.get(text, "")


class StepForm(forms.Form):
    """`codes` {words: code} of the units that can be chosen, those of draft `row` too.

    `parts`: heads of the form with the names of the fields below each; `told` gives the step as `services.steps`
    describes it, each kind of step its own.
    """

    told: Callable[[], dict[str, Any]]
    parts: tuple[tuple[Any, tuple[str, ...]], ...] = ()

    def __init__(self, *args: Any, codes: Mapping[str, str], row: Reorganisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = f"{reverse('people:unit_options')}?nhap={row.pk}"
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.codes = codes
                asking = {"hx-get": address, "hx-trigger": "input changed delay:250ms"}
                field.widget.attrs.update(asking | {"hx-target": "#unit-list"})

    def sections(self) -> list[tuple[Any, list[forms.BoundField]]]:
        """The fields under their heads; one section without a head when the form names none."""
        parts = self.parts or (("", tuple(self.fields)),)
        return [(head, [self[name] for name in names]) for head, names in parts]

    def _new(self, end: str = "") -> dict[str, Any] | None:
        """The new unit that the fields ending so describe; None when they are empty."""
        data = self.cleaned_data
        if not data.get(f"name{end}") and not data.get(f"code{end}"):
            return None
        return {"code": data[f"code{end}"], "name": data[f"name{end}"], "kind": data[f"unit_kind{end}"]}


def _name(label: Any = _("Name of the new unit"), required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, max_length=200, required=required)


def _code(required: bool = True) -> forms.CharField:
    return forms.CharField(
        label=_("Unit code"),
        max_length=40,
        required=required,
        help_text=_("As in the city's code list; never used before."),
    )


def _kind(required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=_("Unit type"), choices=[("", "–"), *Unit.Kind.choices], required=required)


class FoundForm(StepForm):
    name, code, unit_kind = _name(), _code(), _kind()
    parent = UnitField(label=_("Under"))

    def told(self) -> dict[str, Any]:
        return {"kind": "found", "unit": {**(self._new() or {}), "parent": self.cleaned_data["parent"]}}


class RenameForm(StepForm):
    unit = UnitField(label=_("Unit"))
    name = _name(_("New name"))
    short_name = forms.CharField(label=_("New short name, if it has one"), max_length=80, required=False)

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"kind": "rename", "unit": data["unit"], "name": data["name"], "short_name": data["short_name"]}


class MoveForm(StepForm):
    unit = UnitField(label=_("Unit"), help_text=_("It goes with all its parts and people."))
    parent = UnitField(label=_("Under"))

    def told(self) -> dict[str, Any]:
        return {"kind": "move", "unit": self.cleaned_data["unit"], "parent": self.cleaned_data["parent"]}


class MergeForm(StepForm):
    unit = UnitField(label=_("First unit"))
    unit_2 = UnitField(label=_("Second unit"), required=False)
    unit_3 = UnitField(label=_("Third unit"), required=False)
    unit_4 = UnitField(label=_("Fourth unit"), required=False)
    unit_5 = UnitField(label=_("Fifth unit"), required=False)
    unit_6 = UnitField(label=_("Sixth unit"), required=False)
    into = UnitField(
        label=_("Into an existing unit"), required=False, help_text=_("Or leave it empty and describe a new unit.")
    )
    name, code, unit_kind = _name(required=False), _code(required=False), _kind(required=False)
    merged = ("unit", "unit_2", "unit_3", "unit_4", "unit_5", "unit_6")
    parts = ((_("What is merged"), merged), (_("Into what"), ("into", "name", "code", "unit_kind")))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if bool(data.get("into")) == bool(data.get("name")) and not self.errors:
            self.add_error("into", _("Choose an existing unit or describe a new one, not both."))
        return data

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        units = [data[name] for name in self.merged if data[name]]
        return {"kind": "merge", "units": units, "into": data["into"] or self._new()}


class SplitForm(StepForm):
    unit = UnitField(label=_("Unit"), help_text=_("Who and what goes where is chosen on the next page."))
    keep = forms.BooleanField(label=_("The unit itself stays, the parts leave it"), required=False)
    name, code, unit_kind = _name(_("Name of the first part")), _code(), _kind()
    name_2, code_2 = _name(_("Name of the second part"), False), _code(False)
    unit_kind_2 = _kind(False)
    name_3, code_3 = _name(_("Name of the third part"), False), _code(False)
    unit_kind_3 = _kind(False)
    parts = (
        (_("What is split"), ("unit", "keep")),
        (_("First part"), ("name", "code", "unit_kind")),
        (_("Second part, if there is one"), ("name_2", "code_2", "unit_kind_2")),
        (_("Third part, if there is one"), ("name_3", "code_3", "unit_kind_3")),
    )

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        parts = [one for one in (self._new(), self._new("_2"), self._new("_3")) if one]
        return {"kind": "split", "unit": data["unit"], "keep": data["keep"], "parts": parts}


class DissolveForm(StepForm):
    unit = UnitField(label=_("Unit"))
    to = UnitField(
        label=_("Its people and parts go to"), required=False, help_text=_("Empty only when it has neither.")
    )
    to_2 = UnitField(label=_("some of them to"), required=False)
    to_3 = UnitField(label=_("some of them to"), required=False)

    def told(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {"kind": "dissolve", "unit": data["unit"], "to": [data[n] for n in ("to", "to_2", "to_3") if data[n]]}


STEP_FORMS: dict[str, type[StepForm]] = {
    "found": FoundForm,
    "rename": RenameForm,
    "move": MoveForm,
    "merge": MergeForm,
    "split": SplitForm,
    "dissolve": DissolveForm,
}


class DayForm(forms.Form):
    """A day in the address."""

    ngay = DayField(label=_("As of"), required=False)


class ReasonForm(forms.Form):
    """Why a reorganisation is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
