"""Meetings without paper."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "nanglucso.govern.meetings"

    def ready(self) -> None:
        """Give this room's verbs their words, count what waits."""
        from nanglucso.core.wording import name_codes
        from nanglucso.govern.meetings import wording_votes
        from nanglucso.ui.badges import badge

        name_codes(wording_votes.WORDS)
        name_codes(WORDS)
        badge("meetings:list", _waiting)


def _waiting(request: Any) -> Any:
    """Invitations without an answer and tasks that are open."""
    from nanglucso.core.clock import now
    from nanglucso.govern.meetings import queries
    from nanglucso.govern.meetings.models import Attendee

    person = request.access.person
    if person is None:
        return Attendee.objects.none()
    return queries.unanswered(person, now()), queries.waiting_tasks(person)


WORDS = {
    "meetings.mail": _("Sending invitations to a meeting"),
    "meetings.create": _("Planned a meeting"),
    "meetings.change": _("Changed a meeting"),
    "meetings.agenda": _("Changed the agenda of a meeting"),
    "meetings.invite": _("Invited people to a meeting"),
    "meetings.uninvite": _("Took an invitation to a meeting back"),
    "meetings.set_role": _("Changed a part in a meeting"),
    "meetings.call": _("Sent the invitations to a meeting"),
    "meetings.open": _("Opened a meeting"),
    "meetings.close": _("Ended a meeting"),
    "meetings.cancel": _("Called a meeting off"),
    "meetings.answer": _("Answered an invitation to a meeting"),
    "meetings.stand_in": _("Sent somebody to a meeting"),
    "meetings.open_check_in": _("Opened check-in to a meeting"),
    "meetings.close_check_in": _("Closed check-in to a meeting"),
    "meetings.mark_present": _("Ticked who is in a meeting"),
    "meetings.attend": _("Checked in to a meeting"),
    "meetings.ask_to_speak": _("Asked to speak"),
    "meetings.call_speaker": _("Called a speaker"),
    "meetings.end_speech": _("Ended a speech"),
    "meetings.take_back": _("Took a wish to speak back"),
    "meetings.add_paper": _("Handed out a paper"),
    "meetings.withdraw_paper": _("Withdrew a paper"),
    "meetings.note": _("Wrote an own note on a paper"),
    "meetings.conclude": _("Gave a task in a meeting"),
    "meetings.drop_conclusion": _("Took a conclusion out"),
    "meetings.report_task": _("Reported a task of a meeting done"),
    "meetings.close_task": _("Closed a task of a meeting"),
    "meetings.return_task": _("Sent a report on a task back"),
    "meetings.write_minutes": _("Wrote minutes"),
    "meetings.send_minutes": _("Sent minutes for remarks"),
    "meetings.remark": _("Remarked on minutes"),
    "meetings.answer_remark": _("Answered a remark on minutes"),
    "meetings.approve_minutes": _("Approved minutes"),
    "meetings.minutes_file": _("Exported minutes"),
    "meetings.archive": _("Archived a meeting"),
    "meetings.feed_targets": _("Wrote the figures of meetings without paper down as figures of targets"),
}
