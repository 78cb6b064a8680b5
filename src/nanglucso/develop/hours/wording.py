"""Words for codes of this room."""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from nanglucso.measure.assessments.certrules import rules

REGIMES: dict[str, Any] = {"cong_chuc": _("Civil servants"), "vien_chuc": _("Public employees")}
ONE_OF: dict[str, Any] = {"cong_chuc": _("Civil servant"), "vien_chuc": _("Public employee")}
LACKS: dict[str, Any] = {
    "missed": _("Sessions missed do not count."),
    "no_rule": _("No rule of that day speaks of it, so it does not count."),
    "no_tiet": _("Its number of periods is not stated: a training officer writes it down from the certificate."),
    "waiting": _("A training officer has not confirmed it yet."),
}
SOURCES: dict[str, Any] = {
    "class": _("Class"),
    "outside": _("Course elsewhere"),
    "lesson": _("Lessons"),
    "entry": _("Written down by hand"),
}
CONFIDENCE: dict[str, Any] = {
    "S": _("checked against the text"),
    "S2": _("seen in a secondary source only, not checked against the text"),
    "U": _("known to hold, its figure not read"),
    "I": _("this system's reading, no text says so"),
}


def in_language(told: dict[str, str]) -> str:
    """The sentence of a rule in the reader's language."""
    language = "en" if (get_language() or "vi").startswith("en") else "vi"
    return told.get(language, "")


def certificate_name(row: Any) -> str:
    """An outside certificate in a list of choices."""
    rule = rules().get(row.rule)
    return f"{rule.name if rule else row.rule}, {row.issued_on:%d/%m/%Y}"
