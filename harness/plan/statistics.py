"""Production's statistics: the queries that print them, and the file of their answers, which a scenario names.

The server has them already, as its own planner uses them: no table is read for it. The file is one JSON document::

    {"format": "harness.statistics/1", "tables": [{"table": "orders", "rows": 2000000, "columns": [
      {"column": "status", "null": 0.0, "distinct": 5, "correlation": 0.3,
       "common": ["paid", "pending"], "shares": [0.9, 0.05], "bounds": null}]}]}

``shares`` are of all rows; ``bounds`` part the values that are not common into parts of as many rows; ``distinct`` is a
number of values, or, negative, minus their share of the rows (``n_distinct`` of PostgreSQL's ``pg_stats``).
"""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from harness.errors import InputError
from harness.plan.model import Observed

FORMAT = "harness.statistics/1"
QUERIES = {engine: f"statistics_{engine}.sql" for engine in ("postgresql", "mysql", "mariadb")}
QUERIES["mongodb"] = "statistics_mongodb.js"
KEYS = frozenset({"file", "scale"})
REMEDY = "write it again with the query of `harness seed --statistics-query ENGINE`"
SINGLE, BETWEEN = 2, 4
"""Parts of a bucket of MySQL's two kinds of histogram."""

Found = tuple[tuple[tuple[str, int], ...], tuple[Observed, ...]]


def statistics_query(engine: str) -> str:
    """The query whose answer, as it is printed, is the file."""
    if engine not in QUERIES:
        raise InputError(f"--statistics-query {engine}: no such engine (there is: {', '.join(QUERIES)})")
    return files(__package__).joinpath(QUERIES[engine]).read_text(encoding="utf-8").rstrip()


def statistics(scenario: Path, given: Any, most: int) -> Found:
    """Rows of tables and what their columns hold, as the file says that a scenario names.

    Args:
        scenario: the scenario's file, from whose folder the other is looked for.
        given: ``"production.json"``, or ``{ file = "production.json", scale = 0.1 }``.
        most: the most rows that a table may have.

    Raises:
        InputError: the file is not there, or is no such file; says where.
    """
    named, scale = _named(scenario, given)
    path = scenario.parent / named
    rows: list[tuple[str, int]] = []
    columns: list[Observed] = []
    for place, table in enumerate(_tables(path)):
        name, count = _table(path, place, table)
        scaled = max(round(count * scale), 1) if count else 0
        if scaled > most:
            raise InputError(f"{path}: {name} has {scaled:,} rows: give a scale in {scenario}: at most {most:,} fit")
        rows.append((name, scaled))
        columns += [_column(path, name, each) for each in _list(path, f"{name}: columns", table.get("columns") or [])]
    return tuple(rows), tuple(columns)


def table_rows(path: Path) -> tuple[tuple[str, int], ...]:
    """The rows of each table in a file of statistics; InputError when it is none."""
    return tuple(_table(path, place, table) for place, table in enumerate(_tables(path)))


def _named(scenario: Path, given: Any) -> tuple[str, float]:
    table = {"file": given} if isinstance(given, str) else given
    if not isinstance(table, Mapping) or not isinstance(table.get("file"), str) or not table.keys() <= KEYS:
        said = 'statistics must be a file such as "production.json", or { file = "production.json", scale = 0.1 }'
        raise InputError(f"{scenario}: {said}, not {given!r}")
    scale = table.get("scale", 1)
    if isinstance(scale, bool) or not isinstance(scale, int | float) or not 0 < scale <= 1000:
        raise InputError(f"{scenario}: statistics.scale must be a number above 0, such as 0.1, not {scale!r}")
    return table["file"], float(scale)


def _tables(path: Path) -> Sequence[Mapping[str, Any]]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file: {REMEDY}") from None
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(f"{path}: cannot be read as JSON: {error}: {REMEDY}") from error
    if not isinstance(found, Mapping) or found.get("format") != FORMAT:
        raise InputError(f"{path}: no statistics of the format {FORMAT}: {REMEDY}")
    return _list(path, "tables", found.get("tables") or [])


def _table(path: Path, place: int, table: Mapping[str, Any]) -> tuple[str, int]:
    name, count = table.get("table"), table.get("rows")
    if not isinstance(name, str) or not name:
        raise InputError(f"{path}: tables[{place}].table must be a name, not {name!r}")
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise InputError(f"{path}: {name}: rows must be a whole number, not {count!r}")
    return name, count


