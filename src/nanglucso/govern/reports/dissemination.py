"""The dissemination report of one campaign on the official form, of the viewer's scope."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from nanglucso.core.days import local_day
from nanglucso.core.scope import Scope
from nanglucso.govern.outreach.models import Campaign
from nanglucso.govern.outreach.queries import Counts, Reach, reach
from nanglucso.govern.outreach.stages import ORDER, Stage, stages_of
from nanglucso.govern.reports.documents.content import Block, OfficialDocument, Row, columns, heading, sub, table, text
from nanglucso.govern.reports.documents.wording import (
    BLANK,
    agency_lines,
    number,
    organisation,
    percent,
    place_date,
    said_name,
    short_date,
    wording,
)
from nanglucso.workforce.people.models import Person

Told = dict[str, Any]


def dissemination_document(scope: Scope, campaign: Campaign, *, names: bool, at: datetime) -> OfficialDocument:
    """The report by unit; nobody's name stands in it. `names`: whether the viewer sees small groups."""
    told, city = wording("dissemination"), organisation()
    found = reach(scope=scope, campaign=campaign, names=names)
    assert found is not None
    own = found.place.name if found.place and not scope.everything else ""
    names_of = organisation({"issuer": own.upper(), "symbol": "", "signer_name": ""}) if own else city
    said = {
        "number": campaign.document.number, "title": campaign.document.title_vi, "as_of": short_date(local_day(at)),
        "to": said_name(city["issuer" if own else "superior"], city["place"]), "task": campaign.task,
        "issuer": own or said_name(city["issuer"], city["place"]), "due": short_date(campaign.due),
        "since": short_date(local_day(campaign.opened_at or campaign.created_at)),
        "n": number(found.total.sent) if found.total.n else told["results"]["hidden"],
    }  # fmt: skip
    made_up = Person.objects.filter(made_up=True).exists()
    notes = ["draft", *["open"] * campaign.is_open, *["made_up"] * made_up]
    return OfficialDocument(
        superior=agency_lines(names_of["superior"]), issuer=names_of["issuer"],
        number=f"Số:{BLANK}/{told['code']}-{names_of['symbol']}",
        place_date=place_date(names_of["place"], local_day(at)),
        kind=told["kind"], subject=tuple(line.format(**said) for line in told["subject"]),
        to=told["to"].format(**said), notes=tuple(told["notes"][name].format(**said) for name in notes), bases=(),
        blocks=tuple(_blocks(campaign, found, told, said)),
        recipients=(*(f"- {line.format(**said)};" for line in told["recipients"]), f"- {told['last_recipient']}"),
        signer=(names_of["signer_title"],), signer_name=names_of["signer_name"],
    )  # fmt: skip


def _blocks(campaign: Campaign, found: Reach, told: Told, said: Told) -> Iterator[Block]:
    about, results = told["about"], told["results"]
    yield text(told["intro"].format(**said))
    yield heading(about["title"])
    yield text(about["sent"].format(**said))
    yield text(about["follow"][campaign.follow_up].format(**said))
    if campaign.epoch > 1:
        yield text(about["anew"])
    yield text(told["method"])
    yield heading(results["title"])
    if found.total.n is None:
        yield text(results["small"])
    else:
        yield from _table(campaign, found, told)
    yield text(told["closing"].format(**said))


def _table(campaign: Campaign, found: Reach, told: Told) -> Iterator[Block]:
    codes = [code for code, _label in stages_of(campaign)]
    heads = [told["columns"][name] for name in ("unit", *codes, "share")]
    rows = [_row(one.place.name, one.counts, codes, told) for one in found.rows]
    rows.append(_row(told["results"]["total"], found.total, codes, told, bold=True))
    yield sub(told["results"]["lead"])
    yield table(columns(heads, (6, *[2.2] * len(codes), 2.4), "l" + "r" * (len(codes) + 1)), rows)
    if any(one.counts.n is None for one in found.rows):
        yield text(told["results"]["kept"])


def _row(name: str, counts: Counts, codes: list[str], told: Told, *, bold: bool = False) -> Row:
    if counts.n is None:
        return Row((name, *[told["results"]["hidden"]] * (len(codes) + 1)), bold=bold)
    figures = [number(counts.n[ORDER.index(code)]) for code in codes]
    return Row((name, *figures, percent(counts.share(Stage.UNDERSTOOD))), bold=bold)
