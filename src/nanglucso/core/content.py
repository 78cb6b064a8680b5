"""Where the shipped content and docs lie: beside the source in a checkout, inside the package in a wheel."""

from pathlib import Path

import yaml

_PACKAGE = Path(__file__).resolve().parent.parent


def _find(name: str) -> Path:
    inside = _PACKAGE / "shipped" / name
    return inside if inside.is_dir() else _PACKAGE.parent.parent / name


def root() -> Path:
    """Folder `content/`."""
    return _find("content")


def docs() -> Path:
    """Folder `docs/`."""
    return _find("docs")


def read_yaml(path: Path) -> object:
    """Parse one content file. Raises yaml.YAMLError with line and column."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
