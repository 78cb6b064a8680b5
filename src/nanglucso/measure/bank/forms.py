"""Forms of the item bank."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.measure.bank.models import Item


class StatusForm(forms.Form):
    """A new status of an item and why."""

    status = forms.ChoiceField(label=_("New status"), choices=Item.Status.choices)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the audit log, for the next reader."),
        error_messages={"required": _("Please say why: the next reader of this item needs it.")},
    )
