"""imsmanifest.xml of SCORM 1.2 (ADL, Content Aggregation Model 1.2): the units in their order and what starts each.

Read by expat, which fetches nothing; a DOCTYPE ends the reading before any entity is met. Namespaces are told apart
only where the version hangs on them: authoring tools spell them in many ways.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from unicodedata import normalize
from urllib.parse import unquote

from django.utils.translation import gettext as _

from nanglucso.core.refusals import Refused

NAME = "imsmanifest.xml"
MOST_BYTES = 5 * 2**20
MOST_UNITS = 300
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_OUTSIDE = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*:|//)")
_2004 = ("2004", "CAM 1.3", "1.3")
_2004_SPACES = ("adlcp_v1p3", "adlseq_v1p3", "adlnav_v1p3", "imsss")
_12_SPACE = "adlcp_rootv1p2"


@dataclass(frozen=True)
class Unit:
    """One item that starts something. `launch`: path in the zip; `query`: what is appended to it, with its mark."""

    key: str
    title: str
    launch: str
    query: str = ""
    sco: bool = True
    mastery: str = ""
    data: str = ""
    most_time: str = ""
    at_limit: str = ""

    def kept(self) -> dict[str, object]:
        return dict(vars(self))


@dataclass(frozen=True)
class Manifest:
    title: str
    units: list[Unit] = field(default_factory=list)


class _Builder(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise _doctype()


def _no(text: str, **told: object) -> Refused:
    return Refused(text % told if told else text, field="file")


def _doctype() -> Refused:
    return _no(_("imsmanifest.xml holds a DOCTYPE declaration, never needed there: such a package is not taken."))


def _tree(data: bytes) -> ET.Element:
    if any(mark in data for mark in _DOCTYPE):
        raise _doctype()
    parser = ET.XMLParser(target=_Builder())  # noqa: S314  (a DOCTYPE is refused, nothing is fetched)
    try:
        parser.feed(data)
        root = parser.close()
    except ET.ParseError as error:
        line, column = error.position
        raise _no(
            _("imsmanifest.xml is not well-formed XML (line %(n)s, column %(m)s)."), n=line, m=column + 1
        ) from error
    except (LookupError, ValueError) as error:
        raise _no(_("imsmanifest.xml names an encoding that cannot be read: save it as UTF-8.")) from error
    if not isinstance(root, ET.Element) or _local(root.tag) != "manifest":
        raise _no(_("imsmanifest.xml does not begin with the element “manifest”."))
    return root


def _local(tag: str) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _kids(node: ET.Element, name: str) -> Iterator[ET.Element]:
    return (kid for kid in node if _local(kid.tag) == name)


def _text(node: ET.Element, name: str) -> str:
    kid = next(_kids(node, name), None)
    return " ".join("".join(kid.itertext()).split()) if kid is not None else ""


def _attr(node: ET.Element, name: str) -> str:
    """An attribute by its local name, whatever its namespace and case."""
    return next((value.strip() for key, value in node.attrib.items() if _local(key) == name), "")


def _spaces(root: ET.Element) -> set[str]:
    tags = [one for node in root.iter() for one in (node.tag, *node.attrib) if isinstance(one, str)]
    return {tag[1:].partition("}")[0] for tag in tags if tag.startswith("{")}


def _check_version(root: ET.Element) -> None:
    """Raises Refused for anything but SCORM 1.2."""
    metadata = next(_kids(root, "metadata"), None)
    told = _text(metadata, "schemaversion") if metadata is not None else ""
    spaces = _spaces(root)
    if told.startswith("1.2"):
        return
    if any(mark in told for mark in _2004) or (not told and any(mark in s for s in spaces for mark in _2004_SPACES)):
        raise _no(_("This is a SCORM 2004 package, which is not supported: publish it as SCORM 1.2."))
    if not told and any(_12_SPACE in one for one in spaces):
        return
    if not told:
        raise _no(_("imsmanifest.xml does not say which SCORM it follows (schemaversion): publish it as SCORM 1.2."))
    raise _no(_("The schema version “%(name)s” is not known: publish the package as SCORM 1.2."), name=told[:60])


def _joined(*steps: str) -> str:
    """Bases and a reference as one path below the package. Raises Refused for one that leaves it."""
    path: list[str] = []
    for step in "/".join(one.replace("\\", "/") for one in steps if one).split("/"):
        if step == "..":
            if not path:
                raise _no(_("imsmanifest.xml points outside the package: %(name)s."), name="/".join(steps)[:120])
            path.pop()
        elif step not in ("", "."):
            path.append(step)
    return "/".join(path)


def _found(path: str, files: dict[str, str]) -> str:
    """The name in the zip: as written, else unescaped, else with other capitals; "" = not there."""
    for one in (normalize("NFC", path), normalize("NFC", unquote(path))):
        if one in files.values():
            return one
        if one.lower() in files:
            return files[one.lower()]
    return ""


def _with_parameters(query: str, told: str) -> str:
    """The query of the reference and the item's parameters, joined as CAM 1.2, 2.3.2.5.2 says."""
    told = told.strip()
    while told[:1] in ("?", "&"):
        told = told[1:]
    if not told:
        return query
    if told.startswith("#"):
        return query if "#" in query else query + told
    head, mark, tail = query.partition("#")
    return f"{head}{'&' if head else '?'}{told}{mark}{tail}"


