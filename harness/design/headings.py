"""What a heading or a bold label means, by its words, in the languages that designs are written in."""

import re
from typing import Literal

from harness.design.names import is_name, snake, unnumbered

Topic = Literal[
    "title", "overview", "choice", "schema", "diagram", "entity", "purpose", "columns", "indexes", "relationships",
    "constraints", "sql", "queries", "query", "uses", "performance", "migrations", "migration", "up", "down",
    "partitioning", "scaling", "integrity", "backup", "monitoring", "security", "note", "other",
]  # fmt: skip

_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("overview", r"table of contents|^contents$|^toc$"),
    (
        "uses",
        r"ind(ex(es)?|ices) (used|usage|hit|utili[sz]ed)|us(es|ing|ed) ind(ex(es)?|ices)|(expected|required) index",
    ),
    ("migrations", r"migrations?\b|migrat|schema (evolution|changes)|миграц|migraci|migraç|göç"),
    ("partitioning", r"partition|партиц|particion|bölümle"),
    (
        "integrity",
        r"integrity|business rules|data rules|invariant|validation|целостност|integridad|integridade|bütünlü",
    ),
    (
        "backup",
        r"back[- ]?ups?\b|disaster|recovery|restore|retention|резервн|respaldo|yedek|sauvegarde|sicherung",
    ),
    ("monitoring", r"monitor|metrics|observab|alert|maintenance|health check|мониторинг|izleme"),
    (
        "security",
        r"securit|permission|privac|gdpr|access control|row[- ]level|\brls\b|encrypt|безопасност|seguridad",
    ),
    ("diagram", r"diagram|\berd?\b|er model|entity[- ]relationship|диаграмм|diyagram"),
    ("indexes", r"\bind(ex(es|ing)?|ices)\b|индекс|índices?|indeks|indizes"),
    ("queries", r"quer(y|ies)\b|access patterns?|запрос|consultas?|sorgu|abfrage|requêtes?"),
    (
        "relationships",
        r"relation(ship)?s?\b|foreign keys?|associations?|cardinalit|связи|relaciones|relações|ilişki|beziehung",
    ),
    (
        "constraints",
        r"constraints?\b|ограничени|restricciones|restrições|kısıt|contraintes|primary keys?|unique keys?",
    ),
    ("scaling", r"scal(e|ing|ability)\b|growth|capacity|replica|shard|caching|volum|масштаб|escalab|ölçek"),
    ("choice", r"(database|engine|technology) (choice|selection|engine|type|system)|tech(nology)? stack|выбор"),
    (
        "performance",
        r"performance|optimi[sz]|latency|complexit|\bslas?\b|\btargets?\b|response time|execution|производительн",
    ),
    (
        "columns",
        r"^(columns?|fields?|attributes?|properties|structure|поля|столбцы|campos|columnas|alanlar|felder)\b",
    ),
    ("sql", r"^(sql|ddl|code|definition|create)\b|\b(sql|ddl)$|create (table|statement)"),
    (
        "note",
        (
            r"\bnotes?\b|considerations?|best practices|caveat|recommend|\btips?\b|assumption|trade-?offs?|decisions?|"
            r"примечани|notas|notlar|hinweise"
        ),
    ),
    (
        "schema",
        (
            r"schema|\btables?\b|data ?models?|\bmodels?\b|entit(y|ies)|collections?\b|database (design|structure)|"
            r"\bviews?\b|\benums?\b|\btypes?\b|схема|таблиц|tablas?|esquema|tabelas?|modelo|tablolar|şema|tabellen|"
            r"schéma"
        ),
    ),
    ("purpose", r"^(purpose|description|stores?|назначение|описание|propósito|descripción|amaç|zweck)\b"),
    (
        "overview",
        (
            r"overview|introduction|summary|goals?\b|scope|background|context|requirements?|glossary|contents|"
            r"references|conventions?|change ?log|history|version|legend|обзор|введение|resumen|genel bakış"
        ),
    ),
)
_COMPILED = tuple((topic, re.compile(words, re.IGNORECASE)) for topic, words in _TOPICS)

