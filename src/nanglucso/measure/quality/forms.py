"""Forms of appeals and corrections."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.models import User
from nanglucso.measure.quality.models import Appeal, Panel
from nanglucso.workforce.framework.models import Framework


def _text(label: Any, help_text: Any = "", rows: int = 4) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=4000, help_text=help_text, widget=forms.Textarea(attrs={"rows": rows})
    )


def _decimal(label: Any, low: float, high: float, initial: float) -> forms.FloatField:
    """A number with decimals, written as the language of the page writes them: 0,5 or 0.5."""
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return forms.FloatField(label=label, min_value=low, max_value=high, initial=initial, localize=True, widget=widget)


class AppealForm(forms.Form):
    """What is challenged and why. `step` "" = the whole result."""

    step = forms.TypedChoiceField(label=_("What should be looked at"), required=False, coerce=int, empty_value=None)
    reason = _text(_("What seems wrong"), _("One or two sentences are enough; no need to quote a legal text."))

    def __init__(self, *args: Any, steps: list[tuple[Any, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [("", _("The whole result")), *steps]  # type: ignore[attr-defined]


class LabAppealForm(forms.Form):
    """Which result of a practice task is challenged and why; `competence` "" = the whole task."""

    competence = forms.ChoiceField(label=_("What should be looked at"), required=False)
    reason = _text(_("What seems wrong"), _("One or two sentences are enough; no need to quote a legal text."))

    def __init__(self, *args: Any, results: list[tuple[str, str]], whole: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = [("", _("The whole practice task"))] if whole else []
        self.fields["competence"].choices = [*first, *results]  # type: ignore[attr-defined]


class ReviewerForm(forms.Form):
    """Who reviews a case."""

    reviewer = forms.ModelChoiceField(
        label=_("Reviewer"), queryset=User.objects.none(), empty_label=_("Choose a reviewer")
    )

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


class AcceptForm(ReasonForm):
    """Whether the items that move far were looked at, and why the run is accepted or discarded."""

    looked = forms.BooleanField(label=_("I have looked at each item named above"), required=False)
    field_order = ("looked", "reason")


class NeutraliseForm(ReasonForm):
    """Which item or practice task, as its code, and why."""

    code = forms.CharField(
        label=_("Code of the item or practice task"),
        max_length=40,
        help_text=_("As it stands in the list of items or on the case, for example S2.2-CB-401 or LAB-5.2-HOPTHU."),
    )
    competence = forms.CharField(
        label=_("Only this competence of the practice task"),
        max_length=10,
        required=False,
        help_text=_("For example 5.2; empty = the whole task. Leave it empty for an item."),
    )
    field_order = ("code", "competence", "reason")


class LateForm(ReasonForm):
    """Whether a late answer counts; one that cannot is not offered to."""

    accepted = forms.TypedChoiceField(
        label=_("Decision"),
        choices=[("yes", _("The answer counts")), ("no", _("The answer does not count"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    field_order = ("accepted", "reason")

    def __init__(self, *args: Any, can_count: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not can_count:
            field = self.fields["accepted"]
            field.choices, field.initial = [("no", _("The answer does not count"))], "no"  # type: ignore[attr-defined]


class CampaignsForm(forms.Form):
    """Which answers count."""

    campaigns = forms.MultipleChoiceField(label=_("Campaigns whose answers count"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, campaigns: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["campaigns"].choices = campaigns  # type: ignore[attr-defined]


class CalibrationForm(CampaignsForm):
    """And how strongly the present parameters hold."""

    least = forms.IntegerField(
        label=_("Minimum number of answers to an item"),
        min_value=30,
        max_value=100_000,
        initial=200,
        help_text=_("Items with fewer keep their present parameters."),
    )
    sd_b = _decimal(_("Spread of difficulty around its present value, logits"), 0.1, 3, 0.5)
    sd_log_a = _decimal(_("Spread of discrimination around its present value, in logarithms"), 0.05, 2, 0.3)
    bound_b = _decimal(_("List items whose difficulty changes by more than (logits)"), 0.1, 3, 0.5)
    bound_a = _decimal(_("List items whose discrimination changes by more than (times)"), 1.1, 5, 1.5)


class YearsForm(forms.Form):
    """Two calibration runs, the earlier first."""

    before = forms.ChoiceField(label=_("Earlier calibration"))
    after = forms.ChoiceField(label=_("Later calibration"))

    def __init__(self, *args: Any, runs: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("before", "after"):
            self.fields[name].choices = runs  # type: ignore[attr-defined]


class PanelForm(forms.Form):
    """A panel to be opened."""

    title = forms.CharField(label=_("Name of the panel"), max_length=200)
    method = forms.ChoiceField(label=_("Method"), choices=Panel.Method.choices, widget=forms.RadioSelect)
    competence = forms.ChoiceField(label=_("Competence"))
    level = forms.TypedChoiceField(label=_("Where does this level begin"), coerce=int)
    made_up = forms.BooleanField(
        label=_("Exercise only: the figures are made up"),
        required=False,
        help_text=_("Every page then says that this is an exercise and not the finding of a panel."),
    )

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows, levels = framework.competences.order_by("index"), framework.levels.order_by("number")
        self.fields["competence"].choices = [(one.code, f"{one.code} {one.name}") for one in rows]  # type: ignore[attr-defined]
        self.fields["level"].choices = [(one.number, one.label) for one in levels]  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """One judge's entries; a field for every item (Angoff, percent) or one for the mark (bookmark)."""

    judge = forms.CharField(
        label=_("Judge"),
        max_length=40,
        help_text=_("A code such as GK1; no name. Entering the same code replaces the earlier entry."),
    )
    table = forms.CharField(
        label=_("Table"), max_length=20, required=False, help_text=_("Only when judges sat at several tables.")
    )

    def __init__(self, *args: Any, method: str, size: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.size, self.method = size, method
        if method == Panel.Method.BOOKMARK:
            self.fields["mark"] = forms.IntegerField(
                label=_("Last page mastered"),
                min_value=0,
                max_value=size,
                help_text=_("The number in front of that page in the book below; 0 = not even the first."),
            )
            return
        for n in range(size):
            self.fields[f"r{n}"] = forms.IntegerField(
                label=_("Item %(n)s, percent") % {"n": n + 1}, min_value=0, max_value=100
            )

    def values(self) -> list[float]:
        """Shares 0..1, or the mark alone."""
        if self.method == Panel.Method.BOOKMARK:
            return [self.cleaned_data["mark"]]
        return [self.cleaned_data[f"r{n}"] / 100 for n in range(self.size)]
