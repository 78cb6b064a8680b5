"""Which unit a cell of a file means: the whole city, or one right below it, by code or name."""

from django.utils.translation import gettext_noop as _

from nanglucso.kit.text import clean, fold
from nanglucso.workforce.people.models import Unit

NOBODY = _("“%(value)s” is no unit here: write its name or code as in the list of units.")
ENDED = _("“%(value)s” no longer exists: write the unit that took its place.")
SEVERAL = _("“%(value)s” can mean several units: write the code.")
WHOLE = ("toan thanh pho", "toan tinh", "tong cong", "ca thanh pho", "whole city")
BEFORE = ("uy ban nhan dan ", "ubnd ")


class Unplaced(ValueError):
    """No one unit is meant; `template`: the sentence with `%(value)s`."""

    def __init__(self, template: str) -> None:
        self.template = template
        super().__init__(template)


class Places:
    """Units that figures are kept of, by what people write."""

    def __init__(self) -> None:
        units = list(Unit.objects.filter(depth__lte=2).order_by("path"))
        self.standing = [one for one in units if one.until is None]
        self.root = next((one for one in self.standing if one.depth == 1), None)
        self.codes = {one.code.casefold(): one for one in self.standing}
        self.ended = {_plain(one.name) for one in units if one.until is not None}

    def find(self, text: str) -> Unit:
        """Exactly as written first (marks tell communes apart), then without marks. Raises `Unplaced`."""
        plain = _plain(text)
        if self.root and (plain in WHOLE or plain == _plain(self.root.name)):
            return self.root
        found = self.codes.get(clean(text).casefold())
        if found:
            return found
        exact = [one for one in self.standing if clean(one.name).casefold() == clean(text).casefold()]
        meant = exact or [one for one in self.standing if plain in map(_plain, (one.name, *one.aliases))]
        if len(meant) == 1:
            return meant[0]
        raise Unplaced(SEVERAL if meant else ENDED if plain in self.ended else NOBODY)


def _plain(text: str) -> str:
    folded = " ".join(fold(text).split())
    for words in BEFORE:
        folded = folded.removeprefix(words)
    return folded
