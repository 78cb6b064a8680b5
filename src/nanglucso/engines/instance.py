"""The annual planning problem as arrays: what may be taught, to whom, where, when and with whose money.

Money is in million đồng, time in weeks counted from 0, length of training in tiết, rooms and lecturers in buổi.
Forms are numbered online 0, inperson 1, blended 2.  A piece is (competence k, band b) at column ``4 k + b``.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

FORMAT = "nanglucso-plan/1"
FORMS = ("online", "inperson", "blended")
BANDS = 4
MAX_WEEKS_OF_CLASS = 6

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


class InstanceError(ValueError):
    """The instance cannot be read; the message names the key and says what it must be."""


@dataclass(frozen=True)
class Mandatory:
    """At least ``share`` of the people of ``groups`` who need ``course`` finish it by week ``deadline``."""

    course: int
    groups: tuple[int, ...]
    deadline: int
    share: float


@dataclass(frozen=True)
class GroupMinimum:
    """At least ``share`` of the people of ``group`` sit in at least ``tiet`` tiết a year."""

    group: int
    tiet: int
    share: float


@dataclass(frozen=True, eq=False)
class Instance:
    """One planning year: n people, U units, A areas, G groups, K competences, C courses, L lecturers, V venues,
    S sources, T unit types."""

    name: str
    seed: int
    weeks: int
    weeks_per_quarter: int
    budget: float
    absent_max: float
    management: float
    need_points: int
    trip: Floats  # (A, A), -1 outside the travel area
    unit_area: Ints  # (U,)
    unit_type: Ints  # (U,)
    weight: Floats  # (G, K)
    tiet_max: Ints  # (G,)
    unit: Ints  # (n,)
    group: Ints  # (n,)
    open: NDArray[np.uint8]  # (n, 4 K) hundredths of each piece
    course_code: tuple[str, ...]
    course_name: tuple[str, ...]
    course_family: tuple[int, ...]
    tiet: Ints  # (C,)
    cover: Bools  # (C, 4 K)
    prereq: tuple[tuple[int, ...], ...]
    offered: Bools  # (C, 3)
    eff: Floats  # (C, 3)
    size_min: Ints  # (C, 3)
    size_max: Ints  # (C, 3)
    fixed: Floats  # (C, 3)
    seat_cost: Floats  # (C, 3)
    length: Ints  # (C, 3) weeks of a class, 0 where not offered
    lect: Ints  # (C, 3, 6) lecturer buổi in each week of the class
    room: Ints  # (C, 3, 6)
    venue_area: Ints  # (V,)
    venue_seats: Ints
    venue_buoi: Ints
    venue_rate: Floats
    lect_rate: Floats  # (L,)
    lect_week: Ints
    lect_quarter: Ints
    can: Bools  # (L, C)
    source_name: tuple[str, ...]
    amount: Floats  # (S,)
    source_type: Bools  # (S, T)
    source_course: Bools  # (S, C)
    source_all: Bools  # (S,) the source named no courses
    mandatory: tuple[Mandatory, ...]
    unit_min_size: int
    unit_min_share: float
    group_minimum: tuple[GroupMinimum, ...]

    @property
    def n(self) -> int:
        """Number of people."""
        return len(self.unit)

    @cached_property
    def year(self) -> str:
        """A digest of everything but the name and the money: equal years can be solved under several budgets."""
        made = blake2b(digest_size=16)
        for field in fields(self):
            if field.name not in ("name", "budget", "amount"):
                value = getattr(self, field.name)
                whole = np.ascontiguousarray(value).tobytes() if isinstance(value, np.ndarray) else repr(value).encode()
                made.update(f"{field.name} {len(whole)} ".encode() + whole)
        return made.hexdigest()

    @property
    def quarters(self) -> int:
        """Number of quarters that some teaching week belongs to."""
        return (self.weeks - 1) // self.weeks_per_quarter + 1

    @cached_property
    def area(self) -> Ints:
        """(n,) area of each person's unit."""
        return self.unit_area[self.unit]

    @cached_property
    def type(self) -> Ints:
        """(n,) type of each person's unit."""
        return self.unit_type[self.unit]

    @cached_property
    def size(self) -> Ints:
        """(U,) people of each unit."""
        return np.bincount(self.unit, minlength=len(self.unit_area)).astype(np.int64)

    @cached_property
    def least_trained(self) -> Ints:
        """(U,) people of each unit that R17 owes a seat; none where nobody has anything open."""
        needs = np.zeros(len(self.unit_area), bool)
        needs[self.unit[self.open.any(axis=1)]] = True
        owed = np.ceil(self.unit_min_share * self.size - 1e-9).astype(np.int64)
        return np.where(needs & (self.size >= self.unit_min_size), owed, 0)

    @cached_property
    def absent_cap(self) -> Ints:
        """(U,) people of a unit that may be in rooms in one week."""
        return np.maximum(1, np.floor(self.absent_max * self.size + 1e-9)).astype(np.int64)

    @cached_property
    def need(self) -> Ints:
        """(n, C) open hundredths of the pieces each course covers."""
        return (self.open.astype(np.float32) @ self.cover.T.astype(np.float32)).astype(np.int64)

    @cached_property
    def exempt(self) -> Bools:
        """(n, C) the person does not need the course, so it is no bar as a prerequisite."""
        return self.need < self.need_points

    @cached_property
    def worth(self) -> Floats:
        """(n, 4 K) weight times open share: what closing the piece wholly would add to the objective."""
        return np.repeat(self.weight, BANDS, axis=1)[self.group] * (self.open / 100.0)

    @cached_property
    def worth_single(self) -> NDArray[np.float32]:
        """(n, 4 K) ``worth`` in single precision, as the compiled loops read it."""
        return self.worth.astype(np.float32)

    @cached_property
    def lect_total(self) -> Ints:
        """(C, 3) lecturer buổi of a class."""
        return self.lect.sum(axis=2)

    @cached_property
    def room_total(self) -> Ints:
        """(C, 3) room buổi of a class."""
        return self.room.sum(axis=2)

    @cached_property
    def room_weeks(self) -> Ints:
        """(C, 3) weeks of a class that need a room."""
        return (self.room > 0).sum(axis=2)

    def obliged(self, entry: Mandatory) -> Bools:
        """(n,) people that a mandatory entry counts."""
        return np.isin(self.group, entry.groups) & ~self.exempt[:, entry.course]

    def scaled(self, budget: float) -> Instance:
        """The same year with another total (million đồng); every source's amount changes by the same factor.

        What was worked out of the year so far goes along: nothing of it depends on money.
        """
        if not np.isfinite(budget) or budget < 0:
            raise InstanceError(f"budget: {budget} is not an amount of money; give million đồng, 0 or more.")
        factor = budget / self.budget if self.budget > 0 else 1.0
        out = replace(self, budget=float(budget), amount=self.amount * factor)
        out.take_over(self)
        return out

    def take_over(self, other: Instance) -> None:
        """Take what has been worked out of the same year under another budget."""
        own = {field.name for field in fields(self)}
        self.__dict__.update({name: kept for name, kept in other.__dict__.items() if name not in own})

    @staticmethod
    def from_json(data: Any) -> Instance:
        """Read a decoded nanglucso-plan/1 object; raises InstanceError naming the key at fault."""
        from nanglucso.engines.instance_json import read

        return read(data)

    def to_json(self) -> dict[str, Any]:
        """The instance as a plain object of format nanglucso-plan/1."""
        from nanglucso.engines.instance_json import write

        return write(self)
