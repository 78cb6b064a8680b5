"""Rows inside a form: what a course leads to, and its cost lines. A row whose first field is emptied is taken away."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nanglucso.develop.budget.models import Rate
from nanglucso.develop.budget.wording import money_text, rate_words
from nanglucso.develop.plans.models import Course, CourseCover
from nanglucso.workforce.framework.models import Competence

SPARE = 2
PARTS = ("fixed", "seat")


def _priced(rate: Rate) -> str:
    told = {"name": rate.name, "sum": money_text(rate.amount or 0), "per": rate_words(rate.per)[0]}
    return _("VND %(sum)s, %(per)s: %(name)s") % told


def rate_choices(rates: Mapping[str, Rate], used: Sequence[str]) -> list[tuple[str, str]]:
    """Rates with an amount in force, and those that the course counts with already."""
    found = {code: rate for code, rate in rates.items() if rate.amount is not None}
    named = [(code, _priced(rate)) for code, rate in sorted(found.items(), key=lambda pair: pair[1].name)]
    missing = [(code, code) for code in used if code not in found]
    return [("", "–"), *named, *missing]


def add_covers(fields: dict[str, Any], covers: Sequence[CourseCover], highest: int) -> int:
    """Fields for every cover and two more; returns how many rows there are."""
    rows = Competence.objects.filter(framework__status="published").order_by("index")
    choices = [("", "–"), *((row.code, f"{row.code} {row.name}") for row in rows)]
    n = len(covers) + SPARE
    for i in range(n):
        one = covers[i] if i < len(covers) else None
        first = (one.competence.code, one.from_level, one.to_level) if one else ("", None, None)
        fields[f"cover_{i}_k"] = forms.ChoiceField(
            label=_("Competence"), choices=choices, required=False, initial=first[0]
        )
        levels: dict[str, Any] = {"required": False, "min_value": 0, "max_value": highest}
        fields[f"cover_{i}_from"] = forms.IntegerField(label=_("from level"), initial=first[1], **levels)
        fields[f"cover_{i}_to"] = forms.IntegerField(label=_("to level"), initial=first[2], **levels)
    return n


def clean_covers(form: forms.Form, n: int) -> list[tuple[str, int, int]] | None:
    """[(competence code, from level, to level)]; None when the page did not ask. Adds errors to the form."""
    if "cover_0_k" not in form.data:
        return None
    data = form.cleaned_data
    found: list[tuple[str, int, int]] = []
    for i in range(n):
        code, low, high = (data.get(f"cover_{i}_{part}") for part in ("k", "from", "to"))
        if not code:
            continue
        if low is None or high is None or low >= high:
            form.add_error(f"cover_{i}_to", _("Write from which level to which higher one."))
        elif code in {row[0] for row in found}:
            form.add_error(f"cover_{i}_k", _("This competence stands in another row already."))
        else:
            found.append((code, low, high))
    if not found and not form.errors:
        form.add_error("cover_0_k", _("A course leads to a higher level of at least one competence."))
    return found


def add_lines(fields: dict[str, Any], course: Course, key: str, rates: Mapping[str, Rate]) -> dict[str, int]:
    """Fields for the cost lines of a form, per class and per seat; returns rows by part."""
    counts = {}
    for part in PARTS:
        lines = course.forms[key][part]
        choices = rate_choices(rates, [line["rate"] for line in lines])
        counts[part] = len(lines) + SPARE
        for i in range(counts[part]):
            line = lines[i] if i < len(lines) else {}
            name = f"{part}_{key}_{i}"
            fields[f"{name}_rate"] = forms.ChoiceField(
                label=_("Cost line"), choices=choices, required=False, initial=line.get("rate", "")
            )
            fields[f"{name}_qty"] = forms.DecimalField(
                label=_("Quantity"), required=False, min_value=0, max_value=1000, decimal_places=2, localize=True,
                initial=line.get("qty", 1) if line else None,
            )  # fmt: skip
    return counts


def clean_lines(form: forms.Form, key: str, part: str, n: int) -> list[dict[str, Any]] | None:
    """[{rate, qty}]; None when the page did not ask. Adds errors to the form."""
    if f"{part}_{key}_0_rate" not in form.data:
        return None
    found = []
    for i in range(n):
        rate, qty = (form.cleaned_data.get(f"{part}_{key}_{i}_{name}") for name in ("rate", "qty"))
        if rate and not qty:
            form.add_error(f"{part}_{key}_{i}_qty", _("Write how often the line counts."))
        elif rate and qty:
            found.append({"rate": rate, "qty": int(qty) if qty == int(qty) else float(qty)})
    return found
