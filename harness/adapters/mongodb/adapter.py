"""The MongoDB engine: the contract's functions, each in its own module of this folder.

Not ``engine``: a submodule of that name would take the place of the package's function as soon as it is imported.
"""

import re
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from harness.adapters.mongodb import (
    asking,
    backing,
    define,
    fresh,
    instead,
    intent,
    lasting,
    parameters,
    pushes,
    recipe,
    sought,
    split,
)
from harness.adapters.mongodb.connection import connected
from harness.adapters.mongodb.session import MemberSession, MongoDBSession
from harness.asked.inserts import Inserted
from harness.asked.model import Asked
from harness.design.model import Schema, Statement
from harness.engine import Lasting, Session
from harness.facts import Intent, Parameter, Sought, Traits
from harness.pushing import Push
from harness.servers.model import Address, Binaries, Missing, Recipe, Server

OF_MEMBERS = re.compile(
    r"\.\s*(?:startTransaction|withTransaction|watch)\s*\(|[$]changeStream\b|\bchangeStreamPreAndPostImages\b"
)
"""What a single server refuses; a replica set of one takes it. A word too many starts one that was not needed."""

WORDS = (
    ("column table", "field table"),  # of the document
    ("column tables", "field tables"),
    ("field table", "field table"),
    ("field tables", "field tables"),
    ("CREATE INDEX statements", "createIndex calls"),
    ("table", "collection"),
    ("tables", "collections"),
    ("Table", "Collection"),
    ("Tables", "Collections"),
    ("column", "field"),
    ("columns", "fields"),
    ("Column", "Field"),
    ("row", "document"),
    ("rows", "documents"),
    ("Rows", "Documents"),
    ("SQL", "JavaScript"),
)
"""What is said for words of tables and SQL."""


class MongoDB:
    """MongoDB 6.0 and newer."""

    name = "mongodb"
    title = "MongoDB"

    def recipe(self, version: str | None, image: str | None) -> Recipe:
        """See ``Engine.recipe``."""
        return recipe.recipe(version, image)

    def pushes(self, statement: Statement) -> tuple[Push, ...]:
        """See ``Pushing.pushes``."""
        return pushes.pushes(statement)

    def wants_members(self, statements: Iterable[Statement]) -> bool:
        """See ``Gathering.wants_members``: for transactions and change streams."""
        return any(OF_MEMBERS.search(statement.text) for statement in statements)

    def recipe_of_members(self, version: str | None, image: str | None) -> Recipe:
        """See ``Gathering.recipe_of_members``."""
        return recipe.recipe(version, image, replica_set=True)

    def traits(self, version: str) -> Traits:  # noqa: ARG002  (the same for every supported version)
        """See ``Engine.traits``."""
        return Traits(
            transactional_ddl="MongoDB makes and drops collections and indexes for good, one by one",
            partitions="MongoDB has no partitions: a collection is sharded over servers",
            foreign_keys="MongoDB has no foreign keys: references are kept by whoever writes",
            templates="MongoDB copies a database document by document",
            counts="documents",
            words=WORDS,
            dump="mongodump",
            log="how the oplog is kept beside the dumps",
            lock_timeout="maxTimeMS: 2000 in the command",
            lenient=instead.LENIENT,
            instead=instead.WAYS,
        )

    def split(self, script: Statement) -> tuple[Statement, ...]:
        """See ``Engine.split``."""
        return split.split(script)

    def intent(self, statement: Statement) -> Intent:
        """See ``Engine.intent``."""
        return intent.intent(statement)

    def define(self, schema: Schema) -> tuple[Statement, ...]:
        """See ``Engine.define``."""
        return define.define(schema)

    def parameters(self, statement: Statement, schema: Schema) -> tuple[Parameter, ...]:
        """See ``Engine.parameters``."""
        return parameters.parameters(statement, schema)

    def sought(self, statement: Statement, schema: Schema) -> Sought:
        """See ``Engine.sought``."""
        return sought.sought(statement, schema)

    def asked(self, statement: Statement, schema: Schema) -> tuple[Asked, ...]:
        """See ``Asking.asked``."""
        return asking.asked(statement, schema)

    def inserted(self, script: Statement, schema: Schema) -> Iterator[Inserted]:
        """See ``Inserting.inserted``."""
        return asking.inserted(script, schema)

    def unpaged(self, text: str) -> str | None:
        """See ``Asking.unpaged``."""
        return asking.unpaged(text)

    def fresh(self, server: Server, name: str, *, template: Address | None = None) -> AbstractContextManager[Address]:
        """See ``Engine.fresh``."""
        return fresh.fresh(server, name, template)

    def programs(self) -> Binaries | Missing:
        """See ``Backing.programs``."""
        return backing.copying()

    def backup(self, server: Server, database: Address, path: Path) -> str | None:
        """See ``Backing.backup``."""
        return backing.backup(server, database, path)

    def restored(self, server: Server, database: Address, path: Path) -> AbstractContextManager[Address]:
        """See ``Backing.restored``."""
        return backing.restored(server, database, path)

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
            yield MemberSession(connection) if connection.members else MongoDBSession(connection)
