"""MariaDB, as a variant of MySQL: what is said otherwise."""

from harness.adapters.mysql.flavour import EVERYWHERE, Flavour

MARIADB = Flavour(
    name="mariadb",
    title="MariaDB",
    oldest=(10, 11),
    sql_mode="STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION",
    settings=(("max_statement_time", "0"), ("idle_transaction_timeout", "0"), ("check_constraint_checks", "1")),
    storage_view="innodb_sys_tables",
    files_view="innodb_sys_tablespaces",
    processlist=EVERYWHERE,
    counts_at_once=False,
    log_position="Innodb_lsn_current",
    unsaid_action="RESTRICT",
    dump="mariadb-dump",
    uuid=True,
    limit="max_statement_time",
)
