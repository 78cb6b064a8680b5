"""Giấy xác nhận hoàn thành as PDF, with the check address as a QR code."""

from datetime import date
from io import BytesIO
from typing import Any

import segno

from nanglucso.govern.reports.documents.content import OfficialDocument
from nanglucso.govern.reports.documents.pdf import set_pages
from nanglucso.govern.reports.documents.wording import agency_lines, organisation, place_date, short_date, wording

TEMPLATE = "certificate.typ"


def certificate_pdf(content: dict[str, Any]) -> bytes:
    """One page. `content` is `Certificate.content` with `check_url` and `check_code`.

    Needed: number, name, unit, course, class, tiet, from, to (ISO dates), issuer, place, check_url, check_code.
    May hold: made_up, issued_on (ISO date, else the last day of the class), superior, signer_title, signer_name.
    Raises KeyError when one that is needed is missing.
    """
    return set_pages(TEMPLATE, certificate_words(content))


def certificate_words(content: dict[str, Any]) -> dict[str, Any]:
    """Every word on the page, and the QR as SVG."""
    told = wording("certificate")
    own = {name: str(content[name]) for name in ("superior", "signer_title", "signer_name") if name in content}
    names = organisation(own | {"issuer": content["issuer"], "place": content["place"]})
    days = {"start": short_date(_day(content["from"])), "end": short_date(_day(content["to"]))}
    return {
        "nation": OfficialDocument.nation,
        "motto": OfficialDocument.motto,
        "superior": agency_lines(names["superior"]),
        "issuer": names["issuer"],
        "title": told["title"],
        "subtitle": told["subtitle"],
        "warning": told["warning"] if content.get("made_up") else "",
        "name": content["name"],
        "unit": told["unit"].format(unit=content["unit"]),
        "done": told["done"],
        "course": content["course"],
        "when": told["when"].format(**{**content, **days}),
        "number": told["number"].format(number=content["number"]),
        "check": [
            told["number"].format(number=content["number"]),
            told["code"].format(code=content["check_code"]),
            told["where"].format(url=content["check_url"]),
        ],
        "place_date": place_date(names["place"], _day(content.get("issued_on") or content["to"])),
        "signer_title": names["signer_title"],
        "signer_name": names["signer_name"],
        "qr": _qr(content["check_url"]),
        "qr_alt": told["qr_alt"],
    }


def _day(text: str) -> date:
    return date.fromisoformat(text[:10])


def _qr(address: str) -> str:
    """The address as an SVG, error level M, with the quiet zone that readers need."""
    out = BytesIO()
    segno.make(address, error="m").save(out, kind="svg", border=4, scale=4)
    return out.getvalue().decode()
