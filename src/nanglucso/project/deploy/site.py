"""The settings file of one site, read strictly: an unknown or missing word is an error, never a default."""

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from nanglucso.core.content import read_yaml
from nanglucso.core.refusals import Refused

SHAPES = {
    "host": r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", "user": r"[a-z_][a-z0-9_-]*", "database": "postgresql|sqlite",
    "home": r"/[\w./-]+", "program": r"/[\w./-]+", "certificate": r"/[\w./-]+", "certificate_key": r"/[\w./-]+",
}  # fmt: skip
RANGES = {"processors": (1, 256), "memory_gb": (1, 4096), "port": (1024, 65534)}


@dataclass(frozen=True)
class Site:
    """As in `content/operate/site.yaml`."""

    host: str
    database: str
    processors: int
    memory_gb: int
    home: str
    program: str
    user: str
    port: int
    certificate: str
    certificate_key: str
    receivers: list[str]

    @property
    def grouped(self) -> bool:
        """SQLite has one process for everything."""
        return self.database == "postgresql"


def read_site(path: Path) -> Site:
    """Raises Refused, naming the line that is wrong and what it may be."""
    try:
        told: Any = read_yaml(path)
    except Exception as error:
        raise Refused(f"{path} cannot be read: {' '.join(str(error).split())[:200]}") from error
    names = {one.name for one in fields(Site)}
    if not isinstance(told, dict) or set(told) != names:
        wrong = sorted(set(told) ^ names) if isinstance(told, dict) else sorted(names)
        raise Refused(f"{path}: missing or unknown: {', '.join(map(str, wrong))}; see content/operate/site.yaml.")
    for name, shape in SHAPES.items():
        if not re.fullmatch(shape, str(told[name])):
            raise Refused(f"{path}: {name} is {told[name]!r}, which is not of the form {shape}.")
    for name, (low, high) in RANGES.items():
        if type(told[name]) is not int or not low <= told[name] <= high:
            raise Refused(f"{path}: {name} is {told[name]!r}; give a whole number from {low} to {high}.")
    receivers = told["receivers"]
    if not isinstance(receivers, list) or not all(re.fullmatch(r"[a-z_][a-z0-9_]*", str(one)) for one in receivers):
        raise Refused(f"{path}: receivers is {receivers!r}; give a list of names such as [vault_a, vault_b].")
    return Site(**told)
