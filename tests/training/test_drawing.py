"""Pictures of effects that stand on one page can be compared."""

from dataclasses import dataclass

from nanglucso.develop.training import drawing


@dataclass(frozen=True)
class Drawn:
    shift: float
    low: float
    high: float


def test_classes_drawn_on_one_scale_stand_where_their_figures_put_them():
    one, other = Drawn(-0.35, -0.9, 0.2), Drawn(0.4, -0.15, 0.95)
    scale = drawing.scale_of([*drawing.spans([one]), *drawing.spans([other])])
    first, second = drawing.forest([one], scale=scale), drawing.forest([other], scale=scale)
    assert first["scale"].zero == second["scale"].zero
    assert float(first["rows"][0][1].dot) < float(first["scale"].zero) < float(second["rows"][0][1].dot)
    alone = drawing.forest([one])
    assert alone["scale"].low < -0.9
    assert alone["scale"].high > 0.2
