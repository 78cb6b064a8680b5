"""Whoever is bound to one agency never reads the name of a person of another one: every page, every export, every byte."""

import io
import subprocess
import zipfile
from shutil import which

import pytest
from django.urls import reverse

from nanglucso.kit.text import fold
from tests.access.table import PUBLIC, TABLE, Row
from tests.access.test_every_address import login
from tests.access.world import SECRET, World

pytestmark = pytest.mark.django_db
BOUND = ("head", "training", "leader", "official", "author", "admin")
# The account list is the administrator's work and is not cut by unit.
OPEN_TO_ADMIN = {"core:roles", "core:role_user", "ui:search"}


def words(answer: object) -> str:
    """Everything that a reader could read in a reply: text, the parts of office files, the text of a PDF."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            return "\n".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())
    if body[:4] == b"%PDF" and which("pdftotext"):
        return subprocess.run(["pdftotext", "-", "-"], input=body, capture_output=True, check=True).stdout.decode()
    return body.decode("utf-8", "replace")


READ = [row for row in TABLE if "GET" in row.verbs and row.permission != PUBLIC]


@pytest.mark.parametrize("row", READ, ids=lambda row: row.name)
def test_the_name_of_another_agency_s_person_is_nowhere(row: Row, world: World):
    for role in [role for role in BOUND if role in row.roles]:
        if role == "admin" and row.name in OPEN_TO_ADMIN:
            continue
        user = world.users[role]
        client = login(user, role)
        for fill in [row.mine] + ([row.theirs] if row.theirs else []):
            address = reverse(row.name, args=fill(world, user))
            read = words(client.get(f"{address}?{row.query}" if row.query else address))
            assert SECRET not in read, role
            assert fold(SECRET) not in fold(read), role


@pytest.mark.parametrize("name", ["people:list", "people:export", "ui:search", "gaps:unit", "training:list"])
def test_asking_for_the_name_itself_finds_nothing(name: str, world: World):
    client = login(world.users["head"], "head")
    read = words(client.get(reverse(name), {"q": SECRET, "unit": world.b.unit.pk, "don_vi": world.b.unit.pk}))
    assert "Trịnh Thị" not in read


def test_the_search_for_a_leak_would_find_one(world: World):
    """The officer of the whole city does read the name: the test above looks in the right places."""
    client = login(world.chiefs["training"], "training")
    assert SECRET in words(client.get(reverse("people:list"), {"q": SECRET}))
    assert SECRET in words(client.get(reverse("people:export")))
    assert SECRET in words(client.get(reverse("reports:gaps_workbook")))
