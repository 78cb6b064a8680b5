"""Forms of exchange."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core import queries as accounts
from nanglucso.core.scope import EVERYTHING
from nanglucso.govern.exchange.exchangerules import dictionary, rules


class TokenForm(forms.Form):
    """A token for another system."""

    name = forms.CharField(label=_("System that will use it"), max_length=120)
    resources = forms.MultipleChoiceField(label=_("May read"), widget=forms.CheckboxSelectMultiple)
    unit = forms.CharField(
        label=_("Unit"), required=False, max_length=200, help_text=_("Code or full name; empty = the whole city.")
    )
    days = forms.IntegerField(label=_("Days in force"), min_value=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["resources"].choices = [(one.code, one.said) for one in dictionary().values()]  # type: ignore[attr-defined]
        most = int(rules()["tokens"]["most_days"])
        self.fields["days"].max_value = most  # type: ignore[attr-defined]
        self.fields["days"].initial = most

    def clean_unit(self) -> Any:
        """The unit, or None for the whole city."""
        text = self.cleaned_data["unit"].strip()
        found = accounts.unit_named(text, scope=EVERYTHING) if text else None
        if text and found is None:
            raise forms.ValidationError(_("No unit has this code or name."))
        return found
