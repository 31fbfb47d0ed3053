"""Which database a document is for: as it says, else by what its SQL can only be."""

import re
from collections.abc import Iterable, Iterator

from harness.design.names import bare, label
from harness.document.model import Document, Fence, Heading, Item, Paragraph, Row, Table
from harness.source import Source

_KNOWN: tuple[tuple[str, str], ...] = (
    ("postgresql", r"postgres(?:ql)?\w*|\bpg\b|supabase|timescale\w*|neon\b|citus"),
    ("mariadb", r"mariadb"),
    ("mysql", r"mysql|percona|planetscale"),
    ("mongodb", r"mongo(?:db)?\b|documentdb"),
    ("sqlite", r"sqlite"),
    ("sqlserver", r"sql server|mssql|azure sql"),
    ("oracle", r"oracle"),
    ("cockroachdb", r"cockroach\w*"),
    ("cassandra", r"cassandra|scylla\w*"),
    ("dynamodb", r"dynamo\w*"),
    ("clickhouse", r"clickhouse"),
    ("bigquery", r"bigquery"),
    ("snowflake", r"snowflake"),
    ("neo4j", r"neo4j"),
    ("firestore", r"firestore|firebase"),
    ("duckdb", r"duckdb"),
    ("db2", r"\bdb2\b"),
    ("redis", r"redis"),
)
FAMILIES = {"mariadb": "mysql"}
"""Engines that grew out of another one, and read most of its documents and views."""

TITLES = {"postgresql": "PostgreSQL", "mysql": "MySQL", "mariadb": "MariaDB", "mongodb": "MongoDB"}
"""How to speak of an engine that a document names and that need not be the one it is run on."""

_DOCUMENTS = frozenset({"mongodb"})

_RUN = ("postgresql", "mysql", "mariadb", "mongodb")
_LABEL = re.compile(
    r"^(?:(?:selected|chosen|target|primary|recommended)\s*(?:database|db|engine)?|type|dbms|rdbms|database(?:\s+\w+)?|db(?:\s+type)?|"
    r"engine|database engine|platform|technology|dialect|тип|база данных|субд|base de datos|banco de dados|motor|sgbd|"
    r"veritabanı|datenbank)$"
)
_NAMES_ENGINE = re.compile(
    r"^(?:selected|chosen|type|dbms|rdbms|engine|database (?:type|engine|system)|db type|database engine|dialect)"
)
_NO_ENGINE_TEXT = """
relational sql nosql document oltp olap rdbms key-value graph time-series database the a an design data schema
single multi cloud managed hybrid transactional system
"""
_NO_ENGINE = frozenset(_NO_ENGINE_TEXT.split())
_EVIDENCE: tuple[tuple[str, str], ...] = (
    (
        "postgresql",
        (
            r"\b(?:BIGSERIAL|SERIAL|TIMESTAMPTZ|JSONB|TSVECTOR|CITEXT|BYTEA|PARTITION\s+OF|gen_random_uuid|plpgsql|"
            r"PostgreSQL|USING\s+GIN|ON\s+CONFLICT|RETURNING|GENERATED\s+(?:ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY|"
            r"ILIKE|pg_\w+|WITH\s+TIME\s+ZONE)\b|::\w+"
        ),
    ),
    (
        "mysql",
        r"\b(?:AUTO_INCREMENT|ENGINE\s*=\s*InnoDB|TINYINT|MEDIUMINT|MEDIUMTEXT|LONGTEXT|UNSIGNED|utf8mb4|MySQL)\b",
    ),
    ("mariadb", r"\bMariaDB\b"),
    ("mongodb", r"\b(?:db\.\w+\.(?:find|insert|aggregate|create)\w*|ObjectId|createCollection|bsonType|MongoDB)\b"),
)


def engine(document: Document) -> tuple[str, Source | None]:
    """The engine's name, normalised, and where the document says it or shows it; empty when neither."""
    for text, source in _statements(document):
        if (found := label(text)) and _LABEL.match(found[0]) and (name := _named(*found)):
            return name, source
    title = next((b for b in document.blocks if isinstance(b, Heading)), None)
    if title is not None and (name := _known(title.text)):
        return name, title.source
    return shown(_everything(document))


def _statements(document: Document) -> Iterator[tuple[str, Source]]:
    """Lines that can say it: YAML first, then labelled lines and two-column tables, outermost first."""
    if document.front_matter is not None:
        yield from _lines(document.front_matter.text, document.front_matter.source)
    for block in document.blocks:
        if isinstance(block, Paragraph | Item):
            yield from _lines(block.text, block.source)
        elif isinstance(block, Table) and len(block.header) == 2:
            for row in (Row(block.header, block.source), *block.rows):
                yield f"{bare(row.cells[0])}: {row.cells[1]}", Source(row.source.path, row.source.line, row.source.line)


def _lines(text: str, source: Source) -> Iterator[tuple[str, Source]]:
    for number, line in enumerate(text.split("\n")):
        yield line, source.at(number)


def _named(name: str, value: str) -> str:
    """The engine that a labelled value names; a template in braces names none."""
    value = bare(value)
    if not value or re.search(r"\{.*[}/]", value) or value.count("/") > 1:
        return ""
    if found := _known(value):
        return found
    first = re.match(r"[A-Za-z][\w.+-]*", value)
    if not _NAMES_ENGINE.match(name) or first is None or first[0].lower() in _NO_ENGINE or len(value.split()) > 3:
        return ""
    return first[0].lower()


def _known(text: str) -> str:
    """The first engine named in a text; those that the harness runs go before others."""
    found = [(m.start(), name) for name, words in _KNOWN if (m := re.search(words, text, re.IGNORECASE))]
    ours = [pair for pair in found if pair[1] in _RUN]
    return min(ours or found)[1] if found else ""


def shown(lines: Iterable[tuple[str, Source]]) -> tuple[str, Source | None]:
    """The engine that code can only be for, and the first line that shows it; empty when none does."""
    count: dict[str, int] = {}
    first: dict[str, Source] = {}
    for text, source in lines:
        if re.search(r"\{[^{}]*/[^{}]*\}", text):  # a template's {PostgreSQL/MySQL/MongoDB/etc}
            continue
        for name, words in _EVIDENCE:
            if found := re.search(words, text, re.IGNORECASE):
                count[name] = count.get(name, 0) + (3 if found[0].isupper() else 1)
                first.setdefault(name, source)
    if not count:
        return "", None
    best = max(count, key=lambda name: count[name])
    return best, first[best]


def _everything(document: Document) -> Iterator[tuple[str, Source]]:
    for block in document.blocks:
        if isinstance(block, Table):
            for row in block.rows:
                yield " | ".join(row.cells), row.source
        elif isinstance(block, Fence | Paragraph | Item):
            yield from _lines(block.text, block.source)
        else:
            yield block.text, block.source


def keeps_documents(engine: str) -> bool:
    """Whether an engine keeps documents in collections, described by scripts, and no tables described by SQL."""
    return engine in _DOCUMENTS


def family(engine: str) -> str:
    """The engine that an engine grew out of; itself where it is none's."""
    return FAMILIES.get(engine, engine)
