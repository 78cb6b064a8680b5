"""Vietnamese text: folds, sort keys against the golden file, names, likeness, hashes."""

import itertools
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nanglucso.kit import text
from nanglucso.kit.text import (
    best_matches,
    clean,
    fold,
    keyed_hash,
    looks_legacy,
    mask_tail,
    name_sort_key,
    proper_name,
    similar,
    sort_key,
    split_name,
    tone_key,
    unmark,
)

GOLDEN = (
    (Path(__file__).parent.parent / "fixtures" / "vi_collation_golden.txt").read_text(encoding="utf-8").splitlines()
)
ROWS = [line for line in GOLDEN if not line.startswith("#")]
LETTERS = "aàảãáạăằâầbcdđeêghiklmnoôơpqrstuưvxyAĐƠ "


@pytest.mark.parametrize("line", ROWS[:2], ids=["tones", "letters"])
def test_sort_key_golden_words(line: str) -> None:
    words = line.split()
    shuffled = random.Random(5).sample(words, len(words))
    assert sorted(shuffled, key=sort_key) == words


def test_sort_key_golden_people() -> None:
    people = ROWS[2:]
    assert len(people) == 9
    for order in itertools.islice(itertools.permutations(people), 0, 20_000, 997):
        assert sorted(order, key=name_sort_key) == people
    assert sorted(people) != people, "code-point order would hide a broken key"


def test_sort_key_is_safe_for_any_database_collation() -> None:
    key = sort_key("Nguyễn Thị Hòa-Ô'Môn 12 ß €")
    assert set(key) <= set("0123456789abcdefghijklmnopqrstuvwxyz")


def test_sort_key_shorter_first_and_space_before_letters() -> None:
    words = ["an", "An", "an a", "an b", "ana", "anh", "ánh", "2 an"]
    assert sorted(words, key=sort_key) == ["2 an", "an", "An", "an a", "an b", "ana", "anh", "ánh"]


@given(st.lists(st.tuples(st.text(LETTERS, max_size=5), st.text(LETTERS, max_size=5)), min_size=2, max_size=8))
def test_sort_keys_are_prefix_free(pairs: list[tuple[str, str]]) -> None:
    joined = sorted(pairs, key=lambda pair: sort_key(pair[0]) + sort_key(pair[1]))
    apart = sorted(pairs, key=lambda pair: (sort_key(pair[0]), sort_key(pair[1])))
    assert joined == apart


def test_unmark_golden() -> None:
    line = next(line for line in GOLDEN if line.startswith("# fold"))
    given_text, wanted = line.split('"')[1], line.split('"')[3]
    assert unmark(given_text) == wanted
    assert fold(given_text) == wanted.lower()


@given(st.text(max_size=40))
def test_clean_is_idempotent_and_composed(value: str) -> None:
    once = clean(value)
    assert clean(once) == once
    assert once == unicodedata.normalize("NFC", once)
    assert once == once.strip()
    assert "  " not in once


def test_clean_removes_what_cannot_be_seen() -> None:
    assert clean("\ufeff Nguyễn\u00a0\u200bVăn\t\nAn\x00 ") == "Nguyễn Văn An"
    assert clean(unicodedata.normalize("NFD", "Đỗ Thị Hòa")) == "Đỗ Thị Hòa"


@pytest.mark.parametrize(
    ("one", "other"), [("Hòa", "Hoà"), ("thuỷ", "THỦY"), ("khoẻ", "khỏe"), ("Quý", "qúy"), ("Bình Thuỷ", "bình  thủy")]
)
def test_tone_key_forgets_where_the_tone_stands(one: str, other: str) -> None:
    assert tone_key(one) == tone_key(other)


@pytest.mark.parametrize(("one", "other"), [("hòa", "hóa"), ("Hoa", "Hòa"), ("tống", "tổng"), ("Đức", "Dức")])
def test_tone_key_keeps_marks_apart(one: str, other: str) -> None:
    assert tone_key(one) != tone_key(other)
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("name", "ho_dem", "ten"),
    [("Nguyễn Thị  Hòa ", "Nguyễn Thị", "Hòa"), ("Danh Minh", "Danh", "Minh"), ("Sơn", "", "Sơn"), ("", "", "")],
)
def test_split_name(name: str, ho_dem: str, ten: str) -> None:
    assert split_name(name) == (ho_dem, ten)


def test_proper_name_mends_case_only_when_it_is_all_one() -> None:
    assert proper_name("NGUYỄN VĂN  ĐỨC") == "Nguyễn Văn Đức"
    assert proper_name("y'hen niê") == "Y'Hen Niê"
    assert proper_name("Lê McAn") == "Lê McAn"


def test_similar_and_best_matches() -> None:
    assert similar("Phòng Nội vụ", "PHONG NOI VU") == 1.0
    assert similar("abc", "xyz") == 0.0
    assert similar("", "") == 0.0
    units = ["Sở Nội vụ", "Sở Ngoại vụ", "Sở Y tế", "Thanh tra thành phố"]
    assert best_matches("Sở Nọi vụu", units)[0].text == "Sở Nội vụ"
    assert best_matches("zzz", units) == []
    assert best_matches("Sở Ngoai vu", units, limit=1)[0].place == 1


def test_keyed_hash_hides_writing_and_needs_a_key() -> None:
    key = b"k" * 32
    assert keyed_hash("099 080.001-234", key=key) == keyed_hash("099080001234", key=key)
    assert keyed_hash("099080001234", key=key) != keyed_hash("099080001234", key=b"j" * 32)
    assert len(keyed_hash("1", key=key)) == 64
    with pytest.raises(ValueError, match="16 bytes"):
        keyed_hash("099080001234", key=b"short")
    with pytest.raises(ValueError, match="no number"):
        keyed_hash(" - ", key=key)


def test_mask_tail() -> None:
    assert mask_tail("099080001234") == "••••1234"
    assert mask_tail("12") == "••••"
    assert mask_tail("") == ""


def test_looks_legacy_tells_old_fonts_from_unicode() -> None:
    tcvn3 = "Hä vµ tªn; Ngµy sinh; §¬n vÞ\nNguyÔn V¨n ¸nh; Së Néi vô; Chuyªn viªn\n"
    vni = "Hoï vaø teân; Ngaøy sinh; Ñôn vò\nNguyeãn Vaên AÙnh; Sôû Noäi vuï; Chuyeân vieân; Phoøng Kinh teá\n"
    assert looks_legacy(tcvn3)
    assert looks_legacy(vni)
    assert not looks_legacy("Họ và tên; Đơn vị\nNguyễn Văn Ánh; Sở Nội vụ; café naïve Müller\n" * 3)
    assert not looks_legacy("plain")


def test_door_is_complete() -> None:
    assert all(hasattr(text, name) for name in text.__all__)
