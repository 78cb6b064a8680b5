"""Forms of the learning room."""

from django import forms
from django.utils.translation import gettext_lazy as _


class TaskForm(forms.Form):
    """What was done at work."""

    note = forms.CharField(
        label=_("What was done, and where the result is"), max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences; no personal data. The head of your unit reads it."),
    )  # fmt: skip


class SourceForm(forms.Form):
    """The text of a lesson."""

    source = forms.CharField(
        label=_("Text of the lesson"), max_length=60_000, strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "false", "lang": "vi", "translate": "no"}),
    )  # fmt: skip


class PackageForm(forms.Form):
    """A SCORM package as a zip."""

    file = forms.FileField(
        label=_("Zip file of the package (SCORM 1.2)"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=_("As the authoring tool exports it for SCORM 1.2, with imsmanifest.xml in it."),
    )
    minutes = forms.IntegerField(
        label=_("Minutes it takes"), min_value=5, max_value=600, initial=30,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("An honest estimate: the package counts as finished after two fifths of it at the earliest."),
    )  # fmt: skip
