"""Words of the verbs about conditions of sitting, second tests and files, for the audit log."""

from django.utils.translation import gettext_lazy as _

VERBS = {
    "assessments.accommodate": _("Gave conditions of sitting"),
    "assessments.withdraw_accommodation": _("Took conditions of sitting back"),
    "assessments.read_accommodation": _("Read why conditions of sitting were given"),
    "assessments.second_test": _("Gave a second test"),
    "assessments.rate_file": _("Rated a file that was handed in"),
    "assessments.open_file": _("Opened a file that was handed in"),
    "assessments.price": _("Spreading the items of a campaign over its people"),
}
