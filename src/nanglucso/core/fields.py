"""Form fields that every room uses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

_MOMENT = "%d/%m/%Y %H:%M"


class DayField(forms.DateField):
    """A day, typed as dd/mm/yyyy on a keyboard of digits; the formats are those of the language."""

    widget = forms.DateInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser's own calendar: it shows days in the browser's language and order."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}


class MomentField(forms.DateTimeField):
    """A day and a time of the day, typed as dd/mm/yyyy hh:mm; the browser's own form is understood too."""

    widget = forms.DateTimeInput(format=_MOMENT)
    input_formats = (_MOMENT, "%Y-%m-%dT%H:%M")

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser's own calendar, as with days."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | {"placeholder": _("dd/mm/yyyy hh:mm"), "autocomplete": "off"}
