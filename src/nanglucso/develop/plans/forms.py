"""Forms of the planning room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.budget.fields import MillionField
from nanglucso.develop.plans.building import ABSENT_MAX
from nanglucso.develop.plans.models import Course, PlannedClass, Scenario
from nanglucso.develop.plans.queries import RETEST_SHARE
from nanglucso.develop.plans.teaching import LEAST_DAYS
from nanglucso.develop.plans.unready import ONLY_READY
from nanglucso.workforce.framework.models import Domain
from nanglucso.workforce.people.models import TravelArea

PRIORITIES = (("0.5", _("Less")), ("1", _("As usual")), ("1.5", _("Somewhat more")), ("2", _("Twice as much")))
SECONDS = (
    (20, _("20 seconds")), (60, _("1 minute")), (300, _("5 minutes")), (900, _("15 minutes")), (1800, _("30 minutes")),
)  # fmt: skip


def _percent(label: Any, hint: Any, **more: Any) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, min_value=1, max_value=100, **more)


def ticks(label: Any, hint: Any = "", **more: Any) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple(attrs={"class": "picks"})
    return forms.MultipleChoiceField(label=label, help_text=hint, required=False, widget=widget, **more)


def course_choices() -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in Course.objects.filter(active=True)]


class ScenarioForm(forms.Form):
    """The settings of one scenario."""

    name = forms.CharField(label=_("Name of the scenario"), max_length=120)
    year = forms.IntegerField(label=_("Year"), min_value=2025, max_value=2100)
    budget = MillionField(
        label=_("Budget, million VND"),
        help_text=_("For example 30,000 or 30 billion. The year's sources grow or shrink alike."),
    )
    first_week = DayField(
        label=_("Monday of the first teaching week"), required=False,
        help_text=_("Empty = the first Monday of March, after Tết."),
    )  # fmt: skip
    weeks = forms.IntegerField(label=_("Teaching weeks"), min_value=1, max_value=52, initial=40)
    absent = _percent(
        _("Absent from one unit in one week, at most %"), _("At least one person of a unit may always go."),
        initial=round(100 * ABSENT_MAX),
    )  # fmt: skip
    least_days = forms.IntegerField(
        label=_("Working days that a teaching week needs"), required=False, min_value=1, max_value=5,
        initial=LEAST_DAYS,
        help_text=_("A week with fewer, because of Tết or another holiday, has no classes."),
    )  # fmt: skip
    retest = _percent(
        _("Test before the class when the uncertainty is above, %"),
        _("Share of a person's need that is not yet known or only assumed from the position group."),
        initial=round(100 * RETEST_SHARE),
    )
    forms_open = ticks(
        _("Delivery modes that may be opened"),
        choices=PlannedClass.Form.choices,
        initial=list(PlannedClass.Form.values),
    )
    only_ready = forms.BooleanField(
        label=_("Only units that are ready"), required=False,
        help_text=_(
            "People of units whose infrastructure is short or not known get no seat in any class, and the rules of "
            "section 4 do not ask for them; the plan names the units and why."
        ),
    )  # fmt: skip
    unit_size = forms.IntegerField(
        label=_("Size of unit from which the rule holds, people"),
        required=False,
        min_value=1,
        help_text=_("Empty = no such rule."),
    )  # fmt: skip
    unit_share = _percent(_("Smallest share of its people in a class, %"), "", required=False)
    mandatory = ticks(_("Mandatory courses for all who need them"))
    mandatory_share = _percent(_("Share of those who need it, %"), "", required=False, initial=100)
    mandatory_week = forms.IntegerField(
        label=_("Finished by teaching week"), required=False, min_value=1, max_value=52,
        help_text=_("Empty = by the end of the year."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["mandatory"].choices = course_choices()
        self.domains = list(
            Domain.objects.filter(framework__status="published").prefetch_related("competences").order_by("code")
        )
        for row in self.domains:
            fields[f"pri_{row.code}"] = forms.ChoiceField(
                label=f"{row.code} {row.name}", choices=PRIORITIES, initial="1", required=False
            )

    @staticmethod
    def first_values(row: Scenario) -> dict[str, Any]:
        """What the form shows of a scenario that is already there."""
        p = row.params
        least, must = p.get("unit_minimum", {}), p.get("mandatory", [])
        told = {
            "name": row.name, "year": row.year, "budget": row.budget, "first_week": row.first_week, "weeks": row.weeks,
            "absent": round(100 * p.get("absent_max", ABSENT_MAX)),
            "retest": round(100 * p.get("retest_share", RETEST_SHARE)), "least_days": p.get("least_days", LEAST_DAYS),
            "forms_open": p.get("forms", list(PlannedClass.Form.values)), "unit_size": least.get("size"),
            "unit_share": round(100 * least["share"]) if least.get("share") else None,
            "mandatory": [entry["course"] for entry in must], "only_ready": p.get("readiness") == ONLY_READY,
        }  # fmt: skip
        if must:
            last, share = must[0].get("deadline", row.weeks - 1), must[0].get("share", 1)
            told |= {"mandatory_share": round(100 * share), "mandatory_week": last + 1}
        for domain in Domain.objects.filter(framework__status="published").prefetch_related("competences"):
            factors = {p.get("priorities", {}).get(c.code, 1.0) for c in domain.competences.all()}
            told[f"pri_{domain.code}"] = f"{max(factors, default=1.0):g}"
        return told

    @staticmethod
    def kept(row: Scenario) -> dict[str, Any]:
        """Settings of a scenario that the form does not show."""
        shown = {
            "absent_max",
            "retest_share",
            "least_days",
            "priorities",
            "forms",
            "unit_minimum",
            "mandatory",
            "readiness",
        }
        return {key: value for key, value in row.params.items() if key not in shown}

    def priority_fields(self) -> list[Any]:
        """The bound fields of the domains' priorities."""
        return [self[f"pri_{row.code}"] for row in self.domains]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        told = not {"unit_size", "unit_share"} & set(self.errors)
        if told and bool(data.get("unit_size")) != bool(data.get("unit_share")):
            self.add_error("unit_share", _("Write both the size and the share, or neither."))
        if data.get("first_week") and data["first_week"].weekday():
            self.add_error("first_week", _("The first teaching week begins on a Monday."))
        if data.get("mandatory_week") and data.get("weeks") and data["mandatory_week"] > data["weeks"]:
            self.add_error("mandatory_week", _("The year has fewer teaching weeks than this."))
        return data

    def params(self) -> dict[str, Any]:
        """The scenario's `params`; settings as usual are left out."""
        data = self.cleaned_data
        made: dict[str, Any] = {"absent_max": data["absent"] / 100, "retest_share": data["retest"] / 100}
        if data.get("least_days") and data["least_days"] != LEAST_DAYS:
            made["least_days"] = data["least_days"]
        factors = {row.code: float(data.get(f"pri_{row.code}") or 1) for row in self.domains}
        priorities = {c.code: factors[row.code] for row in self.domains for c in row.competences.all()}
        if any(factor != 1 for factor in priorities.values()):
            made["priorities"] = priorities
        if data["forms_open"] and len(data["forms_open"]) < len(PlannedClass.Form.values):
            made["forms"] = data["forms_open"]
        if data.get("only_ready"):
            made["readiness"] = ONLY_READY
        if data["unit_size"]:
            made["unit_minimum"] = {"size": data["unit_size"], "share": data["unit_share"] / 100}
        if data["mandatory"]:
            last, share = (data["mandatory_week"] or data["weeks"]) - 1, (data["mandatory_share"] or 100) / 100
            made["mandatory"] = [{"course": code, "deadline": last, "share": share} for code in data["mandatory"]]
        return made


