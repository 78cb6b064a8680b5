"""Forms of campaigns and ratings."""

from typing import Any

from django import forms
from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from nanglucso.core.fields import DayField, MomentField
from nanglucso.measure.assessments.certrules import rules
from nanglucso.measure.assessments.models import Campaign
from nanglucso.measure.bank.models import LabVersion
from nanglucso.measure.bank.queries import EXPOSURE_CAP, live_labs
from nanglucso.workforce.framework.models import Competence, Descriptor, Framework
from nanglucso.workforce.people.models import Person, PositionFamily, Unit


def _codes(label: Any, help_text: Any) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 3})
    )


def _people(text: str) -> list[Person]:
    """People by staff codes between blanks, commas or lines. Raises ValidationError naming the codes nobody has."""
    codes = list(dict.fromkeys(text.replace(",", " ").replace(";", " ").split()))
    found = {row.staff_code: row for row in Person.objects.filter(staff_code__in=codes)}
    lost = [code for code in codes if code not in found]
    if lost:
        raise forms.ValidationError(_("Nobody has the staff code %(codes)s.") % {"codes": ", ".join(lost[:10])})
    return [found[code] for code in codes]


def _lab_words(version: LabVersion) -> str:
    minutes = _("%(n)s min") % {"n": version.body["minutes"]}
    return f"{version.lab.title} · {minutes} · {', '.join(sorted(version.body['score']))}"


