"""How a disposable MySQL or MariaDB is configured: quick to load, and the same answers every time."""

THROW_AWAY = (
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-doublewrite=OFF",
    # Deprecated by MariaDB 11.0, where it still works; loose: a version without it starts all the same.
    "--loose-innodb-flush-method=nosync",
)
"""What costs time and only matters to data that shall survive a crash."""

STEADY = (
    "--character-set-server=utf8mb4",
    "--default-time-zone=+00:00",
    # The way rows are loaded. MySQL 8.0 and newer forbid it unless told.
    "--local-infile=ON",
    # MySQL writes one unless told not to, MariaDB only when told. With it a function that is not declared
    # DETERMINISTIC is refused (error 1418): the two would judge a design differently for no reason of its own.
    "--skip-log-bin",
    "--skip-name-resolve",
    "--max-allowed-packet=64M",
    "--innodb-buffer-pool-size=256M",
    # Statistics and events happen when the harness says so: a verdict must not depend on a background thread.
    "--innodb-stats-auto-recalc=OFF",
    "--event-scheduler=OFF",
    "--innodb-buffer-pool-load-at-startup=OFF",
    "--innodb-buffer-pool-dump-at-shutdown=OFF",
)
"""What both engines know."""

MYSQL_STEADY = (
    # A second protocol on a second port, which nobody here speaks.
    "--mysqlx=OFF",
)
"""What only MySQL knows. Its performance schema, with metadata locks, is on by default."""
