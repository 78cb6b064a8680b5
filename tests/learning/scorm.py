"""SCORM 1.2 packages made for tests, as authoring tools write them and as an attacker would."""

import io
import zipfile
from collections.abc import Iterable
from typing import Any

from nanglucso.develop.learning import services
from tests import make

HEAD = (
    '<manifest identifier="MANIFEST" version="1.0" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2"'
    ' xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{more}>'
)
METADATA = "<metadata><schema>ADL SCORM</schema><schemaversion>{version}</schemaversion></metadata>"
Item = tuple[str, str, str, str]  # identifier, title, href, what else stands in the item
API = """<script>
function find(win) {
  var n = 0;
  while (win.API == null && win.parent != null && win.parent != win) { n++; if (n > 7) return null; win = win.parent; }
  return win.API;
}
function getAPI() {
  var api = find(window);
  if (api == null && window.opener != null && typeof window.opener != "undefined") api = find(window.opener);
  return api;
}
var api = getAPI();
</script>"""


def manifest(
    items: Iterable[Item] = (("I1", "Bài một", "index.html", ""),), *, version: str = "1.2", title: str = "Gói thử",
    kind: str = "sco", more: str = "", base: str = "", resource: str = "", parameters: str = "",
) -> str:  # fmt: skip
    """`more`: in the root element; `base`: of all resources; `resource`: attributes of each one."""
    rows = list(items)
    told = "".join(
        f'<item identifier="{key}" identifierref="R{n}" isvisible="true"{parameters}><title>{name}</title>{inside}</item>'
        for n, (key, name, _href, inside) in enumerate(rows)
    )
    held = "".join(
        f'<resource identifier="R{n}" type="webcontent" adlcp:scormtype="{kind}" href="{href}"{resource}>'
        f'<file href="{href}"/></resource>'
        for n, (_key, _name, href, _inside) in enumerate(rows)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>' + HEAD.format(more=more) + METADATA.format(version=version)
        + f'<organizations default="O"><organization identifier="O"><title>{title}</title>{told}</organization></organizations>'
        f"<resources{base}>{held}</resources></manifest>"
    )  # fmt: skip


def page(script: str = "", body: str = "", head: str = "", title: str = "Bài học thử") -> str:
    """One page of a unit with the search for the API that ADL published."""
    return (
        f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>Bài</title>{head}{API}</head>'
        f'<body><h1>{title}</h1>{body}<p id="out"></p><script>{script}</script></body></html>'
    )


def reports(
    *, status: str = "completed", score: str = "", suspend: str = "", place: str = "", ends: bool = True
) -> str:
    """A script that begins, says these things, and ends."""
    rows = ['api.LMSInitialize("");']
    for name, value in (
        ("cmi.core.score.max", "100" if score else ""), ("cmi.core.score.min", "0" if score else ""),
        ("cmi.core.score.raw", score), ("cmi.core.lesson_status", status), ("cmi.core.lesson_location", place),
        ("cmi.suspend_data", suspend), ("cmi.core.exit", "suspend" if suspend else ""),
    ):  # fmt: skip
        if value:
            rows.append(f'api.LMSSetValue("{name}", "{value}");')
    rows.append('api.LMSSetValue("cmi.core.session_time", "0000:00:07.50"); api.LMSCommit("");')
    if ends:
        rows.append('document.getElementById("out").textContent = "finish " + api.LMSFinish("");')
    return "\n".join(rows)


def packed(files: dict[str, str | bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip of these files, names as they stand."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kind) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("x", (2026, 1, 2, 3, 4, 6))
            info.filename, info.compress_type = name, kind
            archive.writestr(info, content)
    return out.getvalue()


def one_unit(
    script: str | None = None, *, body: str = "", extra: dict[str, str | bytes] | None = None, **more: str
) -> bytes:
    """A package of one unit."""
    told = reports() if script is None else script
    return packed({"imsmanifest.xml": manifest(**more), "index.html": page(told, body), **(extra or {})})


def upload(data: bytes, *, actor: Any, package: Any = None, minutes: int = 10) -> Any:
    """A version of a package, uploaded and not yet in use."""
    told = {"file": io.BytesIO(data), "size": len(data), "name": "goi.zip", "minutes": minutes, "package": package}
    return services.upload_package(actor=actor, at=make.AT, **told)


def kept_package(data: bytes | None = None, *, minutes: int = 10) -> Any:
    """A version in use."""
    author = make.user("author")
    version = upload(data or one_unit(), actor=author, minutes=minutes)
    services.use_package(actor=author, version=version, at=make.AT)
    return version
