"""The PostgreSQL engine: the contract's functions, each in its own module of this folder.

Not ``engine``: a submodule of that name would take the place of the package's function as soon as it is imported.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from harness.adapters.postgresql import (
    backing,
    define,
    fresh,
    instead,
    intent,
    lasting,
    parameters,
    recipe,
    safer,
    sought,
    split,
)
from harness.adapters.postgresql.connection import connected
from harness.adapters.postgresql.placeholders import numbered
from harness.adapters.postgresql.session import PostgreSQLSession
from harness.asked import sql
from harness.asked.inserts import Inserted, inserted
from harness.asked.model import Asked
from harness.design.model import Schema, Statement
from harness.engine import Lasting, Session
from harness.facts import Effect, Intent, Parameter, Sought, Traits
from harness.safer import SaferWay
from harness.servers.model import Address, Binaries, Missing, Recipe, Server


class PostgreSQL:
    """PostgreSQL 14 to 18."""

    name = "postgresql"
    title = "PostgreSQL"

    def recipe(self, version: str | None, image: str | None) -> Recipe:
        """See ``Engine.recipe``."""
        return recipe.recipe(version, image)

    def traits(self, version: str) -> Traits:  # noqa: ARG002  (every supported version can do all of it)
        """See ``Engine.traits``."""
        return Traits(
            sql="postgres",
            zoned="TIMESTAMPTZ",
            dump="pg_dump",
            log="archive_mode and archive_command",
            lock_timeout="SET lock_timeout = '2s'",
            instead=instead.WAYS,
        )

    def split(self, script: Statement) -> tuple[Statement, ...]:
        """See ``Engine.split``."""
        return split.statements(script)

    def code_size(self, script: Statement) -> int:
        """See ``Measuring.code_size``."""
        return split.code_size(script)

    def intent(self, statement: Statement) -> Intent:
        """See ``Engine.intent``."""
        return intent.intent(statement)

    def define(self, schema: Schema) -> tuple[Statement, ...]:
        """See ``Engine.define``."""
        return define.define(schema)

    def parameters(self, statement: Statement, schema: Schema) -> tuple[Parameter, ...]:
        """See ``Engine.parameters``."""
        return parameters.parameters(statement.text, schema)

    def sought(self, statement: Statement, schema: Schema) -> Sought:
        """See ``Engine.sought``."""
        return sought.sought(statement.text, schema)

    def asked(self, statement: Statement, schema: Schema) -> tuple[Asked, ...]:
        """See ``Asking.asked``."""
        return sql.asked(numbered(statement.text).text, "postgres", schema)

    def safer(self, statement: Statement, effect: Effect) -> tuple[SaferWay, ...]:
        """See ``Rewriting.safer``."""
        return safer.safer(statement, effect)

    def inserted(self, script: Statement, schema: Schema) -> Iterator[Inserted]:
        """See ``Inserting.inserted``."""
        single = (script,) if script.first else split.statements(script)
        return inserted(single, "postgres", schema, split.SCANNER)

    def unpaged(self, text: str) -> str | None:
        """See ``Asking.unpaged``."""
        return sql.unpaged(text, "postgres")

    def fresh(self, server: Server, name: str, *, template: Address | None = None) -> AbstractContextManager[Address]:
        """See ``Engine.fresh``."""
        return fresh.fresh(server, name, template)

    def lasting(self, server: Server, name: str) -> Lasting:
        """See ``Engine.lasting``."""
        return lasting.lasting(server, name)

    def remember(self, server: Server, database: Lasting) -> None:
        """See ``Engine.remember``."""
        lasting.remember(server, database)

    @contextmanager
    def connect(self, database: Address) -> Iterator[Session]:
        """See ``Engine.connect``."""
        with connected(database) as connection:
            yield PostgreSQLSession(connection)

    def programs(self) -> Binaries | Missing:
        """See ``Backing.programs``."""
        return backing.dumping()

    def backup(self, server: Server, database: Address, path: Path) -> str | None:
        """See ``Backing.backup``."""
        return backing.backup(server.version, database, path)

    @contextmanager
    def restored(self, server: Server, database: Address, path: Path) -> Iterator[Address]:  # noqa: ARG002  (the protocol's)
        """See ``Backing.restored``."""
        with self.fresh(server, "restored") as empty:
            backing.restore(server.version, empty, path)
            yield empty
