"""A list of positions → positions that are new or told otherwise: name, family, group, kinds of unit, other names."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.kit.text import fold
from nanglucso.workforce.people.lists.planning import NEEDED, NOT_ONE_OF, ListPlanner, labels, parts
from nanglucso.workforce.people.listsheet.read import ListRow
from nanglucso.workforce.people.models import Position, PositionFamily, Unit
from nanglucso.workforce.people.services.listing import position_facts

NO_FAMILY = _("“%(value)s” is not a family of positions: write its code or its full name.")
NO_HOURS = _("“%(value)s” is not a number of teaching periods a year from 0 to 400: check it.")


class PositionPlanner(ListPlanner):
    """Positions told by their code; without one, by their name."""

    headings = {
        "code": ("Mã vị trí", "Mã vị trí việc làm", "Mã VTVL", "Mã", "Code"),
        "name": ("Tên vị trí việc làm", "Vị trí việc làm", "Tên vị trí", "Vị trí", "Tên VTVL", "Name", "Position"),
        "name_en": ("Tên tiếng Anh", "English name"),
        "family": ("Họ vị trí", "Họ vị trí việc làm", "Mã họ vị trí", "Family"),
        "group": ("Nhóm", "Nhóm vị trí", "Nhóm vị trí việc làm", "Group"),
        "unit_kinds": ("Loại đơn vị", "Dùng ở loại đơn vị", "Loại đơn vị áp dụng", "Unit kinds"),
        "aliases": ("Tên gọi khác", "Các tên gọi khác", "Aliases"),
        "yearly_tiet": ("Số tiết mỗi năm", "Số tiết bồi dưỡng mỗi năm", "Số tiết", "Periods a year"),
    }
    needed = ("code", "name")
    limits = {"code": 80, "name": 200, "name_en": 200}

    def __init__(self, day: date) -> None:
        super().__init__(day)
        held = list(Position.objects.select_related("family").order_by("code"))
        self.by_code = {row.code.upper(): row for row in held}
        self.by_name: dict[str, list[Position]] = {}
        for row in held:
            self.by_name.setdefault(fold(row.name), []).append(row)
        families = list(PositionFamily.objects.all())
        self.families = {
            fold(words): row.code for row in families for words in (row.name_vi, row.name_en, row.code) if words
        }
        self.groups, self.kinds = labels(Position.Group), labels(Unit.Kind)

    def one(self, row: ListRow) -> None:
        told = row.values
        if self.too_long(row):
            return
        held = self.by_code.get(told["code"].upper()) if "code" in told else self._named(told.get("name", ""))
        code = held.code if held else told.get("code", "")
        if self.again(row, code.upper() or fold(told.get("name", ""))):
            return
        asked = self._asked(row)
        if asked is None:
            return
        lacking = next((name for name in ("code", "name", "family", "group") if not told.get(name)), "")
        if held is None and lacking:
            self.fault(row, lacking, NEEDED, head=self.headings[lacking][0])
            return
        facts = position_facts(held) if held else None
        self.lay(row, told.get("name", held.name if held else ""), asked, facts, held.pk if held else None)

    def _named(self, name: str) -> Position | None:
        found = self.by_name.get(fold(name), [])
        return found[0] if len(found) == 1 else None

    def _asked(self, row: ListRow) -> dict[str, Any] | None:
        told = row.values
        asked: dict[str, Any] = {name: told[name] for name in ("name", "name_en") if name in told}
        if "code" in told and told["code"].upper() not in self.by_code:
            asked["code"] = told["code"]
        if "aliases" in told:
            asked["aliases"] = parts(told["aliases"])
        for field, known, template in (("family", self.families, NO_FAMILY), ("group", self.groups, NOT_ONE_OF)):
            if field in told:
                asked[field] = known.get(fold(told[field]))
                if asked[field] is None:
                    labels = ", ".join(str(label) for _value, label in Position.Group.choices)
                    self.fault(row, field, template, value=told[field], known=labels)
                    return None
        return self._rest(row, asked)

    def _rest(self, row: ListRow, asked: dict[str, Any]) -> dict[str, Any] | None:
        if "unit_kinds" in row.values:
            said = parts(row.values["unit_kinds"].replace(",", ";"))
            asked["unit_kinds"] = [self.kinds.get(fold(one)) for one in said]
            if None in asked["unit_kinds"]:
                known = ", ".join(str(label) for _value, label in Unit.Kind.choices)
                self.fault(row, "unit_kinds", NOT_ONE_OF, value=row.values["unit_kinds"], known=known)
                return None
        if "yearly_tiet" in row.values:
            said_hours = row.values["yearly_tiet"]
            if not said_hours.isdecimal() or int(said_hours) > 400:
                self.fault(row, "yearly_tiet", NO_HOURS, value=said_hours)
                return None
            asked["yearly_tiet"] = int(said_hours)
        return asked
