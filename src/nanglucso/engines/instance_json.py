"""nanglucso-plan/1: reading a decoded JSON object into an Instance with checks, and writing it back."""

from __future__ import annotations

from typing import Any

import numpy as np

from nanglucso.engines.instance import (
    BANDS,
    FORMAT,
    FORMS,
    MAX_WEEKS_OF_CLASS,
    Bools,
    Floats,
    GroupMinimum,
    Instance,
    InstanceError,
    Ints,
    Mandatory,
)

UNIT_TYPES = 3
SHOWN = 40  # letters of a wrong value that a message repeats


def _shown(value: Any) -> str:
    """The value as a message shows it: cut short, for a file may hold anything."""
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _get(data: Any, key: str, path: str = "") -> Any:
    where = f"{path}.{key}" if path else key
    if not isinstance(data, dict):
        raise InstanceError(f"{path or 'instance'}: an object is expected here.")
    if key not in data:
        raise InstanceError(f"{where}: this key is missing.")
    return data[key]


def _list(data: Any, key: str, path: str = "") -> list[Any]:
    value = _get(data, key, path)
    if not isinstance(value, list):
        raise InstanceError(f"{path + '.' if path else ''}{key}: a list is expected.")
    return value


def _number(data: Any, key: str, path: str = "", low: float = 0.0, high: float = 1e12) -> float:
    value = _get(data, key, path)
    where = f"{path}.{key}" if path else key
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise InstanceError(f"{where}: {_shown(value)} is not a number from {low:g} to {high:g}.")
    return float(value)


def _whole(data: Any, key: str, path: str = "", low: int = 0, high: int = 10**9) -> int:
    value = _number(data, key, path, low, high)
    if value != int(value):
        raise InstanceError(f"{path + '.' if path else ''}{key}: {_shown(value)} is not a whole number.")
    return int(value)


def _text(data: Any, key: str, path: str = "") -> str:
    value = _get(data, key, path)
    if not isinstance(value, str):
        raise InstanceError(f"{path + '.' if path else ''}{key}: {_shown(value)} is not a text.")
    return value


def _floats(values: Any, where: str, low: float, high: float, size: int | None = None) -> Floats:
    if not isinstance(values, list):
        raise InstanceError(f"{where}: a list of numbers is expected, not {_shown(values)}.")
    if not set(map(type, values)) <= {int, float}:
        at = next(i for i, value in enumerate(values) if type(value) not in (int, float))
        raise InstanceError(f"{where}[{at}]: {_shown(values[at])} is not a number.")
    try:
        array = np.array(values, dtype=np.float64)
    except OverflowError:
        raise InstanceError(f"{where}: a number in this list is too large; {high:g} is the most.") from None
    if size is not None and len(array) != size:
        raise InstanceError(f"{where}: {len(array)} values, {size} are expected.")
    bad = np.nonzero(~((array >= low) & (array <= high)))[0]
    if len(bad):
        raise InstanceError(f"{where}[{bad[0]}]: {array[bad[0]]:g} is not between {low:g} and {high:g}.")
    return array


def _ints(values: Any, where: str, low: int, high: int, size: int | None = None) -> Ints:
    array = _floats(values, where, low, high, size)
    bad = np.nonzero(array != np.floor(array))[0]
    if len(bad):
        raise InstanceError(f"{where}[{bad[0]}]: {array[bad[0]]:g} is not a whole number.")
    return array.astype(np.int64)


def _table(values: Any, where: str, low: float, high: float, rows: int | None, columns: int | None) -> Floats:
    if not isinstance(values, list) or not all(isinstance(row, list) for row in values):
        raise InstanceError(f"{where}: a list of lists of numbers is expected.")
    if rows is not None and len(values) != rows:
        raise InstanceError(f"{where}: {len(values)} rows, {rows} are expected.")
    width = columns if columns is not None else (len(values[0]) if values else 0)
    out = [_floats(row, f"{where}[{i}]", low, high, width) for i, row in enumerate(values)]
    return np.array(out).reshape(len(values), width)


