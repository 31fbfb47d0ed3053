"""How a disposable PostgreSQL is configured: quick to load, and the same answers every time."""

THROW_AWAY = (
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
)
"""What costs time and only matters to data that shall survive a crash."""

STEADY = (
    # Statistics and vacuuming happen when the harness says so: a verdict must not depend on a background worker.
    ("autovacuum", "off"),
    # A large sequential scan would else start where another one is, and give its rows in another order.
    ("synchronize_seqscans", "off"),
    ("jit", "off"),
    ("track_io_timing", "on"),
    ("track_functions", "all"),
    ("compute_query_id", "on"),
    ("shared_buffers", "256MB"),
    ("maintenance_work_mem", "256MB"),
    ("max_wal_size", "512MB"),
    ("checkpoint_timeout", "30min"),
    ("timezone", "UTC"),
)

LIBRARIES = ("pg_stat_statements", "auto_explain")
"""Loaded where they are installed; auto_explain says nothing until it is asked to."""


def options(settings: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Settings as arguments of the server."""
    return tuple(word for name, value in settings for word in ("-c", f"{name}={value}"))
