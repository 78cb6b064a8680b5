"""How long things are kept, in words: `content/retention.yaml`."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nanglucso.core.content import read_yaml, root


def said(term: str) -> str:
    """A term of the file in the active language; "" = no term set. Raises KeyError for a term that is not there."""
    if not term:
        return _("As long as it serves this purpose; no term has been set")
    told: Any = read_yaml(root() / "retention.yaml")
    days = int(told[term])
    words = ngettext(
        "What was typed: %(n)d day after the task; the rest as long as it serves this purpose",
        "What was typed: %(n)d days after the task; the rest as long as it serves this purpose",
        days,
    )
    return words % {"n": days}
