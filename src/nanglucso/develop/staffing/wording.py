"""Words of the log."""

from django.utils.translation import gettext_lazy as _

ACTS = {
    "staffing.add_duty": _("Entered a duty of a unit"),
    "staffing.end_duty": _("Ended a duty"),
    "staffing.take_profiles": _("Took over the duties of position profiles"),
    "staffing.queue_search": _("Sent a search for overlapping duties to the queue"),
    "staffing.find_overlaps": _("Searched for overlapping duties"),
    "staffing.review_overlap": _("Reviewed a pair of duties"),
    "staffing.resolve_overlap": _("Set how an overlap is resolved"),
    "staffing.close_overlap": _("Closed an overlap"),
    "staffing.export_overlaps": _("Exported the report of overlapping duties"),
    "staffing.add_vacancy": _("Entered a vacancy"),
    "staffing.withdraw_vacancy": _("Withdrew a vacancy"),
    "staffing.suggest": _("Computed suggestions for vacancies"),
    "staffing.decide": _("Decided on a vacancy"),
}
