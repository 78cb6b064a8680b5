"""Form fields that every room uses."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day, typed as dd/mm/yyyy on a keyboard of digits; the formats are those of the language."""

    widget = forms.DateInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """No browser's own calendar: it shows days in the browser's language and order."""
        attrs: dict[str, Any] = super().widget_attrs(widget)
        return attrs | {"placeholder": _("dd/mm/yyyy"), "inputmode": "numeric", "autocomplete": "off"}
