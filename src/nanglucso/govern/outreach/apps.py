"""Policy library and dissemination campaigns."""

from datetime import datetime

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "nanglucso.govern.outreach"

    def ready(self) -> None:
        """Words for the log; what waits for a reader or a head; one clock with the lessons; what an erasure takes."""
        from nanglucso.core.wording import name_codes
        from nanglucso.develop.learning.clocks import shares_clock
        from nanglucso.govern.outreach import queries
        from nanglucso.govern.outreach.wording import ACTS
        from nanglucso.ui.badges import badge

        name_codes(ACTS)
        badge("outreach:mine", lambda request: queries.waiting_for(request.access.person))
        badge("outreach:campaigns", lambda request: queries.late_for(scope=request.access.scope))
        shares_clock("outreach", _signs)


def _signs(person_id: int) -> list[datetime]:
    from nanglucso.govern.outreach.models import Reading

    rows = Reading.objects.select_for_update().filter(person_id=person_id).order_by("pk")
    return [row.seen_at for row in rows]
