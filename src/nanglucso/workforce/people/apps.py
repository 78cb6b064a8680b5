"""Units, positions with required levels, staff, appointments, staff import."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    name = "nanglucso.workforce.people"

    def ready(self) -> None:
        """Words for the log, what waits for the viewer's yes; positions move with the framework."""
        from nanglucso.core.wording import name_codes
        from nanglucso.ui.badges import badge

        badge("people:units", _waiting)
        badge("people:disposals", _to_approve)

        name_codes(
            {
                "people.hire_rehearsal": _("Made the people of a rehearsal"),
                "people.dismiss_rehearsal": _("Removed the people of a rehearsal"),
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
                "people.list_due": _("Listed what has reached its term"),
                "people.ask_erasure": _("Put a request for erasure forward"),
                "people.ask_disposal": _("Put a list of data forward for removal"),
                "people.refuse_disposal": _("Refused a list of data for removal"),
                "people.approve_disposal": _("Approved a list of data for removal"),
                "people.carry_out_disposal": _("Carried out a list of data for removal"),
                "people.dispose": _("Removed data whose term has passed"),
                "people.settle": _("Place, account and roles followed from appointments"),
                "people.merge": _("Merged two records of one person"),
                "people.merge_away": _("Merged the record into another"),
                "people.undo_merge": _("Undid a merge of two records"),
                "people.part_again": _("Parted the record from another again"),
                "people.tell_apart": _("Noted that two records are two people"),
            }
        )
        from nanglucso.workforce.framework import passing
        from nanglucso.workforce.people.requiring import PositionMover

        passing.register("people", PositionMover())


def _to_approve(request: Any) -> Any:
    from nanglucso.workforce.people.due import waiting

    return waiting(request.user.pk) if request.access.may("retention.view") and request.access.scope.everything else ()


def _waiting(request: Any) -> Any:
    from nanglucso.workforce.people.queries_units import waiting_for

    access = request.access
    return waiting_for(request.user.pk, scope=access.scope) if access.may("units.review") else ()
