"""Packages over real HTTP: upload and refusal, the ticket, the policy of every file, what the player passes on."""

import json
import os
import re
import time
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from nanglucso.core.models import AuditEntry
from nanglucso.develop.learning.models import PackageRun, PackageVersion
from nanglucso.develop.learning.scorm import keeping, launching
from tests import make
from tests.learning import scorm

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def person():
    return make.person(login=True)


def send(client, data: bytes, address: str = "", **more):
    file = SimpleUploadedFile("Bài giảng.zip", data, content_type="application/zip")
    return client.post(address or reverse("learning:package_new"), {"file": file, "minutes": "25", **more})


def begun(client, data: bytes | None = None) -> PackageRun:
    package = scorm.kept_package(data).package
    assert client.post(reverse("learning:package_begin", args=[package.pk])).status_code == 302
    return PackageRun.objects.select_related("version").get()


def player(client, run: PackageRun, query: str = "") -> tuple[str, str, str]:
    """The player page, its ticket and the address of its frame."""
    said = client.get(reverse("learning:package_play", args=[run.pk]) + query)
    text = said.content.decode()
    return text, re.search(r'data-ticket="([^"]+)"', text)[1], re.search(r'src="(/hoc/goi/tep/[^"]+)"', text)[1]


def body(reply) -> bytes:
    return b"".join(reply.streaming_content) if reply.streaming else reply.content


def test_an_officer_uploads_looks_and_puts_in_use(as_user):
    me = as_user(make.user("training"))
    reply = send(me, scorm.one_unit())
    version = PackageVersion.objects.get()
    assert reply.status_code == 302
    assert (version.title, version.minutes, version.name, version.state) == ("Gói thử", 25, "Bài giảng.zip", "draft")
    looked = me.get(reply["Location"])
    assert looked.status_code == 200
    assert "/tep/" in looked.content.decode()
    me.post(reverse("learning:package_do", args=[version.pk, "dua-vao-dung"]))
    version.package.refresh_from_db()
    assert version.package.live_id == version.pk
    assert {"learning.upload_package", "learning.use_package"} <= set(AuditEntry.objects.values_list("verb", flat=True))
    me.post(reverse("learning:package_do", args=[version.pk, "rut"]))
    version.package.refresh_from_db()
    assert version.package.live_id is None


def test_a_package_too_large_for_memory_is_read_from_disk(as_user):
    film = os.urandom(3 * 2**20)
    me = as_user(make.user("author"))
    assert send(me, scorm.one_unit(extra={"phim.mp4": film})).status_code == 302
    version = PackageVersion.objects.get()
    assert (keeping.place(version.folder) / "phim.mp4").read_bytes() == film


def test_a_refused_zip_is_said_at_the_field_and_the_minutes_stay(as_user):
    me = as_user(make.user("author"))
    with translation.override("vi"):
        reply = send(me, scorm.packed({"index.html": "x"}))
    said = reply.content.decode()
    assert reply.status_code == 422
    assert "imsmanifest.xml" in said
    assert 'value="25"' in said
    assert not PackageVersion.objects.exists()
    assert send(me, b"").status_code == 422
    assert send(me, scorm.one_unit(), minutes="1").status_code == 422


def test_nobody_but_writers_uploads(as_user, person):
    assert send(as_user(person.user), scorm.one_unit()).status_code == 403


def test_a_page_of_a_package_has_the_runtime_in_front_and_the_strict_policy(as_user, person):
    me = as_user(person.user)
    _text, ticket, address = player(me, begun(me))
    reply = Client().get(address)  # the frame sends no cookie
    page = body(reply).decode()
    assert reply.status_code == 200
    assert reply["Content-Type"] == "text/html; charset=utf-8"
    assert (
        page.index("scorm12.min.js")
        < page.index("state.js")
        < page.index("scormframe.js")
        < page.index("function find")
    )
    rules = dict(one.strip().split(" ", 1) for one in reply["Content-Security-Policy"].split(";"))
    assert rules["sandbox"] == "allow-scripts allow-forms allow-modals"
    assert rules["default-src"] == rules["object-src"] == rules["form-action"] == "'none'"
    base = f"http://testserver/hoc/goi/tep/{ticket}/"
    assert rules["connect-src"] == f"{base} data: blob:"
    assert rules["base-uri"] == base
    assert "self" not in reply["Content-Security-Policy"]
    assert "X-Frame-Options" not in reply
    assert (reply["X-Content-Type-Options"], reply["Referrer-Policy"], reply["Cache-Control"]) == (
        "nosniff",
        "no-referrer",
        "no-store",
    )
    assert not reply.cookies
    assert Client().get(address, HTTP_SEC_FETCH_DEST="iframe").status_code == 200
    assert Client().get(address, HTTP_SEC_FETCH_DEST="document").status_code == 404


