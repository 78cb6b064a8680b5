"""Units, positions with required levels, staff, appointments, staff import."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "nanglucso.workforce.people"

    def ready(self) -> None:
        """Words for the log."""
        from nanglucso.core.wording import name_codes

        name_codes(
            {
                "people.draft_reorganisation": _("Began to draw up a reorganisation"),
                "people.change_reorganisation": _("Changed a draft of a reorganisation"),
                "people.send_reorganisation": _("Sent a reorganisation for review"),
                "people.return_reorganisation": _("Gave a reorganisation back"),
                "people.drop_reorganisation": _("Dropped a reorganisation"),
                "people.look_at_reorganisation": _("Looked at a reorganisation anew"),
                "people.approve_reorganisation": _("Approved a reorganisation"),
                "people.begin_reorganisation": _("Began a reorganisation on its day"),
                "people.hold_reorganisation": _("A reorganisation could not take effect"),
                "people.apply_reorganisation": _("Put a reorganisation into effect"),
                "people.undo_reorganisation": _("Undid a reorganisation"),
                "people.settle": _("Place, account and roles followed from appointments"),
            }
        )
