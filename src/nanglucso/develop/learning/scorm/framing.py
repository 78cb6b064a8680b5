"""A file of a package as the frame gets it: pages with the runtime in front, everything under one strict policy.

A sandboxed frame has an origin of its own, and so has every frame inside it: none can look into another. So the
runtime (API, stand-ins for what a sandbox lacks) stands in every page of the package, not in a page around it.
"""

import codecs
import json
import re

HEAD = re.compile(rb"<!--.*?-->|<head(?:\s[^>]*)?>", re.DOTALL | re.IGNORECASE)
HTML = re.compile(rb"<!--.*?-->|<html(?:\s[^>]*)?>", re.DOTALL | re.IGNORECASE)
START = re.compile(rb"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype[^>]*>)?", re.DOTALL | re.IGNORECASE)
CHARSET = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([A-Za-z0-9_:-]+)", re.IGNORECASE)
XML = re.compile(rb"<\?xml[^>]+encoding\s*=\s*[\"']([A-Za-z0-9_:-]+)")
SANDBOX = "allow-scripts allow-forms allow-modals"
STATE = "-nls/state.js"
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def charset_of(page: bytes) -> str:
    """The encoding of an HTML page: by its mark, as it says, UTF-8 where that can be read, else Windows-1252."""
    for mark, name in _BOMS:
        if page.startswith(mark):
            return name
    found = XML.search(page[:200]) or CHARSET.search(page[:4096])
    if found:
        try:
            told = codecs.lookup(found[1].decode()).name
            return "utf-8" if told.startswith("utf-16") else told
        except LookupError:
            pass
    try:
        page.decode("utf-8")
    except UnicodeDecodeError:
        return "windows-1252"
    return "utf-8"


def with_runtime(page: bytes, scripts: list[str]) -> tuple[bytes, str]:
    """The page with these scripts before its own, and its encoding. `scripts`: addresses in ASCII."""
    charset = charset_of(page)
    tags = "".join(f'<script src="{one}"></script>' for one in scripts)
    if charset.startswith("utf-16"):
        text = page.decode(charset, "replace").removeprefix("\ufeff")
        return f"\ufeff{_put(text.encode(), tags.encode()).decode()}".encode(charset), charset
    mark = codecs.BOM_UTF8 if page.startswith(codecs.BOM_UTF8) else b""
    return mark + _put(page.removeprefix(mark), tags.encode()), charset


def _put(page: bytes, tags: bytes) -> bytes:
    for pattern in (HEAD, HTML):
        found = next((one for one in pattern.finditer(page) if not one[0].startswith(b"<!--")), None)
        if found:
            return page[: found.end()] + tags + page[found.end() :]
    start = START.match(page)
    cut = start.end() if start else 0
    return page[:cut] + tags + page[cut:]


def policy(base: str, scripts: list[str], *, shared: bool = False) -> str:
    """The content-security policy of every file below `base`, an absolute address with a slash at its end.

    Nothing but files of this launch may be loaded, sent to or framed; `scripts`: the runtime's absolute addresses;
    `shared`: under a host name of their own frames of a package share its origin.
    """
    rules = {
        "sandbox": f"{SANDBOX} allow-same-origin" if shared else SANDBOX,
        "default-src": "'none'",
        "script-src": f"{base} {' '.join(scripts)} 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src": f"{base} 'unsafe-inline'",
        "img-src": f"{base} data: blob:",
        "media-src": f"{base} data: blob:",
        "font-src": f"{base} data:",
        "connect-src": f"{base} data: blob:",
        "frame-src": f"{base} blob:",
        "worker-src": f"{base} blob:",
        "object-src": "'none'",
        "base-uri": base,
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {told}" for name, told in rules.items())


def state_script(told: dict[str, object]) -> str:
    """What the runtime begins from, as a script; it stands in a frame that a package may read."""
    return f"window.NLS_SCORM = {json.dumps(told, ensure_ascii=True)};\n"
