"""Forms of what the planner counts with: courses and the cost of travel."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.fields import DongField
from nanglucso.develop.budget.models import Rate
from nanglucso.develop.plans.forms_lines import add_covers, add_lines, clean_covers, clean_lines
from nanglucso.develop.plans.models import Course, PlannedClass
from nanglucso.workforce.framework.queries import current_framework, frame
from nanglucso.workforce.people.models import TravelArea


class CourseForm(forms.Form):
    """What a planner may change of a course: hours, order, levels, and size, effect and cost lines of each form."""

    tiet = forms.IntegerField(label=_("Periods"), min_value=1, max_value=400)
    prereq = forms.MultipleChoiceField(
        label=_("Prerequisites"), required=False, widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"})
    )
    active = forms.BooleanField(label=_("In use"), required=False)
    source = forms.CharField(
        label=_("By what decision or source"), max_length=200, help_text=_("Kept in the log with the day and the name.")
    )

    def __init__(self, *args: Any, course: Course, rates: Mapping[str, Rate], **kwargs: Any) -> None:
        first = {"tiet": course.tiet, "prereq": course.prereq, "active": course.active}
        super().__init__(*args, **{"initial": first, **kwargs})
        fields: Any = self.fields
        others = Course.objects.filter(active=True).exclude(pk=course.pk)
        fields["prereq"].choices = [(row.code, f"{row.code} {row.name}") for row in others]
        self.course, names = course, dict(PlannedClass.Form.choices)
        covers = list(course.covers.select_related("competence"))
        highest = max([row.to_level for row in covers] + [frame(current_framework()).levels])
        self.covers, self.lines = add_covers(fields, covers, highest), {}
        self.kinds = [(key, names[PlannedClass.Form(key)]) for key in course.forms]
        for key, _name in self.kinds:
            told = course.forms[key]
            size: dict[str, Any] = {"min_value": 1, "max_value": 1000}
            fields[f"min_{key}"] = forms.IntegerField(label=_("Minimum participants"), initial=told["min"], **size)
            fields[f"max_{key}"] = forms.IntegerField(label=_("Maximum participants"), initial=told["max"], **size)
            fields[f"eff_{key}"] = forms.IntegerField(
                label=_("Assumed share of the gap closed, %"), min_value=1, max_value=100,
                initial=round(100 * told["eff"]),
            )  # fmt: skip
            self.lines[key] = add_lines(fields, course, key, rates)

    def form_groups(self) -> list[tuple[Any, list[Any], list[tuple[Any, list[list[Any]]]]]]:
        """For each form its name, bound fields, and cost lines a class and a seat."""
        return [
            (name, [self[f"{part}_{key}"] for part in ("min", "max", "eff")], self._line_groups(key))
            for key, name in self.kinds
        ]

    def _line_groups(self, key: str) -> list[tuple[Any, list[list[Any]]]]:
        titles = {"fixed": _("Costs per class"), "seat": _("Costs per participant")}
        return [
            (titles[part], [[self[f"{part}_{key}_{i}_{name}"] for name in ("rate", "qty")] for i in range(n)])
            for part, n in self.lines[key].items()
        ]

    def cover_rows(self) -> list[list[Any]]:
        """Bound fields of what the course leads to, a list a row."""
        return [[self[f"cover_{i}_{part}"] for part in ("k", "from", "to")] for i in range(self.covers)]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        for key, _name in self.kinds:
            if data.get(f"min_{key}") and data.get(f"max_{key}") and data[f"min_{key}"] > data[f"max_{key}"]:
                self.add_error(f"max_{key}", _("The maximum cannot be below the minimum."))
        data["covers"] = clean_covers(self, self.covers)
        data["lines"] = {
            key: {part: clean_lines(self, key, part, n) for part, n in parts.items()}
            for key, parts in self.lines.items()
        }
        return data

    def told(self) -> dict[str, Any]:
        """What the service takes; an effect that was not touched keeps its decimals."""
        data, forms_of = self.cleaned_data, {}
        for key, _name in self.kinds:
            old = self.course.forms[key]
            same = round(100 * old["eff"]) == data[f"eff_{key}"]
            eff = old["eff"] if same else data[f"eff_{key}"] / 100
            lines = {part: rows for part, rows in data["lines"][key].items() if rows is not None}
            forms_of[key] = {"min": data[f"min_{key}"], "max": data[f"max_{key}"], "eff": eff, **lines}
        names = ("tiet", "prereq", "active", "source", "covers")
        return {key: data[key] for key in names} | {"forms": forms_of}


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
            cost = area.trip_costs.get(row.code)
            first = None if cost is None else round(cost)
            fields[f"to_{row.pk}"] = DongField(
                label=_("To %(name)s, VND") % {"name": row.name}, required=False, initial=first
            )
        self.order_fields([*(f"to_{row.pk}" for row in self.others), "source"])

    def costs(self) -> dict[str, int]:
        """Code → đồng; areas left empty are too far."""
        found = {row.code: self.cleaned_data[f"to_{row.pk}"] for row in self.others}
        return {code: cost for code, cost in found.items() if cost is not None}
