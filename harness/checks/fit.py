"""How counts grow with the rows: the order that fits, and where a limit would be reached."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import linear_regression

ORDERS: dict[str, Callable[[float], float]] = {
    "1": lambda _: 1.0,
    "log n": math.log,
    "n": lambda n: n,
    "n log n": lambda n: n * math.log(n),
}
"""Orders of growth as functions of the rows."""

FLAT = 0.15
"""An exponent below this is a logarithm or a constant: between 10⁴ and 10⁶ rows ln n grows as n to the 0.09."""

FEW = 4.0
"""Counts below this are alike: roots and meta pages, a leaf more or less."""

FARTHEST = 1_000.0
"""Times the rows beyond which a fitted curve says nothing any more."""


@dataclass(frozen=True, slots=True)
class Fit:
    """``count = scale · n^exponent`` by least squares over the logarithms of (rows, count)."""

    exponent: float
    constant: bool

    def __str__(self) -> str:
        """The order, for people, with its figure."""
        if self.constant:
            return "constant"
        if self.exponent < FLAT:
            return f"no faster than log n (n^{self.exponent:.2f})"
        return f"n^{self.exponent:.2f}"


def fit(points: Sequence[tuple[int, float]]) -> Fit:
    """The fit of at least two points with different rows."""
    rows = [math.log(rows) for rows, _ in points]
    counts = [math.log(max(count, FEW)) for _, count in points]
    return Fit(max(linear_regression(rows, counts).slope, 0.0), len({round(count) for _, count in points}) == 1)


def reached(found: Fit, points: Sequence[tuple[int, float]], factor: float) -> float | None:
    """The rows at which counts are ``factor`` times those of the last point; None beyond ``FARTHEST`` times its rows.

    A flat growth is taken for a logarithm, ``a + b ln n`` through the first and the last point.
    """
    (few, first), (many, last) = points[0], points[-1]
    if found.constant or last <= first:
        return None
    if found.exponent < FLAT:
        slope = (last - first) / math.log(many / few)
        power = min((factor - 1) * last / slope, math.log(FARTHEST) + 1)
    else:
        power = min(math.log(factor) / found.exponent, math.log(FARTHEST) + 1)
    rows = many * math.exp(power)
    return rows if rows <= many * FARTHEST else None
