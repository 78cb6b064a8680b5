"""Forms of the budget room."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.fields import MillionField
from nanglucso.develop.budget.models import FundingSource
from nanglucso.develop.budget.queries import source_kinds
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
        label=_("Name"), required=False, max_length=200, help_text=_("Empty = the name of the kind.")
    )
    year = forms.IntegerField(label=_("Year"), min_value=2025, max_value=2100)
    amount = MillionField(label=_("Amount, triệu đồng"), help_text=_("For example 1.250, or 1,25 tỷ."))
    order = forms.IntegerField(
        label=_("Order of use"), min_value=1, max_value=99, required=False, help_text=_("Smaller is used first.")
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
