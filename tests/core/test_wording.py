"""Every act has words for the log, in both languages: the source is read for its verbs, so none can be forgotten."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils.translation import override

import nanglucso
from nanglucso.core import jobs, wording

SOURCE = Path(nanglucso.__file__).parent
# Where the verb stands, from the left, in what opens an act.
DOORS = {"act": 1, "_turn": 1}
# Verbs put together while the work runs: how they are written → all they come to.
PUT_TOGETHER = {
    "f'assessments.rate_{kind}'": {"assessments.rate_self", "assessments.rate_manager"},
    "f'core.{what}_second_step'": {"core.add_second_step", "core.remove_second_step", "core.renew_second_step"},
    "f'{verb}s'": {"quality.restore_profiles", "quality.correct_profiles"},
}


def _named(tree: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """What stands behind each name that the file gives a value."""
    for one in ast.walk(tree):
        if isinstance(one, ast.Assign) and isinstance(one.targets[0], ast.Name):
            yield one.targets[0].id, one.value


def _verbs_of(tree: ast.AST) -> Iterator[ast.expr]:
    for call in ast.walk(tree):
        if not isinstance(call, ast.Call):
            continue
        yield from (word.value for word in call.keywords if word.arg == "verb")
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in DOORS and len(call.args) > DOORS[name]:
            yield call.args[DOORS[name]]


def _read(value: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The verbs a piece of source comes to; one put together is given as it is written."""
    if isinstance(value, ast.Constant):
        yield str(value.value)
    elif isinstance(value, ast.IfExp):
        yield from _read(value.body, names)
        yield from _read(value.orelse, names)
    elif isinstance(value, ast.Name):
        for one in names.get(value.id, []):
            yield from _read(one, names)
    elif isinstance(value, ast.JoinedStr):
        yield ast.unparse(value)


@pytest.fixture(scope="module")
def verbs() -> set[str]:
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in SOURCE.rglob("*.py")]
    shared: dict[str, list[ast.expr]] = {}
    for name, value in (pair for tree in trees for pair in _named(tree)):
        if name.isupper():
            shared.setdefault(name, []).append(value)
    found: set[str] = set()
    for tree in trees:
        own: dict[str, list[ast.expr]] = {}
        for name, value in _named(tree):
            own.setdefault(name, []).append(value)
        for verb in _verbs_of(tree):
            found |= set(_read(verb, shared | own))
    return {word for word in found if "." in word or word.startswith("f'")}


def test_every_verb_put_together_is_known_here(verbs):
    assert {word for word in verbs if word.startswith("f'")} == set(PUT_TOGETHER)


def test_no_verb_and_no_work_of_the_queue_lacks_words_in_either_language(verbs):
    written = {word for word in verbs if not word.startswith("f'")}.union(*PUT_TOGETHER.values())
    assert len(written) > 400
    for language in ("vi", "en"):
        with override(language):
            said = {code: wording.said(code) for code in written | set(jobs._REGISTRY)}
        assert [code for code, words in sorted(said.items()) if words == code] == []
        if language == "en":
            english = said
        else:
            vietnamese = said
    assert [code for code in sorted(said) if english[code] == vietnamese[code]] == []
