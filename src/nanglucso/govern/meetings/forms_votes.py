"""Forms of votes: what is put to the vote, and the ballot."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.govern.meetings.models import AgendaItem, Meeting, Vote
from nanglucso.govern.meetings.services.votes import Asked
from nanglucso.govern.meetings.voterules import Rule, rules


def in_language(told: Any) -> str:
    """Words of a rule in the reader's language."""
    return str(told["en" if (get_language() or "vi").startswith("en") else "vi"])


def _choices(found: Any) -> list[tuple[str, str]]:
    return [(key, in_language(one.name)) for key, one in found.items()]


def basis(one: Rule) -> str:
    """Where a rule comes from, in the reader's language."""
    return in_language(one.legal)


class AskForm(forms.Form):
    """What is put to the vote. Names in the box make it a list of candidates, an empty box a matter."""

    title = forms.CharField(label=_("What is voted on"), max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    item = forms.ModelChoiceField(
        label=_("Point of the agenda"),
        queryset=AgendaItem.objects.none(),
        required=False,
        empty_label=_("No point in particular"),
    )
    secret = forms.ChoiceField(
        label=_("How it is voted"),
        choices=(("0", _("Openly: the minutes say who voted what")), ("1", _("Secretly: only totals are ever known"))),
        widget=forms.RadioSelect,
        initial="0",
    )
    candidates = forms.CharField(
        label=_("Candidates, one a line"),
        required=False,
        max_length=15_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Leave empty for: agree, do not agree, other view."),
    )
    most = forms.IntegerField(
        label=_("How many may be chosen"),
        required=False,
        min_value=1,
        initial=1,
        help_text=_("Of a list of candidates."),
    )
    quorum = forms.ChoiceField(label=_("Quorum"))
    majority = forms.ChoiceField(label=_("Majority"))

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = meeting.items.all()  # type: ignore[attr-defined]
        self.fields["quorum"].choices = _choices(rules().quorums)  # type: ignore[attr-defined]
        self.fields["majority"].choices = _choices(rules().majorities)  # type: ignore[attr-defined]

    def asked(self) -> Asked:
        """What the service takes."""
        told = self.cleaned_data
        names = tuple(one for one in told["candidates"].splitlines() if one.strip())
        return Asked(
            told["title"],
            told["secret"] == "1",  # noqa: S105 - a tick, no password
            told["quorum"],
            told["majority"],
            names,
            told["most"] or 1,
            told["item"],
        )


class BallotForm(forms.Form):
    """A ballot: one answer of a matter, or several names of a list, or an empty one on purpose."""

    def __init__(self, *args: Any, vote: Vote, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.vote = vote
        told = [(one.value, str(one)) for one in vote.options.all()]
        several = vote.is_list and vote.most > 1
        made: Any = forms.MultipleChoiceField if several else forms.ChoiceField
        widget: Any = forms.CheckboxSelectMultiple if several else forms.RadioSelect
        self.fields["choice"] = made(label=vote.title, choices=told, widget=widget, required=not vote.is_list)
        self.fields["choice"].error_messages["required"] = _("Choose one answer.")
        if vote.is_list:
            self.fields["blank"] = forms.BooleanField(label=_("I name nobody (blank ballot)"), required=False)

    @property
    def chosen(self) -> list[str]:
        """What is ticked, also in a form that was sent back."""
        value = self["choice"].value() or []
        return [value] if isinstance(value, str) else list(value)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.vote.is_list and not self.errors and bool(data.get("choice")) == bool(data.get("blank")):
            self.add_error("choice", _("Choose at least one name, or tick the blank ballot; not both."))
        return data

    def numbers(self) -> list[int]:
        """Numbers of the options chosen."""
        value = self.cleaned_data.get("choice") or []
        return [int(one) for one in ([value] if isinstance(value, str) else value)]


class VoidForm(forms.Form):
    """Why a vote is made void."""

    reason = forms.CharField(label=_("Why the vote is made void"), max_length=300)
