"""Forms of what the planner counts with: courses and the cost of travel."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.fields import DongField
from nanglucso.develop.plans.models import Course, PlannedClass
from nanglucso.workforce.people.models import TravelArea


class CourseForm(forms.Form):
    """What a planner may change of a course: hours, order, and size and effect of each form."""

    tiet = forms.IntegerField(label=_("Tiết"), min_value=1, max_value=400)
    prereq = forms.MultipleChoiceField(
        label=_("Finished before it"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"})
    )
    active = forms.BooleanField(label=_("In use"), required=False)
    source = forms.CharField(
        label=_("By what decision or source"), max_length=200, help_text=_("Kept in the log with the day and the name.")
    )

    def __init__(self, *args: Any, course: Course, **kwargs: Any) -> None:
        first = {"tiet": course.tiet, "prereq": course.prereq, "active": course.active}
        super().__init__(*args, **{"initial": first, **kwargs})
        fields: Any = self.fields
        others = Course.objects.filter(active=True).exclude(pk=course.pk)
        fields["prereq"].choices = [(row.code, f"{row.code} {row.name}") for row in others]
        self.course, names = course, dict(PlannedClass.Form.choices)
        self.kinds = [(key, names[PlannedClass.Form(key)]) for key in course.forms]
        for key, _name in self.kinds:
            told = course.forms[key]
            size: dict[str, Any] = {"min_value": 1, "max_value": 1000}
            fields[f"min_{key}"] = forms.IntegerField(label=_("Least people"), initial=told["min"], **size)
            fields[f"max_{key}"] = forms.IntegerField(label=_("Most people"), initial=told["max"], **size)
            fields[f"eff_{key}"] = forms.IntegerField(
                label=_("Share of the missing way it is taken to close, %"), min_value=1, max_value=100,
                initial=round(100 * told["eff"]),
            )  # fmt: skip

    def form_groups(self) -> list[tuple[Any, list[Any]]]:
        """For each form its name and bound fields."""
        return [(name, [self[f"{part}_{key}"] for part in ("min", "max", "eff")]) for key, name in self.kinds]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for key, _name in self.kinds:
            if data.get(f"min_{key}") and data.get(f"max_{key}") and data[f"min_{key}"] > data[f"max_{key}"]:
                self.add_error(f"max_{key}", _("The most people cannot be fewer than the least."))
        return data

    def told(self) -> dict[str, Any]:
        """What the service takes; an effect that was not touched keeps its decimals."""
        data, forms_of = self.cleaned_data, {}
        for key, _name in self.kinds:
            old = self.course.forms[key]
            same = round(100 * old["eff"]) == data[f"eff_{key}"]
            eff = old["eff"] if same else data[f"eff_{key}"] / 100
            forms_of[key] = {"min": data[f"min_{key}"], "max": data[f"max_{key}"], "eff": eff}
        return {key: data[key] for key in ("tiet", "prereq", "active", "source")} | {"forms": forms_of}


class TravelForm(forms.Form):
    """The cost of one return trip from an area to each other; empty = too far."""

    source = forms.CharField(
        label=_("By what decision or source"), max_length=200, help_text=_("Kept in the log with the day and the name.")
    )

    def __init__(self, *args: Any, area: TravelArea, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.others = list(TravelArea.objects.order_by("code"))
        for row in self.others:
            fields[f"to_{row.pk}"] = DongField(label=row.name, required=False, initial=area.trip_costs.get(row.code))
        self.order_fields([*(f"to_{row.pk}" for row in self.others), "source"])

    def costs(self) -> dict[str, int]:
        """Code → đồng; areas left empty are too far."""
        found = {row.code: self.cleaned_data[f"to_{row.pk}"] for row in self.others}
        return {code: cost for code, cost in found.items() if cost is not None}
