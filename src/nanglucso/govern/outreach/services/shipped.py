"""What is shipped: documents with their summaries and checks, and the register of legal texts."""

import csv
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, cast

from nanglucso.core.acts import act
from nanglucso.core.content import read_yaml, root
from nanglucso.core.models import User
from nanglucso.govern.outreach.models import LawDocument, RegisterImport
from nanglucso.govern.outreach.numbers import key_of
from nanglucso.govern.outreach.services.library import About, publish, save_document, save_draft
from nanglucso.govern.outreach.services.registers import read_register


def folder() -> Path:
    """Where the shipped documents stand, one file each."""
    return root() / "outreach" / "documents"


def shipped() -> list[dict[str, Any]]:
    """Every shipped document as its file says."""
    return [cast(dict[str, Any], read_yaml(path)) for path in sorted(folder().glob("*.yaml"))]


def _about(told: dict[str, Any], held: dict[str, LawDocument]) -> About:
    days: dict[str, Any] = {name: _day(told.get(name)) for name in ("issued", "effective", "ended")}
    older = tuple(held[key_of(one)] for one in told.get("supersedes", ()) if key_of(one) in held)
    return About(
        number=told["number"], title_vi=told["title"]["vi"], title_en=told["title"]["en"], issuer=told["issuer"],
        standing=told["standing"], note=told["note"], confidence=told["confidence"], supersedes=older, **days,
    )  # fmt: skip


def _day(told: Any) -> date | None:
    return told if isinstance(told, date) else None


def load_documents(*, at: datetime, actor: User | None = None) -> int:
    """Enter the shipped documents that the library lacks and publish their summaries; how many were entered.

    One that a register brought before gets the title and the summary; one whose summary somebody began to write is
    left alone.
    """
    made = 0
    with act(actor, "outreach.load", at=at) as this:
        for told in shipped():
            held = {row.key: row for row in LawDocument.objects.all()}
            row = held.get(key_of(told["number"]))
            if row is None or (row.live is None and not row.versions.exists()):
                made += row is None
                row = save_document(actor=actor, about=_about(told, held), at=at, document=row)
            if row.live is None and not row.versions.exists():
                texts = {f"{part}_{lang}": told[part][lang] for part in ("summary", "checks") for lang in ("vi", "en")}
                draft = save_draft(actor=actor, document=row, texts=texts, at=at)
                publish(actor=actor, version=draft, significant=True, change="", at=at)
        this.note(entered=made)
    return made


def read_shipped_register(*, actor: User | None, at: datetime) -> RegisterImport:
    """The register of legal texts that the product itself leans on, as if its file had been chosen; nothing applied."""
    laws = root() / "laws"
    with (laws / "notes.csv").open(encoding="utf-8", newline="") as file:
        notes = {row["number"]: row["note_vi"] for row in csv.DictReader(file)}
    data = BytesIO((laws / "register.csv").read_bytes())
    return read_register(actor=actor, stream=data, name="register.csv", at=at, notes=notes)
