"""Code fences, told apart before anything of them is run: what is schema, a query, an example, another engine's."""

import re
from collections.abc import Iterable

from harness.design import sketch
from harness.design.dialect import family, keeps_documents
from harness.design.headings import Topic, status
from harness.design.labels import Part
from harness.design.model import Script, ScriptKind, Statement
from harness.design.sections import Section
from harness.design.sqltext import Piece, created, pieces, tokens
from harness.document.model import Fence
from harness.source import Source

SQL = {
    "sql",
    "postgresql",
    "postgres",
    "psql",
    "pgsql",
    "plpgsql",
    "mysql",
    "mariadb",
    "tsql",
    "sqlite",
    "plsql",
    "ddl",
}
_SCRIPTS = {"javascript", "js", "mongo", "mongodb", "mongosh", "shell", "typescript", "ts"}
_BY_LANGUAGE = {"mysql": "mysql", "mariadb": "mysql", "tsql": "sql server", "mssql": "sql server", "sqlite": "sqlite",
                "plsql": "oracle", "oracle": "oracle", "plpgsql": "postgresql", "pgsql": "postgresql",
                "postgresql": "postgresql", "postgres": "postgresql", "psql": "postgresql"}  # fmt: skip
_QUERIES = {"SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "VALUES", "TABLE"}
_DEFINES = {"CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "RENAME", "TRUNCATE", "DO"}
_UPKEEP_TEXT = """
VACUUM ANALYZE REINDEX CLUSTER REFRESH CHECKPOINT BACKUP RESTORE OPTIMIZE COPY SHOW KILL FLUSH PURGE ARCHIVE
LOCK NOTIFY LISTEN SET LOAD USE HANDLER
"""
_UPKEEP = set(_UPKEEP_TEXT.split())
_OF_SERVER = re.compile(
    r"^(?:CREATE|ALTER|DROP) (?:ROLE|USER|DATABASE|TABLESPACE|SYSTEM|PUBLICATION|SUBSCRIPTION|SERVER|LOGIN)\b"
)
_SURROUNDING = {"BEGIN", "COMMIT", "START", "END", "ROLLBACK", "SET", "SAVEPOINT"}
_FRAGMENT_TEXT = """
CONSTRAINT PRIMARY FOREIGN CHECK UNIQUE INDEX KEY PARTITION REFERENCES WHERE ON ORDER GROUP FROM JOIN EXCLUDE
"""
_FRAGMENT = set(_FRAGMENT_TEXT.split())
_VERBS = _QUERIES | _DEFINES | _UPKEEP | _SURROUNDING | {"EXPLAIN", "CALL", "PREPARE", "EXECUTE", "DECLARE"}
_TELLING = _VERBS - {"USE", "SET", "END", "SHOW", "LOAD", "TABLE", "WITH", "LOCK"}
"""Verbs that are no English words at the beginning of a text: a fence with no language that begins so is SQL."""
_FOREIGN: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "sql server",
        re.compile(
            r"\b(?:NVARCHAR|UNIQUEIDENTIFIER|DATETIME2|GETDATE|NEWID|SYSUTCDATETIME|NONCLUSTERED)\b|^GO$", re.MULTILINE
        ),
    ),
    ("oracle", re.compile(r"\b(?:VARCHAR2|NVARCHAR2|SYSTIMESTAMP|SYSDATE)\b")),
    ("mysql", re.compile(r"`|\bENGINE INNODB\b")),
    ("postgresql", re.compile(r"\b(?:BIGSERIAL|TIMESTAMPTZ|JSONB|PLPGSQL)\b")),
)
"""Words that only one engine's SQL has; a backtick stands for any name in backticks."""
_COLLAPSED = re.compile(r"\bAS\s+\$\s*\n(?:.*\n)*?\s*\$\s*(?:;|LANGUAGE\b)", re.IGNORECASE)
"""A function's body whose ``$$`` some renderer made a single ``$``."""
_ASIDE = {"scaling", "other", "note", "performance"}
_OLD_OR_NEW = re.compile(r"(?i)^\W*(?:old|before|bad|wrong|instead of|don'?t|avoid|alternative|option \w|❌)\b")
_ABOUT_SERVER = re.compile(
    r"\b(?:PG_STAT\w*|PG_LOCKS|PG_INDEXES|PG_CLASS|PG_TABLES|INFORMATION_SCHEMA|PERFORMANCE_SCHEMA|PG_\w*SIZE\w*)\b"
)


