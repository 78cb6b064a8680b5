"""Forms of the units' proposals."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.plans.models import Course, Proposal
from nanglucso.workforce.framework.models import Competence
from nanglucso.workforce.people.models import Person, Unit

QUARTERS = (
    (0, _("Any quarter")),
    (1, _("Quarter I")),
    (2, _("Quarter II")),
    (3, _("Quarter III")),
    (4, _("Quarter IV")),
)


class ProposalForm(forms.Form):
    """A course or competence, for whom, why, when."""

    what = forms.ChoiceField(label=_("Course or competence"))
    heads = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=2000, required=False,
        help_text=_("Not needed when people are ticked below."),
    )  # fmt: skip
    people = forms.ModelMultipleChoiceField(
        label=_("Or name them"), queryset=Person.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"}),
    )  # fmt: skip
    quarter = forms.TypedChoiceField(label=_("Wanted in"), choices=QUARTERS, coerce=int, required=False)
    reason = forms.CharField(
        label=_("Why the unit needs it"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example a task that begins next year."),
    )  # fmt: skip

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        courses = [(f"c:{row.code}", f"{row.code} {row.name}") for row in Course.objects.filter(active=True)]
        wanted = Competence.objects.filter(framework__status="published").order_by("index")
        competences = [(f"k:{row.code}", f"{row.code} {row.name}") for row in wanted]
        fields["what"].choices = [("", _("Choose")), (_("Competences"), competences), (_("Courses"), courses)]
        people = Person.objects.filter(unit__path__startswith=unit.path, active=True)
        fields["people"].queryset = people.select_related("unit", "position").order_by("sort_key", "pk")
        fields["people"].label_from_instance = lambda row: f"{row.full_name}, {row.position.title}"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not data.get("people") and not data.get("heads") and "heads" not in self.errors:
            self.add_error("heads", _("Name the people, or write how many."))
        return data

    def told(self) -> dict[str, Any]:
        """What the service takes."""
        data = self.cleaned_data
        kind, code = data["what"].split(":", 1)
        course = Course.objects.get(code=code) if kind == "c" else None
        competence = None if course else Competence.objects.get(code=code, framework__status="published")
        return {
            "course": course, "competence": competence, "heads": data["heads"] or 0, "people": list(data["people"]),
            "quarter": data["quarter"] or 0, "reason": data["reason"],
        }  # fmt: skip


class AnswerForm(forms.Form):
    """An answer in the officer's own words."""

    status = forms.ChoiceField(
        label=_("Answer"),
        choices=[
            (value, label) for value, label in Proposal.Status.choices if value in ("granted", "partly", "declined")
        ],
    )
    words = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class RoundForm(forms.Form):
    """When units may propose."""

    year = forms.IntegerField(label=_("Year"), min_value=2025, max_value=2100)
    deadline = DayField(label=_("Proposals until"))
    weight = forms.FloatField(
        label=_("Weight of a proposal"), min_value=1, max_value=5, initial=1.5, localize=True,
        help_text=_("The need of those whom a unit proposes counts this many times."),
    )  # fmt: skip
    note = forms.CharField(label=_("Remark to the units"), max_length=300, required=False)
