"""Every file that the product hands out: what people typed stays text in it, and what they sent runs nowhere.

The addresses are found in the code of the views; a new one without a row here fails a test.
"""

import ast
import csv
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.urls import reverse

import nanglucso
from nanglucso.core import downloads
from nanglucso.core.models import StoredFile
from nanglucso.kit.xlsxwrite import write_csv
from tests.access.handed_out import hands_out
from tests.access.test_every_address import BY_NAME, OWN, login
from tests.access.world import World
from tests.documents.reading import docx_text, pdf_pages, squeezed

pytestmark = pytest.mark.django_db
STARTS = "=+-@\t\r"
MARK = "1+1<b>&x</b>"
FIGURE = re.compile(r"-?[0-9.,]+")
# Fields that somebody types; codes, keys and states are not among them.
TYPED = (
    "full_name",
    "name",
    "name_vi",
    "title",
    "title_vi",
    "short",
    "text",
    "note",
    "reason",
    "place",
    "label",
    "comment",
)
# None of these fields stands in it: heads of columns, figures, texts kept in JSON or as on the day of issue, no rows here.
BARE = {
    "credentials:list_template", "outreach:register_template", "people:import_template", "targets:file_template",
    "quality:statistics_export", "quality:health_export", "reports:yearly_file", "people:import_problems",
    "staffing:overlaps_export", "reports:streamlining", "budget:report_export", "bank:export",
    "readiness:investments_export", "credentials:pdf",
}  # fmt: skip
# Address → kinds, each in place of the last part of the address ("": the address as the table fills it).
TABLES = {
    "bank:export": ("csv",), "budget:report_export": ("",), "core:audit_export": ("",), "core:own_export": ("",),
    "credentials:list_template": ("",), "gaps:export": ("unit",), "hours:export": ("",), "outreach:export": ("",),
    "outreach:register_template": ("",), "people:export": ("",), "people:import_problems": ("",),
    "people:import_template": ("",), "plans:export": ("",), "quality:health_export": ("xlsx", "csv"),
    "quality:statistics_export": ("xlsx", "csv"), "readiness:investments_export": ("",), "readiness:template": ("",),
    "reports:gaps_workbook": ("",), "staffing:overlaps_export": ("xlsx", "csv"), "targets:file_template": ("",),
    "training:desk_sheet": ("",), "training:export": ("",), "training:paper": ("",),
}  # fmt: skip
DOCUMENTS = {
    "meetings:minutes_file": ("docx", "pdf"), "reports:class_paper": ("docx", "pdf"), "credentials:pdf": ("",),
    "reports:hours_file": ("docx",), "reports:outreach_file": ("docx", "pdf"), "reports:plan_document": ("docx",),
    "reports:position_docx": ("",), "reports:streamlining": ("docx",), "reports:yearly_file": ("docx",),
}  # fmt: skip
KEPT = {
    "assessments:certificate_proof", "assessments:file_download", "meetings:archive", "meetings:page", "meetings:pdf",
    "meetings:proof", "outreach:document_file", "targets:file_original", "learning:package_file",
}  # fmt: skip
# JSON, JSON lines and calendars: no spreadsheet, no page; each kind has its own tests.
OTHERS = {"credentials:badge", "framework:case", "learning:xapi", "plans:calendar", "training:ics"}
# Counts and words that the product ships: nothing in them was typed by anybody but names of units, given by decision.
OPEN = {"exchange:open_file", "exchange:dictionary_file"}
MADE = [(name, kind) for name, kinds in (TABLES | DOCUMENTS).items() for kind in kinds]


def test_every_address_that_hands_out_a_file_has_a_row():
    found = {name for name, view in OWN.items() if hands_out(view)}
    assert found == {*TABLES, *DOCUMENTS, *KEPT, *OTHERS, *OPEN}


def plant() -> None:
    """In front of whatever somebody typed stands what a spreadsheet or a page would run; each field begins otherwise."""
    n = 0
    for model in apps.get_models():
        if not model.__module__.startswith("nanglucso."):
            continue
        for field in model._meta.concrete_fields:
            if field.name not in TYPED or field.choices or type(field) not in (models.CharField, models.TextField):
                continue
            start, n = STARTS[n % 4], n + 1
            typed = Concat(Value(start + MARK), F(field.name), output_field=models.TextField())
            model._default_manager.update(**{field.name: Substr(typed, 1, field.max_length or 5000)})


def cells(data: bytes) -> Iterator[str]:
    """The texts of a CSV as a spreadsheet sees them."""
    for row in csv.reader(io.StringIO(data.decode("utf-8-sig"))):
        yield from row


