"""Forms of certificates."""

from django import forms
from django.utils.translation import gettext_lazy as _


class RevokeForm(forms.Form):
    """Why a certificate is taken back."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the log; the public check page says only that the certificate is revoked."),
    )


class VerifyForm(forms.Form):
    """A badge from anywhere, and the list that says which badges of its issuer are revoked."""

    badge = forms.FileField(
        label=_("Badge file"),
        help_text=_("The JSON file of an Open Badges 3.0 badge, at most 1 MB."),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,application/json"}),
    )
    status = forms.FileField(
        label=_("Revocation list of its issuer"),
        required=False,
        help_text=_("Only for badges of other issuers: nothing is fetched from the internet here."),
        widget=forms.FileInput(attrs={"accept": ".json,.jsonld,application/json"}),
    )


class ListForm(forms.Form):
    """A list of completions elsewhere."""

    file = forms.FileField(
        label=_("List"),
        help_text=_("Excel or CSV: staff code, course, day of completion, score, certificate number."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv"}),
    )
