"""Forms of appeals and corrections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.measure.quality.models import Appeal


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


class AppealForm(forms.Form):
    """What is challenged and why. `step` "" = the whole result."""

    step = forms.TypedChoiceField(label=_("What should be looked at"), required=False, coerce=int, empty_value=None)
    reason = _text(_("What seems wrong"), _("One or two sentences are enough; no need to quote a legal text."))

    def __init__(self, *args: Any, steps: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", _("The whole result")), *steps]  # type: ignore[attr-defined]


class ReviewerForm(forms.Form):
    """Who reviews a case."""

    reviewer = forms.ModelChoiceField(label=_("Reviewer"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = people  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """The decision and its reasons."""

    remedy = forms.ChoiceField(label=_("Decision"), required=False, widget=forms.RadioSelect)
    answer = _text(_("Reasons, as the person will read them"), _("Say what was checked, what was found, what follows."))

    def __init__(self, *args: Any, about_item: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        remedies = [(v, n) for v, n in Appeal.Remedy.choices if about_item or v != Appeal.Remedy.NEUTRALISE]
        self.fields["remedy"].choices = [("", _("The result stands")), *remedies]  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why something is done to results."""

    reason = _text(_("Reason"), _("Kept in the audit log, for the next reader."), rows=3)


class NeutraliseForm(ReasonForm):
    """Which item, as its code, and why."""

    code = forms.CharField(label=_("Item code"), max_length=30)
    field_order = ("code", "reason")


class LateForm(ReasonForm):
    """Whether a late answer counts."""

    accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The answer counts")), ("no", _("The answer does not count"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("accepted", "reason")


class CampaignsForm(forms.Form):
    """Which answers count."""

    campaigns = forms.MultipleChoiceField(label=_("Campaigns whose answers count"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaigns"].choices = campaigns  # type: ignore[attr-defined]


class CalibrationForm(CampaignsForm):
    """And how strongly the present parameters hold."""

    least = forms.IntegerField(
        label=_("Fewest answers of an item"),
        min_value=30,
        max_value=100_000,
        initial=200,
        help_text=_("Items with fewer keep their present parameters."),
    )
    sd_b = forms.FloatField(
        label=_("Spread of difficulty around its present value, logits"), min_value=0.1, max_value=3, initial=0.5
    )
    sd_log_a = forms.FloatField(
        label=_("Spread of discrimination around its present value, in logarithms"),
        min_value=0.05,
        max_value=2,
        initial=0.3,
    )
