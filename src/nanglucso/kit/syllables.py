"""Whether a word is a Vietnamese syllable: onset, rhyme and tone that go together.

Onsets and rhymes as in the standard descriptions of Vietnamese phonology (Đoàn Thiện Thuật, Ngữ âm tiếng Việt, 1977);
rhymes that end in c, ch, p or t carry only sắc or nặng. A spelling check, not a dictionary: "bủng" passes, "bµng" not.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from nanglucso.kit.letters import TONE_MARKS

_ONSET_LIST = "b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x"
_RHYME_LIST = (
    "a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep "
    "et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu "
    "o oc oi om on ong op ot oong ooc oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt "
    "oe oen oeo oem oet ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây "
    "uâ uê uêch uênh uên uy uya uych uynh uyn uyt uyu uyên uyêt uôc uôi uôm uôn uông uôt uơ uơn ư ưa ưc ưi ưm "
    "ưn ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu y uai uam uan uang uanh uao uat uac uach uay uăc uăm uăn "
    "uăng uăt uâc uâu ue uen ueo uet uêt uêu uit uin uinh uich uyp êng "
)
_ONSETS = ("", *_ONSET_LIST.split())
_RHYMES = frozenset(_RHYME_LIST.split())
_STOPS = ("c", "ch", "p", "t")
_LETTERS = frozenset("abcdeghiklmnopqrstuvxyăâđêôơư")


@lru_cache(maxsize=65536)
def is_syllable(word: str) -> bool:
    """Whether a word of letters, in either case and any normal form, is spelt as a Vietnamese syllable."""
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFC", word).lower())
    tones = [part for part in parts if part in TONE_MARKS]
    plain = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONE_MARKS))
    if len(tones) > 1 or not plain or not _LETTERS.issuperset(plain):
        return False
    for onset in _ONSETS:
        rhyme = plain[len(onset) :]
        if plain.startswith(onset) and _fits(onset, rhyme):
            stopped = rhyme.endswith(_STOPS)
            return not stopped or bool(tones and tones[0] in "\u0301\u0323")
    return False


def _fits(onset: str, rhyme: str) -> bool:
    if onset == "q":
        return rhyme.startswith("u") and rhyme in _RHYMES
    if onset == "gi" and rhyme == "":
        return True
    return rhyme in _RHYMES
