"""Forms of the yearly duty."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.hours.wording import certificate_name
from nanglucso.measure.assessments.models import OutsideCertificate

STATES = ("missing", "met", "unknown")


class EntryForm(forms.Form):
    """Periods written down by hand; `certificates`: those of the person that wait for their periods."""

    tiet = forms.IntegerField(label=_("Periods"))
    reason = forms.CharField(
        label=_("Which course, or why the figure is corrected"), max_length=300, widget=forms.TextInput
    )
    document = forms.CharField(
        label=_("Decision or certificate"), max_length=120, required=False,
        help_text=_("For example: decision no. 12 of 05/02/2026"),
    )  # fmt: skip
    certificate = forms.ModelChoiceField(
        OutsideCertificate.objects.none(), label=_("Course elsewhere already confirmed"), required=False,
        empty_label=_("none: another course"),
    )  # fmt: skip

    def __init__(self, *args: Any, certificates: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["certificate"]
        field.queryset = certificates  # type: ignore[attr-defined]
        field.label_from_instance = certificate_name  # type: ignore[attr-defined]
        if not certificates:
            del self.fields["certificate"]


class ListForm(forms.Form):
    """Which people of the list are shown: by state, by regime, by a part of the name."""

    q = forms.CharField(required=False, max_length=80)
    tt = forms.CharField(required=False)
    dt = forms.CharField(required=False)

    def wanted(self) -> dict[str, str]:
        """Only what is known; anything else asks for all."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        state = data.get("tt", "")
        return {
            "text": data.get("q", ""),
            "state": state if state in STATES else "",
            "regime": data.get("dt", "") if data.get("dt", "").isidentifier() else "",
        }
