"""Forms of the system pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries
from nanglucso.core.fields import DayField
from nanglucso.core.models import Role, User
from nanglucso.core.scope import Scope
from nanglucso.core.services import KNOWS_NO_UNIT


class AuditForm(forms.Form):
    """Filter of the audit log."""

    actor = forms.CharField(
        label=_("Who did it"), required=False, max_length=80, help_text=_("Name, staff code or account name")
    )
    verb = forms.CharField(
        label=_("What was done"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs={"list": "verbs"}),
        help_text=_("Choose from the list"),
    )
    person = forms.CharField(label=_("Whose record"), required=False, max_length=80, help_text=_("Name or staff code"))
    since = DayField(label=_("From day"), required=False)
    until = DayField(label=_("To day"), required=False)

    def wanted(self) -> queries.AuditFilter:
        """The filter; fields that could not be read count as empty."""
        clean = self.cleaned_data
        return queries.AuditFilter(
            actor=clean.get("actor", ""),
            verb=clean.get("verb", ""),
            person=clean.get("person", ""),
            since=clean.get("since"),
            until=clean.get("until"),
        )


class DelegationForm(forms.Form):
    """Who acts in a head's role, and from which day to which."""

    user = forms.CharField(
        label=_("Who acts for you"),
        max_length=150,
        help_text=_("Name, staff code or account name of somebody in your unit who has an account."),
        widget=forms.TextInput(attrs={"list": "deputies", "autocomplete": "off"}),
    )
    since = DayField(label=_("From day"))
    until = DayField(label=_("Until (inclusive)"))

    def __init__(self, *args: Any, scope: Scope, holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope, self.holder = scope, holder

    def clean_user(self) -> User:
        user = queries.deputy_named(self.cleaned_data["user"].strip(), scope=self.scope, but=self.holder)
        if user is None:
            raise forms.ValidationError(_("No single account of your unit has this name or code; see the list."))
        return user


# Roles that cover a unit or the whole city: which of the two is said, never guessed from an empty box.
CHOOSES_SCOPE = {Role.TRAINING, Role.LEADER, Role.ADMIN}


class GrantForm(forms.Form):
    """A role and the unit it covers."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=200,
        help_text=_("Name or code of the unit; the role covers everything below it."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    city = forms.BooleanField(label=_("Over the whole city"), required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        if not scope.everything:
            del self.fields["city"]
            self.fields["unit"].required = True
            self.fields["unit"].help_text = _("Name or code of one of your units; the role covers everything below it.")
            kept = [choice for choice in Role.choices if choice[0] not in KNOWS_NO_UNIT]
            self.fields["role"].choices = kept  # type: ignore[attr-defined]

    def clean_unit(self) -> Any | None:
        text = self.cleaned_data["unit"].strip()
        if not text:
            return None
        unit = queries.unit_named(text, scope=self.scope)
        if unit is None:
            raise forms.ValidationError(_("No single unit has this name or code; choose one from the list."))
        return unit

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        city = data.pop("city", False)
        if city and data.get("unit"):
            self.add_error("unit", _("Name a unit or tick the whole city, not both."))
        elif not city and not data.get("unit") and data.get("role") in CHOOSES_SCOPE and "unit" not in self.errors:
            self.add_error("unit", _("Name the unit, or tick that the role covers the whole city."))
        return data
