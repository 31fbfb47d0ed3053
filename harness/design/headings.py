"""What a heading or a bold label means, by its words, in the languages that designs are written in."""

import re
from typing import Literal

from harness.design.names import folded, is_name, snake, unnumbered

Topic = Literal[
    "title", "overview", "choice", "schema", "diagram", "entity", "purpose", "columns", "indexes", "relationships",
    "constraints", "sql", "queries", "query", "uses", "performance", "migrations", "migration", "up", "down",
    "partitioning", "scaling", "integrity", "backup", "monitoring", "security", "note", "other",
]  # fmt: skip

_QUERIES = r"quer(y|ies)\b|access (?:patterns?|paths?)|hot paths?|запрос|consultas?|sorgu|abfrage|requêtes?|查询|クエリ"
_TOPICS: tuple[tuple[Topic, str], ...] = (
    ("overview", r"table of contents|^contents$|^toc$"),
    (
        "uses",
        (
            r"^(?!.*(?:quer|pattern)).*ind(ex(es)?|ices) (used|usage|hit|utili[sz]ed)|"
            r"us(es|ing|ed) ind(ex(es)?|ices)|(expected|required) index|"
            r"(verwendete?|genutzte?|benutzte?)r? ind(ex|exe|izes)\b"
        ),
    ),
    (
        "migrations",
        (
            r"^(?!(?:\w+ )?(?:queries|abfragen)\b).*migrat|"
            r"schema (evolution|changes)|миграц|migraci|migraç|göç|迁移|マイグレーション|마이그레이션"
        ),
    ),
    ("partitioning", r"partition|партиц|particion|bölümle|分区|分表"),
    (
        "integrity",
        (
            r"integrity|(?:business|data|domain|consistency)[ -]rules|^(?:the )?rules$|invariant|validation|"
            r"integritä|geschäftsregeln|^regeln$|целостност|"
            r"integridad|integridade|bütünlü|完整性|业务规则"
        ),
    ),
    (
        "backup",
        (
            r"back[- ]?ups?\b|disaster|recovery|restore|retention|резервн|respaldo|"
            r"yedek|sauvegarde|sicherung|备份|恢复|バックアップ"
        ),
    ),
    ("monitoring", r"monitor|metrics|observab|alert|maintenance|health check|мониторинг|izleme|监控"),
    (
        "security",
        r"securit|permission|privac|gdpr|access control|row[- ]level|\brls\b|encrypt|безопасност|seguridad|安全",
    ),
    ("diagram", r"diagram|\berd?\b|er model|entity[- ]relationship|диаграмм|diyagram"),
    (
        "queries",
        # "Query patterns and indexes" lists queries, "Indexes for queries" lists indexes.
        rf"^(?!.*\bind(?:ex|ices)\w*\b.*\bquer).*(?:{_QUERIES})",
    ),
    ("indexes", r"\bind(ex(es|ing)?|ices)\b|индекс|índices?|indeks|indizes|索引|インデックス|인덱스"),
    (
        "relationships",
        (
            r"relation(ship)?s?\b|foreign keys?|associations?|cardinalit|связи|relaciones|"
            r"relações|ilişki|beziehung|关系|外键|リレーション"
        ),
    ),
    (
        "constraints",
        r"constraints?\b|ограничени|restricciones|restrições|kısıt|contraintes|primary keys?|unique keys?|约束|制約",
    ),
    (
        "scaling",
        r"scal(e|ing|ability)\b|growth|mengengerüst|skalierung|wachstum|capacity|replica|shard|caching|volum|масштаб|escalab|ölçek|扩展|扩容",
    ),
    (
        "choice",
        r"(database|engine|technology) (choice|selection|decision|engine|type|system)|tech(nology)? stack|выбор",
    ),
    (
        "performance",
        (
            r"performance|optimi[sz]|latency|complexit|\bslas?\b|\btargets?\b|response time|execution|производительн|"
            r"antwortzeit|laufzeit"
        ),
    ),
    (
        "columns",
        r"^(columns?|fields?|attributes?|properties|structure|поля|столбцы|campos|columnas|alanlar|felder)\b",
    ),
    ("sql", r"^(sql|ddl|code|definition|create)\b|\b(sql|ddl)$|create (table|statement)"),
    (
        "note",
        (
            r"\bnotes?\b|considerations?|best practices|caveat|recommend|\btips?\b|"
            r"assumption|trade-?offs?|decisions?|"
            r"примечани|notas|notlar|hinweise|备注|注意"
        ),
    ),
    (
        "schema",
        (
            r"schema|\btables?\b|data ?models?|\bmodels?\b|entit(y|ies)|collections?\b|database (design|structure)|"
            r"\bviews?\b|\benums?\b|\btypes?\b|схема|таблиц|tablas?|esquema|tabelas?|modelo|tablolar|şema|tabellen|"
            r"schéma|表结构|数据表|数据库设计|数据模型|テーブル"
        ),
    ),
    ("purpose", r"^(purpose|description|stores?|назначение|описание|propósito|descripción|amaç|zweck)\b"),
    (
        "overview",
        (
            r"overview|introduction|summary|goals?\b|scope|background|context|motivation|requirements?|glossary|contents|"
            r"references|conventions?|change ?log|history|version|legend|обзор|введение|"
            r"übersicht|überblick|einleitung|resumen|genel bakış|概述|简介|设计原则|principles|概要"
        ),
    ),
)
_COMPILED = tuple((topic, re.compile(words, re.IGNORECASE)) for topic, words in _TOPICS)

