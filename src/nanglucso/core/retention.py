"""How long things are kept, in words: `content/retention.yaml`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.core.content import read_yaml, root


def said(term: str) -> str:
    """A term of the file in the active language; "" = no term set. Raises KeyError for a term that is not there."""
    if not term:
        return _("No term set yet")
    told: Any = read_yaml(root() / "retention.yaml")
    days = int(told[term])
    words = ngettext(
        "What was typed: %(n)d day after the task; for the rest no term is set yet",
        "What was typed: %(n)d days after the task; for the rest no term is set yet",
        days,
    )
    return words % {"n": days}