def _form(form: Any, path: str, weeks: int, out: dict[str, Any], at: tuple[int, int]) -> None:
    eff = _number(form, "eff", path, 0.0, 1.0)
    if not 0.0 < eff < 1.0:
        raise InstanceError(f"{path}.eff: {eff:g} is not strictly between 0 and 1.")
    lect = _ints(_list(form, "lect_buoi", path), f"{path}.lect_buoi", 0, 1000)
    if not 1 <= len(lect) <= MAX_WEEKS_OF_CLASS:
        raise InstanceError(f"{path}.lect_buoi: {len(lect)} weeks; a class has 1 to {MAX_WEEKS_OF_CLASS}.")
    room = _ints(_list(form, "room_buoi", path), f"{path}.room_buoi", 0, 1000, len(lect))
    low = _whole(form, "min", path, 1)
    out["offered"][at] = True
    out["eff"][at] = eff
    out["size_min"][at] = low
    out["size_max"][at] = _whole(form, "max", path, low)
    out["fixed"][at] = _number(form, "fixed", path)
    out["seat_cost"][at] = _number(form, "seat", path)
    out["length"][at] = len(lect)
    out["lect"][at][: len(lect)] = lect
    out["room"][at][: len(lect)] = room


def _courses(data: Any, competences: int, weeks: int) -> dict[str, Any]:
    courses = _list(data, "courses")
    count = len(courses)
    out: dict[str, Any] = {
        "tiet": np.zeros(count, np.int64),
        "cover": np.zeros((count, competences * BANDS), bool),
        "offered": np.zeros((count, 3), bool),
        **{key: np.zeros((count, 3)) for key in ("eff", "fixed", "seat_cost")},
        **{key: np.zeros((count, 3), np.int64) for key in ("size_min", "size_max", "length")},
        **{key: np.zeros((count, 3, MAX_WEEKS_OF_CLASS), np.int64) for key in ("lect", "room")},
    }
    prereq: list[tuple[int, ...]] = []
    for i, course in enumerate(courses):
        path = f"courses[{i}]"
        out["tiet"][i] = _whole(course, "tiet", path)
        cells = _table(_list(course, "cover", path), f"{path}.cover", 0, 10**6, None, 2).astype(np.int64)
        if ((cells[:, 0] >= competences) | (cells[:, 1] >= BANDS)).any():
            raise InstanceError(f"{path}.cover: competence 0 to {competences - 1} and band 0 to 3 are expected.")
        out["cover"][i, cells[:, 0] * BANDS + cells[:, 1]] = True
        prereq.append(tuple(_ints(_list(course, "prereq", path), f"{path}.prereq", 0, count - 1).tolist()))
        forms = _get(course, "forms", path)
        for name in forms if isinstance(forms, dict) else [forms]:
            if name not in FORMS:
                raise InstanceError(f"{path}.forms: {_shown(name)} is not one of {', '.join(FORMS)}.")
            _form(forms[name], f"{path}.forms.{name}", weeks, out, (i, FORMS.index(name)))
    out["prereq"] = tuple(prereq)
    out["course_code"] = tuple(_text(course, "code", f"courses[{i}]") for i, course in enumerate(courses))
    out["course_name"] = tuple(_text(course, "name", f"courses[{i}]") for i, course in enumerate(courses))
    out["course_family"] = tuple(_whole(course, "family", f"courses[{i}]") for i, course in enumerate(courses))
    return out


def _people(data: Any, units: int, groups: int, competences: int) -> dict[str, Any]:
    people = _get(data, "people")
    unit = _ints(_list(people, "unit", "people"), "people.unit", 0, units - 1)
    count = len(unit)
    flat = _ints(_list(people, "open", "people"), "people.open", 0, 100, count * competences * BANDS)
    return {
        "unit": unit,
        "group": _ints(_list(people, "group", "people"), "people.group", 0, groups - 1, count),
        "open": flat.astype(np.uint8).reshape(count, competences * BANDS),
    }


def _marks(lists: list[Any], where: str, columns: int, *, null: bool = False) -> Bools:
    """(rows, columns) which numbers each list names; with ``null`` a row may be null, which names all."""
    out = np.zeros((len(lists), columns), bool)
    for i, row in enumerate(lists):
        if row is None and null:
            out[i] = True
        else:
            out[i, _ints(row, f"{where}[{i}]", 0, columns - 1)] = True
    return out


