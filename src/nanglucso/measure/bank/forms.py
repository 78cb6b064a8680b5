"""Forms of the item bank."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.measure.bank.models import Item, ItemReading
from nanglucso.measure.bank.rawitem import SLOPE
from nanglucso.measure.bank.scoring import STEPS
from nanglucso.workforce.framework.models import Framework


class StatusForm(forms.Form):
    """A new status of an item and why."""

    status = forms.ChoiceField(label=_("New status"), choices=Item.Status.choices)
    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Kept in the audit log, for the next reader."),
        error_messages={"required": _("Please say why: the next reader of this item needs it.")},
    )


class NewDraftForm(forms.Form):
    """Where a new item belongs."""

    competence = forms.ChoiceField(label=_("Competence"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int)
    kind = forms.ChoiceField(label=_("Type"), choices=[one for one in Item.Type.choices if one[0] in SLOPE])

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows, levels = framework.competences.order_by("index"), framework.levels.order_by("number")
        self.fields["competence"].choices = [(one.code, f"{one.code} {one.name}") for one in rows]  # type: ignore[attr-defined]
        self.fields["level"].choices = [(one.number, one.label) for one in levels]  # type: ignore[attr-defined]


class NoteForm(forms.Form):
    """Why a draft is set aside."""

    note = forms.CharField(
        label=_("Why"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )  # fmt: skip


class BlindForm(forms.Form):
    """How sure the reader is of the own answer, and which level the item looks like."""

    sure = forms.TypedChoiceField(
        label=_("How sure are you of this answer?"),
        coerce=int,
        choices=[(1, _("guessed")), (2, _("rather unsure")), (3, _("rather sure")), (4, _("quite sure"))],
        widget=forms.RadioSelect,
    )
    level = forms.TypedChoiceField(label=_("Which level does it ask?"), coerce=int, widget=forms.RadioSelect)

    def __init__(self, *args: Any, levels: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["level"].choices = levels  # type: ignore[attr-defined]


class VerdictForm(forms.Form):
    """The reader's verdict."""

    verdict = forms.ChoiceField(label=_("Verdict"), choices=ItemReading.Verdict.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("What the author should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Would it happen in your office this year; does each distractor tempt; is the law as of today."),
    )


class FileVerdictForm(VerdictForm):
    """The verdict on a task with a file, after the rubric was tried on the reader's own outline."""

    own = forms.TypedChoiceField(
        label=_("Category that the rubric gives to your own outline"),
        coerce=int,
        choices=[(n, str(n)) for n in range(STEPS["file"] + 1)],
        widget=forms.RadioSelect,
        help_text=_("Your outline stands beside the rubric. Below 3 the rubric misses something, or asks too much."),
    )
    field_order = ("own", "verdict", "note")


class UploadForm(forms.Form):
    """An item file."""

    file = forms.FileField(
        label=_("Item file"),
        help_text=_("YAML as in the shipped item files, or CSV as exported here; at most 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.csv"}),
    )


class CoverageForm(forms.Form):
    """The campaign that the bank is to carry."""

    people = forms.IntegerField(label=_("People of the campaign"), min_value=1, max_value=1_000_000)
    length = forms.IntegerField(label=_("Questions of one test, at most"), min_value=5, max_value=120)
