"""Forms of this room."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.govern.outreach.models import Campaign, LawDocument
from nanglucso.govern.outreach.numbers import key_of
from nanglucso.govern.outreach.services import About, Wanted
from nanglucso.workforce.people.models import Position, PositionFamily, Unit

ABOUT = (
    "number",
    "title_vi",
    "title_en",
    "issuer",
    "issued",
    "effective",
    "ended",
    "standing",
    "note",
    "confidence",
    "link",
)


def _area(rows: int, **more: str) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **more})


def about(document: LawDocument) -> dict[str, Any]:
    """What the form begins with."""
    first = {name: getattr(document, name) for name in ABOUT}
    return first | {"supersedes": "; ".join(document.supersedes.values_list("number", flat=True))}


class DocumentForm(forms.Form):
    """What is known of a document."""

    number = forms.CharField(
        label=_("Number"), max_length=120, help_text=_("As on the document, for example 171/2025/NĐ-CP.")
    )
    title_vi = forms.CharField(
        label=_("What it is about"),
        max_length=400,
        widget=_area(2),
        help_text=_("In Vietnamese, as on the document or shorter."),
    )
    title_en = forms.CharField(
        label=_("The same in English"), max_length=400, required=False, widget=_area(2, lang="en")
    )
    issuer = forms.CharField(label=_("Issued by"), max_length=200, required=False)
    issued = DayField(label=_("Issued on"), required=False)
    effective = DayField(label=_("Takes legal effect on"), required=False)
    ended = DayField(label=_("No longer in force from"), required=False)
    standing = forms.ChoiceField(label=_("Legal validity"), choices=LawDocument.Standing.choices)
    confidence = forms.ChoiceField(label=_("How sure this is"), choices=LawDocument.Confidence.choices, required=False)
    note = forms.CharField(label=_("Remark"), max_length=500, required=False, widget=_area(2))
    link = forms.URLField(label=_("Link to the official text"), max_length=400, required=False, assume_scheme="https")
    supersedes = forms.CharField(
        label=_("Supersedes"), max_length=600, required=False,
        help_text=_("Numbers of documents of the library, with a semicolon between them."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("Text as a PDF"), required=False,
        help_text=_("At most 20 MB; it takes the place of one attached before."),
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )  # fmt: skip

    def __init__(self, *args: Any, document: LawDocument | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.document = document

    def clean_supersedes(self) -> tuple[LawDocument, ...]:
        told = [one.strip() for one in self.cleaned_data["supersedes"].split(";") if one.strip()]
        held = {row.key: row for row in LawDocument.objects.filter(key__in=[key_of(one) for one in told])}
        missing = [one for one in told if key_of(one) not in held]
        if missing:
            text = _("The library does not hold %(number)s: enter it first, or take it out.")
            raise forms.ValidationError(text, params={"number": missing[0]})
        return tuple(held.values())

    def wanted(self) -> About:
        """Typed values."""
        return About(**{name: self.cleaned_data[name] for name in (*ABOUT, "supersedes")})


HOW = _(
    "Each question: **Question 1.** and its text; below it three or four options, one a line: "
    "- Option → *Why.* The right one says *Right: why.*"
)


class DraftForm(forms.Form):
    """Summary and checks in both languages."""

    summary_vi = forms.CharField(
        label=_("Summary in Vietnamese"), required=False, max_length=20_000, widget=_area(16, lang="vi"),
        help_text=_("What changes for the reader, in plain words; ## begins a heading, - a line of a list."),
    )  # fmt: skip
    checks_vi = forms.CharField(
        label=_("Check questions in Vietnamese"),
        required=False,
        max_length=20_000,
        widget=_area(16, lang="vi"),
        help_text=HOW,
    )
    summary_en = forms.CharField(
        label=_("Summary in English"), required=False, max_length=20_000, widget=_area(12, lang="en"),
        help_text=_("Where it is empty the Vietnamese one is shown."),
    )  # fmt: skip
    checks_en = forms.CharField(
        label=_("Check questions in English"), required=False, max_length=20_000, widget=_area(12, lang="en"),
        help_text=_("The same questions with the options in the same order."),
    )  # fmt: skip


class PublishForm(forms.Form):
    """Whether readers read anew; nothing is asked of the first version."""

    significant = forms.ChoiceField(
        label=_("What kind of change is it?"), widget=forms.RadioSelect,
        choices=[
            ("1", _("Significant: everybody who has read it reads it anew and answers again")),
            ("0", _("Small: wording, a mistake; whoever has read it need not read again")),
        ],
    )  # fmt: skip
    change = forms.CharField(
        label=_("What has changed"),
        max_length=300,
        widget=_area(2),
        required=False,
        help_text=_("One sentence; readers see it, and it stands in the log."),
    )

    def __init__(self, *args: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.first = first
        if first:
            del self.fields["significant"], self.fields["change"]

    def wanted(self) -> dict[str, Any]:
        """Arguments of the service."""
        told = self.cleaned_data
        return {"significant": self.first or told["significant"] == "1", "change": told.get("change", "")}


class TaskForm(forms.Form):
    """What was done at work."""

    note = forms.CharField(
        label=_("What was done"), max_length=500, widget=_area(3),
        help_text=_("One or two sentences, and where it can be seen."),
    )  # fmt: skip


class RegisterForm(forms.Form):
    """A register of legal documents."""

    file = forms.FileField(
        label=_("Register"),
        help_text=_("Excel or CSV: number, subject, issuer, days of issue and effect, remark."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.xlsm,.csv"}),
    )


class UnitsField(forms.CharField):
    """Units chosen by typing, one a line; the form's `places` {words: unit} says which there are."""

    def clean(self, value: Any) -> list[Unit]:
        told = [one.strip() for one in super().clean(value).splitlines() if one.strip()]
        places: Mapping[str, Unit] = getattr(self, "places", {})
        named: dict[str, list[Unit]] = {}
        for words, unit in places.items():
            for key in {words.casefold(), unit.code.casefold(), unit.name.casefold()}:
                named.setdefault(key, []).append(unit)
        found = []
        for one in told:
            held = [places[one]] if one in places else named.get(one.casefold(), [])
            if len(held) != 1:
                text = _(
                    "“%(unit)s” is no single unit of your scope: write its name with the unit above it, or its code."
                )
                raise forms.ValidationError(text, params={"unit": one})
            found.append(held[0])
        return found


