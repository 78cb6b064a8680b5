"""Every place of the product that takes a file; a place in the source that no row names fails a test.

To add one: what opens it (log-in, address, the other fields), and which files of the hostile set it takes as what they
are: plain data that nothing executes.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from nanglucso.core.models import StoredFile
from nanglucso.develop.credentials.models import CompletionList
from nanglucso.develop.learning.models import PackageVersion
from nanglucso.develop.readiness.models import FactSheet
from nanglucso.govern.meetings.models import ConclusionReport, Meeting, Paper
from nanglucso.govern.outreach.models import LawDocument, RegisterImport
from nanglucso.govern.targets.models import FigureImport
from nanglucso.govern.targets.shipped import systems
from nanglucso.measure.assessments import answering
from nanglucso.measure.assessments.models import Answer, OutsideCertificate, Sitting
from nanglucso.measure.bank.models import ItemImport
from nanglucso.workforce.framework.models import ForeignTable, Framework
from nanglucso.workforce.people import importing, previewing
from nanglucso.workforce.people.models import StaffImport
from tests import make
from tests.learning import scorm
from tests.security.hostile import HOSTILE, NAMES

Opened = tuple[Client, str, dict[str, str]]


@dataclass(frozen=True)
class Door:
    """`source`: module of the view; `opens()`: client, address, other fields; `keeps`: what a taken file makes.

    `takes`: files that must be taken, as plain data that nothing executes. `notes()`: the sentence of a refusal that is
    kept as a row. `judges(reply)`: the verdict of a page that keeps nothing; `BAD` are those that believe nothing.
    """

    name: str
    source: str
    opens: Callable[[], Opened]
    keeps: tuple[Any, ...]
    takes: frozenset[str] = frozenset()
    place: str = "file"
    headers: dict[str, str] = field(default_factory=dict)
    notes: Callable[[], str] | None = None
    judges: Callable[[Any], str] | None = None


def _client(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _page(role: str, name: str, **fields: str) -> Callable[[], Opened]:
    return lambda: (_client(make.user(role)), reverse(name), fields)


def _certificate() -> Opened:
    client = _client(make.person(login=True).user)
    told = {"rule": "ud-cntt-co-ban", "issued_on": "02/03/2025", "number": "B 7"}
    return client, reverse("assessments:my_certificates"), told


def _renewal() -> Opened:
    package = scorm.kept_package().package
    return _client(make.user("training")), reverse("learning:package_renew", args=[package.pk]), {"minutes": "25"}


def _sitting() -> Opened:
    """A test whose last question asks for a file."""
    person = make.person(login=True)
    rules = {"items_min": 2, "items_max": 2, "competences": ["3.3"], "with_file": True}
    sitting = make.campaign(people=[person], **rules).sittings.get()
    client = _client(person.user)
    client.post(reverse("assessments:begin", args=[sitting.pk]))
    client.get(reverse("assessments:sit", args=[sitting.pk]))
    for seq in range(2):
        version = Sitting.objects.select_related("served_item__item").get(pk=sitting.pk).served_item
        sent = answering.Sent(seq, uuid.uuid4(), version.pk, make.right_choice(version))
        answering.take_answer(sitting_id=sitting.pk, person_id=person.pk, epoch=0, sent=sent, at=make.at(1))
    sitting.refresh_from_db()
    told = {"seq": "2", "key": str(uuid.uuid4()), "item": str(sitting.served_item_id)}
    return client, reverse("assessments:upload", args=[sitting.pk]), told


# Sheets are tables of plain text here: what looks like a program in a cell is a word like any other.
WORDS = frozenset(
    {"formulas in a list", "script in a list", "templates in a list", "SQL in a list", "script in UTF-7",
     "letters that turn the line round"}
)  # fmt: skip
# The reader of frameworks takes any table of words; these begin with no mark of another kind of file.
ODD_WORDS = frozenset({"pickled program", "YAML of laughs", "YAML with a key that is a table"})
# Handed in as work, never opened by the server, saved by the rater as a file. Excel itself calls the last three damaged.
HANDED_IN = frozenset({"nested archives", "workbook with a DDE formula", "cell in the far corner", "deep markup"})
# JSON that can be read and is judged as what it says: not to be believed.
JUDGED = frozenset({"JSON of other shapes", "badge that sends the server elsewhere"})
# A browser's file of this name does not arrive; where none has to be there, the rest of the form counts.
NO_FILE = frozenset({"name of dots"})
TOO_LONG = frozenset({"name without an end"})  # the head of the form is over its limit: 400 before any view
# Heads of columns that these two know, so that a preview is shown: every row in it is a fault, nothing can be applied.
PREVIEWED = WORDS - {"script in UTF-7"}
BAD = frozenset({"rejected", "unsure", "unreadable", "forged", "none"})


def _noted() -> str:
    """The sentence of a list that could not be read; its file is gone from the disk."""
    row = StaffImport.objects.latest("pk")
    if row.status == StaffImport.Status.READING:  # a large one, which a worker reads
        row = importing.read_import(actor=None, row=row, at=make.at(1))
        row.refresh_from_db()
    return str(previewing.refusal(row) or "") if row.status == StaffImport.Status.UNREADABLE else ""


def _meeting() -> tuple[Client, Meeting]:
    """A meeting in session and a log-in that is its secretary."""
    person = make.person(login=True)
    told = {"title": "Họp", "unit": person.unit, "place": "A", "created_at": make.AT, "opened_at": make.AT}
    row = Meeting.objects.create(starts_at=make.AT, ends_at=make.at(2), status="running", **told)
    row.attendees.create(person=person, role="secretary", checked_in_at=make.AT)
    return _client(person.user), row


def _paper() -> Opened:
    client, row = _meeting()
    return client, reverse("meetings:act", args=[row.pk, "tai-lieu"]), {"title": "Tờ trình"}


def _task() -> Opened:
    client, row = _meeting()
    told = {"number": 1, "text": "Mở lớp", "unit": row.unit, "due_on": make.at(9).date(), "made_at": make.AT}
    task = row.conclusions.create(owner=row.attendees.get().person, **told)
    return client, reverse("meetings:task", args=[task.pk]), {"text": "Đã mở lớp."}


def _archive() -> Opened:
    return _meeting()[0], reverse("meetings:verify"), {}


def _figures() -> Opened:
    return _client(make.user("training")), reverse("targets:file_new"), {"system": next(iter(systems()))}


def _verdict(name: str, attribute: str) -> Callable[[Any], str]:
    return lambda reply: getattr(reply.context.get(name), attribute, "none")


DOORS = (
    Door(
        "staff and unit lists", "nanglucso.workforce.people.views.imports", _page("training", "people:import_new"),
        (StaffImport, StoredFile), WORDS, notes=_noted,
    ),
    Door(
        "frameworks", "nanglucso.workforce.framework.views.exchange", _page("training", "framework:import"),
        (Framework, ForeignTable), WORDS | ODD_WORDS | frozenset(NAMES) - NO_FILE - TOO_LONG,
    ),
    Door(
        "completions elsewhere", "nanglucso.develop.credentials.views_lists", _page("training", "credentials:list_new"),
        (CompletionList,),
    ),
    Door(
        "somebody's badge", "nanglucso.develop.credentials.views_badges",
        lambda: (Client(raise_request_exception=False), reverse("credentials:verify"), {}), (), JUDGED, place="badge",
        judges=_verdict("report", "verdict"),
    ),
    Door(
        "packages", "nanglucso.develop.learning.views.package_desk",
        _page("training", "learning:package_new", minutes="25"), (PackageVersion,),
    ),
    Door("new versions of packages", "nanglucso.develop.learning.views.package_desk", _renewal, (PackageVersion,)),
    Door("items", "nanglucso.measure.bank.views.exchange", _page("author", "bank:import_new"), (ItemImport,)),
    Door(
        "proofs of certificates", "nanglucso.measure.assessments.views.certificates", _certificate,
        (OutsideCertificate, StoredFile), place="proof",
    ),
    Door(
        "files as answers", "nanglucso.measure.assessments.views.files", _sitting, (Answer, StoredFile), HANDED_IN,
        headers={"NLS-Outbox": "1"},
    ),
    Door(
        "registers of laws", "nanglucso.govern.outreach.views.registers", _page("training", "outreach:register_new"),
        (RegisterImport,),
    ),
    Door(
        "texts of laws", "nanglucso.govern.outreach.views.writing",
        _page("training", "outreach:document_new", number="9/2026/NĐ-CP", title_vi="Nghị định", standing="in_force"),
        (LawDocument, StoredFile), NO_FILE,
    ),
    Door("figures of systems", "nanglucso.govern.targets.views_files", _figures, (FigureImport, StoredFile), PREVIEWED),
    Door(
        "sheets of infrastructure", "nanglucso.develop.readiness.views.sheets",
        _page("training", "readiness:sheet_new", day="02/03/2026"), (FactSheet,), PREVIEWED,
    ),
    Door("papers of meetings", "nanglucso.govern.meetings.views.acting", _paper, (Paper, StoredFile)),
    Door("proofs of tasks", "nanglucso.govern.meetings.views.after", _task, (ConclusionReport, StoredFile), HANDED_IN | NO_FILE),
    Door(
        "archives of meetings", "nanglucso.govern.meetings.views.after", _archive, (), frozenset(HOSTILE) - TOO_LONG,
        judges=_verdict("verdict", "state"),
    ),
)  # fmt: skip
