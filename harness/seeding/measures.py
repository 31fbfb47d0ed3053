"""What sensors report: values in the usual range of the quantity that the row names, and in its unit."""

from dataclasses import dataclass

import numpy as np

from harness.seeding.counters import Ints, key
from harness.seeding.counters import unit as unit_of
from harness.seeding.kinds import MOST, Drawing, Quantity, Values, spaced
from harness.seeding.pools import texts

MEASURED: dict[str, tuple[float, float]] = {
    "temperature": (-8, 36), "humidity": (20, 95), "pressure": (970, 1045), "voltage": (218, 242), "vibration": (0, 12),
    "flow": (0, 60), "battery": (5, 100), "co2": (380, 1800), "noise": (30, 95), "light": (0, 900), "speed": (0, 130),
}  # fmt: skip
"""Usual values of quantities that sensors report, in degrees Celsius, percent, hectopascals, volts …"""
UNITS = {
    "temperature": "°C", "humidity": "%", "pressure": "hPa", "voltage": "V", "vibration": "mm/s", "flow": "l/min",
    "battery": "%", "co2": "ppm", "noise": "dB", "light": "lx", "speed": "km/h",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Measured:
    """What a sensor reports, in the usual range of what the row says was measured.

    Attributes:
        inner: the values of rows whose quantity is not known.
        by: the field that names the quantity.
    """

    inner: Quantity
    by: str
    unit: int
    allowed: range

    @property
    def size(self) -> int:
        """Every allowed tick."""
        return min(len(self.allowed), MOST)

    def draw(self, of: int, rows: Drawing) -> Ints:
        """In the middle of the range more often than at its ends: the mean of two even draws."""
        drawn = self.inner.raw(self.inner.draw(of, rows))
        half = (unit_of(key(of, "a"), rows.numbers) + unit_of(key(of, "b"), rows.numbers)) / 2
        places, known = _distinct(rows.raw(self.by))
        low, high = np.array([_measure(name) for name in known], dtype=np.float64)[places].T
        ticks = np.floor((low + half * (high - low)) * self.unit)
        drawn = np.where(np.isnan(ticks), drawn, np.nan_to_num(ticks)).astype(np.int64)
        return np.clip(drawn, self.allowed[0], self.allowed[-1]) - self.allowed[0]

    def raw(self, ordinals: Ints) -> Ints:
        """The ticks."""
        return ordinals + self.allowed[0]

    def samples(self) -> Ints:
        """From everywhere."""
        return spaced(self.size)


def _measure(name: str) -> tuple[float, float]:
    """The usual range of a quantity; no numbers for one that is not known."""
    return next((found for word, found in MEASURED.items() if word in name.lower()), (np.nan, np.nan))


@dataclass(frozen=True, slots=True)
class UnitOf:
    """The unit of the quantity that another field of the row names."""

    by: str

    @property
    def size(self) -> int:
        """All units that there are, and none."""
        return len(UNITS) + 1

    def draw(self, of: int, rows: Drawing) -> Ints:
        """The place of each row's quantity in the list."""
        del of
        places, known = _distinct(rows.raw(self.by))
        units = [next((p for p, word in enumerate(UNITS) if word in name.lower()), len(UNITS)) for name in known]
        return np.array(units, dtype=np.int64)[places]

    def raw(self, ordinals: Ints) -> Values:
        """The units; of what is not known, ``1``, as numbers without a unit have."""
        return texts([*UNITS.values(), "1"])[ordinals]

    def samples(self) -> Ints:
        """All of them."""
        return np.arange(self.size, dtype=np.int64)


def _distinct(names: Values) -> tuple[Ints, list[str]]:
    """Which of the distinct names each is, and these."""
    texts_ = names.tolist()
    places = {name: place for place, name in enumerate(dict.fromkeys(texts_))}
    return np.fromiter(map(places.__getitem__, texts_), dtype=np.int64, count=len(texts_)), [
        str(name) for name in places
    ]