def test_only_the_player_may_hold_a_frame_and_only_of_package_files(as_user, person):
    me = as_user(person.user)
    run = begun(me)
    reply = me.get(reverse("learning:package_play", args=[run.pk]))
    assert "frame-src http://testserver/hoc/goi/tep/" in reply["Content-Security-Policy"]
    assert "script-src 'self'" in reply["Content-Security-Policy"]
    assert 'sandbox="allow-scripts allow-forms allow-modals"' in reply.content.decode()
    assert "allow-same-origin" not in reply.content.decode()
    assert "frame-src" not in me.get(reverse("learning:packages"))["Content-Security-Policy"]


def test_the_ticket_opens_its_own_package_for_some_hours_and_cannot_be_made_up(as_user, person, monkeypatch):
    me = as_user(person.user)
    run = begun(me)
    _text, ticket, address = player(me, run)
    assert Client().get(address).status_code == 200
    for wrong in (ticket[:-1] + ("A" if ticket[-1] != "A" else "B"), "x" + ticket, "-", ticket.replace(".", "", 1)):
        assert Client().get(address.replace(ticket, wrong)).status_code == 404
    for path in ("../../../../../etc/passwd", "%2e%2e/%2e%2e/nanglucso.sqlite3", "..%5c..%5cx.html", "gone.html", ""):
        assert Client().get(address.replace("index.html", path)).status_code == 404
    person.user.is_active = False
    person.user.save()
    assert Client().get(address).status_code == 404
    person.user.is_active = True
    person.user.save()
    monkeypatch.setattr(launching, "HOURS", 0)
    assert Client().get(address).status_code == 404


def test_the_ticket_of_another_package_or_run_opens_nothing_here(as_user, person):
    me = as_user(person.user)
    run = begun(me)
    other = scorm.kept_package(scorm.one_unit(extra={"secret.txt": "x"}))
    told = {"user": person.user_id, "version": other.pk, "run": str(run.pk), "unit": "I1", "launch": 1}
    address = reverse("learning:package_file", args=[launching.ticket(launching.Ticket(**told)), "secret.txt"])
    assert Client().get(address).status_code == 404
    told |= {"user": make.user("official").pk, "version": run.version_id}
    address = reverse("learning:package_file", args=[launching.ticket(launching.Ticket(**told)), "index.html"])
    assert Client().get(address).status_code == 404


def test_a_film_is_handed_out_in_pieces_and_a_dangerous_kind_never(as_user, person):
    me = as_user(person.user)
    extra = {"m/film.mp4": bytes(range(100)), "x.svg": "<svg/>", "a.exe": b"MZ"}
    _text, _ticket, address = player(me, begun(me, scorm.one_unit(extra=extra)))
    film = address.replace("index.html", "m/film.mp4")
    whole = Client().get(film)
    assert (body(whole), whole["Content-Type"], whole["Accept-Ranges"]) == (bytes(range(100)), "video/mp4", "bytes")
    for asked, first, last in (
        ("bytes=10-19", 10, 19),
        ("bytes=90-", 90, 99),
        ("bytes=-5", 95, 99),
        ("bytes=98-500", 98, 99),
    ):
        piece = Client().get(film, HTTP_RANGE=asked)
        assert (piece.status_code, piece["Content-Range"]) == (206, f"bytes {first}-{last}/100")
        assert body(piece) == bytes(range(first, last + 1))
    assert Client().get(film, HTTP_RANGE="bytes=200-300").status_code == 416
    assert "sandbox" in Client().get(address.replace("index.html", "x.svg"))["Content-Security-Policy"]
    assert Client().get(address.replace("index.html", "a.exe")).status_code == 404


