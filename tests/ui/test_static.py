"""Styles and scripts: small files, nothing missing, hashed once collected and plain before."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

import nanglucso.ui
from nanglucso.ui.staticfiles import HashedStorage

PACKAGE = Path(nanglucso.ui.__file__).parent.parent
CSS = sorted(PACKAGE.glob("**/static/css/**/*.css"))
JS = sorted(PACKAGE.glob("**/static/js/*.js"))
TEMPLATES = sorted(PACKAGE.glob("**/templates/**/*.html"))


@pytest.mark.parametrize("path", [*CSS, *JS], ids=lambda path: path.name)
def test_a_file_is_small(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) < 150


@pytest.mark.parametrize("path", CSS, ids=lambda path: path.name)
def test_what_a_style_sheet_names_exists(path):
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r'url\(([^)]+)\)|@import "([^"]+)"', text):
        assert (path.parent / (name[0] or name[1])).is_file(), name


def test_colours_are_written_in_the_tokens_only():
    allowed = {"tokens.css", "shell.css", "sheet.css", "gate.css", "layout.css", "base.css"}
    for path in CSS:
        bare = re.sub(r"light-dark\([^)]*\)", "", path.read_text(encoding="utf-8"))
        found = set(re.findall(r"#[0-9a-fA-F]{6}\b", bare))
        assert path.name in allowed or not found, (path.name, found)


def test_templates_name_existing_style_sheets_and_scripts():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r'{% pagecss "([^"]+)" %}', text):
            assert finders.find(f"css/pages/{name}.css"), (path, name)
        for name in re.findall(r'{% pagejs "([^"]+)" %}', text):
            assert finders.find(f"js/{name}.js"), (path, name)
        for name in re.findall(r"{% static '([^']+)' %}", text):
            assert finders.find(name), (path, name)


def test_templates_have_no_inline_style_or_handler():
    for path in TEMPLATES:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<style|\sstyle=|\son(click|load|change|submit|input)=", text), path
        assert all("src=" in tag or "application/json" in tag for tag in re.findall(r"<script[^>]*>", text)), path


def test_before_collecting_the_plain_name_is_used(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path / "none"
    assert HashedStorage().url("css/app.css") == "/static/css/app.css"


def test_once_collected_names_are_hashed_also_inside_style_sheets(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "nanglucso.ui.staticfiles.HashedStorage"}}
    call_command("collectstatic", verbosity=0, interactive=False)
    address = HashedStorage().url("css/app.css")
    assert re.fullmatch(r"/static/css/app\.[0-9a-f]{12}\.css", address)
    sheet = (tmp_path / address.removeprefix("/static/")).read_text(encoding="utf-8")
    assert re.search(r"tokens\.[0-9a-f]{12}\.css", sheet)
    assert HashedStorage().url("css/not-there.css") == "/static/css/not-there.css"