def texts_of(reply: Any) -> str:
    """What stands in the file; fails where something in it would be run."""
    data = b"".join(reply.streaming_content) if reply.streaming else reply.content
    kind = reply.headers["Content-Type"].partition(";")[0]
    if kind == "text/csv":
        found = list(cells(data))
        assert not [one for one in found if one[:1] in (*STARTS, "\n") and one and not FIGURE.fullmatch(one)]
        return squeezed("".join(found))
    if kind == downloads.TYPES["pdf"]:
        assert not re.search(rb"/(?:JavaScript|JS|Launch|EmbeddedFile)\b", data)
        return "".join(pdf_pages(data))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}
    whole = "".join(parts.values())
    assert 'TargetMode="External"' not in whole.replace("'", '"')
    if kind == downloads.TYPES["docx"]:
        assert "w:instrText" not in re.sub(r"<w:instrText[^>]*>\s*(?:PAGE|NUMPAGES)\b[^<]*</w:instrText>", "", whole)
        return docx_text(data)
    assert not re.search(r"<f>|<f |<hyperlink|<ddeLink|oleLink", whole)
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(data))
    every = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in every if cell.data_type == "f"]
    return squeezed("".join(str(cell.value) for cell in every if cell.value is not None))


def fetched(name: str, kind: str, world: World) -> Any:
    """The file of one address, as a role over the whole city that may have it."""
    row, users = BY_NAME[name], world.chiefs
    role = next(one for one in ("training", *row.roles) if one in row.roles)
    filled = row.mine(world, users[role])
    filled = [*filled[:-1], kind] if kind else filled
    return getattr(login(users[role], role), row.verbs[0].lower())(reverse(name, args=filled), row.data)


def test_what_people_typed_stays_text(world: World):
    """One planting for all addresses: what fills them is made before it."""
    for name, _kind in MADE:
        BY_NAME[name].mine(world, world.chiefs[BY_NAME[name].roles[0]])
    plant()
    faults = []
    for name, kind in MADE:
        reply = fetched(name, kind, world)
        if reply.status_code != 200:
            faults.append(f"{name} {kind}: answered {reply.status_code}")
            continue
        try:
            if MARK not in texts_of(reply) and name not in BARE:
                faults.append(f"{name} {kind}: nothing that was typed stands in it")
        except AssertionError as error:
            faults.append(f"{name} {kind}: {error}")
    assert not faults, "\n".join(faults)


def test_each_start_of_a_formula_is_guarded_and_figures_stay():
    out = io.BytesIO()
    write_csv(out, ["=x"], [[start + "cmd"] for start in (*STARTS, "\n", "|", "%")] + [[-5], ["-1,5"], [None], ["a=b"]])
    found = list(cells(out.getvalue()))
    assert all(one.startswith("'") for one in found[:10])
    assert found[10:] == ["-5", "-1,5", "", "a=b"]


class TestKept:
    """Files that somebody sent."""

    @pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "text/javascript", "application/xhtml+xml", ""])
    def test_a_type_that_runs_becomes_octets(self, kind: str, tmp_path: Path):
        (tmp_path / "a").write_bytes(b"<script>alert(1)</script>")
        reply = downloads.kept(tmp_path / "a", kind, 'a"\r\nX: y\u202elmth.html', shown=True)
        assert reply.headers["Content-Type"] == "application/octet-stream"
        guarded(reply)
        assert "\u202e" not in reply.headers["Content-Disposition"]
        reply.file_to_stream.close()

    def test_it_is_never_sent_with_the_rights_of_a_page(self, world: World):
        seen = set()
        for name in sorted(KEPT - {"learning:package_file"}):
            row = BY_NAME[name]
            role = row.roles[-1]
            filled = row.mine(world, world.users[role])
            StoredFile.objects.update(content_type="text/html", name="a\u202elmth.html")
            reply = login(world.users[role], role).get(reverse(name, args=filled))
            if reply.status_code == 200:
                seen.add(name)
                guarded(reply, shown=name in ("meetings:page", "outreach:document_file"))
        assert seen >= {"meetings:page", "meetings:pdf"}

    def test_nothing_else_opens_a_file_for_the_browser(self):
        places = set()
        source = Path(nanglucso.__file__).parent
        for path in source.rglob("*.py"):
            names = {n.id for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Name)}
            places |= {str(path.relative_to(source))} if "FileResponse" in names else set()
        # A package runs in a sandbox of its own kind, with tests of its own.
        assert places == {"core/downloads.py", "develop/learning/views/package_files.py"}


def guarded(reply: Any, *, shown: bool = False) -> None:
    policy = reply.headers["Content-Security-Policy"]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert reply.headers["Content-Type"] in {*downloads.SAFE, "application/octet-stream"}
    assert "default-src 'none'" in policy
    assert policy.startswith("sandbox") or (shown and "script-src 'none'" in policy)
    assert shown or reply.headers["Content-Disposition"].startswith("attachment")
