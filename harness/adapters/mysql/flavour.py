"""What tells one engine of this family from the other once a server is there: words, views and habits of each."""

from dataclasses import dataclass

EVERYWHERE = "information_schema.processlist"
"""Whoever is listed in no other place is listed here. MySQL wants all texts in it to be utf8mb3, and has nothing to say
of any session while one of them sends an emoji or bytes (9.7)."""


@dataclass(frozen=True, slots=True)
class Flavour:
    """One engine of the family, as a thing that is spoken to.

    Attributes:
        name: its name in the harness.
        title: its name among people.
        oldest: the oldest version that is supported.
        sql_mode: the mode in which documents are run: the versions' own default, so that a server which is configured
            otherwise gives the same verdict.
        settings: session variables that only this engine knows.
        limit: the session variable that ends any statement after so many seconds, where there is one. MySQL's
            max_execution_time is for SELECT only.
        storage_view: the view of ``information_schema`` that tells which file a table is stored in.
        files_view: the view of ``information_schema`` that tells how large the files are.
        processlist: where all sessions and their states are listed, without holding anybody up.
        log_position: the status variable that counts the bytes of the redo log.
        unsaid_action: what the catalog says of a foreign key without a rule. InnoDB treats both words alike.
        dump: the program that takes backups.
        uuid: whether there is a type UUID.
        reads_statistics: whether the planner goes by statistics of InnoDB's that somebody has written.
        building: session settings with which indexes are built quickly.
        counts_at_once: whether statistics of use are there when a statement has ended; else after its session has.
    """

    name: str
    title: str
    oldest: tuple[int, int]
    sql_mode: str
    settings: tuple[tuple[str, str], ...]
    storage_view: str
    files_view: str
    processlist: str
    log_position: str
    unsaid_action: str
    dump: str
    uuid: bool = False
    reads_statistics: bool = False
    building: tuple[str, ...] = ()
    limit: str = ""
    counts_at_once: bool = True

    @property
    def lists(self) -> tuple[str, ...]:
        """Where sessions are listed, the best place first: with performance_schema off nobody is in MySQL's."""
        return tuple(dict.fromkeys((self.processlist, EVERYWHERE)))


MYSQL = Flavour(
    name="mysql",
    title="MySQL",
    oldest=(8, 4),
    sql_mode=(
        "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
        "NO_ENGINE_SUBSTITUTION"
    ),
    settings=(
        ("information_schema_stats_expiry", "0"),
        ("show_create_table_verbosity", "OFF"),
        ("max_execution_time", "0"),
    ),
    storage_view="innodb_tables",
    files_view="innodb_tablespaces",
    processlist="performance_schema.processlist",
    log_position="Innodb_redo_log_current_lsn",
    unsaid_action="NO ACTION",
    dump="mysqldump",
    reads_statistics=True,
    building=("innodb_ddl_buffer_size = 67108864", "innodb_ddl_threads = 2", "innodb_parallel_read_threads = 2"),
)
