"""Classes, sessions, enrolment, attendance, effect."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    name = "nanglucso.develop.training"

    def ready(self) -> None:
        """Offer the next step, count what waits, give verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.training import steps
        from nanglucso.measure.profiles.steps import offer
        from nanglucso.ui.badges import badge
        from nanglucso.workforce.people.events import Follower, follow

        follow(Follower("training.places", _("places in running classes"), _places))
        offer("training.today", 20, steps.class_today)
        badge("training:list", _requests)
        badge("training:mine", _notices)
        badge("training:transfers", _transfers)
        badge("plans:catalogue", _proposals)
        name_codes(
            {
                "training.open_class": _("Opened a class"),
                "training.open_classes": _("Opened classes from the plan"),
                "training.move_session": _("Moved a session"),
                "training.settle_cost": _("Entered what a class has cost"),
                "training.finish_class": _("Finished a class"),
                "training.cancel_class": _("Called a class off"),
                "training.enrol": _("Enrolled a person in a class"),
                "training.ask_place": _("Asked to join a class"),
                "training.decline": _("Turned down a request to join"),
                "training.nominate": _("Nominated people for a class"),
                "training.cancel_place": _("Gave up a place in a class"),
                "training.open_check_in": _("Showed the check-in code"),
                "training.close_check_in": _("Closed check-in"),
                "training.mark_attendance": _("Ticked attendance"),
                "training.attend": _("Recorded attendance"),
                "training.open_retest": _("Opened a re-measurement"),
                "training.open_recheck": _("Opened the re-check of a class"),
                "training.measure_transfer": _("Computed what is left of a class"),
                "training.give_transfer": _("Said what a person uses of a class"),
                "training.measure_effect": _("Measured the effect of a class"),
                "training.evaluate": _("Gave a view on a class"),
                "training.change_place": _("A place in a class changed"),
                "training.set_terms": _("Set the terms of a class"),
                "training.hold_anyway": _("Held a class below its minimum"),
                "training.link_lecturer": _("Set a lecturer's log-in"),
                "training.add_material": _("Added material to a class"),
                "training.remove_material": _("Removed material of a class"),
                "training.see_notices": _("Read notices about own classes"),
                "training.propose_effect": _("Proposed a measured effect to the plan"),
                "training.confirm_effect": _("Took a measured effect into the plan"),
                "training.decline_effect": _("Left a measured effect out of the plan"),
                "training.export": _("Exported a list of training"),
            }
        )


def _places(units: Any, people: Any) -> int:
    """Live places of people who move with their unit; they follow the person."""
    from nanglucso.develop.training.models import Enrolment, TrainingClass
    from nanglucso.develop.training.signup import OVER

    live = (TrainingClass.Status.OPEN, TrainingClass.Status.RUNNING)
    rows = Enrolment.objects.filter(training_class__status__in=live).exclude(status__in=OVER)
    return sum(pk in people for pk in rows.values_list("person_id", flat=True)) if people else 0


def _requests(request: Any) -> Any:
    """Requests to join that the viewer can decide."""
    from nanglucso.develop.training.queries import requests

    access = request.access
    return requests(access.scope) if access.may("classes.view") else ()


def _notices(request: Any) -> Any:
    """Notices about own classes that were not read yet."""
    from nanglucso.core.clock import today
    from nanglucso.develop.training.queries import notices

    return notices(request.access.person, today()) if request.access.person else ()


def _proposals(request: Any) -> Any:
    """Measured effects that the viewer can take into the plan."""
    from nanglucso.develop.training.queries import proposals

    access = request.access
    return proposals(waiting=True) if access.may("plans.change") and access.scope.everything else ()


def _transfers(request: Any) -> Any:
    """People of the viewer's units who finished a class months ago and of whom nothing is said yet."""
    from nanglucso.core.clock import now
    from nanglucso.develop.training.queries import transfer_waiting

    access = request.access
    return transfer_waiting(access.scope, now()) if access.may("ratings.rate") else ()
