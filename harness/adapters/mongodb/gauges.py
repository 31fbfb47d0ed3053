"""Where MongoDB tells its metrics: ``serverStatus``, ``$indexStats``, ``$collStats``, ``dbStats``, the log.

Gauges are written for mongosh, and read here by the commands that mongosh would send.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pymongo.errors import OperationFailure

from harness.adapters.mongodb.connection import Connection, documents, run
from harness.adapters.mongodb.marker import MARKER
from harness.adapters.mongodb.refusal import refusal
from harness.design.metrics import Metric, Place
from harness.facts import Refusal
from harness.metering import Gauge, Reading, Value, plain
from harness.source import Source

STATUS = "serverStatus"
_EACH = "db.getCollectionNames().map(c => db[c].aggregate([{{ {stage} }}]).toArray())"


def _section(path: str, *names: str, note: str = "") -> Gauge:
    """A section of ``serverStatus``: of the fields below its path those named."""
    wanted = "".join(f" {name}" for name in names)
    return Gauge(f"{STATUS}().{path}{wanted}", f"db.serverStatus().{path}", note=note)


def _stage(stage: str, note: str = "") -> Gauge:
    return Gauge(stage, _EACH.format(stage=stage), note=note)


_LOG = Gauge(
    "getProfilingStatus",
    "db.getProfilingStatus()",
    note="the server's log has each operation over slowms, and system.profile too once db.setProfilingLevel(1) is set",
)
_SIZES = "$collStats: { storageStats: {} }"
_SET = Gauge("replSetGetStatus", "rs.status()", note="the optime of each member against the primary's")

_GAUGES: dict[Metric, tuple[Gauge, ...]] = {
    "percentile of statement times": (
        _stage(
            "$collStats: { latencyStats: { histograms: true } }",
            "of each collection a histogram of the times of its reads, writes and commands, of which the percentile is "
            "taken; single operations are in the profiler",
        ),
    ),
    "slow queries": (_LOG,),
    "statement times": (
        _stage("$collStats: { latencyStats: {} }", "times of reads, writes and commands by collection"),
    ),
    "index usage": (_stage("$indexStats: {}", "counted since the server was started, on each member by itself"),),
    "table scans": (_section("metrics.queryExecutor.collectionScans", "total", "nonTailable"),),
    "cache hits": (
        _section(
            "wiredTiger.cache",
            "pages requested from the cache",
            "pages read into cache",
            "bytes currently in the cache",
            note="the share of hits is 1 - read into / requested from",
        ),
    ),
    "connections": (_section("connections", "current", "available", "active"),),
    "replication lag": (_SET,),
    "oplog window": (Gauge("local.oplog.rs", "rs.printReplicationInfo()"),),
    "size on disk": (Gauge("dbStats", "db.stats()", note="fsUsedSize and fsTotalSize are the file system's"),),
    "table size": (_stage(_SIZES),),
    "dead space": (_stage(_SIZES, "freeStorageSize is what compact can give back"),),
    "lock waits": (_section("globalLock.currentQueue", "total", "readers", "writers"),),
    "deadlocks": (
        _section(
            "metrics.operation", "writeConflicts", note="WiredTiger has no deadlocks: of two writers one is retried"
        ),
    ),
    "long transactions": (_section("transactions", "currentOpen", "currentActive", "totalStarted"),),
    "throughput": (_section("opcounters", "insert", "query", "update", "delete", "command", "getmore"),),
    "temporary files": (_section("metrics.query.sort", "spillToDisk"),),
    "checkpoints": (_section("wiredTiger.transaction", "transaction checkpoints"),),
    "log volume": (_section("wiredTiger.log", "log bytes written"),),
}
_PLACES: dict[str, Gauge] = {
    "$indexstats": _GAUGES["index usage"][0],
    "$collstats": _stage(_SIZES),
    "collstats": _stage(_SIZES),
    "$currentop": Gauge("currentOp", "db.currentOp()"),
    "currentop": Gauge("currentOp", "db.currentOp()"),
    "serverstatus": Gauge(STATUS, "db.serverStatus()"),
    "dbstats": _GAUGES["size on disk"][0],
    "rs.status": _SET,
    "replsetgetstatus": _SET,
    "system.profile": _LOG,
    "database profiler": _LOG,
    "slowms": _LOG,
    "getprofilingstatus": _LOG,
    "setprofilinglevel": _LOG,
}
_PROGRAMS = {"mongostat": "db.serverStatus()", "mongotop": "db.adminCommand({ top: 1 })"}


def gauges(metric: Metric) -> tuple[Gauge, ...]:
    """See ``Metering.gauges``."""
    return _GAUGES.get(metric, ())


def gauge(place: Place) -> Gauge:
    """See ``Metering.gauge``."""
    word = place.name.lower()
    if word in _PROGRAMS:
        return Gauge(STATUS, _PROGRAMS[word], note=f"what {word} shows")
    return _PLACES[word]


def read(connection: Connection, wanted: Gauge) -> Reading | Refusal:
    """See ``Metering.read``."""
    source = wanted.source
    try:
        if source.startswith("$indexStats"):
            return _by_collection(connection, {"$indexStats": {}}, _uses)
        if source.startswith("$collStats"):
            kind = "latencyStats" if "latency" in source else "storageStats"
            options = {"histograms": True} if "histograms" in source else {}
            return _by_collection(
                connection, {"$collStats": {kind: options}}, _times if "latency" in source else _sizes
            )
        return _numbers(_answer(connection, wanted), source.partition(" ")[2])
    except OperationFailure as error:
        return refusal(error, Source("", 1, 1))


def _answer(connection: Connection, wanted: Gauge) -> Mapping[str, Any]:
    """What the command of a gauge answers, at the path that it reads."""
    if wanted.source.startswith(STATUS):
        found: Any = run(connection, {"serverStatus": 1})
        for name in wanted.source.partition(" ")[0].partition("().")[2].split("."):
            found = found.get(name, {}) if name else found
        return found if isinstance(found, Mapping) else {"value": found}
    if wanted.source == "dbStats":
        return run(connection, {"dbStats": 1})
    if wanted.source == "getProfilingStatus":
        return run(connection, {"profile": -1})
    command = {"currentOp": 1} if wanted.source == "currentOp" else {"replSetGetStatus": 1}
    return connection.client.admin.command(command)


def _numbers(answer: Mapping[str, Any], wanted: str) -> Reading:
    """The numbers of an answer; those alone whose names are wanted, when some are."""
    found = [(name, plain(value)) for name, value in answer.items() if not isinstance(value, Mapping | list)]
    rows = tuple((name, value) for name, value in found if isinstance(value, float) and (not wanted or name in wanted))
    return Reading(("name", "value"), rows)


def _by_collection(
    connection: Connection, stage: Mapping[str, Any], told: Callable[[Mapping[str, Any]], Iterator[tuple[Value, ...]]]
) -> Reading:
    names = connection.database.list_collection_names(filter={"type": "collection"})
    rows = [
        (name, *row)
        for name in sorted(names)
        if name != MARKER and not name.startswith("system.")
        for answer in documents(connection, {"aggregate": name, "pipeline": [stage], "cursor": {}})
        for row in told(answer)
    ]
    return Reading(("collection", "name", "value"), tuple(rows))


def _uses(answer: Mapping[str, Any]) -> Iterator[tuple[Value, ...]]:
    yield str(answer["name"]), float(answer["accesses"]["ops"])


def _times(answer: Mapping[str, Any]) -> Iterator[tuple[Value, ...]]:
    for kind, figures in answer["latencyStats"].items():
        yield f"{kind}: operations", float(figures["ops"])
        for part in figures.get("histogram", ()):
            yield f"{kind}: from {part['micros']} microseconds", float(part["count"])


def _sizes(answer: Mapping[str, Any]) -> Iterator[tuple[Value, ...]]:
    for name in ("count", "size", "storageSize", "freeStorageSize", "totalIndexSize"):
        if name in answer["storageStats"]:
            yield name, float(answer["storageStats"][name])
