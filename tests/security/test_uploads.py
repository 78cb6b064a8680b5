"""Over a hundred hostile files at every door, over HTTP: refused in one sentence, or taken as what they are."""

import ast
import re
import resource
import shutil
import socket
import time
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django import forms
from django.apps import apps
from django.conf import settings as configured
from django.core.cache import cache
from django.db import transaction

import nanglucso
from nanglucso.core.models import AuditHead
from nanglucso.kit import spreadsheets
from nanglucso.kit.faults import BadFile
from tests import make
from tests.security.archives import CANARY
from tests.security.doors import BAD, DOORS, Door
from tests.security.hostile import HOSTILE, SCRIPT

SOURCE = Path(nanglucso.__file__).parent
MOST_SECONDS, MOST_MEMORY_MB = 5.0, 400
BOUNDARY = "canh-cua"
SECRET = "the-words-of-the-canary"
ODD = re.compile("[\x00-\x08\x0b-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


@pytest.fixture(autouse=True)
def _place(settings, tmp_path, monkeypatch):
    """A media folder of its own, a secret on the disk, no way to another machine, each workbook parsed once."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MEDIA_ROOT.mkdir()
    settings.SCORM_MB = 5
    (tmp_path / CANARY).write_text(SECRET)

    def nowhere(*args: Any) -> None:
        raise AssertionError(f"a file made the server call {args[1:]}")

    monkeypatch.setattr(socket.socket, "connect", nowhere)
    with time_machine.travel(make.at(1), tick=False):
        yield


@pytest.fixture(autouse=True)
def _parsed_once(monkeypatch):
    """The child process that reads a workbook does not know the door: one run for each content."""
    parse = spreadsheets._from_child

    def remembered(place: Path, name: str) -> Any:
        data = place.read_bytes()
        if data not in PARSED:
            try:
                PARSED[data] = parse(place, name)
            except BadFile as error:
                PARSED[data] = error
        if isinstance(found := PARSED[data], BadFile):
            raise BadFile(found.code, **{**found.params, "name": name})
        return found

    monkeypatch.setattr(spreadsheets, "_from_child", remembered)


PARSED: dict[bytes, Any] = {}


def body(field: str, name: str, data: bytes, more: dict[str, str]) -> bytes:
    """A form as a browser sends it, with a name that no browser would send; a line end stands in it as in RFC 5987."""
    said = f"filename*=UTF-8''{name}" if "%0D" in name else f'filename="{name}"'
    more = more | {"csrfmiddlewaretoken": "x"}
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in more.items()
    ]
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; {said}\r\nContent-Type: text/x-evil\r\n\r\n'
    )
    return b"".join(parts) + head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()


def post(door: Door, opened: Any, name: str, data: bytes) -> Any:
    client, address, more = opened
    sent = body(door.place, name, data, more)
    return client.generic("POST", address, sent, f"multipart/form-data; boundary={BOUNDARY}", headers=door.headers)


def kept(door: Door) -> tuple[Any, ...]:
    """What the database and the disk hold: rows of the door, entries of the log, files."""
    rows = [model.objects.count() for model in door.keeps]
    head = AuditHead.objects.filter(id=1).values_list("seq", flat=True).first()
    files = sorted(path for path in Path(configured.MEDIA_ROOT).rglob("*") if path.is_file())
    return *rows, head, files


def sentences(reply: Any) -> list[str]:
    """Why it was refused, as the person reads it."""
    if reply.headers["Content-Type"].startswith("text/plain"):
        return [reply.content.decode()]
    found = [text for lines in reply.context["form"].errors.values() for text in lines]
    return [str(text) for text in found]


def faults_of_refusal(door: Door, reply: Any, before: Any, name: str) -> list[str]:
    if reply.status_code not in (400, 422):
        return [f"answered {reply.status_code}"]
    found = [] if kept(door) == before else ["something was written"]
    if reply.status_code == 400:
        return found
    told = sentences(reply)
    if len(told) != 1:
        return [*found, f"{len(told)} sentences: {told}"]
    return [*found, *faults_of_sentence(told[0], name)]


def faults_of_sentence(text: str, name: str) -> list[str]:
    """Vietnamese, of a length that is read, without a word of the machine; the file's own name may say what it likes."""
    text = text.replace(name, "")
    clear = (
        10 < len(text) <= 420 and not text.isascii() and not re.search(r"Traceback|Error|<class|Exception|%\(", text)
    )
    return [] if clear and not ODD.search(text) else [f"not one clear sentence: {text[:200]!r}"]


def faults_of_noting(door: Door, name: str, before: Any) -> list[str]:
    """A refusal that is kept as a row: the sentence stands on its page, the file is gone from the disk."""
    text = door.notes() if door.notes else ""
    found = faults_of_sentence(text, name) if text else ["it was taken"]
    return found if kept(door)[-1] == before[-1] else [*found, "the refused file is still on the disk"]


def faults_of_judging(door: Door, reply: Any, before: Any) -> list[str]:
    """A page that judges a file and keeps nothing must not believe it."""
    verdict = door.judges(reply) if door.judges else ""
    found = [] if reply.status_code == 200 and verdict in BAD else [f"judged {verdict}, answered {reply.status_code}"]
    return found if kept(door) == before else [*found, "something was written"]


def faults_of_taking(reply: Any, before: Any, door: Door, opened: Any) -> list[str]:
    """Kept under a random name, below the media folder, no program; the page about it shows no script of the file."""
    if reply.status_code not in (200, 302):
        return [f"answered {reply.status_code} where it is plain data"]
    found = [] if kept(door)[:-1] != before[:-1] else ["taken, and nothing is kept of it"]
    for path in set(kept(door)[-1]) - set(before[-1]):
        if not re.fullmatch(r"[0-9a-f]{32}", path.name) or path.stat().st_mode & 0o111:
            found.append(f"kept as {path.name}")
    if reply.status_code == 302:
        page = opened[0].get(reply.headers["Location"])
        if page.status_code >= 400:
            found.append(f"its page answers {page.status_code}")
        if SCRIPT in page.content.decode() or "onerror=alert(1)>" in page.content.decode().replace("&gt;", ""):
            found.append("its page runs the script of the file")
    return found


def tried(door: Door, opened: Any, what: str) -> list[str]:
    """Everything that is wrong after one file at one door; the database and the disk are put back."""
    name, data = HOSTILE[what]()
    data = data.replace(b"{place}", str(Path(configured.MEDIA_ROOT).parent).encode())
    before, began = kept(door), time.process_time() + _children()
    cache.clear()
    with transaction.atomic():
        reply = post(door, opened, name, data)
        spent = time.process_time() + _children() - began
        faults = [] if spent < MOST_SECONDS else [f"took {spent:.1f} s of processor"]
        if reply.status_code >= 500:
            faults.append(f"answered {reply.status_code}")
        elif what in door.takes and door.judges:
            faults += faults_of_judging(door, reply, before)
        elif what in door.takes:
            faults += faults_of_taking(reply, before, door, opened)
        elif door.notes and reply.status_code == 302:
            faults += faults_of_noting(door, name, before)
        else:
            faults += faults_of_refusal(door, reply, before, name)
        said = reply.content + repr(reply.headers).encode()
        if SECRET.encode() in said or "Set-Cookie: evil" in repr(reply.headers) or "evil" in reply.cookies:
            faults.append("it read the disk or wrote a header")
        transaction.set_rollback(True)
    shutil.rmtree(configured.MEDIA_ROOT)
    Path(configured.MEDIA_ROOT).mkdir()
    return [f"{what}: {fault}" for fault in faults]


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_set_is_large_enough_and_small_on_the_disk():
    sizes = [len(make_one()[1]) for make_one in HOSTILE.values()]
    assert len(sizes) >= 100
    assert max(sizes) < 4 * 2**20
    assert sum(sizes) < 10 * 2**20


def _sources_that_take_files() -> set[str]:
    """Modules in whose text `….FILES` is read."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        text = path.read_text()
        if ".FILES" in text and any(
            isinstance(n, ast.Attribute) and n.attr == "FILES" for n in ast.walk(ast.parse(text))
        ):
            found.add(".".join(("nanglucso", *path.relative_to(SOURCE).with_suffix("").parts)))
    return found


def test_every_place_that_takes_a_file_has_a_row():
    assert _sources_that_take_files() == {door.source for door in DOORS}


def test_every_form_with_a_file_belongs_to_a_room_with_a_row():
    for app in apps.get_app_configs():
        if app.name.startswith("nanglucso."):
            __import__(app.name + ".urls", fromlist=["x"]) if (Path(app.path) / "urls.py").exists() else None
    todo, rooms = [forms.BaseForm], set()
    while todo:
        for kind in type.__subclasses__(todo.pop()):
            todo.append(kind)
            fields = getattr(kind, "base_fields", {}).values()
            if kind.__module__.startswith("nanglucso.") and any(isinstance(one, forms.FileField) for one in fields):
                rooms.add(".".join(kind.__module__.split(".")[:3]))
    assert rooms
    assert rooms <= {".".join(door.source.split(".")[:3]) for door in DOORS}


LISTS = (
    "staff and unit lists",
    "frameworks",
    "completions elsewhere",
    "registers of laws",
    "figures of systems",
    "sheets of infrastructure",
)
PAPERS = ("proofs of certificates", "texts of laws", "papers of meetings", "proofs of tasks")
# Where somebody would try a file of this ending first.
TRIED_AT = {
    "zip": ("packages", "new versions of packages", "archives of meetings"), "json": ("frameworks", "somebody's badge"),
    "yaml": ("items",), "docx": ("files as answers", "proofs of tasks"), "pdf": PAPERS, "png": PAPERS, "jpg": PAPERS,
}  # fmt: skip
AT_EACH_DOOR = 8


def picked() -> dict[str, list[str]]:
    """Door → files of the daily run: each file where it would be tried, and at least eight of the set at each door."""
    found: dict[str, list[str]] = {door.name: [] for door in DOORS}
    for n, (what, made) in enumerate(HOSTILE.items()):
        doors = TRIED_AT.get(made()[0].rpartition(".")[2], LISTS)
        found[doors[n % len(doors)]].append(what)
    everything = list(HOSTILE)
    for n, files in enumerate(found.values()):
        rest = [what for what in everything[n :: len(everything) // AT_EACH_DOOR] if what not in files]
        files += rest[: max(AT_EACH_DOOR - len(files), 0)]
    return found


PICKED = picked()


def test_the_daily_pick_holds_every_file_and_some_at_every_door():
    assert {what for files in PICKED.values() for what in files} == set(HOSTILE)
    assert all(len(set(files)) == len(files) >= AT_EACH_DOOR for files in PICKED.values())
    assert len(HOSTILE) >= 100
    assert len(DOORS) >= 16


@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_no_hostile_file_gets_anything_done(door: Door):
    check(door, PICKED[door.name])


@pytest.mark.thorough
@pytest.mark.django_db
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_no_hostile_file_gets_anything_done_at_any_door(door: Door):
    check(door, [what for what in HOSTILE if what not in PICKED[door.name]])


def check(door: Door, files: list[str]) -> None:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    opened = door.opens()
    faults = [fault for what in files for fault in tried(door, opened, what)]
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    assert not faults, "\n".join(faults)
    assert grown < MOST_MEMORY_MB
