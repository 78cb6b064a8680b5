"""Forms of the framework room."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from nanglucso.kit.spreadsheets import column_letter
from nanglucso.workforce.framework import tables
from nanglucso.workforce.framework.models import Competence, Crossing, Framework, Link

MOST_BYTES = 20 * 2**20


def decimal_said(value: float) -> str:
    """A number in full, with the decimal mark of the active language; both marks are read."""
    text = f"{value:g}"
    return text if (get_language() or "vi").startswith("en") else text.replace(".", ",")


def _own_words(rows: int) -> dict[str, Any]:
    """Attributes of a text field whose words are the framework's own, in whatever language."""
    return {"rows": rows, "translate": "no"}


class VersionForm(forms.Form):
    """The number of a new version."""

    version = forms.CharField(label=gettext_lazy("Number of the new version"), max_length=20)


class FileForm(forms.Form):
    """A framework of another system."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("CASE package (.json), or a table (.csv, .xlsx, .xls); at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,.csv,.xlsx,.xls"}),
    )
    version = forms.CharField(label=gettext_lazy("Version (empty = as in the file)"), max_length=20, required=False)
    depth = forms.IntegerField(
        label=gettext_lazy("Level of the tree that holds the competences"),
        help_text=gettext_lazy("Leave it empty and it is found out."),
        required=False,
        min_value=1,
        max_value=9,
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 20 MB."))
        return file


class TableForm(forms.Form):
    """What each column holds, and what the framework is called."""

    name = forms.CharField(label=gettext_lazy("Name of the framework"), max_length=250)
    code = forms.CharField(label=gettext_lazy("Short code, in plain letters"), max_length=40)
    version = forms.CharField(label=gettext_lazy("Version"), max_length=20)

    def __init__(self, *args: Any, head: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("– none –"))]
        choices += [(str(n), f"{column_letter(n)}: {said[:40] or '–'}") for n, said in enumerate(head)]
        levels = {f"L{n}": _("Column of level %(n)s") % {"n": n} for n in range(1, tables.MOST_LEVELS + 1)}
        self.column_keys = [*tables.PLAIN, *levels]
        labels: dict[str, Any] = {**tables.PLAIN, **levels}
        for key, label in labels.items():
            self.fields[f"col_{key}"] = forms.ChoiceField(
                label=label, choices=choices, required=False, widget=forms.Select(attrs={"translate": "no"})
            )

    @property
    def columns(self) -> dict[str, int]:
        """The mapping; from the data when the form is bound, else from what was guessed."""
        source = self.cleaned_data if self.is_bound and self.is_valid() else self.initial
        told = {key: source.get(f"col_{key}", "") for key in self.column_keys}
        return {key: int(value) for key, value in told.items() if str(value).isdigit()}

    def column_fields(self) -> list[Any]:
        return [self[f"col_{key}"] for key in self.column_keys]


class AboutForm(forms.Form):
    """Names, notes, levels and cut points of a draft; one line a level."""

    name_vi = forms.CharField(label=gettext_lazy("Name in Vietnamese"), max_length=250)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=250, required=False)
    note_vi = forms.CharField(
        label=gettext_lazy("Note in Vietnamese"), widget=forms.Textarea(attrs=_own_words(3)), required=False
    )
    note_en = forms.CharField(
        label=gettext_lazy("Note in English"), widget=forms.Textarea(attrs=_own_words(3)), required=False
    )
    levels = forms.CharField(
        label=gettext_lazy("Levels, lowest first"), required=False, widget=forms.Textarea(attrs=_own_words(5)),
        help_text=gettext_lazy(
            "One level per line; three semicolons in each line, as in the example above."
        ),
    )  # fmt: skip

    def clean_levels(self) -> list[tuple[str, str, str, float]]:
        found = []
        for number, line in enumerate(filter(str.strip, self.cleaned_data["levels"].splitlines()), start=1):
            parts = [part.strip() for part in line.split(";")]
            if len(parts) != 4 or not parts[0] or not parts[1]:
                raise forms.ValidationError(
                    _("Line %(n)s: write four parts with semicolons between: code; name; English name; cut point.")
                    % {"n": number}
                )
            try:
                cut = float(parts[3].replace("−", "-").replace(",", "."))
            except ValueError as error:
                text = _("Line %(n)s: “%(value)s” is not a number.") % {"n": number, "value": parts[3][:20]}
                raise forms.ValidationError(text) from error
            found.append((parts[0], parts[1], parts[2], cut))
        return found


class CompetenceForm(forms.Form):
    """One competence of a draft; a text field for each level, one line a behaviour."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=40, help_text=gettext_lazy("For example 3.5."))
    group = forms.ChoiceField(label=gettext_lazy("Group"))
    name_vi = forms.CharField(label=gettext_lazy("Name in Vietnamese"), max_length=500)
    name_en = forms.CharField(label=gettext_lazy("Name in English"), max_length=500, required=False)

    def __init__(
        self, *args: Any, groups: Sequence[tuple[str, str]], levels: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["group"]
        field.choices = groups
        self.levels = [*levels, ("", _("Behaviours without a level"))] if levels else [("", _("Behaviours"))]
        for number, (_code, label) in enumerate(self.levels):
            self.fields[f"said_{number}"] = forms.CharField(
                label=label, required=False, widget=forms.Textarea(attrs=_own_words(4)),
                help_text=_("One behaviour per line."),
            )  # fmt: skip

    def lines(self) -> list[tuple[str, list[str]]]:
        """Level code and its behaviours."""
        told = [(code, self.cleaned_data[f"said_{n}"]) for n, (code, _label) in enumerate(self.levels)]
        return [(code, [line.strip() for line in text.splitlines() if line.strip()]) for code, text in told]


class CommentForm(forms.Form):
    """A remark on one place."""

    about = forms.CharField(
        label=gettext_lazy("About which part (empty = the whole framework)"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"list": "parts", "autocomplete": "off"}),
        help_text=gettext_lazy("Choose a competence from the list, or type the code of a behaviour or a level."),
    )
    text = forms.CharField(label=gettext_lazy("Your remark"), widget=forms.Textarea(attrs={"rows": 3}), max_length=4000)


