"""The engines of the family: the contract's functions, each in its own module of this folder."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

from harness.adapters.mysql import backing, define, fresh, instead, intent, lasting, parameters, safer, sought, split
from harness.adapters.mysql.apply import Places
from harness.adapters.mysql.aside import Aside
from harness.adapters.mysql.connection import connected
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.migrating import Migrating
from harness.adapters.mysql.placeholders import numbered
from harness.adapters.mysql.session import MySQLSession
from harness.adapters.mysql.watch import Watch
from harness.asked import sql
from harness.asked.inserts import Inserted, inserted
from harness.asked.model import Asked
from harness.design.model import Schema, Statement
from harness.engine import Lasting, Session
from harness.facts import Effect, Intent, Parameter, Sought, Traits
from harness.safer import SaferWay
from harness.servers.model import Address, Binaries, Missing, Recipe, Server


class MySQLEngine:
    """MySQL, or the variant of it that the flavour tells of."""

    def __init__(self, flavour: Flavour, recipe: Callable[[str | None, str | None], Recipe]) -> None:
        self.name = flavour.name
        self.title = flavour.title
        self._flavour = flavour
        self._recipe = recipe

    def recipe(self, version: str | None, image: str | None) -> Recipe:
        """See ``Engine.recipe``."""
        return self._recipe(version, image)

    def traits(self, version: str) -> Traits:  # noqa: ARG002  (the same for every supported version)
        """See ``Engine.traits``."""
        return Traits(
            transactional_ddl=f"{self.title} commits before and after each statement that changes the schema: what ran "
            "before a failure stays done",
            templates=f"{self.title} copies a database row by row",
            counts="rows",
            sql="mysql",  # with no zoned type: TIMESTAMP ends in 2038, so that DATETIME is no fault
            dump=self._flavour.dump,
            log="log_bin, and where the binary logs are copied to",
            lock_timeout="SET lock_wait_timeout = 2",
            no_action="RESTRICT",  # InnoDB puts no check off
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
        return define.define(schema, uuid=self._flavour.uuid)

    def parameters(self, statement: Statement, schema: Schema) -> tuple[Parameter, ...]:
        """See ``Engine.parameters``."""
        return parameters.parameters(statement.text, schema)

    def sought(self, statement: Statement, schema: Schema) -> Sought:
        """See ``Engine.sought``."""
        return sought.sought(statement.text, schema)

    def asked(self, statement: Statement, schema: Schema) -> tuple[Asked, ...]:
        """See ``Asking.asked``."""
        return sql.asked(numbered(statement.text).text, "mysql", schema)

    def safer(self, statement: Statement, effect: Effect) -> tuple[SaferWay, ...]:
        """See ``Rewriting.safer``."""
        return safer.safer(statement, effect)

    def inserted(self, script: Statement, schema: Schema) -> Iterator[Inserted]:
        """See ``Inserting.inserted``."""
        single = (script,) if script.first else split.statements(script)
        return inserted(single, "mysql", schema, split.SCANNER)

    def unpaged(self, text: str) -> str | None:
        """See ``Asking.unpaged``."""
        return sql.unpaged(text, "mysql")

    def fresh(self, server: Server, name: str, *, template: Address | None = None) -> AbstractContextManager[Address]:
        """See ``Engine.fresh``."""
        return fresh.fresh(server, self._flavour, name, template)

    def lasting(self, server: Server, name: str) -> Lasting:
        """See ``Engine.lasting``."""
        return lasting.lasting(server, self._flavour, name)

    def remember(self, server: Server, database: Lasting) -> None:  # noqa: ARG002  (the address says which server)
        """See ``Engine.remember``."""
        lasting.remember(self._flavour, database)

    @contextmanager
    def connect(self, database: Address) -> Iterator[Session]:
        """See ``Engine.connect``."""
        with (
            connected(database, self._flavour) as looking,
            Migrating(database, self._flavour) as migrating,
            Aside(database, self._flavour) as aside,
            closing(Watch(looking, database.database)) as watch,
        ):
            yield MySQLSession(Places(looking, migrating, aside, watch), self._flavour)

    def programs(self) -> Binaries | Missing:
        """See ``Backing.programs``."""
        return backing.programs(self._flavour)

    def backup(self, server: Server, database: Address, path: Path) -> str | None:  # noqa: ARG002  (the protocol's)
        """See ``Backing.backup``."""
        return backing.backup(self._flavour, database, path)

    @contextmanager
    def restored(self, server: Server, database: Address, path: Path) -> Iterator[Address]:  # noqa: ARG002  (the protocol's)
        """See ``Backing.restored``."""
        with self.fresh(server, "restored") as empty:
            backing.restore(self._flavour, empty, path)
            yield empty
