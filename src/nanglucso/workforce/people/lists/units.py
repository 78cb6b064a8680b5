"""A list of units → units that are new or told otherwise. Moving a unit is a reorganisation, not a list."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_noop as _

from nanglucso.kit.dates import parse_date
from nanglucso.kit.faults import BadValue
from nanglucso.kit.text import fold
from nanglucso.workforce.people.lists.planning import NEEDED, NOT_ONE_OF, ListPlanner, labels, parts
from nanglucso.workforce.people.listsheet.read import ListRow
from nanglucso.workforce.people.models import Unit
from nanglucso.workforce.people.recognising import Recogniser
from nanglucso.workforce.people.services.listing import unit_facts

NO_PARENT = _("“%(value)s” is not a unit of the city: write the code or the full name of the unit above.")
MOVES = _("The row puts the unit under “%(value)s”: a unit is moved by a reorganisation, not by a list.")


class UnitPlanner(ListPlanner):
    """Units told by their code; without one, by their name under the unit above."""

    headings = {
        "code": ("Mã đơn vị", "Mã", "Mã cơ quan", "Code", "Unit code"),
        "name": ("Tên đơn vị", "Đơn vị", "Tên cơ quan", "Tên cơ quan, đơn vị", "Tên", "Name", "Unit"),
        "kind": ("Loại đơn vị", "Loại", "Loại hình", "Kind"),
        "parent": ("Đơn vị cấp trên", "Mã đơn vị cấp trên", "Trực thuộc", "Cơ quan chủ quản", "Thuộc", "Parent"),
        "short_name": ("Tên viết tắt", "Viết tắt", "Tên ngắn", "Short name"),
        "aliases": ("Tên gọi khác", "Các tên gọi khác", "Aliases"),
        "since": ("Ngày thành lập", "Có hiệu lực từ", "Từ ngày", "Since"),
        "source": ("Căn cứ", "Quyết định", "Văn bản", "Source"),
    }
    needed = ("code", "name")
    limits = {"code": 40, "name": 200, "short_name": 80, "source": 200}

    def __init__(self, day: date) -> None:
        super().__init__(day)
        self.known = Recogniser({}, {})
        self.by_code = {unit.code.upper(): unit for unit in self.known.units.values()}
        self.fresh: set[str] = set()
        self.kinds = labels(Unit.Kind)

    def one(self, row: ListRow) -> None:
        told = row.values
        if self.too_long(row):
            return
        held = self._held(told)
        code = told.get("code", held.code if held else "")
        if self.again(row, code.upper() or fold(told["name"])):
            return
        asked = self._asked(row)
        if asked is None or not self._placed(row, held, asked):
            return
        if held is None:
            lacking = next((name for name in ("code", "name", "kind", "parent") if not told.get(name)), "")
            if lacking:
                self.fault(row, lacking, NEEDED, head=self.headings[lacking][0])
                return
            self.fresh.add(code.upper())
        self.lay(
            row,
            told.get("name", held.name if held else ""),
            asked,
            unit_facts(held) if held else None,
            held.pk if held else None,
        )

    def _held(self, told: Any) -> Unit | None:
        if told.get("code"):
            return self.by_code.get(told["code"].upper())
        named, _near = self.known.unit_named(", ".join(part for part in (told["name"], told.get("parent")) if part))
        return self.known.units.get(named) if named else None

    def _asked(self, row: ListRow) -> dict[str, Any] | None:
        asked: dict[str, Any] = {
            name: row.values[name] for name in ("code", "name", "short_name", "source") if name in row.values
        }
        if "aliases" in row.values:
            asked["aliases"] = parts(row.values["aliases"])
        if "kind" in row.values:
            kind = self.kinds.get(fold(row.values["kind"]))
            if kind is None or kind == Unit.Kind.CITY:
                known = ", ".join(str(label) for value, label in Unit.Kind.choices if value != Unit.Kind.CITY)
                self.fault(row, "kind", NOT_ONE_OF, value=row.values["kind"], known=known)
                return None
            asked["kind"] = kind
        if "since" in row.values:
            try:
                asked["since"] = parse_date(row.values["since"]).isoformat()
            except BadValue as error:
                self.fault(row, "since", error.template, **error.params)
                return None
        return asked

    def _placed(self, row: ListRow, held: Unit | None, asked: dict[str, Any]) -> bool:
        """Find the unit above; a unit that is held must stay where it is."""
        said = row.values.get("parent", "")
        if not said:
            return True
        above = self.by_code.get(said.upper())
        named = above.pk if above else self.known.unit_named(said)[0]
        if held:
            if named is None or self.known.units[named].path != held.path[: -Unit.steplen]:
                self.fault(row, "parent", MOVES, value=said)
                return False
            return True
        if named is None and said.upper() not in self.fresh:
            self.fault(row, "parent", NO_PARENT, value=said)
            return False
        asked["parent"] = self.known.units[named].code if named else said
        return True
