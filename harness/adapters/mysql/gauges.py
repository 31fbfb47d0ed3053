"""Where MySQL and MariaDB tell their metrics: the performance schema, the status variables, InnoDB's views, the log.

MariaDB has the performance schema too, switched off as it comes, and its digests have no quantiles.
"""

from dataclasses import replace
from difflib import get_close_matches

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import Connection, rows
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.names import literal
from harness.adapters.mysql.refusal import refusal
from harness.design.metrics import Metric, Place
from harness.design.model import Statement
from harness.facts import Refusal
from harness.metering import Gauge, Reading, reading
from harness.source import Source

SCHEMA = "performance_schema"
_STATEMENTS = f"{SCHEMA}.events_statements_summary_by_digest"
_USAGE = f"{SCHEMA}.table_io_waits_summary_by_index_usage"
_FEW = "ORDER BY sum_timer_wait DESC LIMIT 20"
_MEAN = (
    "SELECT digest_text, count_star AS calls, round(avg_timer_wait / 1e9, 3) AS mean_ms, "
    f"round(max_timer_wait / 1e9, 3) AS max_ms FROM {_STATEMENTS} WHERE schema_name = DATABASE() {_FEW}"
)
_QUANTILE = (
    "SELECT digest_text, count_star AS calls, round(quantile_95 / 1e9, 3) AS p95_ms, "
    f"round(quantile_99 / 1e9, 3) AS p99_ms FROM {_STATEMENTS} WHERE schema_name = DATABASE() {_FEW}"
)
_LOGGED = r"\blogs?\b|long_query_time|pt-query-digest"


def _status(*names: str, note: str = "") -> Gauge:
    wanted = ", ".join(f"'{name}'" for name in names)
    return Gauge(", ".join(names), f"SHOW GLOBAL STATUS WHERE Variable_name IN ({wanted})", note=note)


_LOG = Gauge(
    "slow_query_log",
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('slow_query_log', 'long_query_time', 'slow_query_log_file')",
    needs="slow_query_log = ON and long_query_time (OFF as it comes, and 10 seconds)",
    words=_LOGGED,
    note="the server's log has each statement that took longer",
)
_INDEXES = Gauge(
    "table_io_waits_summary_by_index_usage",
    "SELECT object_name, index_name, count_fetch AS fetches, count_insert + count_update + count_delete AS writes "
    f"FROM {_USAGE} WHERE object_schema = DATABASE() AND index_name IS NOT NULL "
    "ORDER BY count_fetch, object_name, index_name",
)