def script(part: Part, section: Section, engine: str) -> Script:
    """What one fence was taken for."""
    fence = part.block
    assert isinstance(fence, Fence)
    kind, reason = _kind(fence, part, section, engine)
    about = entity(fence, section) if kind not in {"migration", "partition"} else section.entity
    text = fence.text
    if _COLLAPSED.search(text) and "$$" not in text:
        text, reason = re.sub(r"(?<!\$)\$(?![\w$])", "$$$$", text), f"{reason}; each $ in it is read as $$"
    return Script(kind, Statement(text, fence.source), about, reason)


def form(fence: Fence, entity: str | None) -> Script:
    """A fence whose lines were read as fields."""
    return Script("form", Statement(fence.text, fence.source), entity, "its lines are fields")


def entity(fence: Fence, section: Section) -> str | None:
    """The entity that a fence is about: its section's, else the only one that it creates."""
    if section.entity:
        return section.entity
    made = {m.table or m.name for m in created(fence.text) if m.kind in {"table", "view", "index"}}
    return (made.pop() or None) if len(made) == 1 else None


def is_sql(fence: Fence) -> bool:
    """Whether a fence holds SQL, by its language or, where none is given, by its first word."""
    if fence.language in SQL:
        return True
    if fence.language not in {"", "text", "txt", "plaintext", "code"}:
        return False
    found = pieces(fence.text[:2000])
    if not found or found[0].verb not in _TELLING:
        return False
    return ";" in fence.text or found[0].verb in {"CREATE", "SELECT", "INSERT"}


def _kind(fence: Fence, part: Part, section: Section, engine: str) -> tuple[ScriptKind, str]:
    topic = _topic(part, section)
    if not is_sql(fence):
        return _not_sql(fence, topic, engine)
    found = pieces(fence.text)
    other = _other_engine(fence, found, engine)
    if other:
        return "other engine", f"it is {other}'s SQL, and the design is for {engine}"
    comments = [t.text.strip("-/* \n") for t in tokens(fence.text) if t.kind == "comment"]
    if not found:
        return "placeholder", "it holds comments alone" if comments else "it is empty"
    if topic in {"migration", "up", "down"}:
        return "migration", f"it stands under “{section.title}”"
    if topic == "migrations":
        return "unknown", f"it stands under “{section.title}”, and no migration is seen in it"
    aside = _aside(part, section, comments, found)
    return ("alternative", aside) if aside else _of_statements(found, topic, section)


def _topic(part: Part, section: Section) -> Topic:
    """The label's topic where it is the nearer one."""
    if (
        part.topic in {"up", "down", "queries", "partitioning", "backup", "monitoring", "diagram"}
        and section.topic != "migration"
    ):
        return part.topic
    return section.topic


def _aside(part: Part, section: Section, comments: list[str], found: tuple[Piece, ...]) -> str:
    """Why the code is not the design as it stands: shown as the old way, planned, or an alternative."""
    where = section.status or (status(part.label) if part.topic or _OLD_OR_NEW.match(part.label) else "")
    if where:
        return f"it is {where}, by its heading or label"
    if _OLD_OR_NEW.match(part.label):
        return f"it stands under “{part.label}”"
    leading = comments[0] if comments and found else ""
    return f"its comment says “{leading[:40]}”" if _OLD_OR_NEW.match(leading) else ""


def _of_statements(found: tuple[Piece, ...], topic: Topic, section: Section) -> tuple[ScriptKind, str]:
    verbs = [p.verb for p in found if p.verb not in _SURROUNDING] or [p.verb for p in found]
    where = f"under “{section.title}”" if section.title else "at the top"
    if topic == "partitioning" or (topic in _ASIDE and any(_is_partition(p) for p in found)):
        return "partition", f"it stands {where}"
    if all(_is_upkeep(p, topic) for p in found):
        return "maintenance", "it keeps or watches the server, and makes no schema"
    if verbs[0] not in _VERBS:
        return _of_no_verb(found, topic, where)
    if any(v in _DEFINES for v in verbs):
        return _definition(found, topic, where)
    return _query(verbs, topic, where)


