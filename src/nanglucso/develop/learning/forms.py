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
