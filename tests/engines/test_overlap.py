"""The overlap finder: quality on labelled pairs, what words and steps mean, all against all equal to pair by pair."""

from pathlib import Path

import numpy as np
import pytest
from benchmarks import overlap as bench

from nanglucso.engines.duty_words import Words, read
from nanglucso.engines.overlap import Model, Table, in_common, overlaps, score

CONTENT = Path(__file__).resolve().parents[2] / "content" / "duties"


@pytest.fixture(scope="module")
def words() -> Words:
    return bench.words()


@pytest.fixture(scope="module")
def model() -> Model:
    return Model.of(bench.yaml.safe_load((CONTENT / "model.yaml").read_text(encoding="utf-8")))


def _score(words: Words, model: Model, one: str, other: str) -> float:
    table = Table([read(one, words), read(other, words)], words)
    return float(score(table.features(np.array([0]), np.array([1])), model)[0])


def test_cross_validated_f1_is_at_least_85(words):
    found = bench.cross_validated(*bench.measured(bench.labelled("labelled"), words))
    assert min(found) >= 0.85


@pytest.mark.parametrize(("name", "least"), [("held_out", 0.85), ("last", 0.79)])
def test_pairs_for_which_no_word_was_changed_at_the_shipped_threshold(words, model, name, least):
    x, y = bench.measured(bench.labelled(name), words)
    assert bench.quality(score(x, model) >= model.threshold, y)[0] >= least


def test_siblings_under_one_wider_thing_do_not_meet(words):
    one, other = "Chi trả trợ cấp cho người già", "Chi trả trợ cấp cho người khuyết tật"
    table = Table([read(text, words) for text in (one, other, "Chi trả trợ cấp")], words)
    sibling, wider = table.features(np.array([0, 0]), np.array([1, 2]))
    assert sibling[0] == sibling[1] < 0.6
    assert sibling[3] > 0
    assert (wider[0], wider[3]) == (1.0, 0.0)


def test_shipped_weights_are_those_fitted_on_the_labelled_pairs(words, model):
    b = bench.fit(*bench.measured(bench.labelled("labelled", "fresh", "second"), words))
    assert np.append(model.bias, model.weights) == pytest.approx(b, abs=2e-3)


@pytest.mark.thorough
def test_all_against_all_gives_what_each_pair_gives_alone(words, model):
    rows = bench.labelled("labelled")[:60]
    texts = [row[side] for row in rows for side in ("duty_a", "duty_b")]
    found = overlaps(texts, ["city"] * len(texts), words, model)
    seen = {(int(i), int(j)): float(value) for i, j, value in zip(found.i, found.j, found.score, strict=True)}
    assert seen
    duties = [read(text, words) for text in texts]
    for i in range(0, len(texts), 7):
        for j in range(i + 1, len(texts)):
            alone = _score(words, model, texts[i], texts[j])
            common = bool(duties[i].specific) and (i, j) in seen
            assert alone == pytest.approx(seen[i, j]) if common else alone < model.threshold or (i, j) not in seen


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tiếp nhận hồ sơ TTHC của công dân", "Nhận hồ sơ thủ tục hành chính của người dân"),
        ("Quản lý hoá chất, xăng dầu", "Quản lý hóa chất và xăng dầu"),
    ],
)
def test_abbreviation_synonym_and_place_of_the_tone_mark_do_not_matter(words, model, one, other):
    assert _score(words, model, one, other) >= model.threshold


def test_accents_are_kept_and_tell_words_apart(words):
    assert set(read("bán cá", words).tokens) != set(read("bàn cả", words).tokens)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Soạn thảo nghị quyết về học phí", "Phê duyệt nghị quyết về học phí"),
        ("Quản lý hồ sơ công chức", "Quản lý hồ sơ công trình"),
    ],
)
def test_another_step_or_another_object_is_no_overlap(words, model, one, other):
    assert _score(words, model, one, other) < model.threshold


def test_lead_and_cooperation_and_levels_are_proposed_as_shared_by_law(words, model):
    texts = [
        "Chủ trì xây dựng kế hoạch chuyển đổi số",
        "Phối hợp xây dựng kế hoạch chuyển đổi số",
        "Xây dựng kế hoạch chuyển đổi số",
    ]
    hints = {
        (int(i), int(j)): said
        for i, j, said in zip(*_columns(overlaps(texts, ["city"] * 3, words, model)), strict=True)
    }
    assert hints[0, 1] == "shared_by_law"
    assert hints[0, 2] == "same"
    across = overlaps(texts[2:] * 2, ["city", "commune"], words, model)
    assert across.hints == ("shared_by_law",)


def _columns(found):
    return found.i, found.j, found.hints


def test_nothing_to_read_overlaps_with_nothing(words, model):
    assert len(overlaps(["", "...", "Quản lý đất đai"], ["city"] * 3, words, model)) == 0
    assert len(overlaps([], [], words, model)) == 0


def test_the_words_in_common_are_told_in_plain_text(words):
    one, other = read("Đăng ký khai sinh cho người dân", words), read("Giải quyết việc hộ tịch của công dân", words)
    assert "khai sinh ~ hộ tịch" in in_common(one, other, words)


def test_a_vocabulary_that_names_an_unknown_step_or_thing_is_refused():
    told = bench.yaml.safe_load((CONTENT / "words.yaml").read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="no_such"):
        Words.of(told | {"apart": [["draft", "no_such"]]}, {})
    with pytest.raises(ValueError, match="no_such"):
        Words.of(told | {"things": told["things"] | {"x": {"words": ["x"], "of": "no_such"}}}, {})
