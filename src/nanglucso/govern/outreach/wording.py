"""Words of this room's acts for the log."""

from typing import Any

from django.utils.translation import gettext_lazy as _

ACTS: dict[str, Any] = {
    "outreach.save_document": _("Entered or changed a legal document"),
    "outreach.keep_file": _("Attached the text of a legal document"),
    "outreach.save_draft": _("Wrote at the summary of a legal document"),
    "outreach.drop_draft": _("Threw away a draft of a summary"),
    "outreach.publish": _("Published the summary of a legal document"),
    "outreach.load": _("Loaded the shipped legal documents"),
    "outreach.read_register": _("Read a register of legal documents"),
    "outreach.apply_register": _("Applied a register of legal documents"),
    "outreach.undo_register": _("Undid a register of legal documents"),
    "outreach.create_campaign": _("Prepared a dissemination campaign"),
    "outreach.drop_campaign": _("Deleted a dissemination campaign"),
    "outreach.ask_open": _("Asked for a dissemination campaign to be sent"),
    "outreach.send": _("Sent a dissemination campaign to people"),
    "outreach.open": _("Sending a dissemination campaign"),
    "outreach.close": _("Closed a dissemination campaign"),
    "outreach.tell": _("Wrote down whom a message about a document goes to"),
    "outreach.tell_again": _("Telling people that a document is to be read anew"),
    "outreach.ask_remind": _("Asked for reminders of a document"),
    "outreach.remind": _("Reminding people of a document"),
    "outreach.reminded": _("Reminded people of a document"),
    "outreach.escalate": _("Told heads of units who is late with a document"),
    "outreach.mail": _("Sending messages about legal documents"),
    "outreach.begin": _("Opened a document to read it"),
    "outreach.read": _("Finished reading a document"),
    "outreach.answer": _("Answered the questions on a document"),
    "outreach.again": _("Began the questions on a document anew"),
    "outreach.report_task": _("Reported what was done after reading a document"),
    "outreach.confirm": _("Confirmed that a document is applied"),
    "outreach.export": _("Exported the list of readers of a document"),
    "reports.outreach_file": _("Drafted the dissemination report"),
}
