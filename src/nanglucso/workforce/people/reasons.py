"""Why a position requires a competence: the standard reasons in the reader's language, any other as it was stored."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

COMMON = "yêu cầu chung của họ vị trí, không gắn với riêng việc nào"
_FOR_TASKS = re.compile(r"cần cho (CV\d+(?:, CV\d+)*)")


@dataclass(frozen=True)
class Why:
    """`stored`: the words are those of the file, in Vietnamese."""

    text: str
    stored: bool


def why(reason: str, *, form_below: bool) -> Why:
    """The reason as a page says it; without the official form below it the tasks go by their number in the position."""
    if reason == COMMON:
        return Why(_("general requirement of the position family, tied to no single task"), False)
    found = _FOR_TASKS.fullmatch(reason)
    if found is None:
        return Why(reason, True)
    if form_below:
        return Why(_("needed for %(tasks)s") % {"tasks": found[1]}, False)
    numbers = re.findall(r"\d+", found[1])
    said = ngettext("needed for task %(n)s of the position", "needed for tasks %(n)s of the position", len(numbers))
    return Why(said % {"n": ", ".join(numbers)}, False)
