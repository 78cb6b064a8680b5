"""Forms of meetings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField, MomentField
from nanglucso.core.queries import unit_named
from nanglucso.core.scope import Scope
from nanglucso.govern.meetings import queries
from nanglucso.govern.meetings.models import AgendaItem, Attendee, Meeting
from nanglucso.workforce.people.models import Person


class PlanForm(forms.Form):
    """Title, place and times."""

    title = forms.CharField(label=_("What the meeting is about"), max_length=250)
    place = forms.CharField(label=_("Room or place"), max_length=200)
    starts_at = MomentField(label=_("Begins"))
    ends_at = MomentField(label=_("Ends at"))


class NewForm(PlanForm):
    """A new meeting with its unit, chair and secretary."""

    unit = forms.CharField(label=_("Unit that holds it"), max_length=200, help_text=_("Name or code of the unit"))
    chair = forms.CharField(label=_("Chair of the meeting"), max_length=150, help_text=_("Name or staff code"))
    secretary = forms.CharField(label=_("Secretary"), max_length=150, help_text=_("Name or staff code"))

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope

    def clean_unit(self) -> Any:
        unit = unit_named(self.cleaned_data["unit"].strip(), scope=self.scope)
        if unit is None:
            raise forms.ValidationError(_("No single unit of yours has this name or code."))
        return unit

    def _person(self, name: str) -> Any:
        person = queries.person_named(self.cleaned_data[name].strip(), self.scope)
        if person is None:
            raise forms.ValidationError(_("No single person of your units has this name or code: use the staff code."))
        return person

    def clean_chair(self) -> Any:
        return self._person("chair")

    def clean_secretary(self) -> Any:
        return self._person("secretary")


class OfMeeting(forms.Form):
    """A form that knows its meeting: choices come from its agenda and its people."""

    def __init__(self, *args: Any, meeting: Meeting, seat: Attendee | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.meeting, self.seat = meeting, seat
        if "item" in self.fields:
            self.fields["item"].queryset = meeting.items.all()  # type: ignore[attr-defined]


class ChangeForm(PlanForm, OfMeeting):
    """Title, place and times of a meeting that is planned already."""


class RoleForm(OfMeeting):
    """Another part for somebody who is invited."""

    who = forms.ModelChoiceField(label=_("Whose part"), queryset=Attendee.objects.none())
    role = forms.ChoiceField(label=_("Part in the meeting"), choices=Attendee.Role.choices)
    may_vote = forms.BooleanField(label=_("Has a vote"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = self.meeting.attendees.exclude(answer=Attendee.Answer.SENDS).select_related("person")
        self.fields["who"].queryset = rows  # type: ignore[attr-defined]


class ItemForm(OfMeeting):
    title = forms.CharField(label=_("Point of the agenda"), max_length=300)
    minutes = forms.IntegerField(label=_("Minutes it should take"), min_value=1, max_value=600, initial=15)


class PaperForm(OfMeeting):
    title = forms.CharField(label=_("Name of the paper"), max_length=250)
    item = forms.ModelChoiceField(label=_("Point of the agenda"), queryset=AgendaItem.objects.none(), required=False)
    file = forms.FileField(
        label=_("PDF file"),
        help_text=_("At most 40 MB. Scripts, attachments and links are taken out; what was sent is not kept."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class CloseForm(OfMeeting):
    sheets = forms.IntegerField(
        label=_("Sheets of paper printed all the same"), min_value=0, max_value=1_000_000, initial=0
    )


class ReasonForm(OfMeeting):
    reason = forms.CharField(label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class StandInForm(OfMeeting):
    person = forms.ModelChoiceField(label=_("Who comes instead"), queryset=Person.objects.none())
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = queries.stand_ins(self.seat)  # type: ignore[attr-defined, arg-type]


class ConclusionForm(OfMeeting):
    text = forms.CharField(label=_("What has to be done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))
    owner = forms.ModelChoiceField(label=_("Person responsible for the task"), queryset=Person.objects.none())
    due_on = DayField(label=_("Due on"))
    item = forms.ModelChoiceField(label=_("Point of the agenda"), queryset=AgendaItem.objects.none(), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Person.objects.filter(meeting_places__meeting=self.meeting)
        self.fields["owner"].queryset = rows  # type: ignore[attr-defined]


class MinutesForm(OfMeeting):
    number = forms.CharField(label=_("Number of the minutes"), max_length=40, required=False)
    text = forms.CharField(label=_("What was said and decided"), widget=forms.Textarea(attrs={"rows": 14}))


class RemarkForm(OfMeeting):
    text = forms.CharField(label=_("What should be changed"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}))


class ReportForm(OfMeeting):
    text = forms.CharField(label=_("What was done"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label=_("File that proves it"), required=False, help_text=_("PDF, DOCX, XLSX or PNG"))
