"""Standard setting: a panel is opened, judges' entries are kept, the panel is closed. Cut points stay as they are."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from nanglucso.core.acts import act
from nanglucso.core.models import User
from nanglucso.core.refusals import Refused
from nanglucso.measure.quality import panelling
from nanglucso.measure.quality.models import Panel, PanelEntry
from nanglucso.workforce.framework.models import Competence


def open_panel(
    *, actor: User, title: str, method: str, competence: Competence, level: int, made_up: bool, at: datetime
) -> Panel:  # fmt: skip
    """Open a panel over the items in use of one competence. Refused when they are fewer than five."""
    items = [version.pk for version in panelling.pool(competence)]
    if len(items) < panelling.FEWEST_ITEMS:
        raise Refused(_("This competence has too few items in use for a panel."), field="competence")
    with act(actor, "quality.open_panel", at=at, method=method, competence=competence.code, level=level) as this:
        this.subject = row = Panel.objects.create(
            title=title.strip(), method=method, competence=competence, level=level, items=items, made_up=made_up,
            opened_by=actor, opened_at=at,
        )  # fmt: skip
    return row


def enter(*, actor: User, panel: Panel, judge: str, table: str, values: list[float], at: datetime) -> PanelEntry:
    """Keep one judge's entries; the same code again replaces them, and the log keeps both. Refused when closed."""
    if panel.closed_at:
        raise Refused(_("The panel is closed; nothing was changed."))
    code = " ".join(judge.split())
    told = {"table": " ".join(table.split()), "values": values, "entered_by": actor, "at": at}
    before = panel.entries.filter(judge=code).values_list("values", flat=True).first()
    with act(actor, "quality.enter_panel", panel, at=at, judge=code, values=values, replaced=before):
        row, _made = PanelEntry.objects.update_or_create(panel=panel, judge=code, defaults=told)
    return row


def close_panel(*, actor: User, panel: Panel, at: datetime) -> None:
    """End the entries. Refused twice, and before two judges have entered theirs."""
    if panel.closed_at:
        raise Refused(_("The panel is closed; nothing was changed."))
    if panel.entries.count() < 2:
        raise Refused(_("A cut needs the entries of two judges or more."))
    with act(actor, "quality.close_panel", panel, at=at, judges=panel.entries.count()):
        panel.closed_by, panel.closed_at = actor, at
        panel.save(update_fields=["closed_by", "closed_at"])
