"""The dissemination report as a workbook: units, and people by name."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from nanglucso.core.days import local_day
from nanglucso.govern.outreach.models import Campaign
from nanglucso.govern.outreach.queries import Reach
from nanglucso.govern.outreach.stages import ORDER, Stage, stages_of
from nanglucso.kit.xlsxwrite import Column, OutSheet
from nanglucso.ui.figures import vdate, vmoment


def report(
    campaign: Campaign, reach: Reach | None, people: Iterable[tuple[Any, str]], *, at: datetime
) -> list[OutSheet]:
    """Two sheets, of what the viewer may see by name."""
    document = campaign.document
    titles = [
        _("Dissemination of %(number)s") % {"number": document.number}, document.title_vi,
        _("As of %(when)s; last day %(due)s") % {"when": vmoment(at), "due": vdate(campaign.due)},
    ]  # fmt: skip
    return [_units(campaign, reach, titles), _people(people, titles)]


def _units(campaign: Campaign, reach: Reach | None, titles: list[str]) -> OutSheet:
    places = [ORDER.index(code) for code, _label in stages_of(campaign)]
    columns = [Column(_("Unit"), 44), *(Column(str(label), 12, "int") for _code, label in stages_of(campaign))]
    columns.append(Column(_("Share understood"), 12, "percent"))
    held = [(one.place.name, one.counts) for one in reach.rows] if reach else []
    whole = [(_("Together"), reach.total)] if reach else []
    rows = [[name, *(c.n[i] for i in places), c.share(Stage.UNDERSTOOD)] for name, c in [*held, *whole] if c.n]
    return OutSheet(_("By unit"), columns, rows, titles)


def _people(people: Iterable[tuple[Any, str]], titles: list[str]) -> OutSheet:
    columns = [
        Column(_("Full name"), 26), Column(_("Staff number"), 14), Column(_("Unit"), 40), Column(_("Position"), 34),
        Column(_("Stage"), 14), Column(_("Opened on"), 12, "date"), Column(_("Read on"), 12, "date"),
        Column(_("Seconds of reading"), 12, "int"), Column(_("Understood on"), 12, "date"),
        Column(_("Followed up on"), 12, "date"), Column(_("What was done"), 40),
    ]  # fmt: skip
    return OutSheet(_("By person"), columns, (_line(row, stage) for row, stage in people), titles)


def _line(row: Any, stage: str) -> list[Any]:
    person, followed = row.person, row.followed_at if stage == Stage.FOLLOWED else None
    return [
        person.full_name, person.staff_code or "", person.unit.name if person.unit else "",
        person.position.title if person.position else "", str(Stage(stage).label),
        _day(row.opened_at), _day(row.read_at),
        round(row.seconds) if row.seconds else None, _day(row.understood_at), _day(followed),
        row.done_note if followed else "",
    ]  # fmt: skip


def _day(moment: datetime | None) -> Any:
    return local_day(moment) if moment else None
