"""A matrix of required levels: one row a position, one column a competence → levels that change.

A cell holds the level's number or code ("2", "TC"), with a star behind it when the level is a must ("TC*"); "-" or 0
takes the requirement away; a blank cell changes nothing.
"""

from datetime import date

from django.utils.translation import gettext_noop as _

from nanglucso.kit.text import fold
from nanglucso.workforce.framework.queries import current_framework
from nanglucso.workforce.people.lists.planning import ListPlanner
from nanglucso.workforce.people.listsheet.read import ListRow
from nanglucso.workforce.people.models import Position
from nanglucso.workforce.people.services.listing import requirement_facts

NO_POSITION = _("“%(value)s” is not a position: write its code or its full name.")
NO_LEVEL = _("“%(value)s” is not a level of %(code)s: write one of %(known)s, with * for a must, or - for none.")
NOTHING_LEFT = _("The row takes every requirement of “%(value)s” away: leave one at least.")
_NONE = frozenset({"-", "–", "0", "khong", "none"})


class RequirementPlanner(ListPlanner):
    """Required levels of the framework in force."""

    needed = ("code", "name")

    def __init__(self, day: date) -> None:
        super().__init__(day)
        framework = current_framework()
        self.levels = {fold(text): row.number for row in framework.levels.all() for text in (str(row.number), row.code)}
        self.known = ", ".join(row.code for row in framework.levels.all())
        self.codes = list(framework.competences.values_list("code", flat=True))
        self.headings = {
            "code": ("Mã vị trí", "Mã vị trí việc làm", "Mã VTVL", "Mã", "Code"),
            "name": ("Tên vị trí việc làm", "Vị trí việc làm", "Tên vị trí", "Vị trí", "Position"),
            **{
                row.code: (row.code, f"{row.code} {row.name_vi}", row.name_vi, row.short_vi, row.name_en)
                for row in framework.competences.all()
            },
        }
        held = list(Position.objects.filter(framework=framework).order_by("code"))
        self.by_code = {row.code.upper(): row for row in held}
        self.by_name: dict[str, list[Position]] = {}
        for row in held:
            self.by_name.setdefault(fold(row.name), []).append(row)
        self.facts = requirement_facts(held)

    def one(self, row: ListRow) -> None:
        told = row.values
        named = self.by_name.get(fold(told.get("name", "")), [])
        held = self.by_code.get(told["code"].upper()) if "code" in told else named[0] if len(named) == 1 else None
        if held is None:
            self.fault(
                row, "code" if "code" in told else "name", NO_POSITION, value=told.get("code", told.get("name", ""))
            )
            return
        if self.again(row, held.code):
            return
        asked: dict[str, list[object] | None] = {}
        for code in self.codes:
            if code not in told:
                continue
            said = fold(told[code]).replace(" ", "")
            level = None if said in _NONE else self.levels.get(said.rstrip("*"))
            if level is None and said not in _NONE:
                self.fault(row, code, NO_LEVEL, value=told[code], code=code, known=self.known)
                return
            asked[code] = None if level is None else [level, said.endswith("*")]
        if self.facts[held.pk] and not any((self.facts[held.pk] | asked).values()):
            self.fault(row, "code", NOTHING_LEFT, value=held.name)
            return
        self.lay(row, held.name, asked, self.facts[held.pk], held.pk)