def _supply(data: Any, areas: int, courses: int) -> dict[str, Any]:
    venues, lecturers = _get(data, "venues"), _get(data, "lecturers")
    venue_area = _ints(_list(venues, "area", "venues"), "venues.area", 0, areas - 1)
    rate = _floats(_list(lecturers, "rate", "lecturers"), "lecturers.rate", 0, 1e9)
    v, count = len(venue_area), len(rate)
    can = _list(lecturers, "can", "lecturers")
    if len(can) != count:
        raise InstanceError(f"lecturers.can: {len(can)} lists, {count} are expected.")
    return {
        "venue_area": venue_area,
        "venue_seats": _ints(_list(venues, "seats", "venues"), "venues.seats", 0, 10**9, v),
        "venue_buoi": _ints(_list(venues, "buoi_week", "venues"), "venues.buoi_week", 0, 10**9, v),
        "venue_rate": _floats(_list(venues, "rate", "venues"), "venues.rate", 0, 1e9, v),
        "lect_rate": rate,
        "lect_week": _ints(_list(lecturers, "week_max", "lecturers"), "lecturers.week_max", 0, 10**9, count),
        "lect_quarter": _ints(_list(lecturers, "quarter_max", "lecturers"), "lecturers.quarter_max", 0, 10**9, count),
        "can": _marks(can, "lecturers.can", courses),
    }


def _money(data: Any, courses: int) -> dict[str, Any]:
    sources = _list(data, "sources")
    amount = [_number(s, "amount", f"sources[{i}]") for i, s in enumerate(sources)]
    types = [_list(s, "unit_types", f"sources[{i}]") for i, s in enumerate(sources)]
    serves = [_get(s, "courses", f"sources[{i}]") for i, s in enumerate(sources)]
    return {
        "source_name": tuple(_text(s, "name", f"sources[{i}]") for i, s in enumerate(sources)),
        "amount": np.array(amount, np.float64),
        "source_type": _marks(types, "sources.unit_types", UNIT_TYPES),
        "source_course": _marks(serves, "sources.courses", courses, null=True),
        "source_all": np.array([x is None for x in serves], bool),
    }


def _coverage(data: Any, groups: int, courses: int) -> dict[str, Any]:
    entries = []
    for i, entry in enumerate(_list(data, "mandatory")):
        path = f"mandatory[{i}]"
        who = _ints(_list(entry, "groups", path), f"{path}.groups", 0, groups - 1)
        course = _whole(entry, "course", path, 0, courses - 1)
        deadline = _whole(entry, "deadline", path, -1)
        entries.append(Mandatory(course, tuple(who.tolist()), deadline, _number(entry, "share", path, 0, 1)))
    least = []
    for i, entry in enumerate(_list(data, "group_minimum")):
        path = f"group_minimum[{i}]"
        group = _whole(entry, "group", path, 0, groups - 1)
        least.append(GroupMinimum(group, _whole(entry, "tiet", path), _number(entry, "share", path, 0, 1)))
    unit = _get(data, "unit_minimum")
    return {
        "mandatory": tuple(entries),
        "group_minimum": tuple(least),
        "unit_min_size": _whole(unit, "size", "unit_minimum"),
        "unit_min_share": _number(unit, "share", "unit_minimum", 0, 1),
    }


