"""Forms of the budget room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.develop.budget.fields import DongField, MillionField
from nanglucso.develop.budget.models import Commitment, Entry, FundingSource
from nanglucso.develop.budget.queries import source_kinds, sources
from nanglucso.workforce.framework.models import Domain
from nanglucso.workforce.people.models import Unit

OTHER = "khac"
PAYING_KINDS = (
    Unit.Kind.AGENCY, Unit.Kind.OFFICE, Unit.Kind.INSPECTORATE, Unit.Kind.COMMUNE, Unit.Kind.WARD, Unit.Kind.SERVICE,
)  # fmt: skip


def _checks(label: Any, hint: Any) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, required=False, help_text=hint, widget=forms.CheckboxSelectMultiple(attrs={"class": "picks"})
    )


class SourceForm(forms.Form):
    """One funding source of a year."""

    kind = forms.ChoiceField(label=_("Kind of source"))
    name = forms.CharField(
        label=_("Name"), required=False, max_length=200, help_text=_("Leave empty to use the kind's name.")
    )
    year = forms.IntegerField(label=_("Year"), min_value=2025, max_value=2100)
    amount = MillionField(label=_("Amount, million VND"), help_text=_("For example 1,250 or 1.25 billion."))
    order = forms.IntegerField(
        label=_("Order of use"), min_value=1, max_value=99, required=False, help_text=_("Lower numbers are used first.")
    )
    unit_types = _checks(_("May pay for people of"), _("None ticked = all kinds of units."))
    families = _checks(_("May pay for courses of the domains"), _("None ticked = all courses."))
    note = forms.CharField(
        label=_("Remark on the source"), required=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example the number and day of the decision that gives the money."),
    )  # fmt: skip

    def __init__(self, *args: Any, source: FundingSource | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        kinds = [(code, kind.name) for code, kind in source_kinds().items()]
        if source and source.code not in source_kinds():
            kinds.append((source.code, source.name))
        fields["kind"].choices = [*kinds, (OTHER, _("Another source"))]
        fields["unit_types"].choices = [(kind.value, kind.label) for kind in PAYING_KINDS]
        domains = Domain.objects.filter(framework__status="published").order_by("code")
        fields["families"].choices = [(row.code, f"{row.code} {row.name}") for row in domains]
        self.keeps_code = bool(source)
        if source:
            fields["kind"].disabled = fields["year"].disabled = True

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("kind") == OTHER and not data.get("name"):
            self.add_error("name", _("Write the name of the source."))
        taken = {"code": data.get("kind"), "year": data.get("year")}
        if not self.keeps_code and data.get("kind") != OTHER and FundingSource.objects.filter(**taken).exists():
            self.add_error("kind", _("This year already has this source: change its amount instead."))
        return data


def first_values(source: FundingSource) -> dict[str, Any]:
    """What the form shows of a source that is already there."""
    return {
        "kind": source.code, "name": source.name_vi, "year": source.year, "amount": source.amount,
        "order": source.order, "unit_types": source.unit_types, "families": source.courses, "note": source.note,
    }  # fmt: skip


class CommitForm(forms.Form):
    """Money bound for something that is no class of the plan."""

    source = forms.ModelChoiceField(label=_("Source"), queryset=FundingSource.objects.none(), empty_label=None)
    name = forms.CharField(label=_("What for"), max_length=250)
    reference = forms.CharField(
        label=_("Contract or decision"), max_length=60, required=False, help_text=_("Number and day, if there is one.")
    )
    amount = DongField(label=_("Amount, VND"), help_text=_("For example 31,700,000 or 31.7 million."))

    def __init__(self, *args: Any, year: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["source"]
        field.queryset = sources(year)
        field.label_from_instance = lambda row: row.name


MOVES = {
    Commitment.State.OPEN: ("advance", "pay", "clear", "return", "refund", "commit", "release"),
    Commitment.State.SETTLED: ("refund",),
    Commitment.State.CANCELLED: ("return", "clear", "refund"),
}


class PostForm(forms.Form):
    """One movement in a commitment's book."""

    kind = forms.ChoiceField(label=_("Entry"))
    amount = DongField(label=_("Amount, VND"), help_text=_("For example 31,700,000 or 31.7 million."))
    document = forms.CharField(label=_("Document"), max_length=160, required=False)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, row: Commitment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["kind"]
        labels = dict(Entry.Kind.choices)
        field.choices = [(kind, labels[Entry.Kind(kind)]) for kind in MOVES[Commitment.State(row.state)]]


class SettleForm(forms.Form):
    """The final cost."""

    cost = DongField(label=_("Final cost, VND"), help_text=_("What is over goes back to the source."))
    document = forms.CharField(label=_("Document"), max_length=160, required=False)


class ReleaseForm(forms.Form):
    """Why a commitment is given back."""

    reason = forms.CharField(label=_("Reason"), max_length=300)


class RateForm(forms.Form):
    """A new amount of a rate from a day on."""

    amount = DongField(label=_("Amount, VND"))
    effective_from = DayField(label=_("In force from"))
    legal_basis = forms.CharField(
        label=_("Legal basis"), max_length=250, help_text=_("Number and day of the decision or contract.")
    )
    note = forms.CharField(label=_("Remark"), max_length=500, required=False)
