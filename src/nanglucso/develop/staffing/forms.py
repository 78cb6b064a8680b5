"""Forms of the staffing room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.staffing.models import Overlap, Vacancy
from nanglucso.develop.staffing.queries import Line, figures
from nanglucso.workforce.people.models import Position, Unit


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class PlaceField(forms.CharField):
    """A unit chosen by typing; the form's `places` {words: unit} says which there are."""

    def __init__(self, **kwargs: Any) -> None:
        typed = forms.TextInput(attrs={"list": "unit-list", "autocomplete": "off", "hx-target": "#unit-list"})
        kwargs.setdefault("help_text", _("Begin to type and choose from the list."))
        super().__init__(max_length=300, widget=typed, **kwargs)
        self.places: Mapping[str, Unit] = {}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.places.get(text.strip())
        if found is None:
            raise forms.ValidationError(_("There is no such unit in your scope: choose one from the list."))
        return found


class PlacedForm(forms.Form):
    """A form with fields that choose a unit; `fetch` asks the server for more units while somebody types."""

    def __init__(self, *args: Any, places: Mapping[str, Unit], fetch: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asking = {"hx-get": reverse("people:unit_options"), "hx-trigger": "input changed delay:250ms"}
        for field in self.fields.values():
            if isinstance(field, PlaceField):
                field.places = places
                field.widget.attrs.update(asking if fetch else {})


class DutyForm(PlacedForm):
    """One function of a unit."""

    unit = PlaceField(label=_("Unit"))
    text = forms.CharField(
        label=_("Function or duty"), widget=_area(), help_text=_("One duty, worded as in the decision.")
    )
    output = forms.CharField(label=_("Product"), max_length=300, required=False)
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=200, required=False, help_text=_("Number and day of the decision.")
    )
    since = DayField(label=_("From day"))


class EndDutyForm(forms.Form):
    """The first day on which a function no longer holds."""

    until = DayField(label=_("No longer carried out from"))


class ReviewForm(forms.Form):
    """What a pair is."""

    verdict = forms.ChoiceField(
        label=_("The two duties are"), widget=forms.RadioSelect,
        choices=[choice for choice in Overlap.Verdict.choices if choice[0]],
    )  # fmt: skip
    remark = forms.CharField(
        label=_("Remark"), required=False, widget=_area(2),
        help_text=_("For work shared by law: the law or decision, and its article."),
    )  # fmt: skip


class ResolveForm(PlacedForm):
    """What is done about it, by whom, until when."""

    action = forms.ChoiceField(
        label=_("What is done"), choices=[choice for choice in Overlap.Action.choices if choice[0]]
    )
    owner = PlaceField(label=_("Unit responsible"))
    due = DayField(label=_("Due on"))
    plan = forms.CharField(label=_("How"), required=False, widget=_area(2))


class CloseForm(forms.Form):
    """The resolution was carried out."""

    on = DayField(label=_("Carried out on"))
    closing = forms.CharField(label=_("Document that settles it"), max_length=300)


class VacancyForm(PlacedForm):
    """Posts that stand empty."""

    unit = PlaceField(label=_("Unit"))
    position = forms.ModelChoiceField(
        label=_("Position"), queryset=Position.objects.filter(is_generic=False), empty_label=_("Choose a position")
    )
    since = DayField(label=_("Vacant from"))
    number = forms.IntegerField(label=_("Number of posts"), min_value=1, max_value=20, initial=1)
    reason = forms.ChoiceField(label=_("Reason"), choices=Vacancy.Reason.choices)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)


class SuggestForm(PlacedForm):
    """Whose people are looked at, and when a post rather stays empty."""

    unit = PlaceField(
        label=_("Only people of the unit"), required=False,
        help_text=_("For a reorganisation: the unit that is dissolved or merged. Empty = everybody in your scope."),
    )  # fmt: skip
    floor = forms.IntegerField(
        label=_("Lowest fit (%)"),
        min_value=0,
        max_value=100,
        required=False,
        help_text=_("A post for which nobody reaches it stays empty."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["floor"].initial = round(100 * figures()["floor"])


class DecideForm(forms.Form):
    """Who gets the post, by whose authority, and why."""

    person = forms.ChoiceField(label=_("Person chosen"))
    other = forms.CharField(
        label=_("Staff number of somebody else"), max_length=30, required=False,
        help_text=_("Only if the person chosen is not in the list."),
    )  # fmt: skip
    authority = forms.CharField(
        label=_("Who decides"),
        max_length=200,
        help_text=_("The post, and number and day of the decision if there is one."),
    )
    reason = forms.CharField(label=_("Reason"), widget=_area())

    OTHER, NOBODY = "other", "nobody"

    def __init__(self, *args: Any, lines: list[Line], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        named = [(str(line.person.pk), f"{line.person.full_name} · {line.percent}%") for line in lines]
        field.choices = [
            ("", _("Choose from the list")),
            *named,
            (self.OTHER, _("Somebody else")),
            (self.NOBODY, _("Nobody for now")),
        ]