class CampaignForm(forms.Form):
    """A new campaign. An empty choice of competences means all that each position requires."""

    name_vi = forms.CharField(label=_("Name"), max_length=200, help_text=_("As people will see it, in Vietnamese."))
    name_en = forms.CharField(label=_("Name in English"), max_length=200, required=False)
    code = forms.SlugField(
        label=_("Code"), max_length=40, help_text=_("Letters without marks, digits, hyphens; for example dot-1-2027.")
    )
    purpose = forms.ChoiceField(label=_("Purpose"), choices=Campaign.Purpose.choices)
    unit = forms.CharField(
        label=_("Unit"),
        required=False,
        max_length=200,
        help_text=_("Name or code of the unit with everything below it. Empty = the whole city."),
        widget=forms.TextInput(attrs={"list": "units", "autocomplete": "off"}),
    )
    opens_at = MomentField(label=_("Opens at"))
    closes_at = MomentField(
        label=_("Closes at"), help_text=_("Running tests are handed in as they stand when the campaign is closed.")
    )
    items_min = forms.IntegerField(label=_("Minimum number of questions"), min_value=1, max_value=200, initial=18)
    items_max = forms.IntegerField(label=_("Maximum number of questions"), min_value=1, max_value=200, initial=36)
    minutes = forms.IntegerField(label=_("Minutes for one test"), min_value=5, max_value=300, initial=60)
    rule = forms.ChoiceField(
        label=_("What the questions are chosen for"),
        choices=[
            ("decision", _("Met or not met, fewest questions")),
            ("precision", _("Every level, most precisely")),
        ],
    )
    stop_early = forms.BooleanField(
        label=_("End a test as soon as every required competence is decided"), required=False, initial=True
    )
    exposure_cap = forms.IntegerField(
        label=_("Largest share of people who may meet one question, percent"),
        required=False,
        min_value=5,
        max_value=100,
        initial=25,
        help_text=_("From 5 to 100. The rehearsal says which questions would exceed it."),
    )
    hold_results = forms.BooleanField(
        label=_("Show results only after release"),
        required=False,
        help_text=_("Until a person releases them, the official and the head of unit read “results pending”."),
    )
    pause_minutes = forms.IntegerField(
        label=_("Minutes of pause in one test"),
        required=False,
        min_value=0,
        max_value=240,
        initial=15,
        help_text=_("Total minutes the clock may be stopped, over all pauses."),
    )
    retake = forms.ChoiceField(label=_("Second test"), required=False, choices=Campaign.Retake.choices)
    retake_days = forms.IntegerField(
        label=_("Days before a second test"), required=False, min_value=1, max_value=365, initial=30
    )
    with_file = forms.BooleanField(
        label=_("Ask for one file at the end, rated by two people"),
        required=False,
        help_text=_("It needs a network and people who rate; it counts once they have."),
    )
    families = forms.MultipleChoiceField(
        label=_("Position groups"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen = every position."),
    )
    named = _codes(
        _("Named people"), _("Staff codes, one per line. If no unit or group is chosen, only these people take part.")
    )
    excluded = _codes(_("Left out"), _("Staff codes of people who get no test, one per line."))
    competences = forms.MultipleChoiceField(
        label=_("Competences"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing chosen = everything that each person's position requires."),
    )
    labs = forms.MultipleChoiceField(
        label=_("Practice tasks"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "A person gets only tasks all of whose competences the position requires. "
            "Until the campaign closes, nobody can practise these tasks."
        ),
    )
    labs_each = forms.IntegerField(
        label=_("Most practice tasks for one person"), required=False, min_value=1, max_value=5, initial=1
    )

    def __init__(self, *args: Any, framework: Framework, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = framework.competences.order_by("index")
        self.fields["competences"].choices = [(row.code, f"{row.code} {row.short}") for row in rows]  # type: ignore[attr-defined]
        self.fields["labs"].choices = [(str(one.pk), _lab_words(one)) for one in live_labs()]  # type: ignore[attr-defined]
        self.fields["families"].choices = [(row.code, row.name) for row in PositionFamily.objects.all()]  # type: ignore[attr-defined]

    def clean_exposure_cap(self) -> float:
        """Typed as a percentage, kept as a share."""
        typed = self.cleaned_data["exposure_cap"]
        return int(typed) / 100 if typed else EXPOSURE_CAP

    def clean_labs(self) -> list[LabVersion]:
        return list(LabVersion.objects.filter(pk__in=self.cleaned_data["labs"]))

    def clean_labs_each(self) -> int:
        return self.cleaned_data["labs_each"] or 1

    def clean_pause_minutes(self) -> int:
        given = self.cleaned_data["pause_minutes"]
        return 15 if given is None else int(given)

    def clean_retake(self) -> str:
        return str(self.cleaned_data["retake"] or Campaign.Retake.NONE)

    def clean_retake_days(self) -> int:
        return int(self.cleaned_data["retake_days"] or 30)

    def clean_families(self) -> list[PositionFamily]:
        return list(PositionFamily.objects.filter(code__in=self.cleaned_data["families"]))

    def clean_named(self) -> list[Person]:
        return _people(self.cleaned_data["named"])

    def clean_excluded(self) -> list[Person]:
        return _people(self.cleaned_data["excluded"])

    def clean_unit(self) -> Unit | None:
        text = self.cleaned_data["unit"].strip()
        if not text:
            return None
        standing = Unit.objects.filter(until=None)
        found = list(standing.filter(code__iexact=text)[:1]) or list(standing.filter(name__iexact=text)[:2])
        if len(found) != 1:
            raise forms.ValidationError(_("No single unit has this name or code; choose one from the list."))
        return found[0]


class ExtendForm(forms.Form):
    """A later end and why."""

    closes_at = MomentField(label=_("New end"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("It stays in the log."))


class CertificateForm(forms.Form):
    """An outside certificate with its proof."""

    rule = forms.ChoiceField(label=_("Kind of certificate"))
    issued_on = DayField(label=_("Day of issue"))
    number = forms.CharField(label=_("Number on the certificate"), max_length=60, required=False)
    proof = forms.FileField(
        label=_("Proof"),
        help_text=_("A photograph or scan: PDF, JPEG or PNG, at most 10 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = [("", _("Choose …")), *((rule.code, rule.name) for rule in rules().values())]
        self.fields["rule"].choices = chosen  # type: ignore[attr-defined]


class RatingForm:
    """Levels 0..L of competences against their descriptors; read by hand because every row is a table of texts.

    `rows`: one `RatingRow` a competence. `strict`: every competence must be answered.
    """

    def __init__(
        self, framework: Framework, codes: set[str] | None, data: Any, old: dict[str, int], strict: bool
    ) -> None:
        self.top = framework.levels.count()
        self.strict, self.bound, self.data, self.old = strict, data is not None, data or {}, old
        self.names = [framework.below, *(level.label for level in framework.levels.all())]
        told = Prefetch("descriptors", Descriptor.objects.select_related("level"))
        found = framework.competences.select_related("domain").prefetch_related(told).order_by("index")
        self.rows = [self._row(row) for row in found if codes is None or row.code in codes]

    def _row(self, competence: Competence) -> "RatingRow":
        typed = self.data.get(f"c-{competence.code}", "") if self.bound else None
        level = self.old.get(competence.code) if typed is None else int(typed) if typed.isdigit() else None
        wrong = level is not None and level > self.top
        missing = self.strict and self.bound and level is None
        told: dict[int, list[str]] = {}
        for descriptor in competence.descriptors.all():
            if descriptor.level:
                told.setdefault(descriptor.level.number, []).append(descriptor.text)
        rungs = [(n, name, told.get(n, [])) for n, name in enumerate(self.names)]
        error = _("Please choose a level.") if missing else _("There is no such level.") if wrong else ""
        return RatingRow(competence, level, rungs, error)

    @property
    def wrong(self) -> list["RatingRow"]:
        return [row for row in self.rows if row.error]

    @property
    def levels(self) -> dict[str, int]:
        """{competence code: level} of everything that was chosen."""
        return {row.competence.code: row.level for row in self.rows if row.level is not None}


class RatingRow:
    """One competence: the chosen level or None, `rungs` (number, name, descriptors), and what is wrong."""

    def __init__(self, competence: Competence, level: int | None, rungs: list[Any], error: Any) -> None:
        self.competence, self.level, self.rungs, self.error = competence, level, rungs, error
        self.name = f"c-{competence.code}"
        self.key = self.name.replace(".", "-")
