"""Scenarios: TOML files that say how much data a design is tried with, and how hard it is looked at."""

import tomllib
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from harness.errors import InputError
from harness.plan import shapes
from harness.plan.model import Observed, Scenario
from harness.plan.statistics import statistics

NUMBERS = {"seed": 0, "default_rows": 1, "runs": 1, "cold_runs": 0}
"""The keys that take a whole number, with the smallest that makes sense."""

MOST_ROWS = 1_000_000_000
"""Of one table: what takes hours to load; more is a slip of the hand, and would fill any disk."""

RENAMED = frozenset({"fr_QC"})
"""Locales that Faker has under another name too."""

LIMITS = {"blocks_ms": 1, "statement_s": 1}
"""The keys of ``[limits]``, in the same way."""

KNOWN = (*NUMBERS, "rows", "ratio", "skew", "null", "values", "limits", "statistics", "locale", "engine_version")


def found(design: Path, name: str | None) -> Scenario:
    """The scenario of that name or path; when none is asked for, the design's own, else the default.

    Raises:
        InputError: a scenario that was asked for is not there, or one cannot be read.
    """
    stem = name or design.stem
    folders = (design.parent.parent / "scenarios", Path("scenarios"), design.parent)
    candidates = [Path(stem)] if stem.endswith(".toml") else [folder / f"{stem}.toml" for folder in folders]
    path = next((candidate for candidate in candidates if candidate.is_file()), None)
    if path is not None:
        return read(path)
    if name is None:
        return Scenario()
    looked = ", ".join(dict.fromkeys(str(c) for c in candidates))
    raise InputError(f"scenario {name}: no such scenario (looked for {looked})")


def read(path: Path) -> Scenario:
    """The scenario in a file; InputError names the key that is wrong."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path}: cannot be read as TOML: {error}") from error
    _known(path, "", values, KNOWN)
    numbers: dict[str, Any] = {
        key: _number(path, key, values[key], least) for key, least in NUMBERS.items() if key in values
    }
    version = values.get("engine_version")
    ratio, ratios = shapes.ratios(path, values.get("ratio", 10))
    if ratio is not None:
        numbers["ratio"] = ratio
    if "locale" in values:
        numbers["locale"] = _locale(path, values["locale"])
    rows, observed = _rows(path, values.get("rows", {})), tuple[Observed, ...]()
    if "statistics" in values:
        known, observed = statistics(path, values["statistics"], MOST_ROWS)
        given = {name.lower() for name, _ in rows} | {name.lower() for name, _, _ in ratios}
        rows = (*rows, *(pair for pair in known if pair[0].lower() not in given))
    return Scenario(
        name=path.stem,
        path=str(path),
        rows=rows,
        observed=observed,
        ratios=ratios,
        skew=shapes.skew(path, values.get("skew", {})),
        null=shapes.null(path, values.get("null", {})),
        values=shapes.values(path, values.get("values", {})),
        engine_version=None if version is None else _version(path, version),
        **numbers,
        **_limits(path, values.get("limits", {})),
    )


def _known(path: Path, within: str, values: Mapping[str, Any], known: tuple[str, ...]) -> None:
    for key in values:
        if key not in known:
            near = get_close_matches(key, known, n=1)
            hint = f"; did you mean {within}{near[0]}?" if near else f"; known: {known}"
            raise InputError(f"{path}: unknown key {within}{key}{hint}")


def _limits(path: Path, given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        raise InputError(f"{path}: limits must be a table such as [limits] with lines like blocks_ms = 500")
    _known(path, "limits.", given, tuple(LIMITS))
    return {key: _number(path, f"limits.{key}", value, LIMITS[key]) for key, value in given.items()}


def _rows(path: Path, given: Any) -> tuple[tuple[str, int], ...]:
    if not isinstance(given, Mapping):
        raise InputError(f"{path}: rows must be a table such as [rows] with lines like users = 10000")
    return tuple((str(entity), _number(path, f"rows.{entity}", count, 0)) for entity, count in given.items())


def _version(path: Path, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise InputError(f'{path}: engine_version must be a version such as "17", not {value!r}')
    return str(value)


def _locale(path: Path, value: Any) -> str:
    """One of Faker's."""
    from faker.config import AVAILABLE_LOCALES  # noqa: PLC0415  (slow, and seldom asked for)

    there = sorted(each for each in AVAILABLE_LOCALES if "_" in each and each not in RENAMED)
    if value in there:
        return str(value)
    asked = str(value).replace("-", "_")
    akin = [each for each in there if each.partition("_")[0] == asked.partition("_")[0].lower()]
    near = get_close_matches(asked, akin, n=1, cutoff=0) or get_close_matches(asked, there, n=1)
    hint = f"did you mean {near[0]}?" if near else f"there is: {', '.join(there)}"
    raise InputError(f"{path}: locale: no such locale of Faker: {value!r}; {hint}")


def _number(path: Path, key: str, value: Any, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{path}: {key} must be a whole number of at least {least}, not {value!r}")
    if value > MOST_ROWS and key != "seed":
        raise InputError(f"{path}: {key} must be at most {MOST_ROWS:,}, not {value:,}")
    return value
