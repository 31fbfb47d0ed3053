"""What is given beside the migrations: the queries that run today, and production's row counts."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.design.claim_types import BackwardCompatible
from harness.design.model import Design, Query, Statement
from harness.errors import InputError
from harness.folders.text import text_of
from harness.pipeline import Options, engine_of
from harness.plan.scenario import MOST_ROWS
from harness.plan.statistics import table_rows
from harness.source import Source

READS = re.compile(r"^\s*(?:\(\s*)*(?:SELECT|WITH|TABLE|VALUES)\b", re.IGNORECASE)
OWN = re.compile(r"\bpg_(?:catalog|stat|class|namespace)|information_schema", re.IGNORECASE)
"""Statements about the server itself, of which statistics are full."""

MOST = 200
"""Statements of a statistics file: those that were called most."""


@dataclass(frozen=True, slots=True)
class Given:
    """The two files, where they are given."""

    queries: Path | None = None
    counts: Path | None = None

    def options(self, options: Options) -> Options:
        """The options with the counts as rows; what ``--rows`` says of a table counts more."""
        return options if self.counts is None else replace(options, rows=(*_counts(self.counts), *options.rows))

    def amend(self, design: Design) -> Design:
        """The design with the queries, and for each migration the claim that they go on working."""
        if self.queries is None:
            return design
        found = tuple(_queries(self.queries, design))
        if not found:
            raise InputError(
                f"{self.queries}: no query found in it: give SELECT statements, or a CSV with a column query"
            )
        text = f"--queries {self.queries}"
        claims = tuple(BackwardCompatible(m.id, text, m.source, asked=True) for m in design.migrations)
        return replace(
            design,
            queries=found,
            claims=(*claims, *(c for c in design.claims if not isinstance(c, BackwardCompatible))),
        )


def _counts(path: Path) -> Iterator[str]:
    """As ``--rows`` takes them, from a CSV, or from the file of statistics that ``harness seed`` has a query for."""
    if text_of(path).lstrip().startswith("{"):
        yield from (f"{name}={min(rows, MOST_ROWS)}" for name, rows in table_rows(path))
        return
    found = 0
    for number, row in enumerate(_rows(path), 1):
        cells = [cell.strip() for cell in row]
        if len(cells) < 2 or not cells[-1].lstrip("-").isdigit():
            if number > 1 and any(cells):
                raise InputError(f"{path}:{number}: give a table and its number of rows, not {','.join(cells)[:60]}")
            continue
        found += 1
        yield f"{'.'.join(cells[:-1])}={min(max(0, int(cells[-1])), MOST_ROWS)}"
    if not found:
        raise InputError(f"{path}: no table and number of rows in it: --counts-query prints the query that gives them")


def _rows(path: Path) -> list[list[str]]:
    text = text_of(path)
    first = text.split("\n", 1)[0]
    return list(csv.reader(io.StringIO(text), delimiter="\t" if "\t" in first else ";" if ";" in first else ","))


def _queries(path: Path, design: Design) -> Iterator[Query]:
    found = _statistics(path) if path.suffix.lower() == ".csv" else _script(path, design)
    for number, statement in enumerate((s for s in found if READS.match(s.text) and not OWN.search(s.text)), 1):
        words = " ".join(statement.text.split())
        yield Query(f"{path.name} {number}", words[:60], statement, statement.source)


def _script(path: Path, design: Design) -> Sequence[Statement]:
    text = text_of(path)
    whole = Statement(text, Source(str(path), 1, text.count("\n") + 1))
    return engine_of(design).split(whole)


def _statistics(path: Path) -> Iterator[Statement]:
    """The column ``query`` of a CSV, those with most ``calls`` first."""
    text = text_of(path)
    reader = csv.DictReader(io.StringIO(text))
    if "query" not in (reader.fieldnames or ()):
        raise InputError(
            f"{path}:1: no column query: export SELECT query, calls FROM pg_stat_statements as CSV with its header"
        )
    entries = []
    before = 1
    for row in reader:
        entries.append((_number(row.get("calls")), row["query"] or "", Source(str(path), before + 1, reader.line_num)))
        before = reader.line_num
    for _, query, source in sorted(entries, key=lambda entry: -entry[0])[:MOST]:
        yield Statement(query.rstrip("; \n"), source)


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