@pytest.mark.parametrize(
    ("page", "charset"),
    [
        ("<html><head><title>x</title></head><p>đồng chí</p>".encode(), "utf-8"),
        (b"\xef\xbb\xbf<!doctype html><p>\xc4\x91", "utf-8"),
        ("<head><meta charset='windows-1258'></head>é".encode("cp1258"), "cp1258"),
        ("<p>Müller".encode("cp1252"), "windows-1252"),
        ("\ufeff<html><head></head><p>đồng chí".encode("utf-16-le"), "utf-16-le"),
        (b'<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>', "utf-8"),
    ],
)
def test_letters_of_a_page_survive_the_runtime(page, charset):
    from nanglucso.develop.learning.scorm import framing

    done, told = framing.with_runtime(page, ["/a.js"])
    assert told == charset
    assert '<script src="/a.js"></script>' in done.decode(charset)
    assert done.decode(charset).replace('<script src="/a.js"></script>', "") == page.decode(charset)


def test_the_runtime_begins_from_what_was_kept_and_names_nobody(as_user, person):
    me = as_user(person.user)
    run = begun(me)
    _text, ticket, _address = player(me, run)
    told = {
        "ticket": ticket,
        "n": "0",
        "event": "set",
        "values": json.dumps({"cmi.suspend_data": "</script>", "cmi.core.lesson_location": "3"}),
    }
    assert me.post(reverse("learning:package_record", args=[run.pk]), told).status_code == 200
    reply = Client().get(reverse("learning:package_state", args=[ticket]))
    state = json.loads(reply.content.decode().partition("= ")[2].rstrip(";\n"))
    assert state["values"]["cmi.core.lesson_location"] == "3"
    assert state["values"]["cmi.suspend_data"] == "</script>"
    assert person.ten not in reply.content.decode()
    assert reply["Cache-Control"] == "no-store"


def test_posting_needs_a_ticket_of_this_run_and_finishes_nothing(as_user, person):
    me = as_user(person.user)
    run = begun(me)
    _text, ticket, _address = player(me, run)
    address = reverse("learning:package_record", args=[run.pk])
    good = {"n": "1", "event": "end", "values": '{"cmi.core.lesson_status": "passed"}', "reads": "1", "seconds": "9999"}
    for wrong in ("", "x.y.z", launching.ticket(launching.Ticket(person.user_id, run.version_id, "", "I1", 1))):
        assert me.post(address, good | {"ticket": wrong}).status_code == 422
    for change in ({"n": "-1"}, {"n": "x"}, {"values": "{"}, {"values": "[]"}, {"event": "finish"}):
        assert me.post(address, good | {"ticket": ticket} | change).status_code == 422
    for _n in range(50):
        reply = me.post(address, good | {"ticket": ticket})
    assert reply.json()["done"] is False
    run.refresh_from_db()
    assert (run.claimed_at is not None, run.finished_at) == (True, None)
    assert run.spent < 60


def test_the_older_of_two_windows_is_told_that_it_is_late(as_user, person):
    me = as_user(person.user)
    run = begun(me)
    older = player(me, run)[1]
    time.sleep(0.01)
    newer = player(me, run)[1]
    address, told = reverse("learning:package_record", args=[run.pk]), {"n": "0", "event": "begin", "values": "{}"}
    assert me.post(address, told | {"ticket": older}).json()["late"] is False
    assert me.post(address, told | {"ticket": newer}).json()["late"] is False
    assert me.post(address, told | {"ticket": older, "n": "5"}).json()["late"] is True


def test_a_post_without_the_token_of_the_form_is_refused(person):
    client = Client(enforce_csrf_checks=True)
    client.force_login(person.user, backend="django.contrib.auth.backends.ModelBackend")
    package = scorm.kept_package().package
    assert client.post(reverse("learning:package_begin", args=[package.pk])).status_code == 403
    run = PackageRun.objects.create(
        person=person, version=package.live, began_at=timezone.now(), seen_at=timezone.now(), unit="I1"
    )
    assert client.post(reverse("learning:package_record", args=[run.pk]), {"reads": "1"}).status_code == 403


def test_parameters_and_the_chosen_unit_reach_the_frame(as_user, person):
    me = as_user(person.user)
    text = scorm.manifest(
        items=[("A", "Một", "a.html", ""), ("B", "Hai", "b.html", "")], parameters=' parameters="?p=1&amp;q=2"'
    )
    run = begun(me, scorm.packed({"imsmanifest.xml": text, "a.html": "", "b.html": ""}))
    _text, _ticket, address = player(me, run, "?muc=2")
    assert urlsplit(address.replace("&amp;", "&")).path.endswith("/b.html")
    assert urlsplit(address.replace("&amp;", "&")).query == "p=1&q=2"
    assert player(me, run, "?muc=9")[2].partition("?")[0].endswith("/a.html")
