"""Linking: a known line is found, Stocking-Lord equals a published package, fixed anchors find a group's shift."""

from dataclasses import replace

import numpy as np
import pytest

from nanglucso.engines import irt, linking
from nanglucso.engines.irt import ItemBank


def anchors(n: int = 12) -> ItemBank:
    rng = np.random.default_rng(4)
    steps = [[float(x)] if j % 4 else [float(x) - 0.5, float(x) + 0.5] for j, x in enumerate(rng.normal(0, 1, n))]
    c = [0.2 if j % 4 == 1 else 0.0 for j in range(n)]
    return ItemBank.build([0] * n, np.exp(rng.normal(0.1, 0.3, n)).tolist(), steps, c)


def on_new_scale(old: ItemBank, slope: float, shift: float) -> ItemBank:
    return replace(old, a=old.a * slope, b=(old.b - shift) / slope)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (1.25, -0.4), (0.7, 0.9)])
def test_known_line_is_found_exactly_without_noise(slope: float, shift: float) -> None:
    old = anchors()
    link = linking.stocking_lord(old, on_new_scale(old, slope, shift))
    assert (link.slope, link.shift) == pytest.approx((slope, shift), abs=1e-6)
    assert link.misfit.max() < 1e-6
    back = linking.moved(on_new_scale(old, slope, shift), link.slope, link.shift)
    assert back.a == pytest.approx(old.a, abs=1e-5)


def test_stocking_lord_equals_mirt() -> None:
    """mirt 1.2.0, link(method="stocking_lord", theta_range=(-4, 4), n_theta=61, weights=ones): A 1.2001170, B -.4023047."""
    a, b = np.array([0.8, 1.1, 1.5, 0.95, 1.3]), np.array([-1.2, -0.3, 0.2, 0.9, 1.6])
    a2 = a * 1.2 * np.array([1.05, 0.97, 1.02, 0.95, 1.03])
    b2 = (b + 0.4) / 1.2 + np.array([0.05, -0.08, 0.03, 0.1, -0.06])
    old, new = (ItemBank.build([0] * 5, x.tolist(), y[:, None].tolist(), [0.0] * 5) for x, y in ((a, b), (a2, b2)))
    link = linking.stocking_lord(old, new, np.ones(61))
    assert (link.slope, link.shift) == pytest.approx((1.2001170350405446, -0.40230471742002843), abs=2e-4)


def test_error_covers_noise_of_the_anchors_and_a_drifted_anchor_is_suspected() -> None:
    old, rng = anchors(24), np.random.default_rng(8)
    z = []
    for _ in range(40):
        noise = rng.normal(0, 0.1, (24, 1))
        new = on_new_scale(replace(old, b=old.b + noise, a=old.a * np.exp(rng.normal(0, 0.05, 24))), 1.1, 0.3)
        link = linking.stocking_lord(old, new)
        z.append([(link.slope - 1.1) / link.slope_se, (link.shift - 0.3) / link.shift_se])
    assert np.square(z).mean(0) == pytest.approx([1, 1], abs=0.7)
    drifted = old.b.copy()
    drifted[7] += 0.9
    link = linking.stocking_lord(old, on_new_scale(replace(old, b=drifted), 1.1, 0.3))
    assert link.suspects().tolist() == [7]


def test_fixed_anchors_find_the_mean_and_sd_of_a_new_group() -> None:
    bank, rng = anchors(24), np.random.default_rng(9)
    theta = rng.normal(0.4, 1.2, 3000)
    items = np.argsort(rng.random((3000, 24)), axis=1)[:, :12]
    items[::5, 10:] = -1
    j = np.maximum(items, 0)
    up = irt.reach(np.repeat(theta[:, None], 12, 1), bank.a[j], bank.b[j], bank.c[j])
    scores = (rng.random((3000, 12, 1)) < up).sum(-1)
    told = linking.population(bank, items, scores)
    assert told.mean == pytest.approx(0.4, abs=3 * told.mean_se)
    assert told.sd == pytest.approx(1.2, abs=3 * told.sd_se)
    assert 0.02 < told.mean_se < 0.04


def test_anchors_that_cannot_link_are_refused() -> None:
    with pytest.raises(ValueError, match="at least three"):
        linking.stocking_lord(anchors(2), anchors(2))
    with pytest.raises(ValueError, match="same items"):
        linking.stocking_lord(anchors(4), anchors(5))
