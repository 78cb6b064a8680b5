"""Money as it is typed in forms: triệu đồng in, whole đồng out."""

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.kit.faults import BadValue
from nanglucso.kit.numbers import format_number, parse_number
from nanglucso.kit.text import fold

MILLION = 1_000_000
MOST_MILLIONS = 10_000_000  # ten thousand tỷ đồng: no year's training costs as much
_UNITS = {"trieu", "tr", "ty", "ti", "million", "billion", "nghin", "ngan", "thousand", "dong", "vnd", "d"}


def _lang() -> str:
    return "en" if (get_language() or "vi").startswith("en") else "vi"


class _MoneyField(forms.Field):
    """A text box for an amount; cleans to whole đồng, or None when it is left empty."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "maxlength": 40})
        super().__init__(**{"widget": widget, **kwargs})


class MillionField(_MoneyField):
    """An amount in triệu đồng ("30.000"), or with its unit said ("30 tỷ", "500.000.000 đồng"); cleans to đồng.

    A bare number that can only be đồng is refused with the question whether triệu was meant.
    """

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()[:40]
        if not text:
            return None
        try:
            number = parse_number(text, _lang())
        except BadValue:
            raise ValidationError(_("Write the amount in million VND, for example 30,000.")) from None
        said = {word.strip(".,0123456789") for word in fold(text).split()}
        dong = number if "₫" in text or said & _UNITS else number * MILLION
        if dong < 0:
            raise ValidationError(_("The amount cannot be negative."))
        if dong == number * MILLION and number >= MOST_MILLIONS:
            meant = format_number(number / MILLION, _lang(), 0)
            told = _(
                "VND %(typed)s million is more than any year's training costs. Did you mean VND %(meant)s million?"
            )
            raise ValidationError(told % {"typed": format_number(number, _lang(), 0), "meant": meant})
        if dong != dong.to_integral_value():
            raise ValidationError(_("Write whole đồng."))
        return int(dong)

    def prepare_value(self, value: Any) -> Any:
        """đồng from the row → triệu on the screen; what was typed stays as typed."""
        if isinstance(value, int) and not isinstance(value, bool):
            return format_number(Decimal(value) / MILLION, _lang())
        return value


class DongField(_MoneyField):
    """A small amount in whole đồng: "600.000" or "1,5 triệu"."""

    def to_python(self, value: Any) -> Any:
        text = str(value or "").strip()[:40]
        if not text:
            return None
        try:
            number = parse_number(text, _lang())
        except BadValue:
            raise ValidationError(_("Write the amount in đồng, for example 600,000.")) from None
        if number < 0 or number != number.to_integral_value() or number > MOST_MILLIONS * MILLION:
            raise ValidationError(_("Write whole đồng, 0 or more."))
        return int(number)

    def prepare_value(self, value: Any) -> Any:
        """Grouped on the screen; what was typed stays as typed."""
        return format_number(value, _lang()) if isinstance(value, int) and not isinstance(value, bool) else value
