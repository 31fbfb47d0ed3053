"""What the tests of servers must know of each engine: how one query is asked, and what its servers say and do."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pymongo.errors
import pymysql

from harness.adapters.mariadb import recipe as mariadb
from harness.adapters.mongodb import recipe as mongodb
from harness.adapters.mongodb.address import client
from harness.adapters.mysql import recipe as mysql
from harness.adapters.mysql.address import connect
from harness.adapters.postgresql import recipe as postgresql
from harness.servers.model import Address, Recipe


@dataclass(frozen=True)
class Spoken:
    """An engine, below its adapter.

    Attributes:
        asked: the first value that a query gives.
        refusal: what is raised when no connection is made.
        refused: what a server says to a wrong password.
        setting: the query for a setting.
        version: the query for the version.
        databases: the query for the names of databases, joined by commas.
        busy: a query that takes minutes, and looks at nobody.
        network: a query whose answer is empty when the server listens on no network.
        throw_away: settings of a server whose data may be lost, and their values.
        durable: the same, of one whose commits survive a crash.
        steady: settings of every disposable server.
        passwords: what might open a template.
        pid_file: where the server writes its pid, in its directory.
        ready: what its log says when it is up.
        wrong: an argument that no server takes.
        complaint: what it says to that.
    """

    recipe: Callable[[str | None, str | None], Recipe]
    asked: Callable[[Address, str], str]
    refusal: type[Exception]
    refused: str
    setting: Callable[[str], str]
    version: str
    databases: str
    busy: str
    network: str
    throw_away: dict[str, str]
    durable: dict[str, str]
    steady: dict[str, str]
    passwords: tuple[str, ...]
    pid_file: str
    ready: str
    wrong: str
    complaint: str


def _of_postgresql(address: Address, query: str) -> str:
    with psycopg.connect(
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password,
        dbname=address.database,
        autocommit=True,
    ) as connection:
        cursor = connection.execute(query)
        row = cursor.fetchone() if cursor.description else None
        return str(row[0]) if row else ""


def _of_mysql(address: Address, query: str) -> str:
    with connect(address) as connection, connection.cursor() as cursor:
        cursor.execute(query)
        row = cursor.fetchone()
        return str(row[0]) if row else ""


def _of_mongodb(address: Address, query: str) -> str:
    """Words for what SQL says of databases; ``option a.b`` is what the server was started with."""
    word, _, name = query.rpartition(" ")
    with client(address) as connection:
        match word:
            case "CREATE DATABASE":
                connection[name]["made"].insert_one({})
            case "DROP DATABASE":
                connection.drop_database(name)
            case "SELECT":
                return str(connection.admin.command("dbStats")["ok"]).partition(".")[0]
            case "option":
                return _at(connection.admin.command("getCmdLineOpts")["parsed"], name)
        match query:
            case "version":
                return str(connection.admin.command("buildInfo")["version"])
            case "databases":
                return ",".join(connection.list_database_names())
            case "network":
                listening = _at(connection.admin.command("getCmdLineOpts")["parsed"], "net.bindIp")
                return "" if listening.startswith("/") else listening
            case "busy":
                connection.admin.command("aggregate", 1, pipeline=_WORK, cursor={})
    return ""


def _at(document: Any, path: str) -> str:
    for name in path.split("."):
        document = document.get(name, "") if isinstance(document, dict) else ""
    return str(document)


_NUMBERS = {"$range": [0, 100_000]}
_SUM = {"$reduce": {"input": _NUMBERS, "initialValue": 0, "in": {"$add": ["$$value", "$$this"]}}}
_WORK = [{"$documents": [{}]}, {"$project": {"n": {"$map": {"input": _NUMBERS, "in": _SUM}}}}]

_POSTGRESQL = Spoken(
    recipe=postgresql.recipe,
    asked=_of_postgresql,
    refusal=psycopg.OperationalError,
    refused="password authentication failed|no password supplied",
    setting=lambda name: f"SELECT current_setting('{name}')",
    version="SELECT current_setting('server_version')",
    databases="SELECT string_agg(datname, ',') FROM pg_database",
    busy="SELECT count(*) FROM generate_series(1, 1000000000) a WHERE a % 7 = 8",
    network="SELECT current_setting('listen_addresses')",
    throw_away={"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"},
    durable={"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"},
    steady={
        "autovacuum": "off",
        "jit": "off",
        "timezone": "UTC",
        "server_encoding": "UTF8",
        "synchronize_seqscans": "off",
        "shared_preload_libraries": "pg_stat_statements,auto_explain",
    },
    passwords=("", "wrong", "as made by initdb"),
    pid_file="data/postmaster.pid",
    ready="database system is ready",
    wrong="-cno_such_setting=1",
    complaint='unrecognized configuration parameter "no_such_setting"',
)


def _of_family(recipe: Callable[[str | None, str | None], Recipe], views: str, **steady: str) -> Spoken:
    return Spoken(
        recipe=recipe,
        asked=_of_mysql,
        refusal=pymysql.OperationalError,
        refused="Access denied for user",
        setting=lambda name: f"SELECT variable_value FROM {views}.global_variables WHERE variable_name = '{name}'",
        version="SELECT VERSION()",
        databases="SELECT GROUP_CONCAT(schema_name) FROM information_schema.schemata",
        busy="SELECT BENCHMARK(1000000000000, SHA2('busy', 512))",
        network="SELECT IF(@@GLOBAL.skip_networking, '', @@GLOBAL.port)",
        throw_away={
            "innodb_flush_log_at_trx_commit": "0",
            "innodb_doublewrite": "OFF",
            "innodb_flush_method": "nosync",
        },
        durable={"innodb_flush_log_at_trx_commit": "1", "innodb_doublewrite": "ON", "innodb_flush_method": "O_DIRECT"},
        steady={
            "character_set_server": "utf8mb4",
            "time_zone": "+00:00",
            "local_infile": "ON",
            "log_bin": "OFF",
            "performance_schema": "ON",
            "innodb_stats_auto_recalc": "OFF",
            "event_scheduler": "OFF",
            **steady,
        },
        passwords=("", "wrong"),
        pid_file="data/server.pid",
        ready="ready for connections",
        wrong="--no-such-setting=1",
        complaint="unknown variable 'no-such-setting=1'",
    )


_STRICT = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"
_STRICTER = (
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"
    "NO_ENGINE_SUBSTITUTION"
)

_MONGODB = Spoken(
    recipe=mongodb.recipe,
    asked=_of_mongodb,
    refusal=pymongo.errors.OperationFailure,
    refused="Authentication failed",
    setting=lambda name: f"option {name}",
    version="version",
    databases="databases",
    busy="busy",
    network="network",
    throw_away={"storage.journal.commitIntervalMs": "500"},
    durable={"storage.journal.commitIntervalMs": ""},
    steady={
        "setParameter.ttlMonitorEnabled": "false",
        "setParameter.diagnosticDataCollectionEnabled": "false",
        "security.authorization": "enabled",
    },
    passwords=("wrong",),
    pid_file="data/mongod.lock",
    ready='"msg":"client metadata"',
    wrong="--no-such-setting=1",
    complaint="no-such-setting",
)

ENGINES = {
    "mongodb": _MONGODB,
    "postgresql": _POSTGRESQL,
    "mysql": _of_family(
        mysql.recipe,
        views="performance_schema",
        sql_mode=_STRICTER,
        collation_server="utf8mb4_0900_ai_ci",
    ),
    "mariadb": _of_family(mariadb.recipe, views="information_schema", sql_mode=_STRICT),
}


def place(address: Address) -> Path:
    """The directory of a local server: its address names this, or the socket in it."""
    host = Path(address.host)
    return host.parent if host.suffix == ".sock" else host
