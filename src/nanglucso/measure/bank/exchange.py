"""Item files in and out: YAML as in `content/items`, and CSV with one item a row.

CSV: a column is the path of a value (`options.1.text`, `prior.b`); list places count from 1; an empty cell is no value,
`null` is "said to be nothing", `[]` an empty list, `""` an empty text. Both forms read back to the same rows, but that
CSV knows no number in the table of a stimulus: it comes back as the text that the page shows anyway.
"""

import re
from io import BytesIO
from typing import Any

import yaml
from django.utils.translation import gettext as _

from nanglucso.kit.csvread import parse_csv
from nanglucso.kit.faults import BadFile
from nanglucso.kit.xlsxwrite import write_csv
from nanglucso.measure.bank.reading import BadItemFile, plain

MOST_BYTES, MOST_ITEMS, MOST_COLUMNS, MOST_DEPTH = 2 * 2**20, 500, 400, 30
_WHOLE = ("version", "choose", "partial_min", "score")
_REAL = ("time_s", "tolerance", "a", "c")
_SIGNS: dict[str, Any] = {"null": None, "[]": [], '""': ""}
_FIRST = ("id", "version", "family", "competence", "indicator", "level", "type", "audience", "time_s", "stem")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Raw = dict[str, Any]


def read_file(name: str, data: bytes) -> list[Raw]:
    """Rows of an uploaded file, dates as ISO text. Raises BadItemFile in one sentence of the active language."""
    if len(data) > MOST_BYTES:
        raise BadItemFile(
            _("%(name)s is larger than %(most)s MB: split it.") % {"name": name, "most": MOST_BYTES // 2**20}
        )
    rows = _from_csv(name, data) if name.lower().endswith(".csv") else _from_yaml(name, data)
    if len(rows) > MOST_ITEMS:
        told = {"name": name, "most": MOST_ITEMS, "rows": len(rows)}
        raise BadItemFile(_("%(name)s has %(rows)s items, at most %(most)s are read at once: split it.") % told)
    return rows


def _from_yaml(name: str, data: bytes) -> list[Raw]:
    try:
        text = data.decode("utf-8-sig")
        _check_shape(name, text)
        found = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except UnicodeDecodeError as error:
        raise BadItemFile(_("%(name)s is not UTF-8 text: save it as UTF-8.") % {"name": name}) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadItemFile):
            raise
        mark = getattr(error, "problem_mark", None)
        told = {"name": name, "line": mark.line + 1 if mark else "?", "why": getattr(error, "problem", error)}
        raise BadItemFile(_("%(name)s, line %(line)s: not readable as YAML (%(why)s).") % told) from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadItemFile(_("%(name)s must be a list of items, as the exported file is.") % {"name": name})
    return [plain(one) for one in found]


def _check_shape(name: str, text: str) -> None:
    """An alias unfolds a small file into an endless one, and deep nesting ends the process inside the C library."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise BadItemFile(_("%(name)s uses aliases (*name): write the text out.") % {"name": name})
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            told = {"name": name, "line": event.start_mark.line + 1 if event.start_mark else 1, "most": MOST_DEPTH}
            raise BadItemFile(_("%(name)s, line %(line)s: nested more than %(most)s deep; an item file is not.") % told)


def _from_csv(name: str, data: bytes) -> list[Raw]:
    try:
        table = parse_csv(data, name, MOST_ITEMS + 2)
    except BadFile as error:
        raise BadItemFile(_(error.template) % error.params) from error
    if not table or "id" not in table[0] or "type" not in table[0]:
        raise BadItemFile(_("%(name)s: the first line must name the columns, among them id and type.") % {"name": name})
    if len(table[0]) > MOST_COLUMNS:
        raise BadItemFile(_("%(name)s has more than %(most)s columns.") % {"name": name, "most": MOST_COLUMNS})
    heads = [str(head or "") for head in table[0]]
    rows = []
    for line, cells in enumerate(table[1:], 2):
        if any(cells):
            try:
                rows.append(_unflatten(dict(zip(heads, cells, strict=False))))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                told = {"name": name, "line": line, "why": error}
                raise BadItemFile(_("%(name)s, line %(line)s: %(why)s.") % told) from error
    return rows


def _value(path: str, text: str, kind: str) -> Any:
    if text in _SIGNS:
        return [] if text == "[]" else _SIGNS[text]
    last = path.rpartition(".")[2]
    if last in _WHOLE:
        return int(text)
    if last == "value" and re.fullmatch(r"-?\d+(\.\d+)?", text):
        return float(text) if "." in text else int(text)
    if last in _REAL or path.startswith("prior.") or (path == "answer" and kind == "numeric"):
        return float(text)
    return text


def _unflatten(cells: dict[str, str | None]) -> Raw:
    kind, tree = str(cells.get("type") or ""), dict[str, Any]()
    for path, text in cells.items():
        if path and text is not None:
            spot: dict[str, Any] = tree
            *inner, last = path.split(".")
            if len(inner) > MOST_DEPTH:
                told = {"path": path[:60], "most": MOST_DEPTH}
                raise ValueError(_("column %(path)s is nested more than %(most)s deep") % told)
            for part in inner:
                spot = spot.setdefault(part, {})
                if not isinstance(spot, dict):
                    raise ValueError(_("column %(path)s contradicts another column") % {"path": path})
            spot[last] = _value(path, text, kind)
    return {name: value if _stays(name, kind) else _lists(value) for name, value in tree.items()}


def _stays(name: str, kind: str) -> bool:
    """Tables whose keys may happen to count 1, 2, 3: what is said of each line, and which line matches which."""
    return name == "feedback" or (name == "answer" and kind == "match")


def _lists(value: Any) -> Any:
    """Tables whose keys count 1, 2, 3 ... become lists again."""
    if not isinstance(value, dict):
        return value
    inner = {key: _lists(one) for key, one in value.items()}
    numbers = [str(n) for n in range(1, len(inner) + 1)]
    return [inner[n] for n in numbers] if set(inner) == set(numbers) else inner


def _flatten(value: Any, path: str) -> dict[str, Any]:
    if isinstance(value, dict) and value:
        return {p: v for key, one in value.items() for p, v in _flatten(one, f"{path}.{key}" if path else key).items()}
    if isinstance(value, list) and value:
        return {p: v for n, one in enumerate(value, 1) for p, v in _flatten(one, f"{path}.{n}").items()}
    sign = next((text for text, meant in _SIGNS.items() if value == meant or (meant == [] and value == {})), None)
    return {path: value if sign is None else sign}


class _Plain(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Every text is written out where it stands: aliases are not read back."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def to_yaml(rows: list[Raw]) -> bytes:
    """Rows as an item file."""
    return yaml.dump(rows, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=120).encode()


def to_csv(rows: list[Raw]) -> bytes:
    """Rows as CSV for a spreadsheet."""
    flat = [_flatten(row, "") for row in rows]
    seen = dict.fromkeys(path for row in flat for path in row)
    heads = [path for path in _FIRST if path in seen]
    heads += [path for path in seen if path not in heads]
    file = BytesIO()
    write_csv(file, heads, [[row.get(path) for path in heads] for row in flat])
    return file.getvalue()
