"""Which metrics a sentence about monitoring names, and which views, commands and settings it reads them from.

A sentence that names none claims nothing that a server could be asked for. Words of the application's side (an
endpoint's latency, a host's CPU) are known too: no database answers for them, which is said.
"""

import re
from dataclasses import dataclass
from typing import Literal

Metric = Literal[
    "percentile of statement times", "slow queries", "statement times", "index usage", "table scans", "cache hits",
    "connection pool", "connections", "replication lag", "oplog window", "size on disk", "table size", "dead space",
    "lock waits", "deadlocks", "long transactions", "throughput", "vacuum", "temporary files", "checkpoints",
    "log volume", "transaction id age",
]  # fmt: skip
"""What is measured, by one word for all engines."""

_TIMES = (
    r"(?:(?:response|execution|query|statement|run(?:ning)?) ?times?|latenc(?:y|ies)|query (?:duration|performance))"
)
_PERCENTILE = r"(?:\bp ?(?:50|90|95|99|999)\b|percentile|\d(?:th|st|nd|rd) pct)"
_SPACE = (
    r"(?:disk|storage|tablespace|database|db) (?:space|usage|use\b|size|growth|utili[sz]|consum)|free (?:disk|space)"
)
_DONE = r"(?:transactions?|quer(?:y|ies)|operations?|ops|inserts?|writes?|reads?)"
_RATES = rf"{_DONE} (?:rates?|per (?:second|minute)|throughput)"

_WORDS: tuple[tuple[Metric, tuple[str, ...]], ...] = (
    ("percentile of statement times", (rf"{_TIMES}.*{_PERCENTILE}", rf"{_PERCENTILE}.*{_TIMES}")),
    (
        "slow queries",
        (
            r"slow[- ]?(?:query|queries|statements?|operations?|ops|log)",
            r"slowest (?:quer|statement|operation)",
        ),
    ),
    ("statement times", (_TIMES, r"(?:top|expensive|costly|long[- ]running) (?:quer|statement)")),
    (
        "index usage",
        (
            r"ind(?:ex|ices|exes)\W+(?:\w+\W+)?(?:us(?:age|e)\b|utili[sz]|hits?\b|scans?\b|efficiency|statist)",
            r"un(?:der)?used ind",
            r"us(?:e|age) of (?:\w+ )?ind",
        ),
    ),
    ("table scans", (r"(?:table|collection|full|sequential|seq)[- ]scans?", r"collscans?")),
    (
        "cache hits",
        (
            r"(?:cache|buffer|buffer[- ]pool|page)[- ](?:hits?|miss|hit[- ]rat|efficiency|utili[sz])",
            r"hit[- ]rat(?:io|e)",
            r"buffer cache",
            r"cache (?:pressure|usage)",
        ),
    ),
    (
        "connection pool",
        (r"connection[- ]pool", r"pool (?:utili[sz]|usage|saturation|wait|size)", r"pgbouncer", r"hikari"),
    ),
    (
        "connections",
        (r"connections?\b", r"connected (?:clients|sessions)", r"sessions (?:open|active)", r"active sessions"),
    ),
    (
        "replication lag",
        (r"replica(?:tion)?[- ](?:lag|delay|latency)", r"lag (?:of|on|behind)", r"replication status"),
    ),
    ("oplog window", (r"\boplog\b",)),
    ("size on disk", (_SPACE,)),
    (
        "table size",
        (
            r"(?:table|collection|index|row|document|data) (?:sizes?|growth|counts?)",
            r"growth of (?:the )?\w+ (?:table|collection)",
        ),
    ),
    ("dead space", (r"\bbloat", r"dead (?:tuple|row)", r"fragmentation", r"reclaimable")),
    (
        "lock waits",
        (
            r"lock(?:ing)?[- ](?:wait|contention|queue|time)",
            r"blocked (?:quer|session|statement|transaction)",
            r"blocking (?:quer|session|lock)",
            r"waiting (?:quer|session|lock)",
            r"row locks?",
            r"write conflicts?",
        ),
    ),
    ("deadlocks", (r"dead-?locks?",)),
    ("long transactions", (r"(?:long[- ](?:running|lived)?|old(?:est)?|idle(?:[- ]in)?)[- ]+transactions?",)),
    (
        "throughput",
        (r"\b(?:tps|qps)\b", _RATES, r"throughput", r"(?:commit|rollback)s? (?:rate|ratio|and)", r"\bopcounters\b"),
    ),
    (
        "vacuum",
        (
            r"(?:last |auto-?)vacuum(?:s\b|ed\b| (?:runs?|activity|lag|progress|times?|age|counts?)|$)",
            r"vacuum (?:progress|lag|activity|status)",
        ),
    ),
    (
        "temporary files",
        (r"temp(?:orary)? (?:files?|tables?|space)", r"spill(?:s|ed|ing)? to disk", r"disk (?:sorts|spills)"),
    ),
    ("checkpoints", (r"checkpoints?\b",)),
    (
        "log volume",
        (r"\bwal (?:volume|rate|generation|size|growth|bytes)", r"redo (?:volume|rate|log (?:size|usage|growth))"),
    ),
    ("transaction id age", (r"wrap-?around", r"(?:transaction id|xid)s? (?:age|usage|consumption)")),
)
_METRICS = tuple((metric, re.compile("|".join(words), re.IGNORECASE)) for metric, words in _WORDS)

