"""The form of a draft: general fields, fields of its type, and rows. `to_raw` gives the row of an item file."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField
from nanglucso.kit.filekinds import KINDS
from nanglucso.kit.numbers import parse_number
from nanglucso.measure.bank import draftrows
from nanglucso.measure.bank.rawitem import guessing, prior
from nanglucso.measure.bank.stimulusform import fields as stimulus_fields
from nanglucso.measure.bank.stimulusform import initial_of, stimulus_of

Raw = dict[str, Any]
BLANK_ROWS = {"single": 4, "multiple": 6, "sjt": 4, "order": 5, "match": 4, "hotspot": 6}
MOST_ROWS = 10
CATEGORIES = (
    _("Category 0: not usable"),
    _("Category 1: much is missing or wrong"),
    _("Category 2: right, with smaller faults"),
    _("Category 3: all that is asked"),
)


def text(label: Any, most: int, rows: int = 0, help_text: Any = "") -> forms.CharField:
    """A text that may stay empty; line ends as one character."""
    widget = forms.Textarea(attrs={"rows": rows, "lang": "vi"}) if rows else forms.TextInput(attrs={"lang": "vi"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, help_text=help_text)


class NumberField(forms.CharField):
    """A number as people here write it: 92,5 or 92.5."""

    def __init__(self, **told: Any) -> None:
        super().__init__(max_length=30, widget=forms.TextInput(attrs={"inputmode": "decimal"}), required=False, **told)

    def clean(self, value: Any) -> float | None:
        said = super().clean(value)
        if not said:
            return None
        try:
            return float(parse_number(said))
        except ValueError as error:
            raise forms.ValidationError(_("Please type a number, for example 92,5.")) from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:g}".replace(".", ",") if isinstance(value, int | float) else value


class DraftForm(forms.Form):
    """What every item has."""

    indicator = forms.ChoiceField(label=_("Indicator"))
    stem = text(_("Question"), 2000, 4, _("A full question that can be answered with the options covered."))
    rationale = text(_("What it looks at"), 600, 2)
    family = forms.SlugField(
        label=_("Family of variants"), max_length=80, help_text=_("Variants of one idea never meet in one test.")
    )
    time_s = forms.IntegerField(label=_("Expected seconds"), min_value=10, max_value=1800)
    shift = NumberField(
        label=_("Easier or harder than its level"),
        help_text=_("From −0.4 (easier) to 0.4 (harder) logits; empty = as it stands."),
    )
    source_doc = text(_("Source"), 300, 0, _("A legal text with its number, or the general skill that it rests on."))
    source_ref = text(_("Place in the source"), 120)
    source_as_of = DayField(label=_("Source read on"), required=False)
    confidence = forms.ChoiceField(
        label=_("Source confidence"),
        choices=[("S", _("official text seen")), ("S2", _("secondary copy")), ("M", _("from memory"))],
    )
    review_by = DayField(label=_("Review by"))
    gloss_en = text(_("English gloss"), 300)
    check = text(
        _("Checks"),
        1000,
        2,
        _("One calculation a line that must come out true, for example round(64/1600*100,1) == 4.0."),
    )

    def clean_shift(self) -> float | None:
        shift = self.cleaned_data["shift"]
        if shift is not None and abs(shift) > 0.4 + 1e-9:
            raise forms.ValidationError(_("At most 0.4 logits to either side; else the level is another one."))
        return shift


class TypedFields:
    """Fields that only some types have."""

    @staticmethod
    def of(kind: str) -> dict[str, forms.Field]:
        told = {
            "feedback_correct": text(_("Told after a right answer"), 1200, 3),
            "feedback_wrong": text(_("Told after a wrong answer"), 1200, 3),
        }
        if kind == "multiple":
            choose = forms.IntegerField(label=_("How many to choose"), min_value=2, max_value=8, required=False)
            choose.help_text = _("Empty = all that belong.")
            return {"choose": choose}
        if kind == "order":
            return {
                "exact": text(_("Told after the right order"), 1200, 3),
                "mixups": text(_("Told after a wrong order"), 4000, 4, _("One mix-up a line.")),
            }
        if kind == "match":
            return {"extra": text(_("Answers that belong to no line"), 600, 2, _("One a line."))}
        if kind == "hotspot":
            return {"screen_title": text(_("Title of the screen"), 120)}
        if kind == "numeric":
            numbers = {"answer": NumberField(label=_("Right answer")), "tolerance": NumberField(label=_("Tolerance"))}
            return {**numbers, "unit": text(_("Unit"), 30), **told}
        if kind == "file":
            kinds = forms.MultipleChoiceField(
                label=_("Kinds of file that may be handed in"), choices=[(one, one.upper()) for one in KINDS],
                widget=forms.CheckboxSelectMultiple, required=False,
            )  # fmt: skip
            return {"kinds": kinds, **{f"rubric_{n}": text(label, 1200, 3) for n, label in enumerate(CATEGORIES)}}
        if kind == "cloze":
            return {
                "answer": text(_("Right answer"), 200),
                "accept": text(_("Accepted forms"), 1000, 3, _("One a line, two or more.")),
                "refuse": text(_("Near misses that must be refused"), 1000, 3, _("One a line, two or more.")),
                "unmarked": forms.ChoiceField(
                    label=_("A text typed without tone marks"),
                    choices=[("ask", _("ask once for the marks")), ("accept", _("counts as right"))],
                ),
                **told,
            }
        return {}


class RowForm(forms.Form):
    """One row; which fields it has depends on the type."""

    text = text(_("Text"), 600, 2)

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in _row_fields(kind).items():
            self.fields[name] = field


def _row_fields(kind: str) -> dict[str, forms.Field]:
    feedback = {"feedback": text(_("Feedback when chosen"), 1200, 3)}
    why = {"misconception": text(_("Misconception behind it"), 400, 2)}
    right = {"right": forms.BooleanField(label=_("Right"), required=False)}
    if kind in ("single", "multiple"):
        return {**right, **feedback, **why}
    if kind == "sjt":
        points = [("0", _("0 – weak or harmful")), ("1", _("1 – acceptable")), ("2", _("2 – best act"))]
        return {"points": forms.ChoiceField(label=_("Points"), choices=points, required=False), **feedback, **why}
    if kind == "match":
        return {
            "match": text(_("What belongs to it"), 300, 2),
            "feedback": text(_("Told when it is matched wrongly"), 1200, 3),
        }
    if kind == "hotspot":
        looks = [("line", _("line")), ("field", _("field")), ("button", _("button")), ("text", _("text")),
                 ("tab", _("tab")), ("alert", _("alert"))]  # fmt: skip
        return {
            "note": text(_("Small text beside it"), 120),
            "look": forms.ChoiceField(label=_("Look"), choices=looks, required=False),
            "chosen": forms.BooleanField(label=_("Can be chosen"), required=False),
            "beside": forms.BooleanField(label=_("On the same line as the one before"), required=False),
            **right,
            **feedback,
        }
    return {}


def lines(said: str) -> list[str]:
    """Filled lines of a text."""
    return [line.strip() for line in said.splitlines() if line.strip()]


class DraftEditor:
    """The general form and the rows of one draft, bound or not."""

    def __init__(self, raw: Raw, indicators: list[tuple[str, str]], cut: float, data: Any = None) -> None:
        self.raw, self.cut, self.kind = raw, cut, raw["type"]
        self.form = DraftForm(data, initial=_initial(raw))
        self.form.fields["indicator"].choices = indicators  # type: ignore[attr-defined]
        self.typed, self.shown = list(TypedFields.of(self.kind)), list(stimulus_fields())
        for name, field in {**TypedFields.of(self.kind), **stimulus_fields(raw.get("stimulus"))}.items():
            self.form.fields[name] = field
        self.rows = self._rows(data) if self.kind in BLANK_ROWS else None

    def _rows(self, data: Any) -> Any:
        filled = draftrows.ROWS[self.kind](self.raw)
        extra = max(BLANK_ROWS[self.kind] - len(filled), 1 if len(filled) < MOST_ROWS else 0)
        made = forms.formset_factory(RowForm, extra=extra, max_num=MOST_ROWS, absolute_max=MOST_ROWS)
        # A bound row is compared with nothing, so that one typed exactly as it stood is not taken for an empty one.
        return made(data, prefix="row", initial=None if data else filled, form_kwargs={"kind": self.kind})

    @property
    def typed_fields(self) -> list[Any]:
        return [self.form[name] for name in self.typed]

    @property
    def stimulus_fields(self) -> list[Any]:
        return [self.form[name] for name in self.shown]

    def is_valid(self) -> bool:
        rows_fine = self.rows.is_valid() if self.rows is not None else True
        return self.form.is_valid() and rows_fine

    def to_raw(self) -> Raw:
        """The row of an item file that the fields describe; what the form does not know stays."""
        told, old = {k: _one_break(v) for k, v in self.form.cleaned_data.items()}, self.raw
        rows = [{k: _one_break(v) for k, v in row.cleaned_data.items()} for row in self.rows] if self.rows else []
        rows = [{name: row.get(name, "") for name in self.rows.empty_form.fields} for row in rows] if self.rows else []
        new = {name: told[name] for name in ("indicator", "stem", "rationale", "family", "time_s", "gloss_en")}
        new |= {"review_by": told["review_by"].isoformat(), "source": _sources(told, old)}
        new["stimulus"] = stimulus_of(told, old.get("stimulus"))
        new |= draftrows.from_rows(rows, old, extra=lines(told.get("extra", "")), title=told.get("screen_title", ""))
        new |= _typed(self.kind, told, old)
        if lines(told["check"]) or old.get("check"):
            new["check"] = lines(told["check"])
        made = {**old, **new}
        options = len(made.get("options") or [])
        if told["shift"] is not None:
            made["prior"] = prior(self.kind, self.cut, told["shift"], options)
        elif self.kind == "single" and options != len(old.get("options") or []):
            made["prior"] = {**old["prior"], "c": guessing(self.kind, options)}
        return made if made.get("choose") else {k: v for k, v in made.items() if k != "choose"}


def _one_break(value: Any) -> Any:
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def _initial(raw: Raw) -> dict[str, Any]:
    source = (raw.get("source") or [{}])[0]
    feedback = raw.get("feedback")
    told: dict[str, Any] = feedback if isinstance(feedback, dict) else {}
    kept = {name: raw.get(name, "") for name in ("indicator", "stem", "rationale", "family", "time_s", "gloss_en",
            "choose", "answer", "tolerance", "unit", "unmarked", "feedback_correct", "feedback_wrong")}  # fmt: skip
    days = {"review_by": raw.get("review_by"), "source_as_of": source.get("as_of")}
    return {
        **kept, **{name: date.fromisoformat(str(day)) if day else None for name, day in days.items()},
        "source_doc": source.get("doc", ""), "source_ref": source.get("ref", ""),
        "confidence": source.get("confidence", "S"), "check": "\n".join(raw.get("check") or []),
        "accept": "\n".join(str(one) for one in raw.get("accept") or [] if not isinstance(one, list)),
        "refuse": "\n".join(str(one) for one in raw.get("refuse") or []),
        "exact": told.get("exact", ""), "mixups": "\n".join(v for k, v in told.items() if k != "exact"),
        "extra": "\n".join(draftrows.unused(raw)), "screen_title": (raw.get("screen") or {}).get("title", ""),
        **initial_of(raw.get("stimulus")), "kinds": raw.get("accept") or [],
        **{f"rubric_{one['score']}": one["text"] for one in raw.get("rubric") or []},
    }  # fmt: skip


def _sources(told: dict[str, Any], old: Raw) -> list[Raw]:
    first, rest = (old.get("source") or [{}])[0], (old.get("source") or [])[1:]
    if not told["source_doc"]:
        return rest
    day = told["source_as_of"]
    said = {"doc": told["source_doc"], "confidence": told["confidence"]} | ({"as_of": day.isoformat()} if day else {})
    said |= {"ref": told["source_ref"]} if told["source_ref"] else {}
    kept = {name: value for name, value in first.items() if name not in ("doc", "ref", "as_of", "confidence")}
    return [said | kept, *rest]


def _typed(kind: str, told: dict[str, Any], old: Raw) -> Raw:
    if kind == "multiple":
        return {"choose": told["choose"]}
    if kind == "order":
        names = [name for name in (old.get("feedback") or {}) if name != "exact"]
        said = lines(told["mixups"])
        names = names if len(names) == len(said) else [f"mixup_{n}" for n in range(1, len(said) + 1)]
        return {"feedback": {"exact": told["exact"], **dict(zip(names, said, strict=True))}}
    if kind == "numeric":
        kept = {name: told[name] for name in ("answer", "unit", "feedback_correct", "feedback_wrong")}
        return {**kept, "tolerance": told["tolerance"] or 0}
    if kind == "file":
        rubric = [{"score": n, "text": told[f"rubric_{n}"]} for n in range(len(CATEGORIES))]
        return {"accept": told["kinds"], "rubric": rubric}
    if kind == "cloze":
        kept = {name: told[name] for name in ("answer", "unmarked", "feedback_correct", "feedback_wrong")}
        return {**kept, "accept": lines(told["accept"]), "refuse": lines(told["refuse"])}
    return {}
