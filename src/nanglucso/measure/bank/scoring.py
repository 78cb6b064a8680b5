"""How an answer becomes a score: one rule per item type. Pure functions over an item version's `body` and `key`."""

from collections.abc import Callable
from typing import Any

from nanglucso.kit.letters import nfc, tone_key, unmark
from nanglucso.kit.numbers import parse_number
from nanglucso.kit.text import fold

Body = dict[str, Any]
Key = dict[str, Any]
MOST_TYPED = 500


class BadChoice(ValueError):
    """The answer does not have the shape that the item asks for; nothing was scored."""


def _keys(body: Body, part: str) -> list[str]:
    return [str(row["key"]) for row in body[part]]


def _one(body: Body, key: Key, choice: Any) -> int:
    if choice not in _keys(body, "options"):
        raise BadChoice("one option must be chosen")
    return int(key["scores"][choice])


def _many(body: Body, key: Key, choice: Any) -> int:
    known = set(_keys(body, "options"))
    if not isinstance(choice, list) or not choice or not set(choice) <= known or len(set(choice)) != len(choice):
        raise BadChoice("at least one option must be chosen")
    if body.get("choose") and len(choice) != body["choose"]:
        raise BadChoice(f"exactly {body['choose']} options must be chosen")
    right = set(key["answer"])
    wrong = max(len(right - set(choice)), len(set(choice) - right))
    return max(0, 2 - wrong)


def _ordered(body: Body, key: Key, choice: Any) -> int:
    if not isinstance(choice, list) or sorted(choice) != sorted(_keys(body, "steps")):
        raise BadChoice("every step must be placed once")
    accepted = [key["answer"], *key.get("accept", [])]
    if choice in accepted:
        return 2
    for i in range(len(choice) - 1):
        if [*choice[:i], choice[i + 1], choice[i], *choice[i + 2 :]] in accepted:
            return 1
    return 0


def _matched(body: Body, key: Key, choice: Any) -> int:
    left, right = _keys(body, "left"), set(_keys(body, "right"))
    if not isinstance(choice, dict) or sorted(choice) != sorted(left) or not set(choice.values()) <= right:
        raise BadChoice("every line must be matched")
    hits = sum(choice[one] == key["answer"][one] for one in left)
    return 2 if hits == len(left) else 1 if hits >= key["partial_min"] else 0


def _number(body: Body, key: Key, choice: Any) -> int:
    if isinstance(choice, bool) or not isinstance(choice, str | int | float) or len(str(choice)) > MOST_TYPED:
        raise BadChoice("the answer must be a number, for example 92,5")
    try:
        value = float(parse_number(str(choice).strip().rstrip("%").strip()))
    except ValueError as error:
        raise BadChoice("the answer must be a number, for example 92,5") from error
    return int(abs(value - float(key["answer"])) <= float(key["tolerance"]) + 1e-9)


_SAME = str.maketrans({"“": '"', "”": '"', "„": '"', "‘": "'", "’": "'", "–": "-", "—": "-", "−": "-"})


def _plain(text: str) -> str:
    """The typed text as it is compared: content.md's rules beside those of `tone_key`; marks and đ are kept."""
    same = str(text).translate(_SAME).strip()
    if same.startswith("="):
        return tone_key("".join(same.split()).replace(";", ","))
    return tone_key(same.rstrip(".,;:!?… ") or same)


def _typed(body: Body, key: Key, choice: Any) -> int:
    said = _plain(choice) if isinstance(choice, str) and len(choice) <= MOST_TYPED else ""
    if not said:
        raise BadChoice("the blank must be filled in")
    if said in {_plain(text) for text in key.get("refuse", [])}:
        return 0
    if said in {_plain(text) for text in key["accept"]}:
        return 1
    # An item may take a text typed without any mark; one with other marks (bão mất for bảo mật) stays wrong.
    bare = key.get("unmarked") == "accept" and unmark(str(choice)) == nfc(str(choice))
    return int(bare and fold(_plain(choice)) in {fold(_plain(text)) for text in key["accept"]})


def _pointed(body: Body, key: Key, choice: Any) -> int:
    if choice not in regions(body):
        raise BadChoice("one place of the screen must be chosen")
    return int(choice == key["answer"] or choice in key.get("accept", []))


def regions(body: Body) -> dict[str, str]:
    """Places of a drawn screen that can be chosen, in reading order: key → what stands there."""
    cells = [cell for row in body["screen"]["rows"] for cell in row if cell.get("key")]
    return {cell["key"]: ": ".join(filter(None, (cell["text"], cell.get("note", "")))) for cell in cells}


def lacks_marks(type_: str, key: Key, choice: Any) -> bool:
    """Whether a typed answer would be right if only it carried its tone marks: then the person is asked once."""
    if type_ != "cloze" or not isinstance(choice, str) or not choice.strip() or key.get("unmarked") == "accept":
        return False
    taken = key["accept"]
    if _plain(choice) in {_plain(text) for text in [*taken, *key.get("refuse", [])]}:
        return False
    return fold(_plain(choice)) in {fold(_plain(text)) for text in taken}


def _handed(body: Body, key: Key, choice: Any) -> int:
    raise BadChoice("a file is handed in by itself and rated by people")


RULES: dict[str, Callable[[Body, Key, Any], int]] = {
    "single": _one,
    "sjt": _one,
    "multiple": _many,
    "order": _ordered,
    "match": _matched,
    "numeric": _number,
    "cloze": _typed,
    "hotspot": _pointed,
    "file": _handed,
}
STEPS = {
    "single": 1,
    "sjt": 2,
    "multiple": 2,
    "order": 2,
    "match": 2,
    "numeric": 1,
    "cloze": 1,
    "hotspot": 1,
    "file": 3,
}


def score(type_: str, body: Body, key: Key, choice: Any) -> int:
    """Score of a choice, 0 .. STEPS[type]. Raises BadChoice when the choice has the wrong shape."""
    try:
        return RULES[type_](body, key, choice)
    except TypeError as error:  # a list or a table where a key must stand
        raise BadChoice("the answer has another shape than the question") from error


def feedback(type_: str, body: Body, key: Key, choice: Any) -> str:
    """What to tell the person about this answer (Vietnamese, as the author wrote it)."""
    told = key.get("feedback", {})
    if type_ in ("single", "sjt", "hotspot"):
        return str(told.get(choice, ""))
    if type_ in ("multiple", "match"):
        wrong = [k for k in told if _is_wrong(type_, key, choice, k)]
        return " ".join(str(told[k]) for k in wrong) or str(key.get("feedback_correct", ""))
    right = score(type_, body, key, choice) == STEPS[type_]
    if type_ == "order":
        return str(told.get("exact", "")) if right else " ".join(str(v) for k, v in told.items() if k != "exact")
    return str(key.get("feedback_correct" if right else "feedback_wrong", ""))


def _is_wrong(type_: str, key: Key, choice: Any, one: str) -> bool:
    if type_ == "match":
        return bool(choice.get(one) != key["answer"].get(one))
    return (one in choice) != (one in key["answer"])
