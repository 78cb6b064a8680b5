"""Catalogues without gettext tools: the rooms' PO fragments merged and compiled with Babel.

Runs at start-up and when a wheel is built, so it imports nothing of the project and no Django.
"""

import gettext
import hashlib
import os
from io import BytesIO
from pathlib import Path

LANGUAGE = "vi"
_MARK = "(fingerprint of the fragments)"


def parts(locale_dir: Path) -> list[Path]:
    """The fragments `parts/<room>.vi.po`, by name."""
    return sorted((locale_dir / "parts").glob(f"*.{LANGUAGE}.po"))


def fingerprint(locale_dir: Path) -> str:
    """Changes when any fragment changes."""
    seen = hashlib.sha256()
    for path in parts(locale_dir):
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def compiled(target_dir: Path) -> Path:
    """Where the compiled catalogue stands."""
    return target_dir / LANGUAGE / "LC_MESSAGES" / "django.mo"


def is_fresh(target_dir: Path, mark: str) -> bool:
    """Whether the compiled catalogue was made from the fragments with this fingerprint."""
    try:
        with compiled(target_dir).open("rb") as file:
            return gettext.GNUTranslations(file).gettext(_MARK) == mark
    except (OSError, UnicodeDecodeError):
        return False


def _merged(locale_dir: Path, mark: str) -> bytes:
    """One MO of all fragments; of two translations of one sentence the first fragment's stays (a test forbids two)."""
    from babel.messages.catalog import Catalog
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = Catalog(locale=LANGUAGE)
    whole.add(_MARK, mark)
    for path in parts(locale_dir):
        with path.open("rb") as file:
            for message in read_po(file, locale=LANGUAGE):
                if message.id and message.string and not whole.get(message.id, message.context):
                    whole.add(message.id, message.string, context=message.context, flags=message.flags)
    out = BytesIO()
    write_mo(out, whole)
    return out.getvalue()


def merge_and_compile(locale_dir: Path, target_dir: Path | None = None) -> Path:
    """Make the catalogue again when the fragments changed; returns where it stands.

    English needs none: the source sentences are English. Raises OSError when the folder cannot be written.
    """
    target_dir = target_dir or locale_dir
    path = compiled(target_dir)
    mark = fingerprint(locale_dir)
    if is_fresh(target_dir, mark):
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_suffix(f".{os.getpid()}.tmp")
    half.write_bytes(_merged(locale_dir, mark))
    os.replace(half, path)
    return path
