"""What words typed into the search of people mean: names without marks, initials, numbers, addresses, units."""

import re
from functools import reduce
from operator import and_, or_

from django.db.models import Q

from nanglucso.kit.text import clean, fold
from nanglucso.workforce.people.models import Unit

_INITIALS = re.compile(r"[a-z]{2,6}")
_VOWELS = frozenset("aeiouy")
MOST_UNITS = 60


def matching(text: str) -> Q:
    """People who answer to the words, each of which must be found: in the name, the staff number or the address.

    Marks and đ do not matter ("do thi hoa"). A word in capitals or without a vowel may be the initials of a whole name
    ("LTKN", "ntkn"). Two words or more at the end may name a unit, whose people below it count too ("an so noi vu").
    """
    words = fold(text).split()
    if not words:
        return Q()
    found = reduce(and_, map(_named, words))
    if len(words) == 1 and _may_be_initials(clean(text)):
        # The first letter is looked for first: an expression of this kind costs SQLite a call of Python for each name.
        found |= Q(fold__startswith=words[0][0]) & Q(fold__regex=rf"^{'[^ ]* '.join(words[0])}[^ ]*$")
    return found | _in_units(words) if len(words) > 1 else found


def _named(word: str) -> Q:
    return Q(fold__contains=word) | Q(staff_code__icontains=word) | Q(email__icontains=word)


def _may_be_initials(word: str) -> bool:
    plain = fold(word)
    return bool(_INITIALS.fullmatch(plain)) and (word.isupper() or _VOWELS.isdisjoint(plain))


def _in_units(words: list[str]) -> Q:
    """The longest end of the words that names units, with the words before it found in the name."""
    units = list(Unit.objects.filter(until=None).order_by("path").values_list("path", "fold"))
    for cut in range(len(words) - 1):
        phrase = f" {' '.join(words[cut:])} "
        paths = [path for path, told in units if phrase in f" {told} "]
        tops = [path for at, path in enumerate(paths) if at == 0 or not path.startswith(tuple(paths[:at]))]
        if 0 < len(tops) <= MOST_UNITS:
            places = reduce(or_, (Q(unit__path__startswith=path) for path in tops))
            return reduce(and_, map(_named, words[:cut]), places)
    return Q(pk=None)