_TABLE_WORDS = (
    r"(?P<kind>table|collection|(?:materiali[sz]ed )?view|entity|model|таблица|коллекция|tabla|tabela|tablo|tabelle|"
    r"vista|coleção|表|数据表|集合|视图|テーブル|테이블)"
)
_NAMED = re.compile(rf"^{_TABLE_WORDS}\s*[:\uff1a]\s*(?P<name>.+)$", re.IGNORECASE)
_BEFORE = re.compile(rf"^{_TABLE_WORDS}\s+(?P<name>\S+)$", re.IGNORECASE)
_AFTER = re.compile(rf"^(?P<name>\S+(?: \S+)?)\s+{_TABLE_WORDS}$", re.IGNORECASE)
_EXTRA = re.compile(r"\s*(?:\s[-–—]\s|[:\uff1a]\s?|\s*[(\uff08]|\s—|\s*[,;]\s).*$", re.DOTALL)
_IN_PARENTHESES = re.compile(r"^(?P<title>[^()\uff08\uff09]+?)\s*[(\uff08]\s*(?P<name>[a-z_][a-z0-9_.]*)\s*[)\uff09]$")
_AFTER_TITLE = re.compile(r"^(?P<title>[^\x00-\x7f]+)[\s:\uff1a]+(?P<name>[a-z_][a-z0-9_]*)$")
_NO_NAMES_TEXT = """
structure structures definition definitions design designs of list overview schema schemas summary the a an main
all partitioning layer layers relationships details core lookup reference junction join data database each per
lookups base new old mapping er entity relationship
"""
_NO_NAMES = frozenset(_NO_NAMES_TEXT.split())

_QUERY = re.compile(
    r"^(?:(?:common|example|sample|key|typical|frequent|critical|hot)\s+)?"
    r"(?:query|pattern|access pattern|q|запрос|consulta|abfrage|requête|sorgu)"
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
_UP = re.compile(
    r"^(?:up|upgrade|forwards?|apply|migrate up|up migration|up script|накат|subir|hin|vorwärts)\b", re.IGNORECASE
)
_DOWN = re.compile(
    r"^(?:down|downgrade|roll ?back|revert|undo|backwards?(?![- ]compat)|down migration|откат|revertir|geri al|zurück|"
    r"rückwärts|rückgängig)\b",
    re.IGNORECASE,
)
_DIRECTION = re.compile(
    r"^\W*(?:\+goose\s+|migrate:\s*|@)?"
    r"(?:(?P<up>up|upgrade|forwards?|apply|migrate\s+up|hin|vorwärts)|"
    r"(?P<down>down|downgrade|roll\s*back|revert|undo|backwards?|migrate\s+down|zurück|rückwärts))"
    r"(?:\s+(?:migration|script|sql|section))?\b\s*"
    r"(?:\([^()]*\)|:?\s*(?:backwards?|non)[- ]\w+[^;]*|:\s*los(?:es|ing|s)\b[^;]*)?\W*$",  # as a remedy has it
    re.IGNORECASE,
)
_EXPLAINED = re.compile(
    r"^(?:(?P<up>up)|(?P<down>down|roll\s*back|revert|undo)):\s+"
    r"(?!(?:drop|alter|create|delete|update|insert|rename|truncate|db\.|begin|see|not|none?|n/a)\b)[^;]+$",
    re.IGNORECASE,
)
"""A direction, and in words what is done in it; no statement that is only mentioned."""

_CHANGES = re.compile(
    r"^(?:initial|init|create|add|drop|remove|rename|alter|change|introduce|backfill|split|merge|move|convert|extend|"
    r"phase|step|stage|expand|contract|deploy|v?\d)",
    re.IGNORECASE,
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
    found = _IN_PARENTHESES.match(words) or _AFTER_TITLE.match(words)
    if found and _names(found["title"], found["name"]):
        return found["name"], found["title"].strip()
    extra = _EXTRA.search(words)
    name = words[: extra.start()].strip() if extra else words
    name = re.sub(r"^[^\w]+|[^\w]+$", "", name)
    return name, words[words.find(name) + len(name) :].strip(" -–—:()\uff08\uff09\"'“”,;⭐") if extra else ""


def _names(title: str, name: str) -> bool:
    """Whether a name behind a title is the title's own: ``User accounts (users)``, any behind a title in Chinese."""
    if not title.isascii():
        return True
    return not is_name(title) and any(folded(word) in folded(name) for word in title.split() if len(word) > 2)


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


def direction(comment: str) -> re.Match[str] | None:
    """Whether a comment in a script says that up (group ``up``) or down begins: ``-- Up``, ``-- +goose Down``."""
    words = comment.strip("-/*=# \t\n")
    return _DIRECTION.match(words) or _EXPLAINED.match(words)


def changes(text: str) -> bool:
    """Whether a heading under "Migrations" speaks of one change: ``Add user roles``, ``Phase 1: Expand``."""
    return _CHANGES.match(unnumbered(text)) is not None


def status(text: str) -> str:
    """``planned``, ``old`` or ``alternative`` for what must not be taken as there; else empty."""
    found = _STATUS.search(text)
    return next((name for name, value in found.groupdict().items() if value), "") if found else ""