_GAUGES: dict[Metric, tuple[Gauge, ...]] = {
    "percentile of statement times": (Gauge("events_statements_summary_by_digest", _QUANTILE),),
    "slow queries": (
        _status("Slow_queries", note="counts those over long_query_time, whether they are logged or not"),
        _LOG,
    ),
    "statement times": (Gauge("events_statements_summary_by_digest", _MEAN),),
    "index usage": (_INDEXES,),
    "table scans": (_status("Select_scan", "Select_full_join", "Handler_read_rnd_next"),),
    "cache hits": (
        _status(
            "Innodb_buffer_pool_read_requests",
            "Innodb_buffer_pool_reads",
            note="the share of hits is 1 - reads / read_requests",
        ),
    ),
    "connections": (_status("Threads_connected", "Threads_running", "Max_used_connections"),),
    "replication lag": (
        Gauge("SHOW REPLICA STATUS", "SHOW REPLICA STATUS", note="one row, read on each replica; none here"),
    ),
    "size on disk": (
        Gauge(
            "information_schema.tables",
            "SELECT table_schema, sum(data_length + index_length) AS bytes FROM information_schema.tables "
            "WHERE table_schema = DATABASE() GROUP BY table_schema",
            note="the room that is left is the file system's to tell",
        ),
    ),
    "table size": (
        Gauge(
            "information_schema.tables",
            "SELECT table_name, data_length + index_length AS bytes, table_rows FROM information_schema.tables "
            "WHERE table_schema = DATABASE() ORDER BY bytes DESC",
        ),
    ),
    "dead space": (
        Gauge(
            "information_schema.tables",
            "SELECT table_name, data_free AS bytes_free, data_length AS bytes FROM information_schema.tables "
            "WHERE table_schema = DATABASE() ORDER BY data_free DESC",
            note="free pages within the table's file, which OPTIMIZE TABLE gives back",
        ),
    ),
    "lock waits": (_status("Innodb_row_lock_waits", "Innodb_row_lock_current_waits", "Innodb_row_lock_time"),),
    "long transactions": (
        Gauge(
            "information_schema.innodb_trx",
            "SELECT trx_mysql_thread_id AS session, trx_started, trx_rows_modified AS changed "
            "FROM information_schema.innodb_trx ORDER BY trx_started",
        ),
    ),
    "throughput": (_status("Questions", "Com_select", "Com_commit", "Com_rollback"),),
    "temporary files": (_status("Created_tmp_disk_tables", "Created_tmp_tables", "Sort_merge_passes"),),
    "log volume": (_status("Innodb_os_log_written"),),
}
_DEADLOCKS = {
    "mysql": Gauge(
        "information_schema.innodb_metrics",
        "SELECT name, count FROM information_schema.innodb_metrics WHERE name = 'lock_deadlocks'",
    ),
    "mariadb": _status("Innodb_deadlocks"),
}
_OFF = "performance_schema = ON (read at start; MariaDB comes with it OFF)"
_MARIADB: dict[Metric, tuple[Gauge, ...]] = {
    "percentile of statement times": (
        replace(
            _LOG,
            needs="slow_query_log = ON with long_query_time = 0 (or log_slow_rate_limit for a sample), and the "
            "percentile taken from the log: MariaDB's statement digests have no quantiles",
            note="the percentile is taken from the times in the server's log",
            alone=True,
        ),
    ),
    "index usage": (
        replace(_INDEXES, needs=f"{_OFF}, or userstat = ON for information_schema.index_statistics", words=SCHEMA),
        Gauge(
            "information_schema.index_statistics",
            "SELECT table_name, index_name, rows_read FROM information_schema.index_statistics "
            "WHERE table_schema = DATABASE() ORDER BY rows_read",
            needs="userstat = ON (OFF as it comes: the view is empty)",
            words=r"userstat|index_statistics",
        ),
    ),
    "statement times": (
        replace(_GAUGES["statement times"][0], needs=_OFF, words=rf"{SCHEMA}|digest"),
        replace(_LOG, words=_LOGGED),
    ),
}
"""What is otherwise on MariaDB."""


def gauges(flavour: Flavour, metric: Metric) -> tuple[Gauge, ...]:
    """See ``Metering.gauges``."""
    if metric == "deadlocks":
        return (_DEADLOCKS[flavour.name],)
    own = _MARIADB.get(metric) if flavour.name == "mariadb" else None
    return own or _GAUGES.get(metric, ())


def gauge(connection: Connection, flavour: Flavour, place: Place) -> Gauge:
    """See ``Metering.gauge``."""
    name = place.name
    word = name.lower()
    if word.startswith("show "):
        return Gauge(name.upper(), name)
    if "." in word:
        return _view(connection, flavour, word)
    if word == SCHEMA:
        return Gauge(SCHEMA, f"SHOW GLOBAL VARIABLES LIKE '{SCHEMA}'", words=".")
    for kind in ("STATUS", "VARIABLES"):
        query = f"SHOW GLOBAL {kind} LIKE {literal(word)}"
        if rows(connection, query):
            return Gauge(name, query)
    return Gauge(name, "", lacks=f"{flavour.title} has no status variable and no setting {name}")


def _view(connection: Connection, flavour: Flavour, name: str) -> Gauge:
    schema, _, view = name.partition(".")
    wanted = f"table_schema = {literal(schema)} AND lower(table_name) = {literal(view)}"
    if rows(connection, f"SELECT 1 AS there FROM information_schema.tables WHERE {wanted}"):
        off = flavour.name == "mariadb" and schema in {SCHEMA, "sys"}
        return Gauge(name, f"SELECT * FROM {name} LIMIT 20", needs=_OFF if off else "", words=".")
    views = f"SELECT table_name AS name FROM information_schema.tables WHERE table_schema = {literal(schema)}"
    there = rows(connection, views)
    near = get_close_matches(view, [str(row["name"]).lower() for row in there], n=1)
    hint = f": did you mean {schema}.{near[0]}?" if near else ""
    return Gauge(name, "", lacks=f"{flavour.title} has no view {name}{hint}")


def read(connection: Connection, wanted: Gauge) -> Reading | Refusal:
    """See ``Metering.read``."""
    try:
        return reading(rows(connection, wanted.query))
    except MySQLError as error:
        return refusal(error, Statement(wanted.query, Source("", 1, 1)))
