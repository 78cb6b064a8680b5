"""Forms of retention and erasure: why something is put forward or refused."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Why a list, or one person's request, is put forward."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The request or the decision that it rests on. Do not repeat the name: the reason is kept."),
    )


class AnswerForm(forms.Form):
    """Why it is refused, or taken back by whoever put it forward."""

    answer = forms.CharField(label=_("Why it is refused"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            self.fields["answer"].label = _("Why it is taken back")