def read(data: Any) -> Instance:
    """Decoded JSON object -> Instance.  Raises InstanceError with the key at fault."""
    if _get(data, "format") != FORMAT:
        raise InstanceError(f"format: {_shown(data['format'])} is not {FORMAT!r}.")
    weeks = _whole(data, "weeks", low=1, high=1000)
    trip = _list(data, "trip")
    trips = _table(trip, "trip", -1, 1e9, len(trip), len(trip))
    units, groups = _get(data, "units"), _get(data, "groups")
    unit_area = _ints(_list(units, "area", "units"), "units.area", 0, len(trip) - 1)
    weight = _table(_list(groups, "weight", "groups"), "groups.weight", 0, 1e9, None, None)
    courses = _courses(data, weight.shape[1], weeks)
    count = len(courses["tiet"])
    seed = _number(data, "seed", low=-1e18, high=1e18) if "seed" in data else 0.0
    return Instance(
        name=_text(data, "name"),
        seed=int(seed),
        weeks=weeks,
        weeks_per_quarter=_whole(data, "weeks_per_quarter", low=1),
        budget=_number(data, "budget"),
        absent_max=_number(data, "absent_max", low=0, high=1),
        management=_number(data, "management", low=0, high=1),
        need_points=_whole(data, "need_points"),
        trip=trips,
        unit_area=unit_area,
        unit_type=_ints(_list(units, "type", "units"), "units.type", 0, UNIT_TYPES - 1, len(unit_area)),
        weight=weight,
        tiet_max=_ints(_list(groups, "tiet_max", "groups"), "groups.tiet_max", 0, 10**6, len(weight)),
        **_people(data, len(unit_area), len(weight), weight.shape[1]),
        **courses,
        **_supply(data, len(trip), count),
        **_money(data, count),
        **_coverage(data, len(weight), count),
    )


def _form_out(instance: Instance, c: int, f: int) -> dict[str, Any]:
    weeks = int(instance.length[c, f])
    return {
        "eff": float(instance.eff[c, f]),
        "min": int(instance.size_min[c, f]),
        "max": int(instance.size_max[c, f]),
        "fixed": float(instance.fixed[c, f]),
        "seat": float(instance.seat_cost[c, f]),
        "lect_buoi": instance.lect[c, f, :weeks].tolist(),
        "room_buoi": instance.room[c, f, :weeks].tolist(),
    }


def _course_out(instance: Instance, c: int) -> dict[str, Any]:
    cells = np.nonzero(instance.cover[c])[0]
    return {
        "code": instance.course_code[c],
        "name": instance.course_name[c],
        "family": instance.course_family[c],
        "tiet": int(instance.tiet[c]),
        "cover": [[int(x) // BANDS, int(x) % BANDS] for x in cells],
        "prereq": list(instance.prereq[c]),
        "forms": {name: _form_out(instance, c, f) for f, name in enumerate(FORMS) if instance.offered[c, f]},
    }


def _source_out(instance: Instance, s: int) -> dict[str, Any]:
    serves = None if instance.source_all[s] else np.nonzero(instance.source_course[s])[0].tolist()
    types = np.nonzero(instance.source_type[s])[0].tolist()
    return {
        "name": instance.source_name[s],
        "amount": float(instance.amount[s]),
        "unit_types": types,
        "courses": serves,
    }


def write(instance: Instance) -> dict[str, Any]:
    """Instance -> plain object of format nanglucso-plan/1."""
    x = instance
    scalars = ("name", "seed", "weeks", "weeks_per_quarter", "budget", "absent_max", "management", "need_points")
    can = [np.nonzero(row)[0].tolist() for row in x.can]
    return {
        "format": FORMAT,
        **{key: getattr(x, key) for key in scalars},
        "trip": x.trip.tolist(),
        "units": {"area": x.unit_area.tolist(), "type": x.unit_type.tolist()},
        "groups": {"weight": x.weight.tolist(), "tiet_max": x.tiet_max.tolist()},
        "people": {"unit": x.unit.tolist(), "group": x.group.tolist(), "open": x.open.ravel().tolist()},
        "courses": [_course_out(x, c) for c in range(len(x.tiet))],
        "venues": {
            "area": x.venue_area.tolist(),
            "seats": x.venue_seats.tolist(),
            "buoi_week": x.venue_buoi.tolist(),
            "rate": x.venue_rate.tolist(),
        },
        "lecturers": {
            "rate": x.lect_rate.tolist(),
            "week_max": x.lect_week.tolist(),
            "quarter_max": x.lect_quarter.tolist(),
            "can": can,
        },
        "sources": [_source_out(x, s) for s in range(len(x.amount))],
        "mandatory": [{**vars(m), "groups": list(m.groups)} for m in x.mandatory],
        "unit_minimum": {"size": x.unit_min_size, "share": x.unit_min_share},
        "group_minimum": [dict(vars(m)) for m in x.group_minimum],
    }
