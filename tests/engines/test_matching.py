"""Fit and assignment: the formula, the optimum against independent solvers, 2,000 people for 300 seats."""

import itertools
import time

import numpy as np
import pytest
from scipy.optimize import LinearConstraint, linear_sum_assignment, milp
from scipy.stats import norm

from nanglucso.engines import matching

CUTS = np.array([[-1.0, 0.0, 1.0], [-0.5, 0.5, 1.5]])


def test_fit_is_the_weighted_chance_of_meeting_with_must_haves_twice():
    mean, var = np.array([[0.3, 0.2]]), np.array([[0.25, 1.0]])
    required, weight, core = np.array([[2, 1]]), np.array([[60.0, 40.0]]), np.array([[False, True]])
    p = norm.sf([0.0, -0.5], loc=mean[0], scale=np.sqrt(var[0]))
    expected = (60 * p[0] + 80 * p[1]) / 140
    assert matching.fits(mean, var, CUTS, required, weight, core)[0, 0] == pytest.approx(expected)


def test_a_position_that_requires_nothing_fits_everybody():
    none = np.zeros((1, 2), np.int64)
    assert matching.fits(np.zeros((3, 2)), np.ones((3, 2)), CUTS, none, none * 0.0, none > 0).tolist() == [[1.0]] * 3


def _brute(fit, allowed, floor):
    people, seats = fit.shape
    best = 0.0
    for choice in itertools.product(range(-1, people), repeat=seats):
        taken = [one for one in choice if one >= 0]
        if len(set(taken)) < len(taken):
            continue
        pairs = [(p, s) for s, p in enumerate(choice) if p >= 0]
        if all(allowed[p, s] and fit[p, s] >= floor for p, s in pairs):
            best = max(best, sum(fit[p, s] - floor for p, s in pairs))
    return best


def test_the_total_is_the_best_of_all_assignments():
    rng = np.random.default_rng(5)
    for _ in range(60):
        shape = rng.integers(1, 5), rng.integers(1, 5)
        fit, allowed = rng.random(shape), rng.random(shape) < 0.8
        assert matching.assign(fit, allowed, 0.4).total == pytest.approx(_brute(fit, allowed, 0.4))


def test_the_total_equals_that_of_an_integer_programme():
    rng = np.random.default_rng(6)
    fit, allowed, floor = rng.random((40, 25)), rng.random((40, 25)) < 0.5, 0.3
    value = np.where(allowed & (fit >= floor), fit - floor, 0.0).ravel()
    rows = np.zeros((65, 1000))
    for p, s in itertools.product(range(40), range(25)):
        rows[p, p * 25 + s] = rows[40 + s, p * 25 + s] = 1
    best = milp(-value, integrality=np.ones(1000), bounds=(0, 1), constraints=LinearConstraint(rows, ub=1))
    assert matching.assign(fit, allowed, floor).total == pytest.approx(-best.fun)


def test_nobody_twice_nobody_barred_nobody_below_the_floor():
    rng = np.random.default_rng(7)
    fit, allowed = rng.random((30, 45)), rng.random((30, 45)) < 0.6
    person = matching.assign(fit, allowed, 0.5).person
    seats = np.flatnonzero(person != matching.NOBODY)
    assert len(set(person[seats])) == len(seats)
    assert allowed[person[seats], seats].all()
    assert (fit[person[seats], seats] >= 0.5).all()


def test_a_choice_costs_what_the_best_assignment_with_it_loses():
    fit = np.array([[0.9, 0.8], [0.85, 0.2]])
    allowed = np.ones((2, 2), bool)
    best = matching.assign(fit, allowed, 0.0)
    assert best.person.tolist() == [1, 0]
    assert best.total == pytest.approx(1.65)
    assert matching.with_choice(fit, allowed, 0.0, seat=0, person=0) == pytest.approx(1.1)
    assert matching.with_choice(fit, allowed, 0.0, seat=0, person=1) == pytest.approx(best.total)


def test_the_people_who_matter_are_few_and_hold_the_optimum_with_any_one_forced_or_gone():
    rng = np.random.default_rng(9)
    fit, allowed = rng.random((300, 6)), rng.random((300, 6)) < 0.7
    few = matching.enough(fit, allowed, spare=1, also=[0])
    assert 0 in few
    assert len(few) <= 6 * 7 + 1
    person, seat = linear_sum_assignment(np.where(allowed, fit, -9.0), maximize=True)
    assert matching.assign(fit, allowed, 0.0).total == pytest.approx(fit[person, seat].sum())
    for one in (0, int(few[3]), int(matching.nearest(fit, allowed, 2, 1)[0])):
        whole = np.delete(np.where(allowed, fit, -9.0), one, 0)
        rest = np.delete(whole, 2, 1)
        forced = fit[one, 2] + rest[linear_sum_assignment(rest, maximize=True)].sum()
        place = int(np.searchsorted(few, one))
        assert matching.with_choice(fit[few], allowed[few], 0.0, 2, place) == pytest.approx(forced)


def test_two_thousand_people_for_three_hundred_seats_in_under_five_seconds_and_equal_to_scipy():
    rng = np.random.default_rng(8)
    k = 20
    cuts = np.sort(rng.normal(size=(k, 4)), 1)
    mean, var = rng.normal(size=(2000, k)), rng.uniform(0.1, 1.0, (2000, k))
    required, weight = rng.integers(0, 5, (300, k)), rng.uniform(1, 10, (300, k))
    start = time.process_time()
    fit = matching.fits(mean, var, cuts, required, weight, rng.random((300, k)) < 0.3)
    found = matching.assign(fit, np.ones(fit.shape, bool), 0.0)
    assert time.process_time() - start < 5
    person, seat = linear_sum_assignment(fit, maximize=True)
    assert found.total == pytest.approx(fit[person, seat].sum())
    assert matching.nearest(fit, np.ones(fit.shape, bool), 7, 3)[0] == int(fit[:, 7].argmax())
