"""Forms of what is given to one person, and of a rater."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.scope import Scope
from nanglucso.measure.assessments.accommodating import MOST_PAUSE, MOST_PERCENT, Measures
from nanglucso.measure.assessments.retaking import REASONS
from nanglucso.measure.bank.models import ItemVersion
from nanglucso.workforce.people.models import Person


class _OfOnePerson(forms.Form):
    """Somebody of the viewer's units, by staff code."""

    staff_code = forms.CharField(
        label=_("Staff code"),
        max_length=40,
        help_text=_("It stands on the person's page, under Officials and employees."),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_staff_code(self) -> Person:
        code = self.cleaned_data["staff_code"].strip()
        found = Person.objects.filter(self.scope.units("unit__path"), staff_code=code, active=True).first()
        if found is None:
            raise forms.ValidationError(_("Nobody in your units has the staff code %(code)s.") % {"code": code})
        return found


class AccommodationForm(_OfOnePerson):
    """What one person's test is like, and why."""

    extra_percent = forms.IntegerField(
        label=_("Extra time, percent"), min_value=0, max_value=MOST_PERCENT, required=False, initial=0
    )
    pause_minutes = forms.IntegerField(
        label=_("Extra pause, minutes in all"), min_value=0, max_value=MOST_PAUSE, required=False, initial=0
    )
    no_limit = forms.BooleanField(
        label=_("No time limit"), required=False, help_text=_("Only where a legal text allows it; name it below.")
    )
    screen_reader = forms.BooleanField(
        label=_("Only items that a screen reader reads"),
        required=False,
        help_text=_("Questions drawn as a screen picture are left out."),
    )
    large_print = forms.BooleanField(label=_("Large print from the start"), required=False)
    basis = forms.CharField(label=_("Legal text that allows a test without a limit"), max_length=200, required=False)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, help_text=_("Read only by those who decide on conditions; not in the log.")
    )

    @property
    def switches(self) -> list[forms.BoundField]:
        return [self[name] for name in ("no_limit", "screen_reader", "large_print")]

    @property
    def measures(self) -> Measures:
        given = self.cleaned_data
        return Measures(
            given["extra_percent"] or 0, given["pause_minutes"] or 0, given["no_limit"], given["screen_reader"],
            given["large_print"],
        )  # fmt: skip


class SecondTestForm(_OfOnePerson):
    """Who gets a second test and for which reason."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose …")), *REASONS.items()])
    note = forms.CharField(label=_("What happened"), max_length=300, help_text=_("It stays in the log."))


class FileRatingForm(forms.Form):
    """One of the categories of an item's rubric, and a note that is kept."""

    score = forms.TypedChoiceField(label=_("Category"), coerce=int, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Note"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Why you chose this level; kept with the rating."),
    )  # fmt: skip

    def __init__(self, *args: Any, version: ItemVersion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [(row["score"], f"{row['score']}. {row['text']}") for row in version.key["rubric"]]
        self.fields["score"].choices = rows  # type: ignore[attr-defined]
