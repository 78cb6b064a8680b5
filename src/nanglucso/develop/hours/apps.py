"""The 40 periods of a year: what counts by law, and years that are closed."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HoursConfig(AppConfig):
    name = "nanglucso.develop.hours"

    def ready(self) -> None:
        """Give this room's verbs their words."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.hours.forgetting import forget
        from nanglucso.workforce.people.events import Forgetter, on_erasure

        on_erasure(Forgetter("hours", forget))
        name_codes(
            {
                "hours.enter": _("Wrote down periods of training"),
                "hours.view": _("Looked at somebody's training periods"),
                "hours.ask_close": _("Asked for a year of training periods to be closed"),
                "hours.close": _("Closing a year of training periods"),
                "hours.export": _("Exported a list of training periods"),
                "reports.hours_file": _("Drafted the report on training periods"),
            }
        )
