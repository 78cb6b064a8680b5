"""Units, positions with required levels, staff, appointments, staff import."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "nanglucso.workforce.people"

    def ready(self) -> None:
        """Give this room's newer verbs their words."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "people.merge": _("Merged two records of one person"),
                "people.merge_away": _("Merged the record into another"),
                "people.undo_merge": _("Undid a merge of two records"),
                "people.part_again": _("Parted the record from another again"),
                "people.tell_apart": _("Noted that two records are two people"),
            }
        )