def _column(path: Path, table: str, column: Mapping[str, Any]) -> Observed:
    field = column.get("column")
    if not isinstance(field, str) or not field:
        raise InputError(f"{path}: {table}: a column must have its name in column, not {field!r}")
    where = f"{table}.{field}"
    if "histogram" in column:
        return _bucketed(path, table, field, column["histogram"])
    common = _texts(path, f"{where}: common", column.get("common"))
    shares = [_number(path, f"{where}: shares", share, 0, 1) for share in _some(path, where, column.get("shares"))]
    if len(common) != len(shares) or sum(shares) > 1.01:
        raise InputError(f"{path}: {where}: common and shares must be as many, and the shares 1 at most together")
    return Observed(
        entity=table,
        field=field,
        null=_number(path, f"{where}: null", column.get("null") or 0, 0, 1),
        common=tuple(zip(common, shares, strict=True)),
        bounds=_texts(path, f"{where}: bounds", column.get("bounds")),
        distinct=_number(path, f"{where}: distinct", column.get("distinct") or 0, -1, 1e18),
        correlation=_number(path, f"{where}: correlation", column.get("correlation") or 0, -1, 1),
    )


def _bucketed(path: Path, table: str, field: str, given: Any) -> Observed:
    """A histogram of MySQL's ``information_schema.column_statistics``: single values, or parts of as many rows."""
    where = f"{table}.{field}: histogram"
    if not isinstance(given, Mapping):
        raise InputError(f"{path}: {where} must be a histogram of MySQL, not {given!r}")
    null = _number(path, f"{where}: null-values", given.get("null-values") or 0, 0, 1)
    plain = Observed(table, field, null)
    buckets = _some(path, where, given.get("buckets"))
    if any(not isinstance(each, list) or len(each) not in {SINGLE, BETWEEN} for each in buckets):
        raise InputError(f"{path}: {where}: a bucket must have {SINGLE} or {BETWEEN} parts")
    if not buckets:
        return plain
    if len(buckets[0]) == SINGLE:
        ends = [_number(path, where, each[1], 0, 1) for each in buckets]
        shares = [max(end - before, 0.0) for before, end in zip([0.0, *ends], ends, strict=False)]
        common = tuple((_decoded(path, where, each[0]), s) for each, s in zip(buckets, shares, strict=True))
        return replace(plain, common=common, distinct=float(len(common)))
    bounds = [_decoded(path, where, buckets[0][0]), *(_decoded(path, where, each[1]) for each in buckets)]
    distinct = sum(_number(path, where, each[3], 0, 1e18) for each in buckets)
    return replace(plain, bounds=tuple(bounds), distinct=distinct)


def _decoded(path: Path, where: str, value: Any) -> str:
    """A value of a bucket; texts stand in it as ``base64:type15:cGFpZA==``."""
    text = _texts(path, where, [value])[0]
    if not text.startswith("base64:"):
        return text
    try:
        return base64.b64decode(text.rpartition(":")[2], validate=True).decode()
    except ValueError:
        raise InputError(f"{path}: {where}: {text!r} cannot be decoded: {REMEDY}") from None


def _list(path: Path, where: str, given: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(given, list) or not all(isinstance(each, Mapping) for each in given):
        raise InputError(f"{path}: {where} must be a list of objects: {REMEDY}")
    return given


def _some(path: Path, where: str, given: Any) -> list[Any]:
    if given is not None and not isinstance(given, list):
        raise InputError(f"{path}: {where}: a list is wanted, not {given!r}")
    return given or []


def _texts(path: Path, where: str, given: Any) -> tuple[str, ...]:
    return tuple(_each_text(path, where, _some(path, where, given)))


def _each_text(path: Path, where: str, given: Sequence[Any]) -> Iterator[str]:
    for value in given:
        if not isinstance(value, str | int | float):
            raise InputError(f"{path}: {where}: a value must be a text or a number, not {value!r}")
        yield str(value).lower() if isinstance(value, bool) else str(value)


def _number(path: Path, where: str, value: Any, least: float, most: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise InputError(f"{path}: {where} must be a number from {least:g} to {most:g}, not {value!r}")
    return float(value)
