"""Numbers as people read them: times with their unit, counts with separators (with their nouns: ``counting``)."""


def milliseconds(value: float | None) -> str:
    """``0.12 ms``, ``12 ms``, ``1.20 s``; a dash when it was not measured."""
    if value is None:
        return "–"
    if value >= 1000:
        return seconds(value / 1000)
    return f"{value:.0f} ms" if value >= 100 else f"{value:.1f} ms" if value >= 10 else f"{value:.2f} ms"


def seconds(value: float | None) -> str:
    """``3 ms``, ``1.20 s``, ``12.3 s``, ``250 s``; a dash when it was not measured."""
    if value is None:
        return "–"
    if value < 0.0995:
        return f"{value * 1000:.1f} ms" if 0 < value < 0.001 else f"{value * 1000:.0f} ms"
    return f"{value:.0f} s" if value >= 100 else f"{value:.1f} s" if value >= 10 else f"{value:.2f} s"


def limit(milliseconds_: float) -> str:
    """A stated limit, without the digits that nobody stated: ``10 ms``, ``2 s``."""
    return f"{milliseconds_ / 1000:g} s" if milliseconds_ >= 1000 else f"{milliseconds_:g} ms"


def count(value: float | None) -> str:
    """``1,000,000``; a dash when it was not counted."""
    return "–" if value is None else f"{value:,.0f}"
