"""Where PostgreSQL tells its metrics: the cumulative statistics system, its extensions, and the server's log.

The names of views and columns are those of the manual's chapter "Monitoring Database Activity", of 14 to 18.
"""

from difflib import get_close_matches

import psycopg

from harness.adapters.postgresql.connection import Connection, answering, rows
from harness.adapters.postgresql.refusal import refusal
from harness.design.metrics import Metric, Place
from harness.design.model import Statement
from harness.facts import Refusal
from harness.metering import Gauge, Reading, reading
from harness.source import Source

REPORTING = 150_000
"""The first version whose sessions can be told to have their statistics counted."""

STATEMENTS = "pg_stat_statements"
_PRELOADED = "shared_preload_libraries = 'pg_stat_statements' (read at start), then CREATE EXTENSION pg_stat_statements"
_OF_DATABASE = "FROM pg_stat_database WHERE datname = current_database()"

_STATEMENTS = Gauge(
    STATEMENTS,
    "SELECT calls, round(mean_exec_time::numeric, 3) AS mean_ms, round(stddev_exec_time::numeric, 3) AS stddev_ms, "
    "round(max_exec_time::numeric, 3) AS max_ms, query FROM pg_stat_statements "
    "WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) "
    "ORDER BY total_exec_time DESC LIMIT 20",
    needs=_PRELOADED,
    words=r"pg_stat_statements",
    setup=("CREATE EXTENSION IF NOT EXISTS pg_stat_statements",),
)
_LOG = Gauge(
    "log_min_duration_statement",
    "SELECT name, setting, unit FROM pg_settings "
    "WHERE name IN ('log_min_duration_statement', 'log_min_duration_sample', 'log_statement_sample_rate') "
    "ORDER BY length(name) DESC",
    needs="log_min_duration_statement = '250ms' (-1 as it comes: nothing is logged)",
    words=r"\blogs?\b|log_min_duration|pgbadger|auto_explain",
    note="the server's log has a line for each statement that took longer",
)
_PERCENTILE = Gauge(
    "log_min_duration_statement",
    _LOG.query,
    needs=(
        "log_min_duration_statement = 0, or a sample of the statements by log_min_duration_sample and "
        "log_statement_sample_rate, and the percentile taken from the log: no view gives one (pg_stat_statements has "
        "mean, standard deviation, least and most)"
    ),
    words=rf"{_LOG.words}|pg_stat_monitor",
    note="the percentile is taken from the times in the server's log",
    alone=True,
)

_GAUGES: dict[Metric, tuple[Gauge, ...]] = {
    "percentile of statement times": (_PERCENTILE,),
    "slow queries": (_STATEMENTS, _LOG),
    "statement times": (_STATEMENTS, _LOG),
    "index usage": (
        Gauge(
            "pg_stat_user_indexes",
            'SELECT relname AS "table", indexrelname AS "index", idx_scan AS scans FROM pg_stat_user_indexes '
            "ORDER BY idx_scan, relname, indexrelname",
        ),
    ),
    "table scans": (
        Gauge(
            "pg_stat_user_tables",
            'SELECT relname AS "table", seq_scan AS scans, seq_tup_read AS rows FROM pg_stat_user_tables '
            "ORDER BY seq_tup_read DESC",
        ),
    ),
    "cache hits": (
        Gauge(
            "pg_stat_database",
            "SELECT datname, blks_hit, blks_read, round(100.0 * blks_hit / nullif(blks_hit + blks_read, 0), 2) "
            f"AS hit_percent {_OF_DATABASE}",
        ),
    ),
    "connections": (
        Gauge(
            "pg_stat_activity",
            "SELECT state, count(*) AS connections, current_setting('max_connections')::int AS most "
            "FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY state",
        ),
    ),
    "replication lag": (
        Gauge(
            "pg_stat_replication",
            "SELECT application_name, state, pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) AS bytes, "
            "extract(epoch FROM replay_lag) AS seconds FROM pg_stat_replication",
            note="one row for each replica, read on the primary; none here",
        ),
    ),
    "size on disk": (
        Gauge(
            "pg_database_size",
            "SELECT datname, pg_database_size(datname) AS bytes FROM pg_database WHERE datname = current_database()",
            note="the room that is left is the file system's to tell",
        ),
    ),
    "table size": (
        Gauge(
            "pg_total_relation_size",
            'SELECT relname AS "table", pg_total_relation_size(relid) AS bytes, n_live_tup AS rows '
            "FROM pg_stat_user_tables ORDER BY 2 DESC",
        ),
    ),
    "dead space": (
        Gauge(
            "pg_stat_user_tables",
            'SELECT relname AS "table", n_live_tup AS live_rows, n_dead_tup AS dead_rows, last_autovacuum '
            "FROM pg_stat_user_tables ORDER BY n_dead_tup DESC",
            note="dead rows are an estimate of what a vacuum can free; pgstattuple measures it, reading all",
        ),
    ),
    "lock waits": (
        Gauge(
            "pg_stat_activity",
            "SELECT pid, wait_event, pg_blocking_pids(pid)::text AS behind, left(query, 80) AS query "
            "FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
            note="one row for each session that waits at this moment; log_lock_waits = on keeps those that waited",
        ),
    ),
    "deadlocks": (Gauge("pg_stat_database", f"SELECT datname, deadlocks {_OF_DATABASE}"),),
    "long transactions": (
        Gauge(
            "pg_stat_activity",
            "SELECT pid, state, extract(epoch FROM now() - xact_start) AS seconds, left(query, 80) AS query "
            "FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid() ORDER BY xact_start",
        ),
    ),
    "throughput": (Gauge("pg_stat_database", f"SELECT datname, xact_commit, xact_rollback {_OF_DATABASE}"),),
    "vacuum": (
        Gauge(
            "pg_stat_user_tables",
            'SELECT relname AS "table", last_vacuum, last_autovacuum, autovacuum_count, n_dead_tup AS dead_rows '
            "FROM pg_stat_user_tables ORDER BY n_dead_tup DESC",
        ),
    ),
    "temporary files": (Gauge("pg_stat_database", f"SELECT datname, temp_files, temp_bytes {_OF_DATABASE}"),),
    "log volume": (Gauge("pg_stat_wal", "SELECT wal_records, wal_bytes FROM pg_stat_wal"),),
    "transaction id age": (
        Gauge("pg_database", "SELECT datname, age(datfrozenxid) AS age FROM pg_database ORDER BY 2 DESC"),
    ),
}
_CHECKPOINTER = 17
"""The version from which checkpoints have a view of their own."""

