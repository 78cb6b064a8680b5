"""Item files in and out: YAML as in `content/items`, and CSV with one item a row.

CSV: a column is the path of a value (`options.1.text`, `prior.b`); list places count from 1; an empty cell is no value,
`null` is "said to be nothing", `[]` an empty list, `""` an empty text. Both forms read back to the same rows, but that
CSV knows no number in the table of a stimulus: it comes back as the text that the page shows anyway.
"""

import re
from io import BytesIO
from typing import Any

import yaml

from nanglucso.kit.csvread import parse_csv
from nanglucso.kit.faults import BadFile
from nanglucso.kit.xlsxwrite import write_csv
from nanglucso.measure.bank.reading import BadItemFile, plain

MOST_BYTES, MOST_ITEMS, MOST_COLUMNS = 2 * 2**20, 500, 400
_WHOLE = ("version", "choose", "partial_min", "score")
_REAL = ("time_s", "tolerance", "a", "c")
_SIGNS: dict[str, Any] = {"null": None, "[]": [], '""': ""}
_FIRST = ("id", "version", "family", "competence", "indicator", "level", "type", "audience", "time_s", "stem")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
Raw = dict[str, Any]


def read_file(name: str, data: bytes) -> list[Raw]:
    """Rows of an uploaded file, dates as ISO text. Raises BadItemFile in one sentence, or BadFile for a broken CSV."""
    if len(data) > MOST_BYTES:
        raise BadItemFile(f"{name}: the file is larger than {MOST_BYTES // 2**20} MB")
    rows = _from_csv(name, data) if name.lower().endswith(".csv") else _from_yaml(name, data)
    if len(rows) > MOST_ITEMS:
        raise BadItemFile(f"{name}: at most {MOST_ITEMS} items a file, this one has {len(rows)}")
    return rows


def _from_yaml(name: str, data: bytes) -> list[Raw]:
    try:
        text = data.decode("utf-8-sig")
        # An alias can make a small file unfold into an endless one; item files need none.
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER)):
            raise BadItemFile(f"{name}: aliases (*name) are not read; write the text out")
        found = yaml.load(text, Loader=_LOADER)  # noqa: S506 - a safe loader
    except UnicodeDecodeError as error:
        raise BadItemFile(f"{name}: the file is not UTF-8 text") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if isinstance(error, BadItemFile):
            raise
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise BadItemFile(f"{name}{place}: not readable as YAML ({getattr(error, 'problem', error)})") from error
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise BadItemFile(f"{name}: the file must be a list of items")
    return [plain(one) for one in found]


def _from_csv(name: str, data: bytes) -> list[Raw]:
    table = parse_csv(data, name, MOST_ITEMS + 2)
    if not table or "id" not in table[0] or "type" not in table[0]:
        raise BadItemFile(f"{name}: the first line must name the columns, among them id and type")
    if len(table[0]) > MOST_COLUMNS:
        raise BadItemFile(f"{name}: at most {MOST_COLUMNS} columns")
    heads = [str(head or "") for head in table[0]]
    rows = []
    for line, cells in enumerate(table[1:], 2):
        if any(cells):
            try:
                rows.append(_unflatten(dict(zip(heads, cells, strict=False))))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                raise BadItemFile(f"{name}, line {line}: {error}") from error
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
    kind, tree = str(cells.get("type") or ""), {}
    for path, text in cells.items():
        if path and text is not None:
            spot: dict[str, Any] = tree
            *inner, last = path.split(".")
            for part in inner:
                spot = spot.setdefault(part, {})
                if not isinstance(spot, dict):
                    raise ValueError(f"column {path} contradicts another column")
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


def to_yaml(rows: list[Raw]) -> bytes:
    """Rows as an item file."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return yaml.dump(rows, Dumper=dumper, allow_unicode=True, sort_keys=False, width=120).encode()


def to_csv(rows: list[Raw]) -> bytes:
    """Rows as CSV for a spreadsheet."""
    flat = [_flatten(row, "") for row in rows]
    seen = dict.fromkeys(path for row in flat for path in row)
    heads = [path for path in _FIRST if path in seen]
    heads += [path for path in seen if path not in heads]
    file = BytesIO()
    write_csv(file, heads, [[row.get(path) for path in heads] for row in flat])
    return file.getvalue()


__all__ = ["BadFile", "BadItemFile", "read_file", "to_csv", "to_yaml"]