def _readable() -> QuerySet[LawDocument]:
    return LawDocument.objects.filter(live__isnull=False).order_by("-issued", "number")


class _Documents(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.number} · {obj.name}"[:140]


class CampaignForm(forms.Form):
    """What is sent, to whom, until when, and what follows."""

    document = _Documents(
        label=_("Legal document"), queryset=LawDocument.objects.none(), empty_label=_("Choose a document")
    )
    units = UnitsField(
        label=_("Units"),
        required=False,
        widget=_area(3),
        max_length=4000,
        help_text=_("One a line: name or code; everything below each is included. Empty = the whole city."),
    )
    families = forms.ModelMultipleChoiceField(
        label=_("Only these position families"), queryset=PositionFamily.objects.all(), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6, "lang": "vi", "translate": "no"}),
        help_text=_("None chosen = every position."),
    )  # fmt: skip
    positions = forms.ModelMultipleChoiceField(
        label=_("And these positions"), queryset=Position.objects.filter(is_generic=False), required=False,
        widget=forms.SelectMultiple(attrs={"size": 6, "lang": "vi", "translate": "no"}),
    )  # fmt: skip
    due = DayField(label=_("To be understood by"))
    follow_up = forms.ChoiceField(label=_("What follows"), choices=Campaign.FollowUp.choices, widget=forms.RadioSelect)
    task = forms.CharField(
        label=_("Task at work"),
        max_length=300,
        required=False,
        widget=_area(2),
        help_text=_("Only when each person is to report: what is to be done."),
    )
    note = forms.CharField(label=_("A word to the readers"), max_length=500, required=False, widget=_area(2))

    def __init__(self, *args: Any, places: Mapping[str, Unit], city: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.places, field = places, self.fields["units"]
        field.places = places  # type: ignore[attr-defined]
        self.fields["document"].queryset = _readable()  # type: ignore[attr-defined]
        if not city:
            field.required = True
            field.help_text = _("One a line: name or code; everything below each is included.")
            if not self.is_bound:
                self.initial.setdefault("units", next(iter(places), ""))

    def wanted(self) -> tuple[LawDocument, Wanted]:
        """Typed values."""
        told = dict(self.cleaned_data)
        return told.pop("document"), Wanted(**told)
