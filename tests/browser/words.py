"""Which language is a text in: for pages on which one language must not stand."""

import gettext
import re
from functools import lru_cache
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PARTS = ROOT / "src" / "nanglucso" / "locale" / "parts"
WORD = re.compile(r"[A-Za-zÀ-ỹĐđ]+")
MARKED = re.compile(r"[ăâđêôơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.IGNORECASE)
PLACE = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w+\}")
# Units of money and of teaching, and references to Vietnamese law, have no English.
UNITS = re.compile(
    r"\b(đồng|triệu|tỷ|tiết|buổi|mức|Tết|(Điều|khoản|điểm) \w+|(NĐ|TT|QĐ)-[\w-]+|Luật [\d/\w]+)\b", re.IGNORECASE
)
# Names of products, formats and standards, and words that Vietnamese offices use as they are.
BORROWED = {
    "excel", "word", "email", "internet", "online", "web", "server", "post", "file", "docx", "xlsx", "android", "windows",
    "chrome", "firefox", "smartphone", "microsoft", "google", "zoom", "teams", "wifi", "blockchain", "logic", "video",
    "python", "base", "mobile", "print", "digital", "data", "cloud", "spam", "link", "html", "english", "code", "open",
    "badges", "sqlite", "postgresql", "score", "rasch", "model", "test", "software", "information", "office",
}  # fmt: skip


@lru_cache
def _messages() -> tuple[tuple[str, str], ...]:
    """(English, Vietnamese) of every sentence in the rooms' fragments."""
    found = []
    for path in sorted(PARTS.glob("*.vi.po")):
        with path.open("rb") as file:
            for one in read_po(file, locale="vi"):
                english = one.id if isinstance(one.id, tuple | list) else [one.id]
                said = one.string if isinstance(one.string, tuple | list) else [one.string]
                found += [(en, vi) for en, vi in zip(english, said, strict=False) if en and vi]
    return tuple(found)


@lru_cache
def english_words() -> frozenset[str]:
    """Words of four letters and more that our English sentences use and our Vietnamese ones never do."""
    used = {
        word.lower() for english, _vi in _messages() for word in WORD.findall(PLACE.sub(" ", english)) if len(word) > 3
    }
    vietnamese = {word.lower() for _en, said in _messages() for word in WORD.findall(PLACE.sub(" ", said))}
    return frozenset(used - vietnamese - BORROWED)


@lru_cache
def vietnamese_sentences() -> frozenset[str]:
    """Our Vietnamese sentences of two words and more without a gap to fill in."""
    return frozenset(
        " ".join(said.split())
        for _en, said in _messages()
        if MARKED.search(said) and " " in said and not PLACE.search(said)
    )


def _without(text: str, names: list[str]) -> str:
    for name in names:
        if name in text:
            text = text.replace(name, " ")
    return text


def _standing_in(nodes: list[str], data: list[str]) -> list[str]:
    """Those of the database's names that stand in one of the texts: a page holds few of the city's thousand."""
    page = "\n".join(nodes)
    return [name for name in data if name in page]


def english_in(nodes: list[str], data: list[str]) -> list[str]:
    """English words in texts that should be Vietnamese. Names, addresses, codes and file names are left out."""
    nodes = [" ".join(one.split()) for one in nodes]
    names = _standing_in(nodes, data)
    text = "\n".join(_without(one, names) for one in nodes)
    plain = re.sub(r"\S*[@/_.\d]\S*", " ", text)
    return sorted({word for word in WORD.findall(plain) if word.lower() in english_words()})


def vietnamese_in(nodes: list[str], data: list[str]) -> list[str]:
    """Texts that are, or hold, Vietnamese which is no name of the database."""
    found = []
    nodes = [" ".join(one.split()) for one in nodes]
    names = _standing_in(nodes, data)
    for text in nodes:
        if text in vietnamese_sentences() and text not in names:
            found.append(text)
        elif MARKED.search(UNITS.sub(" ", _without(text, names))):
            found.append(text[:120])
    return sorted(set(found))


def is_compiled() -> bool:
    """Whether gettext itself answers in Vietnamese (else every page would be English)."""
    path = PARTS.parent / "vi" / "LC_MESSAGES" / "django.mo"
    with path.open("rb") as file:
        return bool(gettext.GNUTranslations(file))
