"""Digital-government targets: what is demanded by when, figures with proof, forecast, what is late and whose."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TargetsConfig(AppConfig):
    name = "nanglucso.govern.targets"

    def ready(self) -> None:
        """Give this room's verbs their words; series are worked out from figures."""
        from nanglucso.core.wording import name_codes
        from nanglucso.govern.targets.following import following
        from nanglucso.workforce.people.events import follow, worked_out

        worked_out("targets.Series")
        for one in following():
            follow(one)
        name_codes(
            {
                "targets.load": _("Loaded the shipped targets"),
                "targets.record": _("Wrote down a figure of a target"),
                "targets.assign": _("Set what a target depends on and who answers for it"),
                "targets.read_figures": _("Read a file of figures"),
                "targets.apply_figures": _("Applied a file of figures"),
                "targets.undo_figures": _("Undid a file of figures"),
                "targets.withdraw": _("Took back a figure of a target"),
            }
        )
