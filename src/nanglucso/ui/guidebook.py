"""Guides: the Markdown of `docs/`, served inside the product."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import nh3
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from markdown_it import MarkdownIt

from nanglucso.core import content

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_LINK = re.compile(r'href="(?:\./)?([\w-]+)(?:\.vi)?\.md')
FIRST = "start"
_TAGS = nh3.ALLOWED_TAGS - {"img"}


@dataclass(frozen=True)
class Guide:
    """Slug, title, and the body as clean HTML without its first heading."""

    name: str
    title: str
    body: SafeString


def _files() -> dict[str, Path]:
    folder = content.docs()
    return {path.stem: path for path in sorted(folder.glob("*.md"))} if folder.is_dir() else {}


def _own_language(files: dict[str, Path]) -> dict[str, Path]:
    """In Vietnamese only what is written in Vietnamese (`start.vi.md`); in English the rest."""
    if (get_language() or "vi").startswith("vi"):
        return {name.removesuffix(".vi"): path for name, path in files.items() if name.endswith(".vi")}
    return {name: path for name, path in files.items() if not name.endswith(".vi")}


@lru_cache(maxsize=64)
def _parse(path: Path, changed: float) -> tuple[str, SafeString]:
    lines = path.read_text(encoding="utf-8").splitlines()
    title = path.stem
    if lines and lines[0].startswith("# "):
        title = lines.pop(0)[2:].strip()
    html = nh3.clean(_MARKDOWN.render("\n".join(lines)), tags=_TAGS)
    html = _LINK.sub(r'href="../\1/', html)
    html = html.replace("<table>", '<div class="scroll" tabindex="0"><table class="tbl">').replace(
        "</table>", "</table></div>"
    )
    return title, mark_safe(html)  # noqa: S308 - cleaned by nh3


def contents() -> list[Guide]:
    """All guides in the active language: the one to start with, then by title."""
    found = [guide for name in _own_language(_files()) if (guide := read(name))]
    return sorted(found, key=lambda guide: (guide.name != FIRST, guide.title))


def unread() -> list[str]:
    """Titles of the guides that are written in the other language only."""
    files, own = _files(), _own_language(_files())
    others = [path for name, path in files.items() if name.removesuffix(".vi") not in own]
    return sorted(_parse(path, path.stat().st_mtime)[0] for path in others)


def read(name: str) -> Guide | None:
    """One guide by its slug, or None."""
    path = _own_language(_files()).get(name)
    if path is None:
        return None
    return Guide(name, *_parse(path, path.stat().st_mtime))
