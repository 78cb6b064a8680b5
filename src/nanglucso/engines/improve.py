"""Making a plan better without breaking it: reseat classes, fill seats, and close-and-rebuild a few classes at a time.

Every move keeps R1-R15, is measured by the true objective with coverage first, and is rolled back when it does not pay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nanglucso.engines.build import Builder, Lane
from nanglucso.engines.instance import Bools, Floats, Ints
from nanglucso.engines.respond import Stop
from nanglucso.engines.seating import NOBODY, Klass

TINY = 1e-7


@dataclass(frozen=True)
class Measure:
    """Coverage first, then objective."""

    short: int
    objective: float

    def beats(self, other: Measure) -> bool:
        """Strictly better."""
        if self.short != other.short:
            return self.short < other.short
        return self.objective > other.objective + TINY


class Improver:
    """Moves on the seating of a builder."""

    def __init__(self, builder: Builder, ways: list[Lane], rng: np.random.Generator) -> None:
        self.b, self.s, self.x, self.rng = builder, builder.s, builder.x, rng
        self.ways = ways
        self.lane_of = {(w.course, w.form, w.area, w.source): i for i, w in enumerate(ways)}
        self.value: Floats = np.full(len(ways), -np.inf)

    def measure(self) -> Measure:
        """Where the plan stands."""
        return Measure(self.b.coverage.shortfall(), self.s.objective)

    def lane(self, k: Klass) -> Lane | None:
        """The lane a class belongs to; None when the class is of a kind no lane has."""
        area = int(self.x.venue_area[k.venue]) if k.venue >= 0 else -1
        at = self.lane_of.get((k.course, k.form, area, k.source))
        return None if at is None else self.ways[at]

    # ---- one class ---------------------------------------------------------------------------------------------

    def comers(self, k: Klass, lane: Lane, most: int) -> tuple[Ints, Floats]:
        """People who can take a seat of this class in its weeks, best first, and their scores."""
        people, score = self.b.candidates(lane, most, None)
        pick = self._can_come(k, people)
        return people[pick], score[pick]

    def _can_come(self, k: Klass, people: Ints) -> Bools:
        x, s, m = self.x, self.s, int(self.x.length[k.course, k.form])
        weeks = np.arange(k.start, k.start + m)
        ok = (s.ready(k.course, people) <= k.start) & ~s.busy[np.ix_(people, weeks)].any(axis=1)
        rooms = np.nonzero(x.room[k.course, k.form])[0]
        if len(rooms):
            units: Bools = np.all(s.away[:, k.start + rooms] < x.absent_cap[:, None], axis=1)
            ok &= units[x.unit[people]]
        return np.asarray(ok)

    def fill(self, number: int) -> bool:
        """Give empty seats to people who gain, as far as the money goes."""
        k = self.s.classes[number]
        room, lane = self.s.size(k) - len(k.members), self.lane(k)
        purse = self.s.purse(k.source)
        if room <= 0 or lane is None or purse <= 0:
            return False
        people = self.b.pool(lane.source, lane.area)
        people = people[self.s.free(k.course, people)]
        gain = self.s.val[people, k.course] * self.x.eff[k.course, k.form]
        if self.b.bonus is not None:
            gain = gain + self.b.bonus[k.course, people]
        gain = gain + np.where(self.s.count[people] == 0, self.b.fresh()[self.x.unit[people]], 0.0)
        some = np.nonzero(gain > 1e-6)[0]
        some = some[np.argsort(-gain[some], kind="stable")]
        people = people[some]
        people = people[self._can_come(k, people)]
        people = self.s.admit(k.course, k.form, k.start, people)[:room]
        people = people[np.cumsum(self.s.seat_cost(k, people)) <= purse]
        self.s.seat(number, people)
        self.b.wishes.refresh(people)
        return len(people) > 0

    def reseat(self, number: int) -> bool:
        """Take the members out and give the seats to the best who can come in these weeks; kept only when better."""
        s, k = self.s, self.s.classes[number]
        lane = self.lane(k)
        if lane is None:
            return False
        before, mark = self.measure(), s.mark()
        out = k.members[~s.leaning(k.course, k.members)]
        if not len(out):
            return False
        kept = self.b.wishes.save(out)
        s.unseat(number, out)
        self.b.wishes.refresh(out)
        room = s.size(k) - len(k.members)
        people, score = self.comers(k, lane, 6 * room + 100)
        able = s.admit(k.course, k.form, k.start, people)
        score = score[np.isin(people, able)]
        few = max(int((score > 0).sum()), int(self.x.size_min[k.course, k.form]) - len(k.members))
        people = able[: min(room, few)]
        people = people[np.cumsum(s.seat_cost(k, people)) <= s.purse(k.source)]
        same = len(people) == len(out) and not len(np.setdiff1d(people, out))
        s.seat(number, people)
        good = len(k.members) >= self.x.size_min[k.course, k.form] and self.measure().beats(before)
        if same or not good:
            s.rollback(mark)
            self.b.wishes.restore(kept)
            return False
        self.b.wishes.refresh(people)
        new = np.setdiff1d(out, people)
        self.b.wishes.refresh(new)
        return True

    def reseat_all(self, stop: Stop) -> int:
        """Reseat every class once, in random order; returns how many changed."""
        changed = 0
        numbers = list(self.s.classes)
        for i in self.rng.permutation(len(numbers)):
            if stop():
                break
            changed += self.reseat(numbers[i])
        return changed

    def fill_all(self, stop: Stop) -> None:
        """Fill every class, those first whose seats are worth most for their money."""
        for number in list(self.s.classes):
            if stop():
                return
            self.fill(number)

    # ---- close and rebuild ---------------------------------------------------------------------------------------

    def density(self) -> tuple[list[int], Floats]:
        """Open classes and the objective each would take with it, per million đồng."""
        numbers, out = list(self.s.classes), []
        for number in numbers:
            k = self.s.classes[number]
            eff = self.x.eff[k.course, k.form]
            out.append(float(self.s.val[k.members, k.course].sum()) * eff / (1 - eff) / max(k.cost, 1e-6))
        return numbers, np.array(out)

    def remove(self, number: int) -> Ints:
        """Close a class, and take its members out of later courses that leaned on it; returns who was touched."""
        s, k = self.s, self.s.classes[number]
        touched = [k.members]
        lean = k.members[s.leaning(k.course, k.members)]
        if len(lean):
            touched += self._unlean(k.course, lean)
        s.close(number)
        return np.unique(np.concatenate(touched))

    def _unlean(self, course: int, people: Ints) -> list[Ints]:
        s, out = self.s, []
        for d in s.after[course]:
            here = people[(s.form_of[people, d] >= 0) & ~self.x.exempt[people, course]]
            if len(here):
                out += self._unlean(d, here)
                for number, k in list(s.classes.items()):
                    if k.course == d:
                        gone = here[np.isin(here, k.members)]
                        s.unseat(number, gone)
                        out.append(gone)
        return out

    def lean_classes(self, since: int | None = None) -> list[int]:
        """Classes below their least size; ``since`` a mark, of those whose members changed after it."""
        low, classes = self.x.size_min, self.s.classes
        among = classes if since is None else [number for number in self.s.changed(since) if number in classes]
        return [i for i in among if len(classes[i].members) < low[classes[i].course, classes[i].form]]

    def sample(self, many: int) -> list[Lane]:
        """Lanes to try: the best by their last known value, and some at random; their values are taken anew."""
        half = many // 2
        best = np.argpartition(-self.value, half)[:half] if len(self.ways) > many else np.arange(len(self.ways))
        some = self.rng.choice(len(self.ways), min(half, len(self.ways)), replace=False)
        pick = np.unique(np.concatenate([best, some]))
        for i in pick:
            self.value[i] = self.b.estimate(self.ways[i])
        return [self.ways[i] for i in pick]

    def victims(self, many: int, worth: Floats) -> list[int]:
        """``many`` classes to close, at random with a leaning to those worth least by ``worth`` (per open class)."""
        numbers = list(self.s.classes)
        rank = np.argsort(np.argsort(worth, kind="stable"), kind="stable")
        weight = np.exp(-4.0 * rank / max(len(rank), 1))
        pick = self.rng.choice(len(numbers), min(many, len(numbers)), replace=False, p=weight / weight.sum())
        return [numbers[i] for i in pick]

    def shake(self, victims: list[int], stop: Stop) -> None:
        """Close these classes, open the best in their place, fill; the caller judges and may roll back."""
        s = self.s
        touched = np.unique(np.concatenate([self.remove(v) for v in victims if v in s.classes] or [NOBODY]))
        self.b.wishes.refresh(touched)
        self.b.bonus = self.b.coverage.bonus()
        opened = self.b.run(self.sample(60), -0.7, stop)
        for number in [*self.lean_classes(), *opened]:
            self.fill(number)
        for number in self.lean_classes():
            self.b.wishes.refresh(self.remove(number))
        self.fill_all(stop)

    def undo(self, mark: int) -> None:
        """Roll back to the mark, wishes included."""
        gone = self.s.touched(mark)
        self.s.rollback(mark)
        self.b.wishes.refresh(gone)

    def rebuild(self, many: int, stop: Stop) -> bool:
        """Close ``many`` classes and put better ones in their place, reseat a few; kept only when it pays."""
        s = self.s
        before, mark = self.measure(), s.mark()
        if s.classes:
            self.shake(self.victims(many, self.density()[1]), stop)
        numbers = list(s.classes)
        for i in self.rng.choice(len(numbers), min(3, len(numbers)), replace=False) if numbers else ():
            self.reseat(numbers[i])
        if self.measure().beats(before):
            return True
        self.undo(mark)
        return False
