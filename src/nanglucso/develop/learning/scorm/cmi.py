"""The values of the SCORM 1.2 data model that are taken from a frame (ADL, Run-Time Environment 1.2, 3.4.2).

Everything here is what a package claims: shown as claimed, used to go on where one stopped, never evidence of
competence.
"""

import re
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused

STATUS = "cmi.core.lesson_status"
LOCATION = "cmi.core.lesson_location"
RAW, LOW, HIGH = "cmi.core.score.raw", "cmi.core.score.min", "cmi.core.score.max"
TIME = "cmi.core.session_time"
EXIT = "cmi.core.exit"
SUSPEND = "cmi.suspend_data"
STATUSES = ("passed", "completed", "failed", "incomplete", "browsed", "not attempted")
DONE = ("passed", "completed")
MOST_VALUES = 600
_TIME = re.compile(r"(\d{1,6}):(\d{1,2}):(\d{1,2}(?:\.\d{1,2})?)")
_ODD = re.compile(r"[\x00\ud800-\udfff]")  # no database keeps these
_DECIMAL = re.compile(r"-?(\d{1,3}(\.\d{0,20})?|\.\d{1,20})")
_TAKEN: dict[str, re.Pattern[str]] = {
    STATUS: re.compile("|".join(STATUSES)),
    LOCATION: re.compile(r"[\s\S]{0,1000}"),
    RAW: re.compile(rf"({_DECIMAL.pattern})?"),
    LOW: re.compile(rf"({_DECIMAL.pattern})?"),
    HIGH: re.compile(rf"({_DECIMAL.pattern})?"),
    TIME: re.compile(_TIME.pattern),
    EXIT: re.compile(r"time-out|suspend|logout|"),
    SUSPEND: re.compile(r"[\s\S]{0,64000}"),
}
_MORE = (
    (re.compile(r"cmi\.objectives\.\d{1,2}\.(id|status|score\.(raw|min|max))"), re.compile(r"[\s\S]{0,255}")),
    (re.compile(r"cmi\.student_preference\.(audio|speed|text|language)"), re.compile(r"[\s\S]{0,255}")),
)


def checked(values: object) -> dict[str, str]:
    """The values as sent by a frame. Raises Refused for a name not of the data model and a value out of bounds."""
    if not isinstance(values, dict) or len(values) > MOST_VALUES:
        raise Refused(_("The package sent values that are not of SCORM 1.2."))
    return {str(name): _checked(str(name), value) for name, value in values.items()}


def _checked(name: str, value: object) -> str:
    pattern = _TAKEN.get(name) or next((right for left, right in _MORE if left.fullmatch(name)), None)
    if pattern is None:
        raise Refused(_("The package sent a value that is not of SCORM 1.2: %(name)s.") % {"name": name[:80]})
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        value = None
    text = "" if value is None else str(value)
    if _ODD.search(text) or not pattern.fullmatch(text) or (name in (RAW, LOW, HIGH) and not _in_range(text)):
        raise Refused(_("The package sent %(name)s with a value that cannot be right.") % {"name": name})
    return text


def _in_range(text: str) -> bool:
    return not text or 0 <= float(text) <= 100


def seconds(text: str) -> float:
    """Hours:MM:SS.SS as seconds; 0 for anything else."""
    found = _TIME.fullmatch(text or "")
    return int(found[1]) * 3600 + int(found[2]) * 60 + float(found[3]) if found else 0.0


def timespan(whole: float) -> str:
    """Seconds as HHHH:MM:SS.SS, at most 9999 hours."""
    hundredths = min(round(whole * 100), 9999 * 360_000)
    minutes, rest = divmod(hundredths, 6000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:04d}:{minutes:02d}:{rest // 100:02d}.{rest % 100:02d}"


def status_at_end(state: dict[str, Any], mastery: str) -> str:
    """The status when a unit ended (RTE 1.2, 3.4.2.1.4): by the mastery score if there is one, else completed."""
    held, raw = str(state.get(STATUS, "")), str(state.get(RAW, ""))
    if mastery and raw:
        return "passed" if float(raw) >= float(mastery) else "failed"
    return "completed" if held in ("", "not attempted") else held
