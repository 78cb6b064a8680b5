"""Opening classes by priced surplus: for each lane (course, form, area, source) the best people, week, lecturer, room.

The score of a person for a seat mixes what the seat alone closes with what it adds beyond the person's best other use
of the tiết (``take - leave``, see wishes), so that seats go to those who lose most without them.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from nanglucso.engines.coverage import Coverage
from nanglucso.engines.instance import Bools, Floats, Ints
from nanglucso.engines.kernels import Bid, Tables, best_people, promises
from nanglucso.engines.market import Market
from nanglucso.engines.respond import Stop
from nanglucso.engines.seating import NOBODY, Klass, Seating
from nanglucso.engines.sharing import in_threads
from nanglucso.engines.wishes import Wishes

CAUTION = 0.7
OPENING = 1.0  # share of what later courses of other families would bring that a prerequisite is credited with
TRIED_WEEKS = 3
NEAR = 0.03  # a lane this near to the best, as a share of its value, is opened at once
THRIFT = 0.25  # share of a lecturer's own price that is forgiven when somebody must be chosen
PATIENCE = 600  # classes opened before lanes whose prerequisites were opened are looked at again, if others are left
NOTHING: Floats = np.zeros(0)
NO_CHOICE: Bools = np.zeros(0, bool)


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
        self.opening = OPENING
        self.unit_price: Floats = np.zeros(len(self.x.size))  # (U,) objective paid for a person owed to R17
        self.tick: Callable[[], None] = lambda: None  # called after each class opened
        self.pools: dict[tuple[int, int], Ints] = {}
        self.openings = self._openings(wishes.crowd.tables)
        self.changes = np.zeros(len(self.x.trip), np.int64)  # (A,) classes opened with people of each area
        self.near = [np.nonzero(self.x.trip[:, a] >= 0)[0] for a in range(len(self.x.trip))]
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

    def bid(self, lane: Lane, only: Bools | None) -> Bid:
        """What a seat of the lane is scored by."""
        x, w, at = self.x, self.wishes, (lane.course, lane.form)
        trip = np.zeros(len(x.trip))
        if lane.area >= 0:
            trip = np.maximum(x.trip[:, lane.area], 0.0) * float(self.market.rw[lane.row])
        later = self.openings.get(lane.course, ())
        return Bid(
            course=lane.course,
            eff=float(x.eff[at]),
            tiet=int(x.tiet[lane.course]),
            caution=float(self.caution),
            cash=float(w.prices.cash(x)[lane.source]),
            seat=float(x.seat_cost[at]),
            trip=trip,
            before=np.array(x.prereq[lane.course], np.int64),
            open_row=np.concatenate([NOBODY, *(rows for rows, _ in later)]),
            open_course=np.concatenate([NOBODY, *(np.full(len(rows), d, np.int64) for rows, d in later)]),
            bonus=NOTHING if self.bonus is None else self.bonus[lane.course],
            only=NO_CHOICE if only is None else only,
            opening=float(self.opening),
            fresh=self.fresh(),
        )

    def fresh(self) -> Floats:
        """(U,) what one more person with a seat is worth to each unit that is still owed some."""
        return np.where(self.coverage.trained < self.coverage.unit_owed, self.unit_price, 0.0)

    def _openings(self, t: Tables) -> dict[int, list[tuple[Ints, int]]]:
        """Per course the option rows of courses outside its family that it is a prerequisite of."""
        family = np.searchsorted(t.course0, np.arange(len(t.course)), side="right") - 1
        home = {int(c): int(f) for c, f in zip(t.course, family, strict=True)}
        out: dict[int, list[tuple[Ints, int]]] = {}
        for c, later in enumerate(self.s.after):
            for d in later:
                rows = np.nonzero(self.market.options // 3 == d)[0]
                if len(rows) and home.get(c) != home.get(d):
                    out.setdefault(c, []).append((rows, d))
        return out

    def candidates(self, lane: Lane, most: int, only: Bools | None) -> tuple[Ints, Floats]:
        """The best people of a lane who are free for it, in falling order of score; and their scores.

        A score is the surplus of a seat for the person, the class's own cost not yet shared.
        """
        x, s, w = self.x, self.s, self.wishes
        pool, bid = self.pool(lane.source, lane.area), self.bid(lane, only)
        return best_people(  # type: ignore[no-any-return]
            bid, lane.row, min(most, max(len(pool), 1)), pool, w.take, w.leave, w.price, self.market.kind, s.val.T,
            w.hour_price, s.hours, s.form_of.T, x.exempt, x.area, s.count, x.unit,
        )  # fmt: skip

    def class_price(self, lane: Lane, k: Klass) -> float:
        """Priced cost of the class without seats."""
        x, prices, at = self.x, self.wishes.prices, (lane.course, lane.form)
        money = (prices.money + prices.source[lane.source]) * self.s.fixed_cost(k)
        room = self.wishes.rooms[k.venue, lane.row]  # the last row stands for no room
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
        able = s.can_come(c, f, people, starts)
        lean = 1.0 - 0.02 * np.arange(starts) / x.weeks if self.opens[c] else 1.0
        pay = np.where(lect, self.hour(lane)[:, None], np.inf).min(axis=0) * x.lect_total[c, f]
        promise = np.where(held, promises(able, score, held, size) * lean - pay, -np.inf)
        best: Offer | None = None
        for t in np.argsort(-promise, kind="stable")[:TRIED_WEEKS]:
            if promise[t] > -np.inf and able[:, t].any():
                pick = able[:, t]
                trial = self._hold(
                    lane, int(t), people[pick], score[pick], lect[:, t], None if rooms is None else rooms[:, t]
                )
                if trial is not None and (best is None or trial.surplus > best.surplus):
                    best = trial
        return best

    def _hold(self, lane: Lane, t: int, people: Ints, score: Floats, lect: Bools, rooms: Bools | None) -> Offer | None:
        x, s, c, f = self.x, self.s, lane.course, lane.form
        hour = self.hour(lane)
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

    def hour(self, lane: Lane) -> Floats:
        """(L,) priced buổi of each lecturer; those whose year is scarce come first among equals, or it would be left
        over while dearer ones are paid."""
        prices = self.wishes.prices
        return np.asarray(prices.cash(self.x)[lane.source] * self.x.lect_rate + (1.0 - THRIFT) * prices.lecturer)

    def stamp(self, lane: Lane) -> int:
        """Changes when seats changed among the people whom the lane's room reaches."""
        return int(self.changes.sum()) if lane.area < 0 else int(self.changes[self.near[lane.area]].sum())

    def accept(self, offer: Offer) -> int:
        """Open the class, seat its people, refresh their wishes."""
        number = self.s.open(offer.klass)
        self.s.seat(number, offer.people)
        self.wishes.refresh(offer.people)
        self.changes[np.unique(self.x.area[offer.people])] += 1
        return number

    def run(self, ways: Iterable[Lane], floor: float, stop: Stop) -> list[int]:
        """Open classes in falling surplus per priced cost while it is at least ``floor``; returns their numbers."""
        queue = Queue(self, list(ways), floor, stop)
        opened: list[int] = []
        while (lane := queue.best(stop)) is not None:
            offer = self.offer(lane) if self.s.purse(lane.source) >= self.least(lane) else None
            if offer is None or offer.surplus < floor * abs(offer.cost):
                continue
            opened.append(self.accept(offer))
            self.tick()
            queue.opened(lane)
        return opened

    def oblige(self, ways: list[Lane], stop: Stop) -> None:
        """Open the classes that mandatory entries ask for, earlier courses first, for the people they count."""
        for i, m in enumerate(self.x.mandatory):
            for c in self.coverage.steps[m.course]:
                mine = [lane for lane in ways if lane.course == c]
                if not self._oblige(i, c, mine, stop, strictly=True):
                    self._oblige(i, c, mine, stop, strictly=False)

    def _missing(self, i: int, c: int) -> int:
        """People of mandatory entry i who still owe course c, its own or one before it."""
        x, cover, m = self.x, self.coverage, self.x.mandatory[i]
        if c == m.course:
            return int(cover.owed[i] - cover.done(i).sum())
        return int(cover.owed[i] - (cover.who[i] & (x.exempt[:, c] | (self.s.form_of[:, c] >= 0))).sum())

    def _oblige(self, i: int, c: int, mine: list[Lane], stop: Stop, *, strictly: bool) -> bool:
        """Open classes of course c until entry i misses nobody; ``strictly`` seats only those it counts."""
        want = self.coverage.who[i] & ~self.x.exempt[:, c]
        heap = [(-np.inf, at) for at in range(len(mine))]
        while (missing := self._missing(i, c)) > 0 and heap and not stop():
            _, at = heapq.heappop(heap)
            offer = self._owed_offer(i, c, mine[at], want, strictly)
            if offer is None:
                continue
            worth = offer.surplus / max(offer.cost, 1e-9)
            if heap and -worth > heap[0][0] + NEAR * abs(worth):
                heapq.heappush(heap, (-worth, at))
                continue
            self.accept(offer)
            self.tick()
            heapq.heappush(heap, (-worth, at))
        return missing <= 0

    def _owed_offer(self, i: int, c: int, lane: Lane, want: Bools, strictly: bool) -> Offer | None:
        deadline = self.coverage.deadline(c)
        if strictly:
            return self.offer(lane, deadline=deadline, only=want)
        self.bonus = np.zeros((len(self.x.tiet), self.x.n))
        self.bonus[c, want] = self.coverage.weight
        offer = self.offer(lane, deadline=deadline)
        self.bonus = None
        return offer if offer is not None and want[offer.people].any() else None