def _of_no_verb(found: tuple[Piece, ...], topic: Topic, where: str) -> tuple[ScriptKind, str]:
    """A text that begins with no verb of SQL: a part of a statement, or one with a slip, for the server to say."""
    if topic in {"query", "queries"}:
        return "query", f"it stands {where}"
    ended = found[0].tokens[-1].text == ";"
    if found[0].verb in _FRAGMENT or (_is_column(found[0]) and not ended):
        return "fragment", "it is a part of a statement"
    return ("ddl", f"it stands {where}") if ended else ("unknown", "it begins with no SQL verb")


def _definition(found: tuple[Piece, ...], topic: Topic, where: str) -> tuple[ScriptKind, str]:
    if any(p.elided for p in found):
        return "placeholder", "parts of it are left out (...)"
    if topic in {"backup", "monitoring"}:
        return "maintenance", f"it stands {where}"
    return "ddl", f"it defines schema {where}"


def _query(verbs: list[str], topic: Topic, where: str) -> tuple[ScriptKind, str]:
    if all(v == "EXPLAIN" for v in verbs):
        return "explain", "it is an EXPLAIN"
    if not all(v in _QUERIES or v == "EXPLAIN" for v in verbs):
        return "unknown", "it is neither schema nor query"
    if topic in {"backup", "monitoring"}:
        return "maintenance", f"it stands {where}"
    if topic not in {"query", "queries", "performance"} and not set(verbs) <= {"SELECT", "WITH", "EXPLAIN", "VALUES"}:
        return "unknown", "it writes rows; the harness makes its own"
    return "query", f"it reads or writes rows {where}"


def _is_partition(piece: Piece) -> bool:
    return "PARTITION OF" in piece.words or "ATTACH PARTITION" in piece.words


def _is_upkeep(piece: Piece, topic: Topic) -> bool:
    if piece.verb in _UPKEEP or _OF_SERVER.match(piece.words):
        return True
    return piece.verb in {"SELECT", "WITH"} and bool(_ABOUT_SERVER.search(piece.words)) and topic != "query"


def _is_column(piece: Piece) -> bool:
    """Whether a text begins as a column's definition does: a name, then a type."""
    first, *rest = piece.tokens
    return first.kind in {"word", "quoted"} and bool(rest) and rest[0].kind == "word"


def _other_engine(fence: Fence, found: Iterable[Piece], engine: str) -> str:
    """The engine whose SQL this is, when it is not the design's; marks that are beyond doubt only."""
    known = family(engine)
    if known not in {"postgresql", "mysql", "mongodb"}:
        return ""
    spoken = _BY_LANGUAGE.get(fence.language, "")
    if spoken and spoken != known:
        return spoken
    words = "\n".join(p.words + (" `" if any(t.text.startswith("`") for t in p.tokens) else "") for p in found)
    return next((other for other, pattern in _FOREIGN if other != known and pattern.search(words)), "")


def _not_sql(fence: Fence, topic: Topic, engine: str) -> tuple[ScriptKind, str]:
    if fence.language in _SCRIPTS and re.search(r"\bdb\.\w+", fence.text):
        if engine and not keeps_documents(engine):
            return "other engine", f"it is mongodb's, and the design is for {engine}"
        if topic in {"migration", "up", "down"}:
            return "migration", "it stands under a migration"
        defines = re.search(r"\bdb\.createCollection|\.createIndex|\bcollMod\b|\$jsonSchema", fence.text)
        return ("ddl", "it defines collections or indexes") if defines else ("query", "it reads or writes documents")
    if topic in {"backup", "monitoring"}:
        return "maintenance", "it stands under backup or monitoring"
    if keeps_documents(engine) and sketch.is_sketch(fence):
        return "unknown", "it shows documents, and no heading above it names their collection, as `### users` does"
    return "unknown", f"it is no SQL ({fence.language or 'no language given'})"


def part_of(statement: Statement, first: int, end: int, path: str) -> Statement:
    """Lines ``first`` to ``end`` (from 0, exclusive) of a script, without blank lines at its ends."""
    lines = statement.text.split("\n")
    while first < end and not lines[first].strip():
        first += 1
    while first < end and not lines[end - 1].strip():
        end -= 1
    source = Source(path, statement.source.line + first, statement.source.line + max(first, end - 1))
    return Statement("\n".join(lines[first:end]), source, statement.origin)
