"""Forms of classes: filters, calling off, moving a session, spending, re-measurement, nomination."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import MomentField
from nanglucso.develop.budget.fields import DongField
from nanglucso.develop.budget.wording import money_text
from nanglucso.develop.plans.classlines import ClassLine
from nanglucso.develop.training.models import TrainingClass
from nanglucso.kit.numbers import parse_money

GROUP_SIZES = (0, 10, 20, 30, 50, 100)
RETEST_DAYS = (14, 30, 60)


class FilterForm(forms.Form):
    """Filters of the list; a value that does not exist is ignored, so that an old link still opens."""

    status = forms.CharField(required=False)
    course = forms.CharField(required=False, max_length=40)
    year = forms.CharField(required=False, max_length=4)
    own = forms.BooleanField(required=False)
    competence = forms.CharField(required=False, max_length=10)

    def wanted(self) -> dict[str, Any]:
        """Keyword arguments of `queries.visible`."""
        self.is_valid()
        told = self.cleaned_data
        year, status = told.get("year", ""), told.get("status", "")
        return {
            "status": status if status in TrainingClass.Status.values else "",
            "course": told.get("course", ""),
            "year": int(year) if year.isdigit() and len(year) == 4 else None,
            "own": bool(told.get("own")),
            "competence": told.get("competence", ""),
        }


class CancelForm(forms.Form):
    """Calling a class off needs a reason and the class's code typed by hand."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("It stays in the log; people of the class see that the class was called off."),
    )
    code = forms.CharField(label=_("Type the code of the class"), max_length=50, widget=forms.TextInput())

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = code
        self.fields["code"].widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean_code(self) -> str:
        typed = str(self.cleaned_data["code"]).strip()
        if typed.upper() != self.wanted.upper():
            raise forms.ValidationError(_("This is not the code of the class. Type %(code)s.") % {"code": self.wanted})
        return typed


class MoveForm(forms.Form):
    """A new beginning for one session."""

    starts_at = MomentField(
        label=_("New start time"),
        help_text=_("The session keeps its length; people see the new time on their pages and in their calendar file."),
    )


class CostForm(forms.Form):
    """What a class has cost, in đồng; grouping marks are understood."""

    cost = forms.CharField(
        label=_("Spent, in VND"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("For example 31.700.000"),
    )

    def clean_cost(self) -> int:
        try:
            return parse_money(self.cleaned_data["cost"], (get_language() or "vi")[:2])
        except ValueError:
            raise forms.ValidationError(_("Write the amount in đồng with digits, for example 31.700.000.")) from None


class SettlementForm(forms.Form):
    """What a class has cost, line by line or as a whole; everything empty = not known yet."""

    cost = DongField(
        label=_("Spent in total, VND"), required=False,
        help_text=_("Empty = the sum of the lines. What is over goes back to the source."),
    )  # fmt: skip
    document = forms.CharField(
        label=_("Settlement papers"), max_length=160, required=False,
        help_text=_("Number and day of the settlement file."),
    )  # fmt: skip

    def __init__(self, *args: Any, lines: Sequence[ClassLine], spent: Mapping[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        self.lines = list(lines)
        for line in self.lines:
            fields[line.key] = DongField(
                label=_("%(line)s: spent, VND") % {"line": line.name}, required=False, initial=spent.get(line.code)
            )
        self.order_fields([*(line.key for line in self.lines), "cost", "document"])

    def rows(self) -> list[tuple[ClassLine, Any]]:
        """Every line with its bound field."""
        return [(line, self[line.key]) for line in self.lines]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        found = {line.code: data[line.key] for line in self.lines if data.get(line.key) is not None}
        whole, typed = sum(found.values()), data.get("cost")
        if found and typed is not None and typed != whole and not self.errors:
            told = {"sum": money_text(whole), "cost": money_text(typed)}
            self.add_error("cost", _("The lines add up to %(sum)s đồng, here stands %(cost)s đồng.") % told)
        data["lines"], data["whole"] = found, whole if found else typed
        return data

    def told(self) -> dict[str, Any]:
        """What the services take; `cost` None = nothing was entered."""
        data = self.cleaned_data
        return {"cost": data["whole"], "lines": data["lines"], "document": data["document"]}


class DeclineForm(forms.Form):
    """Why a request is turned down."""

    reason = forms.CharField(label=_("Why it is turned down"), max_length=200)


def _lengths() -> list[tuple[int, str]]:
    """Asked anew by every form, so that the words are in the reader's language."""
    return [(n, _("%(n)s days") % {"n": n}) for n in RETEST_DAYS]


class RetestForm(forms.Form):
    """How large the comparison group is and how long people have."""

    size = forms.TypedChoiceField(
        label=_("People in the comparison group"),
        coerce=int,
        choices=[(n, str(n)) for n in GROUP_SIZES],
        help_text=_("At least as many as of the class: the smaller group decides how wide the interval is."),
    )
    days = forms.TypedChoiceField(label=_("Open for"), coerce=int, choices=_lengths, initial=30)

    def __init__(self, *args: Any, people: int, pool: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = min(people, pool)
        self.fields["size"].initial = next((n for n in GROUP_SIZES if n >= wanted), GROUP_SIZES[-1])


class LeaveOutForm(forms.Form):
    """Why a measured effect stays out of the plan."""

    reason = forms.CharField(label=_("Why it is left out"), max_length=300)