class CopyForm(forms.Form):
    """A copy under another name and budget."""

    name = forms.CharField(label=_("Name of the copy"), max_length=120)
    budget = MillionField(label=_("Budget, million VND"))


class SolveForm(forms.Form):
    """How long the computation may take."""

    seconds = forms.TypedChoiceField(label=_("Compute for at most"), choices=SECONDS, coerce=int, initial=60)


class ReturnForm(forms.Form):
    """Why a plan goes back."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class ClassFilterForm(forms.Form):
    """What the table of classes is cut to; every key stands in the address."""

    hinh_thuc = forms.ChoiceField(label=_("Delivery mode"), required=False)
    khu_vuc = forms.ChoiceField(label=_("Area"), required=False)
    linh_vuc = forms.ChoiceField(label=_("Domain"), required=False)

    def __init__(self, *args: Any, scenario: Scenario, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["hinh_thuc"].choices = [("", _("All delivery modes")), *PlannedClass.Form.choices]
        areas = [(area.code, area.name) for area in TravelArea.objects.order_by("code")]
        fields["khu_vuc"].choices = [("", _("All areas")), ("-", _("Whole city, online")), *areas]
        domains = Domain.objects.filter(framework__status="published").order_by("code")
        fields["linh_vuc"].choices = [
            ("", _("All domains")),
            *((row.code, f"{row.code} {row.name}") for row in domains),
        ]
