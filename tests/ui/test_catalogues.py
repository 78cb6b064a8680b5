"""Every sentence of the product has a Vietnamese translation, and one sentence has only one."""

import re
import tokenize
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.utils.translation.template import templatize

import nanglucso
from nanglucso.project import messages

PACKAGE = Path(nanglucso.__file__).parent
LOCALE = PACKAGE / "locale"
CALLS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
FLOORS = {"workforce", "measure", "develop", "govern"}
Key = tuple[str | None, str | tuple[str, ...]]


def _source(path: Path) -> bytes:
    if path.suffix == ".py":
        return path.read_bytes()
    words = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.strip() for line in words.splitlines()).encode()


def _sentences(path: Path) -> Iterator[Key]:
    try:
        found = list(extract("python", BytesIO(_source(path)), CALLS, [], {"encoding": "utf-8"}))
    except tokenize.TokenError as error:
        raise AssertionError(f"{path}: {error}") from error
    for _line, message, _comments, context in found:
        yield context, tuple(part for part in message if part) if isinstance(message, tuple) else message


def _files() -> list[Path]:
    python = [path for path in PACKAGE.rglob("*.py") if "migrations" not in path.parts]
    return sorted([*python, *PACKAGE.glob("**/templates/**/*.html"), *PACKAGE.glob("**/templates/**/*.txt")])


def _fragment(path: Path) -> dict[Key, tuple[str, ...]]:
    with path.open("rb") as file:
        rows = [row for row in read_po(file, locale="vi") if row.id]
    assert not [row.id for row in rows if row.fuzzy], f"{path.name} has fuzzy lines"
    return {
        (row.context, row.id if isinstance(row.id, str) else tuple(row.id)): (
            (row.string,) if isinstance(row.string, str) else tuple(row.string)
        )
        for row in rows
    }


def _all() -> dict[Key, tuple[str, ...]]:
    return {key: text for path in messages.parts(LOCALE) for key, text in _fragment(path).items()}


def _by_room() -> dict[str, list[Path]]:
    rooms: dict[str, list[Path]] = {}
    for path in _files():
        parts = path.relative_to(PACKAGE).parts
        room = parts[1] if parts[0] in FLOORS and len(parts) > 2 else parts[0]
        rooms.setdefault(room, []).append(path)
    return rooms


ROOMS = _by_room()


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_every_sentence_is_translated(room):
    known = {key for key, text in _all().items() if text and all(text)}
    missing = {
        f"{path.relative_to(PACKAGE)}: {key[1]!r}"
        for path in ROOMS[room]
        for key in _sentences(path)
        if key not in known
    }
    assert not missing, "\n".join(sorted(missing))


def test_no_sentence_has_two_translations():
    seen: dict[Key, tuple[tuple[str, ...], str]] = {}
    clashes = []
    for path in messages.parts(LOCALE):
        for key, text in _fragment(path).items():
            before = seen.setdefault(key, (text, path.name))
            if before[0] != text:
                clashes.append(f"{key[1]!r}: {before[1]} says {before[0]}, {path.name} says {text}")
    assert not clashes, "\n".join(clashes)


@pytest.mark.parametrize("path", messages.parts(LOCALE), ids=lambda path: path.name)
def test_a_translation_keeps_the_places_for_values(path):
    for (_context, source), texts in _fragment(path).items():
        wanted = set(re.findall(r"%\(\w+\)[sd]|{\w*}", source if isinstance(source, str) else source[-1]))
        for text in texts:
            assert set(re.findall(r"%\(\w+\)[sd]|{\w*}", text)) == wanted, (source, text)


@pytest.mark.parametrize("path", messages.parts(LOCALE), ids=lambda path: path.name)
def test_formal_screens_never_say_ban_for_you(path):
    for (_context, source), texts in _fragment(path).items():
        for text in texts:
            assert not re.search(r"\b[Bb]ạn\b", text), (source, text)


def test_the_catalogue_in_use_is_the_merged_one():
    with translation.override("vi"):
        assert gettext("Not yet known") == "Chưa đủ căn cứ"
        assert ngettext("%(n)s account", "%(n)s accounts", 2) == "%(n)s tài khoản"
        assert gettext("Your password can’t be entirely numeric.") == "Mật khẩu không được toàn chữ số."
    with translation.override("en"):
        assert gettext("Not yet known") == "Not yet known"
        assert ngettext("%(n)s account", "%(n)s accounts", 1) == "%(n)s account"


PO = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\nmsgid "Cat"\nmsgstr "{}"\n'


def test_the_catalogue_is_made_again_only_when_a_fragment_changed(tmp_path):
    part = tmp_path / "parts" / "one.vi.po"
    part.parent.mkdir()
    part.write_text(PO.format("Mèo"), encoding="utf-8")
    made = messages.merge_and_compile(tmp_path)
    before = made.stat().st_mtime_ns
    assert messages.merge_and_compile(tmp_path).stat().st_mtime_ns == before
    part.write_text(PO.format("Con mèo"), encoding="utf-8")
    assert not messages.is_fresh(tmp_path, messages.fingerprint(tmp_path))
    messages.merge_and_compile(tmp_path)
    assert "Con mèo".encode() in made.read_bytes()
    assert not list(made.parent.glob("*.tmp"))