class _Reader:
    def __init__(self, root: ET.Element, files: dict[str, str]) -> None:
        self.root, self.files, self.units = root, files, list[Unit]()
        box = next(_kids(root, "resources"), None)
        self.base = (_attr(root, "base"), _attr(box, "base") if box is not None else "")
        self.resources = {_attr(one, "identifier"): one for one in _kids(box, "resource")} if box is not None else {}

    def organization(self) -> ET.Element | None:
        box = next(_kids(self.root, "organizations"), None)
        if box is None:
            return None
        every = list(_kids(box, "organization"))
        wanted = _attr(box, "default")
        return next((one for one in every if _attr(one, "identifier") == wanted), every[0] if every else None)

    def walk(self, node: ET.Element) -> None:
        for item in _kids(node, "item"):
            reference = _attr(item, "identifierref")
            if reference and _attr(item, "isvisible").lower() != "false":
                self.add(item, reference)
            self.walk(item)

    def add(self, item: ET.Element, reference: str) -> None:
        resource = self.resources.get(reference)
        title = _text(item, "title")
        if resource is None:
            told = {"name": title or reference, "ref": reference}
            raise _no(
                _("The lesson “%(name)s” names the resource %(ref)s, which imsmanifest.xml does not hold."), **told
            )
        launch, query = self.launch(resource, title or reference)
        mastery = _text(item, "masteryscore")
        self.put(
            Unit(
                key=_attr(item, "identifier") or reference, title=title or launch, launch=launch,
                query=_with_parameters(query, _attr(item, "parameters")), sco=_is_sco(resource),
                mastery=mastery if re.fullmatch(r"\d{1,3}(\.\d+)?", mastery) else "",
                data=_text(item, "datafromlms")[:4096], most_time=_text(item, "maxtimeallowed")[:20],
                at_limit=_text(item, "timelimitaction")[:40],
            )
        )  # fmt: skip

    def put(self, unit: Unit) -> None:
        keys = {one.key for one in self.units}
        key = unit.key[:100]
        if key in keys:
            key = f"{key[:90]}-{len(keys)}"
        if len(keys) >= MOST_UNITS:
            raise _no(_("The package holds more than %(n)s lessons."), n=MOST_UNITS)
        self.units.append(Unit(**{**vars(unit), "key": key, "title": unit.title[:200]}))

    def launch(self, resource: ET.Element, name: str) -> tuple[str, str]:
        """Path and query of a resource's first file. Raises Refused when it is not in the zip."""
        href = _attr(resource, "href")
        if not href:
            first = next(_kids(resource, "file"), None)
            href = _attr(first, "href") if first is not None else ""
        bases = (*self.base, _attr(resource, "base"))
        if _OUTSIDE.match(href.strip()) or any(_OUTSIDE.match(one) for one in bases):
            told = {"name": name, "file": href[:120]}
            raise _no(
                _("The lesson “%(name)s” starts at another address (%(file)s); it has to lie in the package."), **told
            )
        cut = min((href.find(mark) for mark in "?#" if mark in href), default=len(href))
        path = _joined(*bases, href[:cut])
        held = _found(path, self.files) if path else ""
        if not held:
            told = {"name": name, "file": path or "–"}
            raise _no(_("The lesson “%(name)s” starts with the file %(file)s, which the zip does not hold."), **told)
        return held, href[cut:]

    def without_items(self) -> None:
        """No unit was named: what the resources start, units before plain pages."""
        rows = [(key, one) for key, one in self.resources.items() if _attr(one, "href")]
        rows = [one for one in rows if _is_sco(one[1])] or rows[:1]
        for key, one in rows:
            launch, query = self.launch(one, key)
            self.put(Unit(key or launch, key or launch, launch, query, _is_sco(one)))


def _is_sco(resource: ET.Element) -> bool:
    return _attr(resource, "scormtype").lower() != "asset"


def read(data: bytes, files: list[str]) -> Manifest:
    """What the manifest says about a zip with these files. Raises Refused with the one thing that is wrong."""
    root = _tree(data)
    _check_version(root)
    reader = _Reader(root, {one.lower(): one for one in files})
    organization = reader.organization()
    if organization is not None:
        reader.walk(organization)
    if not reader.units:
        reader.without_items()
    if not reader.units:
        raise _no(_("imsmanifest.xml names nothing to start: the package has no lesson."))
    title = _text(organization, "title") if organization is not None else ""
    return Manifest(title[:200], reader.units)
