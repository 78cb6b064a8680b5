"""Opening classes by priced surplus: for each lane (course, form, area, source) the best people, week, lecturer, room.

The score of a person for a seat mixes what the seat alone closes with what it adds beyond the person's best other use
of the tiết (``take - leave``, see wishes), so that seats go to those who lose most without them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from nanglucso.engines.bound import Market, Stop
from nanglucso.engines.coverage import Coverage
from nanglucso.engines.instance import Bools, Floats, Ints
from nanglucso.engines.seating import Klass, Seating
from nanglucso.engines.wishes import Wishes

CAUTION = 0.7
OPENING = 0.4  # share of what a later course of another family would bring that its prerequisite is credited with
TRIED_WEEKS = 3


@dataclass(frozen=True)
class Lane:
    """A kind of class: row of the option, course, form, area of the room (-1 roomless), source."""

    row: int
    course: int
    form: int
    area: int
    source: int


@dataclass
class Offer:
    """A class ready to be opened, its people, and what it brings beyond its priced cost."""

    lane: Lane
    klass: Klass
    people: Ints
    surplus: float
    cost: float


def lanes(market: Market) -> list[Lane]:
    """Every lane that some source funds and some room can hold."""
    x, out = market.x, []
    for row, option in enumerate(market.options):
        c, f = int(option) // 3, int(option) % 3
        for q in np.nonzero(market.fund[:, row].any(axis=1))[0].tolist():
            held = np.nonzero(market.fits[q, row])[0]
            areas = [-1] if market.rb[row] == 0 else np.unique(x.venue_area[held]).tolist()
            out += [Lane(row, c, f, a, q) for a in areas if len(held)]
    return out


class Builder:
    """Finds and opens the next best class."""

    def __init__(self, seating: Seating, market: Market, wishes: Wishes, coverage: Coverage) -> None:
        self.s, self.x, self.market, self.wishes, self.coverage = seating, seating.x, market, wishes, coverage
        self.caution = CAUTION
        self.bonus: Floats | None = None
        self.tick: Callable[[], None] = lambda: None  # called after each class opened
        self.pools: dict[tuple[int, int], Ints] = {}
        self.openings = self._openings(shape.fam.courses for shape in wishes.shapes)
        self._least: dict[tuple[int, int], float] = {}
        self.opens = np.array([len(a) > 0 for a in seating.after], bool)

    def pool(self, source: int, area: int) -> Ints:
        """People whom the source may pay for and who may travel to the area."""
        key = (source, area)
        if key not in self.pools:
            ok = self.x.source_type[source][self.x.type]
            if area >= 0:
                ok = ok & (self.x.trip[self.x.area, area] >= 0)
            self.pools[key] = np.nonzero(ok)[0]
        return self.pools[key]

    def scores(self, lane: Lane, people: Ints) -> Floats:
        """(m,) surplus of a seat of the lane for each person, the class's own cost not yet shared."""
        x, w, row = self.x, self.wishes, lane.row
        own = np.full(len(people), x.seat_cost[lane.course, lane.form])
        if lane.area >= 0:
            own += np.maximum(x.trip[x.area[people], lane.area], 0.0) * self.market.rw[row]
        alone = x.eff[lane.course, lane.form] * self.s.val[people, lane.course]
        alone -= w.hour_price[people] * x.tiet[lane.course]
        beyond = w.take[row, people] - w.leave[row, people] + w.price[row, self.market.kind[people]]
        out = self.caution * beyond + (1.0 - self.caution) * alone - w.prices.cash(x)[lane.source] * own
        for rows, d in self.openings.get(lane.course, ()):
            later = (w.take[rows][:, people] - w.leave[rows][:, people]).max(axis=0)
            bars = ~x.exempt[people, lane.course] & (self.s.form_of[people, d] < 0)
            out = out + OPENING * np.where(bars, np.maximum(later, 0.0), 0.0)
        if self.bonus is not None:
            out = out + self.bonus[lane.course, people]
        return np.asarray(out, np.float64)

    def _openings(self, families: Iterable[Ints]) -> dict[int, list[tuple[Ints, int]]]:
        """Per course the option rows of courses outside its family that it is a prerequisite of."""
        home = {int(c): i for i, courses in enumerate(families) for c in courses}
        out: dict[int, list[tuple[Ints, int]]] = {}
        for c, later in enumerate(self.s.after):
            for d in later:
                rows = np.nonzero(self.market.options // 3 == d)[0]
                if len(rows) and home.get(c) != home.get(d):
                    out.setdefault(c, []).append((rows, d))
        return out

    def candidates(self, lane: Lane, most: int, only: Bools | None) -> tuple[Ints, Floats]:
        """The best people of a lane, in falling order of score."""
        people = self.pool(lane.source, lane.area)
        if only is not None:
            people = people[only[people]]
        people = people[self.s.free(lane.course, people)]
        score = self.scores(lane, people)
        if len(people) > most:
            keep = np.argpartition(-score, most)[:most]
            people, score = people[keep], score[keep]
        order = np.argsort(-score, kind="stable")
        return people[order], score[order]

    def class_price(self, lane: Lane, k: Klass) -> float:
        """Priced cost of the class without seats."""
        x, prices, at = self.x, self.wishes.prices, (lane.course, lane.form)
        money = (prices.money + prices.source[lane.source]) * self.s.fixed_cost(k)
        room = prices.venue[k.venue] * x.room_total[at] if k.venue >= 0 else 0.0
        return float(money + prices.lecturer[k.lecturer] * x.lect_total[at] + room)

    def estimate(self, lane: Lane) -> float:
        """Surplus per priced cost if week, lecturer and room were no obstacle; -inf when too few could come."""
        x, c, f = self.x, lane.course, lane.form
        size = int(x.size_max[c, f])
        people, score = self.candidates(lane, size, None)
        if len(people) < x.size_min[c, f]:
            return -np.inf
        teachers = np.nonzero(self.market.teach[:, lane.row])[0]
        prices = self.wishes.prices
        hour = prices.cash(x)[lane.source] * x.lect_rate[teachers] + prices.lecturer[teachers]
        venue = -1
        if lane.area >= 0:
            inside = np.nonzero(x.venue_area == lane.area)[0]
            venue = int(inside[x.venue_seats[inside].argmax()])
            size = min(size, int(x.venue_seats[venue]))
        k = Klass(c, f, venue, 0, int(teachers[hour.argmin()]), lane.source)
        return self._ratio(lane, k, people[:size], score[:size])[0]

    def least(self, lane: Lane) -> float:
        """Million đồng below which no class of the lane can be held."""
        key = (lane.row, lane.area)
        if key not in self._least:
            x, at = self.x, (lane.course, lane.form)
            hour = float(x.lect_rate[self.market.teach[:, lane.row]].min(initial=np.inf))
            rent = float(x.venue_rate[x.venue_area == lane.area].min(initial=np.inf)) if lane.area >= 0 else 0.0
            room = rent * x.room_total[at] if lane.area >= 0 else 0.0
            whole = x.fixed[at] + hour * x.lect_total[at] + room + x.size_min[at] * x.seat_cost[at]
            self._least[key] = float((1 + x.management) * whole)
        return self._least[key]

    def _ratio(self, lane: Lane, k: Klass, people: Ints, score: Floats) -> tuple[float, float]:
        """(surplus per priced cost, surplus) of the class with these people, those who lower it left out."""
        keep = max(int((score > 0).sum()), int(self.x.size_min[k.course, k.form]))
        price = self.class_price(lane, k)
        cash = self.wishes.prices.money + self.wishes.prices.source[lane.source]
        whole = price + cash * float(self.s.seat_cost(k, people[:keep]).sum())
        gain = float(score[:keep].sum()) - price
        return gain / max(whole, 1e-9), gain

    def offer(self, lane: Lane, *, deadline: int | None = None, only: Bools | None = None) -> Offer | None:
        """The best class of the lane that can be held and paid for now."""
        x, s, c, f = self.x, self.s, lane.course, lane.form
        last = x.weeks - 1 if deadline is None else min(deadline, x.weeks - 1)
        starts = last - int(x.length[c, f]) + 2
        size = int(x.size_max[c, f])
        people, score = self.candidates(lane, max(6 * size, 200), only)
        if starts <= 0 or len(people) < x.size_min[c, f]:
            return None
        lect = s.lecturers(c, f, starts)
        held: Bools = np.any(lect, axis=0)
        rooms = s.venues(c, f, lane.area, starts) if lane.area >= 0 else None
        if rooms is not None:
            held &= rooms.any(axis=0)
        if not held.any():
            return None
        able = s.can_come(c, f, people, starts) & held[None]
        inside = able & (np.cumsum(able, axis=0) <= size)
        lean = 1.0 - 0.02 * np.arange(starts) / x.weeks if self.opens[c] else 1.0
        promise = (np.maximum(score, 0.01)[:, None] * inside).sum(axis=0) * lean
        best: Offer | None = None
        for t in np.argsort(-promise, kind="stable")[:TRIED_WEEKS]:
            if promise[t] > 0:
                pick = able[:, t]
                trial = self._hold(
                    lane, int(t), people[pick], score[pick], lect[:, t], None if rooms is None else rooms[:, t]
                )
                if trial is not None and (best is None or trial.surplus > best.surplus):
                    best = trial
        return best

    def _hold(self, lane: Lane, t: int, people: Ints, score: Floats, lect: Bools, rooms: Bools | None) -> Offer | None:
        x, s, c, f = self.x, self.s, lane.course, lane.form
        prices = self.wishes.prices
        hour = prices.cash(x)[lane.source] * x.lect_rate + prices.lecturer
        venue = -1
        if rooms is not None:
            seats = np.minimum(x.venue_seats, x.size_max[c, f])
            venue = int(np.where(rooms, seats - 0.1 * x.venue_rate, -np.inf).argmax())
        k = Klass(c, f, venue, t, int(np.where(lect, hour, np.inf).argmin()), lane.source)
        able = s.admit(c, f, t, people)
        score = score[np.isin(people, able)] if len(able) < len(people) else score
        size = s.size(k)
        able, score = able[:size], score[:size]
        cost = np.cumsum(s.seat_cost(k, able)) + s.fixed_cost(k)
        pays = int((cost <= s.purse(lane.source)).sum())
        able, score = able[:pays], score[:pays]
        low = int(x.size_min[c, f])
        if len(able) < low:
            return None
        ratio, surplus = self._ratio(lane, k, able, score)
        keep = max(int((score > 0).sum()), low)
        return Offer(lane, k, able[:keep], surplus, surplus / ratio if ratio else 1.0)

    def accept(self, offer: Offer) -> int:
        """Open the class, seat its people, refresh their wishes."""
        number = self.s.open(offer.klass)
        self.s.seat(number, offer.people)
        self.wishes.refresh(offer.people)
        return number

    def run(self, ways: Iterable[Lane], floor: float, stop: Stop) -> list[int]:
        """Open classes in falling surplus per priced cost while it is at least ``floor``; returns their numbers."""
        heap = [(-self.estimate(lane), i, lane) for i, lane in enumerate(ways) if not stop()]
        order = {lane: i for _, i, lane in heap}
        followers: dict[int, list[Lane]] = {}
        for lane in order:
            for before in self.x.prereq[lane.course]:
                followers.setdefault(before, []).append(lane)
        heap = [entry for entry in heap if -entry[0] >= floor]
        waiting = set(order) - {lane for _, _, lane in heap}
        heapq.heapify(heap)
        opened: list[int] = []
        while heap and not stop():
            _, i, lane = heapq.heappop(heap)
            now = self.estimate(lane)
            if now < floor:
                waiting.add(lane)
                continue
            if heap and now < -heap[0][0] - 1e-9:
                heapq.heappush(heap, (-now, i, lane))
                continue
            offer = self.offer(lane) if self.s.purse(lane.source) >= self.least(lane) else None
            if offer is None or offer.surplus < floor * abs(offer.cost):
                continue
            opened.append(self.accept(offer))
            self.tick()
            heapq.heappush(heap, (-now, i, lane))
            for after in followers.get(lane.course, ()):
                if after in waiting and (worth := self.estimate(after)) >= floor:
                    waiting.discard(after)
                    heapq.heappush(heap, (-worth, order[after], after))
        return opened

    def oblige(self, ways: list[Lane], stop: Stop) -> None:
        """Open the classes that mandatory entries ask for, earlier courses first, for the people they count."""
        cover = self.coverage
        for i, m in enumerate(self.x.mandatory):
            for c in cover.steps[m.course]:
                mine = [lane for lane in ways if lane.course == c]
                while not stop() and self._one_more(i, c, mine):
                    pass

    def _one_more(self, i: int, c: int, mine: list[Lane]) -> bool:
        x, cover = self.x, self.coverage
        m = x.mandatory[i]
        want = cover.who[i] & ~x.exempt[:, c]
        missing = cover.owed[i] - int((cover.who[i] & (x.exempt[:, c] | (self.s.form_of[:, c] >= 0))).sum())
        if c == m.course:
            missing = cover.owed[i] - int(cover.done(i).sum())
        if missing <= 0:
            return False
        deadline = cover.deadline(c)
        offers = [o for lane in mine if (o := self.offer(lane, deadline=deadline, only=want)) is not None]
        if not offers:
            self.bonus = np.zeros((len(x.tiet), x.n))
            self.bonus[c, want] = cover.weight
            offers = [o for lane in mine if (o := self.offer(lane, deadline=deadline)) is not None]
            offers = [o for o in offers if want[o.people].any()]
            self.bonus = None
        if not offers:
            return False
        self.accept(max(offers, key=lambda o: o.surplus / max(o.cost, 1e-9)))
        self.tick()
        return True
