"""Words of the log."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "learning.load_lessons": _("Loaded lessons"),
    "learning.begin": _("Began a lesson"),
    "learning.finish": _("Finished a lesson"),
    "learning.answer": _("Answered a question of a lesson"),
    "learning.again": _("Began the questions of a lesson anew"),
    "learning.report_task": _("Reported a task at work as done"),
    "learning.confirm_task": _("Confirmed a task at work"),
    "learning.save_draft": _("Changed a draft of a lesson"),
    "learning.send": _("Gave a lesson to review"),
    "learning.send_back": _("Sent a lesson back to its author"),
    "learning.publish": _("Published a lesson"),
    "learning.drop": _("Set a draft of a lesson aside"),
    "learning.upload_package": _("Uploaded a SCORM package"),
    "learning.use_package": _("Put a SCORM package in use"),
    "learning.withdraw_package": _("Took a SCORM package out of use"),
    "learning.drop_package": _("Set a SCORM package aside"),
    "learning.begin_package": _("Began a SCORM package"),
    "learning.finish_package": _("Finished a SCORM package"),
    "learning.export": _("Exported finished lessons (xAPI)"),
}