_TABLE_WORDS = (
    r"(?P<kind>table|collection|(?:materiali[sz]ed )?view|entity|model|таблица|коллекция|tabla|tabela|tablo|tabelle|"
    r"vista|coleção)"
)
_NAMED = re.compile(rf"^{_TABLE_WORDS}\s*[:\uff1a]\s*(?P<name>.+)$", re.IGNORECASE)
_BEFORE = re.compile(rf"^{_TABLE_WORDS}\s+(?P<name>\S+)$", re.IGNORECASE)
_AFTER = re.compile(rf"^(?P<name>\S+(?: \S+)?)\s+{_TABLE_WORDS}$", re.IGNORECASE)
_EXTRA = re.compile(r"\s*(?:\s[-–—]\s|:\s|\s*\(|\s—|\s*[,;]\s).*$", re.DOTALL)
_NO_NAMES_TEXT = """
structure structures definition definitions design designs of list overview schema schemas summary the a an main
all partitioning layer layers relationships details core lookup reference junction join data database each per
lookups base new old mapping er entity relationship
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())

_QUERY = re.compile(
    r"^(?:(?:common|example|sample|key|typical|frequent|critical|hot)\s+)?"
    r"(?:query|pattern|access pattern|q|запрос|consulta)"
    r"\s*#?(?P<number>\d+[a-z]?)\b\s*[:.)–—-]*\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_MIGRATION = re.compile(
    r"^(?:(?P<planned>future|planned|next|upcoming|proposed|pending)\s+)?(?:(?:schema|database|db)\s+)?migration\b"
    r"\s*(?:#|no\.?\s*|v)?(?P<number>\d[\d._]*\d|\d+)?\s*[:.)–—_-]*\s*(?P<title>.*)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"^(?:V|U)?(?P<number>\d{3,}|\d+(?=__))_{1,2}(?P<title>\w+?)(?:\.(?:up|down))?(?:\.sql)?$", re.IGNORECASE
)
_UP = re.compile(r"^(?:up|upgrade|forward|apply|migrate up|up migration|up script|накат|subir)\b", re.IGNORECASE)
_DOWN = re.compile(
    r"^(?:down|downgrade|roll ?back|revert|undo|backward|down migration|откат|revertir|geri al)\b", re.IGNORECASE
)
_STATUS = re.compile(
    r"\b(?P<planned>potential|planned|future|proposed|upcoming|optional|considered|possible|later|todo|candidate|"
    r"to be added|not yet)\b|\b(?P<old>old|deprecated|legacy|obsolete|removed|dropped|rejected|previous|before)\b|"
    r"\b(?P<alternative>alternatives?|option [a-z\d])\b",
    re.IGNORECASE,
)


def topic(text: str) -> Topic | None:
    """What a heading's or label's words speak of; None when they say nothing that is known."""
    words = unnumbered(text)
    if _UP.match(words):
        return "up"
    if _DOWN.match(words):
        return "down"
    return next((found for found, pattern in _COMPILED if pattern.search(words)), None)


def entity(text: str) -> tuple[str, str, str] | None:
    """Name, kind and further words of a heading that says it is a table: ``Table: x``, ``x Table``, ``View: x``."""
    words = unnumbered(text)
    if found := _NAMED.match(words):
        name, extra = named(found["name"])
        return (snake(name), _kind(found["kind"]), extra) if name else None
    short, extra = named(words)
    for pattern in (_BEFORE, _AFTER):
        found = pattern.match(short)
        if found and not set(found["name"].lower().split()) & _NO_NAMES and is_name(snake(found["name"])):
            return snake(found["name"]), _kind(found["kind"]), extra
    return None


def named(text: str) -> tuple[str, str]:
    """A heading's text as a name and what is said after it: ``users — profile``, ``users (profile)``."""
    words = unnumbered(text).strip("\"'“”")
    extra = _EXTRA.search(words)
    name = words[: extra.start()].strip().strip("\"'“”") if extra else words
    return name, words[len(name) :].strip(" -–—:()\"'“”,;") if extra else ""


def _kind(word: str) -> str:
    word = word.lower().replace("ised", "ized")
    if word in {"collection", "коллекция", "coleção"}:
        return "collection"
    return word if word.endswith("view") else "view" if word == "vista" else "table"


def query(text: str) -> tuple[str, str] | None:
    """Number and title of a heading such as ``Common Query 1: Get user``."""
    found = _QUERY.match(unnumbered(text)) or _QUERY.match(text.strip())
    return (found["number"].lower(), found["title"].strip()) if found else None


def migration(text: str) -> tuple[str, str, bool] | None:
    """Number (maybe empty), title, and whether it is only planned, of a migration's heading."""
    words = unnumbered(text) if not _NUMBERED.match(text.strip()) else text.strip()
    if found := _NUMBERED.match(words):
        return found["number"], found["title"].replace("_", " ").strip(), False
    found = _MIGRATION.match(words)
    if found is None or not (found["number"] or (found["title"] and ":" in words) or found["planned"]):
        return None
    return found["number"] or "", found["title"].strip(), bool(found["planned"])


def status(text: str) -> str:
    """``planned``, ``old`` or ``alternative`` for what must not be taken as there; else empty."""
    found = _STATUS.search(text)
    return next((name for name, value in found.groupdict().items() if value), "") if found else ""