_ELSEWHERE = r"apis?|https?|endpoints?|apm|cpu|memory|ram|network|iops|up-?time|error rates?"
"""What no database is asked for, whatever else a sentence says."""

_BESIDE = r"applications?|app|page[- ]loads?|front-?end|client-side|end[- ]users?|requests?|redis|kafka|i/o"
"""What makes a metric another system's: the latency of a request is not that of a statement."""

_OUTSIDE = re.compile(rf"\b(?:{_ELSEWHERE}|{_BESIDE})\b", re.IGNORECASE)
_NEVER = re.compile(rf"\b(?:{_ELSEWHERE})\b", re.IGNORECASE)

_PLACES: dict[str, tuple[str, ...]] = {
    "postgresql": (
        r"\bpg_stat\w*",
        r"\bpgstat\w+",
        r"\bpg_(?:locks|replication_slots|buffercache)\b",
        r"\bpg_wait_sampling\w*",
        r"\bauto_explain\b",
        r"\blog_(?:min_duration|lock_waits|temp_files|checkpoints|autovacuum)\w*",
        r"\btrack_(?:io|activit|count|func)\w+",
    ),
    "mysql": (
        r"\bperformance_schema(?:\.\w+)?",
        r"\bsys\.(?:schema|innodb|statement|io|user|host|memory|processlist|session|wait)\w*",
        r"\binformation_schema\.(?:innodb_\w+|\w+_statistics|processlist)",
        r"\binnodb_(?:buffer|row_lock|deadlock|rows|data|log|os_log)\w*",
        r"\bthreads_(?:connected|running|created|cached)",
        r"\b(?:handler_read|created_tmp|slow_quer)_?\w+",
        r"\bcom_(?:select|commit|rollback|insert|update|delete)\b",
        r"\b(?:select_(?:scan|full_join)|max_used_connections|aborted_(?:clients|connects))\b",
        r"\bSHOW (?:GLOBAL |FULL )?(?:STATUS|PROCESSLIST|ENGINE INNODB STATUS|REPLICA STATUS)",
        r"\b(?:userstat|long_query_time)\b",
    ),
    "mongodb": (
        r"\$(?:indexStats|collStats|currentOp)\b",
        r"\b(?:serverStatus|collStats|dbStats|currentOp|replSetGetStatus|getProfilingStatus|setProfilingLevel)\b",
        r"\b(?:mongostat|mongotop|rs\.status|system\.profile|database profiler|slowms)\b",
    ),
}
_BY_ENGINE = {engine: re.compile("|".join(words), re.IGNORECASE) for engine, words in _PLACES.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """A view, command or setting that a sentence names; ``family``: the engine that has such names."""

    name: str
    family: str


def metrics(text: str) -> tuple[Metric, ...]:
    """The metrics that a sentence names, in the order of ``Metric``.

    One that is told by a more particular word is not named by the more general one too: a pool is not connections.
    """
    rest, found = text, []
    for metric, pattern in _METRICS:
        if pattern.search(rest):
            found.append(metric)
            rest = pattern.sub(" ", rest)
    return tuple(found)


def places(text: str) -> tuple[Place, ...]:
    """The views, commands and settings that a sentence names, each once."""
    found = ((m.start(), Place(m[0], engine)) for engine, words in _BY_ENGINE.items() for m in words.finditer(text))
    return tuple(dict.fromkeys(place for _, place in sorted(found, key=lambda pair: pair[0])))


def outside(text: str) -> str:
    """The word that tells that something other than the database is measured; empty where there is none."""
    found = (_OUTSIDE if metrics(text) else _NEVER).search(text)
    return found[0] if found else ""