_BROUGHT_BY = ("pg_stat_statements", "pg_stat_kcache", "pg_stat_monitor", "pgstattuple", "pg_buffercache",
               "pg_wait_sampling")  # fmt: skip
"""Extensions whose views and functions begin with their names."""


def gauges(connection: Connection, metric: Metric) -> tuple[Gauge, ...]:
    """See ``Metering.gauges``."""
    if metric == "checkpoints":
        return (_checkpoints(connection.info.server_version // 10_000),)
    return tuple(_possible(connection, gauge) for gauge in _GAUGES.get(metric, ()))


def _checkpoints(version: int) -> Gauge:
    if version >= _CHECKPOINTER:
        return Gauge("pg_stat_checkpointer", "SELECT num_timed, num_requested, write_time FROM pg_stat_checkpointer")
    query = "SELECT checkpoints_timed, checkpoints_req, checkpoint_write_time FROM pg_stat_bgwriter"
    return Gauge("pg_stat_bgwriter", query)


def _possible(connection: Connection, gauge: Gauge) -> Gauge:
    """A gauge of an extension lacks where the server has no such extension to be made."""
    if gauge.source != STATEMENTS or _available(connection, STATEMENTS):
        return gauge
    return Gauge(gauge.source, "", gauge.needs, gauge.words, lacks="this server's packages have no pg_stat_statements")


def _available(connection: Connection, extension: str) -> bool:
    return bool(rows(connection, "SELECT 1 FROM pg_available_extensions WHERE name = %s", (extension,)))


def gauge(connection: Connection, place: Place) -> Gauge:
    """See ``Metering.gauge``."""
    name = place.name.lower()
    if name == STATEMENTS:
        return gauges(connection, "statement times")[0]
    if rows(connection, "SELECT 1 FROM pg_settings WHERE name = %s", (name,)):
        return Gauge(name, f"SELECT name, setting, unit FROM pg_settings WHERE name = '{name}'", words=".")
    if rows(connection, "SELECT 1 FROM pg_class WHERE oid = to_regclass(%s)", (f"pg_catalog.{name}",)):
        return Gauge(name, f"SELECT * FROM {name} LIMIT 20", words=".")
    brought = next((each for each in _BROUGHT_BY if name.startswith(each)), "")
    if brought and _available(connection, brought):
        loaded = f"SELECT * FROM pg_available_extensions WHERE name = '{brought}'"
        return Gauge(brought, loaded, f"CREATE EXTENSION {brought}", ".")
    if rows(connection, "SELECT 1 FROM pg_proc WHERE proname = %s LIMIT 1", (name,)):
        return Gauge(name, f"SELECT proname, pronargs FROM pg_proc WHERE proname = '{name}'", words=".")
    return Gauge(name, "", lacks=_why_not(connection, name, brought))


def _why_not(connection: Connection, name: str, brought: str) -> str:
    if brought:
        return f"the extension {brought} is not among those that this server can make"
    there = [str(row["name"]) for row in rows(connection, "SELECT relname AS name FROM pg_class WHERE relkind = 'v'")]
    near = get_close_matches(name, there, n=1)
    hint = f": did you mean {near[0]}?" if near else ""
    version = connection.info.server_version // 10_000
    return f"PostgreSQL {version} has no view, function or setting {name}{hint}"


def read(connection: Connection, wanted: Gauge) -> Reading | Refusal:
    """See ``Metering.read``: in a transaction, which takes back what makes it readable."""
    try:
        with answering(connection), connection.transaction(force_rollback=True):
            for text in wanted.setup:
                connection.execute(text)
            return reading(connection.execute(wanted.query).fetchall())
    except psycopg.Error as error:
        return refusal(error, Statement(wanted.query, Source("", 1, 1)))


def reported(connection: Connection) -> bool:
    """See ``Metering.reported``.

    A session tells what it did once a second, and at its end, which comes after its client has gone. Told to, it does
    so before it answers; PostgreSQL 14 knows no such word.
    """
    if connection.info.server_version < REPORTING:
        return False
    try:
        with answering(connection):
            connection.execute("SELECT pg_stat_force_next_flush()")
    except psycopg.Error:  # one who may not
        return False
    return True
