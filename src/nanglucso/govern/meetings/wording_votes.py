"""Words of the log for votes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

WORDS: dict[str, Any] = {
    "meetings.prepare_vote": _("Prepared a vote"),
    "meetings.drop_vote": _("Took away a prepared vote"),
    "meetings.open_vote": _("Opened a vote"),
    "meetings.take_part": _("Took part in a vote"),
    "meetings.change_vote": _("Changed an open vote"),
    "meetings.close_vote": _("Closed a vote"),
    "meetings.void_vote": _("Made a vote void"),
}