class AnswerForm(forms.Form):
    answer = forms.CharField(label=gettext_lazy("Answer"), max_length=4000)


class VersionField(forms.ModelChoiceField):
    """One version of a framework, named in words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Framework.objects.all(), empty_label=gettext_lazy("Choose a framework"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return _("%(name)s, version %(version)s") % {"name": obj.name, "version": obj.version}


class CrossingForm(forms.Form):
    """Two frameworks."""

    source = VersionField(label=gettext_lazy("From framework and version"))
    target = VersionField(label=gettext_lazy("To framework and version"))


_PAIR = re.compile(r"^(\S+?)(?:(?:\s*:\s*|\s+)([0-9]+(?:[.,][0-9]+)?))?$")


class LinksForm(forms.Form):
    """One line of links a competence, "3.3: 1; 3.5: 0,8" (or a space for the colon), and a level for each level."""

    def __init__(self, *args: Any, crossing: Crossing, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.there = list(crossing.source.competences.order_by("index"))
        self.here = {row.code: row for row in crossing.target.competences.all()}
        held = _held(crossing)
        for row in self.there:
            links = held.get(row.pk, [])
            written = "; ".join(f"{link.target.code}: {decimal_said(link.strength)}" for link in links)
            self.fields[f"c{row.pk}"] = forms.CharField(
                label=f"{row.code} {row.short}", required=False, initial=written, help_text=_understood(links)
            )
        levels = [("", _("no level"))] + [(str(one.number), one.label) for one in crossing.target.levels.all()]
        self.level_rows = list(crossing.source.levels.all())
        for one in self.level_rows:
            now = str(crossing.levels.get(str(one.number), ""))
            self.fields[f"l{one.number}"] = forms.ChoiceField(
                label=one.label, choices=levels, required=False, initial=now
            )

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        self.links: list[tuple[int, int, float]] = []
        for row in self.there:
            self._line(row, told.get(f"c{row.pk}", ""))
        self.level_map = {
            one.number: int(told[f"l{one.number}"]) for one in self.level_rows if told.get(f"l{one.number}")
        }
        return told

    def _line(self, row: Competence, text: str) -> None:
        for part in filter(None, (piece.strip() for piece in text.split(";"))):
            found = _PAIR.match(part)
            code, strength = (found[1], float((found[2] or "1").replace(",", "."))) if found else ("", 0.0)
            if part in self.here:  # a code may have a colon of its own
                code, strength = part, 1.0
            if code not in self.here or not 0 < strength <= 1:
                said = _(
                    "“%(part)s”: write a code of the target framework, a colon and a strength up to 1, like %(like)s."
                )
                self.add_error(f"c{row.pk}", said % {"part": part[:40], "like": f"3.3: {decimal_said(0.8)}"})
            else:
                self.links.append((row.pk, self.here[code].pk, strength))

    def competence_fields(self) -> list[Any]:
        return [self[f"c{row.pk}"] for row in self.there]

    def level_fields(self) -> list[Any]:
        return [self[f"l{one.number}"] for one in self.level_rows]


def _held(crossing: Crossing) -> Mapping[int, list[Link]]:
    """The links of each competence, strongest first."""
    found: dict[int, list[Link]] = {}
    for row in crossing.links.select_related("target"):
        found.setdefault(row.source_id, []).append(row)
    return found


def _understood(links: Sequence[Link]) -> str:
    """What the saved links mean, each with the name of the competence and its strength."""
    parts = [
        _("%(code)s %(name)s, strength %(n)s")
        % {"code": row.target.code, "name": row.target.short, "n": decimal_said(row.strength)}
        for row in links
    ]
    return _("Saved as: %(links)s") % {"links": "; ".join(parts)} if parts else _("No link saved")
