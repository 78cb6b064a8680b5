"""Canonical words of unit and job names: marks and joining words dropped, usual abbreviations written out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from itertools import product

from nanglucso.kit.text import clean, unmark

_BREAK = re.compile(r"[\W_]+")
_JOINING = frozenset({"và", "của", "thuộc", "tại", "va", "thuoc"})
_ALL = {
    "ubnd": ("uy ban nhan dan",),
    "hdnd": ("hoi dong nhan dan",),
    "ubmttq": ("uy ban mat tran to quoc",),
    "mttq": ("mat tran to quoc",),
    "tp": ("thanh pho",),
    "qlnn": ("quan ly nha nuoc",),
    "cntt": ("cong nghe thong tin",),
    "tthc": ("thu tuc hanh chinh",),
    "vhxh": ("van hoa xa hoi",),
    "cchc": ("cai cach hanh chinh",),
}
_UNIT = _ALL | {
    "ub": ("uy ban nhan dan",),
    "vp": ("van phong",),
    "tt": ("trung tam", "thi tran"),
    "p": ("phong", "phuong"),
    "x": ("xa",),
    "f": ("phuong",),
    "s": ("so",),
}
_JOB = _ALL | {
    "cv": ("chuyen vien",),
    "cvc": ("chuyen vien chinh",),
    "cvcc": ("chuyen vien cao cap",),
    "cs": ("can su",),
    "nv": ("nhan vien",),
    "ct": ("chu tich",),
    "pct": ("pho chu tich",),
    "bt": ("bi thu",),
    "gd": ("giam doc",),
    "pgd": ("pho giam doc",),
    "tp": ("truong phong", "thanh pho"),
    "ptp": ("pho truong phong",),
    "cvp": ("chanh van phong",),
    "pcvp": ("pho chanh van phong",),
    "vp": ("van phong",),
    "tt": ("trung tam",),
    "ht": ("hieu truong",),
    "pht": ("pho hieu truong",),
    "gv": ("giao vien",),
    "ktv": ("ky thuat vien",),
    "ks": ("ky su",),
    "tckt": ("tai chinh ke toan",),
    "kt": ("ke toan",),
    "vt": ("van thu",),
    "lt": ("luu tru",),
    "tchc": ("to chuc hanh chinh",),
    "tccb": ("to chuc can bo",),
    "p": ("phong", "pho", "phuong"),
}
_JOB_PHRASES = (
    (re.compile(r"\bpho phong\b"), "pho truong phong"),
    (re.compile(r"\bpho truong phong phong\b"), "pho truong phong"),
    (re.compile(r"\bpho van phong\b"), "pho chanh van phong"),
    (re.compile(r"\bpho thanh pho\b"), "pho truong phong"),
    (re.compile(r"\bphong truong phong\b"), "pho truong phong"),
    (re.compile(r"\btruong phong phong\b"), "truong phong"),
    (re.compile(r"\b(?:mot|1) cua\b"), "mot cua"),
)
_COMMUNE = ("phuong ", "xa ", "thi tran ", "dac khu ", "thanh pho ")
_MOST_VARIANTS = 8


def _words(text: str) -> list[str]:
    lower = _BREAK.sub(" ", clean(text).lower()).split()
    return [unmark(word) for word in lower if word not in _JOINING]


def _expand(words: list[str], table: Mapping[str, tuple[str, ...]]) -> list[str]:
    choices = [table.get(word, (word,)) for word in words]
    variants: list[str] = []
    for picked in product(*choices):
        variants.append(" ".join(picked))
        if len(variants) >= _MOST_VARIANTS:
            break
    return variants


@lru_cache(maxsize=65536)
def unit_variants(text: str) -> tuple[str, ...]:
    """What a unit's name may mean, likeliest first: "P. Cái Khế" → ("phong cai khe", "phuong cai khe").

    A people's committee of a commune is written as the commune: "UBND phường Cái Khế" → "phuong cai khe".
    """
    found = _expand(_words(text), _UNIT)
    for variant in list(found):
        bare = variant.removeprefix("uy ban nhan dan ").removeprefix("dang uy ")
        if bare != variant and bare.startswith(_COMMUNE) and variant.startswith("uy ban"):
            found[found.index(variant)] = bare
    return tuple(dict.fromkeys(found))


def unit_letters(text: str) -> str:
    """The words run together with no abbreviation written out: "Sở VH, TT và DL" → "sovhttdl"."""
    return "".join(_words(text))


@lru_cache(maxsize=65536)
def unit_key(text: str) -> str:
    """One canonical form of a unit's name, to compare two spellings."""
    return (unit_variants(text) or ("",))[0]


@lru_cache(maxsize=65536)
def job_variants(text: str) -> tuple[str, ...]:
    """What a job title may mean: "PCT UBND phường" → ("pho chu tich uy ban nhan dan phuong",)."""
    found = []
    for variant in _expand(_words(text), _JOB):
        for pattern, full in _JOB_PHRASES:
            variant = pattern.sub(full, variant)
        found.append(variant)
    return tuple(dict.fromkeys(found))