class Queue:
    """Lanes in falling surplus per cost.  A value is taken anew only when seats changed among the people in reach."""

    def __init__(self, builder: Builder, ways: list[Lane], floor: float, stop: Stop) -> None:
        self.b, self.floor = builder, floor
        self.order = {lane: i for i, lane in enumerate(ways)}
        values = in_threads(
            lambda lane: -np.inf if stop() else builder.estimate(lane), ways, builder.wishes.crowd.threads
        )
        self.seen = {lane: builder.stamp(lane) for lane in ways}
        self.followers: dict[int, list[Lane]] = {}
        for lane in ways:
            for before in builder.x.prereq[lane.course]:
                self.followers.setdefault(before, []).append(lane)
        self.waiting: set[Lane] = set()
        self.dirty: set[Lane] = set()
        self.since, self.last = 0, 0.0
        self.heap: list[tuple[float, int, Lane]] = []
        for lane, value in zip(ways, values, strict=True):
            self._put(lane, value)

    def _put(self, lane: Lane, value: float) -> None:
        if value < self.floor:
            self.waiting.add(lane)
        else:
            heapq.heappush(self.heap, (-value, self.order[lane], lane))

    def best(self, stop: Stop) -> Lane | None:
        """The lane to open next, or None at the end."""
        while not stop():
            if self.dirty and (not self.heap or self.since >= PATIENCE):
                self._look_again()
            if not self.heap:
                return None
            old, _, lane = heapq.heappop(self.heap)
            stamp = self.b.stamp(lane)
            if self.seen[lane] == stamp:
                self.last = -old
                return lane
            now, self.seen[lane] = self.b.estimate(lane), stamp
            if now >= self.floor and (not self.heap or now >= -self.heap[0][0] - NEAR * abs(old)):
                self.last = now
                return lane
            self._put(lane, now)
        return None

    def opened(self, lane: Lane) -> None:
        """Put the lane back; those that its course may have opened the way to are looked at again, many at once."""
        heapq.heappush(self.heap, (-self.last, self.order[lane], lane))
        self.since += 1
        self.dirty.update(after for after in self.followers.get(lane.course, ()) if after in self.waiting)

    def _look_again(self) -> None:
        stamps = {lane: self.b.stamp(lane) for lane in sorted(self.dirty, key=self.order.__getitem__)}
        stale = [lane for lane, stamp in stamps.items() if self.seen[lane] != stamp]
        values = in_threads(self.b.estimate, stale, self.b.wishes.crowd.threads)
        for lane, value in zip(stale, values, strict=True):
            self.waiting.discard(lane)
            self.seen[lane] = stamps[lane]
            self._put(lane, value)
        self.dirty, self.since = set(), 0
