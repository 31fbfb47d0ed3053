"""Numbers from counters: every one a pure function of a key and a row number, computed in vectors.

There is no generator with a state. A *key* is made once from (seed, table, column, purpose); the 64 bits of row n are
``mix(key + n * odd)``, the finalizer of splitmix64 (Steele, Lea, Flood 2014), which is a bijection. So any range of
rows can be made by anyone in any order. All arithmetic on the way to a value is on integers, or uses only operations
that IEEE 754 rounds exactly: no ``exp`` or ``pow`` whose last bit depends on the machine.
"""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from math import exp, gcd, log
from statistics import NormalDist
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bits = NDArray[np.uint64]
Shape = Literal["even", "low", "high"]
"""How values spread over a range: evenly, or with a log-normal tail away from the low or from the high end."""

ODD = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
STEPS = 4096
REACH = 3.4  # standard deviations, where the log-normal is cut


def key(*parts: object) -> int:
    """A 64-bit key of what the parts say."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def bits(of: int, rows: Ints) -> Bits:
    """64 even bits for each row."""
    x = rows.astype(np.uint64) * ODD
    x += np.uint64(of)
    x ^= x >> np.uint64(30)
    x *= MIX_1
    x ^= x >> np.uint64(27)
    x *= MIX_2
    x ^= x >> np.uint64(31)
    return x


def unit(of: int, rows: Ints) -> NDArray[np.float64]:
    """A number in [0, 1) for each row, with 53 bits."""
    result: NDArray[np.float64] = (bits(of, rows) >> np.uint64(11)).astype(np.float64) * 2.0**-53
    return result


def below(of: int, rows: Ints, limit: int) -> Ints:
    """An integer in [0, limit) for each row, even."""
    if limit <= 1:
        return np.zeros(len(rows), dtype=np.int64)
    if limit < 1 << 32:
        return (((bits(of, rows) >> np.uint64(32)) * np.uint64(limit)) >> np.uint64(32)).astype(np.int64)
    return (bits(of, rows) % np.uint64(limit)).astype(np.int64)


def within(of: int, rows: Ints, limits: Ints) -> Ints:
    """An integer in [0, limits[row]) for each row; 0 where the limit is below 1. Limits stay under 2**53."""
    return np.floor(unit(of, rows) * np.maximum(limits, 1)).astype(np.int64)


def permuted(of: int, numbers: Ints, size: int) -> Ints:
    """A permutation of [0, size), applied to numbers in it.

    On the next power of two a few bijective steps (odd multiplication, xor with a right shift) mix the bits; a result
    that falls outside is walked on along its cycle until it falls inside, which keeps the whole a permutation.
    """
    if size <= 1:
        return numbers.copy()
    width = max((size - 1).bit_length(), 1)
    result = _scrambled(of, numbers.astype(np.uint64), width)
    outside = np.flatnonzero(result >= np.uint64(size))
    while len(outside):
        result[outside] = _scrambled(of, result[outside], width)
        outside = outside[result[outside] >= np.uint64(size)]
    return result.astype(np.int64)


def _scrambled(of: int, x: Bits, width: int) -> Bits:
    mask = np.uint64((1 << width) - 1)
    shift = np.uint64(max(width // 2, 1))
    for turn in range(3):
        turn_key = key(of, turn)
        x = (x * np.uint64(turn_key | 1) + np.uint64(turn_key >> 32)) & mask
        x ^= x >> shift
    return x


def stride(of: int, size: int) -> int:
    """A step through [0, size) that visits every number once: coprime with the size."""
    step = max(key(of, "stride") % max(size, 1), 1)
    while gcd(step, size) != 1:
        step += 1
    return step


# The share of the most popular parent is about fifty times the mean: x = (c + u (d - c))^3 - c^3 with c^3 = 5.4e-4
# spreads u so that the density falls as x^(-2/3), a zipf-like tail, but with a head that stays bounded as tables grow.
HEAD = 0.0814
TAIL = 1.00018


def skewed(of: int, rows: Ints, limits: Ints | int) -> Ints:
    """A number in [0, limit) for each row; low numbers are popular, the lowest about fifty times the mean."""
    root = HEAD + unit(of, rows) * (TAIL - HEAD)
    share = np.clip(root * root * root - HEAD * HEAD * HEAD, 0.0, 1.0 - 2.0**-53)
    result: Ints = np.floor(share * limits).astype(np.int64)
    return np.minimum(result, np.maximum(np.asarray(limits, dtype=np.int64) - 1, 0))


FINE = 1 << 20


@lru_cache(maxsize=32)
def _ranks(size: int, exponent: float) -> Ints:
    """The quantile function of zipf's law, continued between ranks: STEPS + 1 ranks from 0 to size, times FINE.

    The density at rank r (from 1) falls as r ** -s; its integral is inverted in closed form.
    """
    rest = 1.0 - exponent
    shares = [i / STEPS for i in range(STEPS + 1)]
    if abs(rest) < 1e-9:
        ranks = [exp(share * log(size + 1)) for share in shares]
    else:
        whole = (size + 1) ** rest - 1
        ranks = [(share * whole + 1) ** (1 / rest) for share in shares]
    return np.array([round((rank - 1) * FINE) for rank in ranks], dtype=np.int64)


def zipf(of: int, rows: Ints, size: int, exponent: float) -> Ints:
    """A number in [0, size) for each row by zipf's law: the number r is as frequent as (r + 1) ** -exponent."""
    if size <= 1 or exponent == 0:
        return below(of, rows, size)
    table, random = _ranks(size, exponent), bits(of, rows)
    step = (random >> np.uint64(52)).astype(np.int64)
    part = ((random >> np.uint64(32)) & np.uint64(0xFFFFF)).astype(np.int64)
    found: Ints = (table[step] + (((table[step + 1] - table[step]) >> 10) * part >> 10)) // FINE
    return np.minimum(found, size - 1)


@lru_cache(maxsize=4)
def _quantiles(shape: Shape) -> Ints:
    """The quantile function of a log-normal on [0, 1): STEPS + 1 integers, 2**32 for the whole; ``high`` mirrored."""
    normal = NormalDist()
    low, high = exp(-REACH), exp(REACH)
    inner = [exp(min(max(normal.inv_cdf(i / STEPS), -REACH), REACH)) for i in range(1, STEPS)]
    table = [round((value - low) / (high - low) * (1 << 32)) for value in (low, *inner, high)]
    if shape == "high":
        table = [(1 << 32) - value for value in reversed(table)]
    return np.array(table, dtype=np.int64)


def spread(of: int, rows: Ints, count: int, shape: Shape) -> Ints:
    """An integer in [0, count) for each row: even, or log-normal towards the low or the high end."""
    if shape == "even" or count >= 1 << 50:
        return below(of, rows, count)
    table = _quantiles(shape)
    random = bits(of, rows)
    step = (random >> np.uint64(52)).astype(np.int64)
    part = ((random >> np.uint64(32)) & np.uint64(0xFFFFF)).astype(np.int64)
    share = (table[step] << 20) + (table[step + 1] - table[step]) * part
    return np.minimum(np.floor(share * 2.0**-52 * count).astype(np.int64), count - 1)


def chosen(of: int, rows: Ints, weights: Sequence[float]) -> Ints:
    """A position in ``weights`` for each row, with those shares."""
    if len(weights) == 1:
        return np.zeros(len(rows), dtype=np.int64)
    edges = np.cumsum(np.asarray(weights, dtype=np.float64))
    found: Ints = np.searchsorted(edges, unit(of, rows) * edges[-1], side="right").astype(np.int64)
    return np.minimum(found, len(weights) - 1)
