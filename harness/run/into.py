"""A database that is filled with no document at all: found by its URL, its tables as they are."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from harness import adapters
from harness.bulk import Journal
from harness.design.model import Schema
from harness.engine import Engine, Session
from harness.errors import HarnessError, InputError, ServerError
from harness.run.filling import loaded, stepwise
from harness.seeding.volumes import FILLED
from harness.servers.model import Address, Server
from harness.servers.ready import first_line

OURS = "harness_"


@dataclass(frozen=True, slots=True)
class Target:
    """A database to fill. ``journal``: of a filling that was interrupted in it."""

    engine: Engine
    address: Address
    schema: Schema
    journal: Journal | None


def target(url: str, *, existing: bool, tell: Callable[[str], None]) -> Target:
    """The database at a URL.

    Args:
        url: with the name of the database.
        existing: whether one that the harness did not make may be filled.
        tell: is told which one it is.

    Raises:
        InputError: no engine reads the URL, or the database is not to be touched.
        ServerError: nobody answers there.
    """
    engine, address, version = _answering(_addressed(url))
    if not existing and not _is_ours(engine, address, version):
        raise InputError(
            f"{address}: the harness did not make this database: --into-existing fills it all the same, "
            "where its tables are empty"
        )
    tell(f"{engine.title} {version} at {address}: its empty tables are filled, nothing else is changed")
    with engine.connect(address) as session:
        journal = stepwise(session).journal()
        return Target(engine, address, session.inspect(), journal)


def _answering(candidates: Sequence[tuple[Engine, Address]]) -> tuple[Engine, Address, str]:
    """The engine that the server is of, and its version: MySQL and MariaDB are reached by one another's URLs."""
    refused: list[HarnessError] = []
    for engine, address in candidates:
        try:
            return engine, address, engine.recipe(None, None).probe(address)
        except HarnessError as error:
            refused.append(error)
        except Exception as error:
            said = f"{address}: no connection: {first_line(error)}: check that it runs, its address, user and password"
            raise ServerError(said) from error
    raise refused[0]


def _addressed(url: str) -> Sequence[tuple[Engine, Address]]:
    """The engines that read the URL, the one of its name first."""
    scheme = url.partition("://")[0]
    found = []
    for name in sorted(adapters.names(), key=lambda name: name != scheme):
        engine = adapters.find(name)
        address = engine.recipe(None, None).parse(url)
        if address is not None:
            found.append((engine, address))
    if found:
        return found
    there = ", ".join(f"{name}://" for name in adapters.names())
    raise InputError(f"--server {url.partition('://')[0]}: give the URL of a database ({there})")


def _is_ours(engine: Engine, address: Address, version: str) -> bool:
    """Whether it is one that ``harness migrate`` made."""
    if not address.database.startswith(OURS):
        return False
    server = Server(address, "url", version, None, str(address), lambda: None)
    try:
        return engine.lasting(server, address.database.removeprefix(OURS)).address.database == address.database
    except InputError:
        return False


def fillable(
    session: Session,
    schema: Schema,
    where: str,
    remedy: str,
    brought: Callable[[], Mapping[str, int]] = dict,
) -> None:
    """Rows are made for empty tables: a second filling would meet its own keys.

    ``brought`` tells how many rows of an entity the migrations put in themselves; it is asked only if some are there.
    """
    entities = [entity for entity in schema.entities if entity.kind in FILLED]
    if not entities:
        raise InputError(f"{where} has no tables: make them first")
    there = {entity.name: rows for entity in entities if (rows := session.count(entity.name))}
    known = brought() if there else {}
    for name, rows in there.items():
        if rows > known.get(name, 0):
            raise InputError(f"{name} has {rows:,} rows already: {remedy}")


def standing(journal: Journal) -> str:
    """What of an interrupted filling is there, in words."""
    found = loaded(journal.done)
    parts = ", ".join(f"{name} {rows:,}" for name, rows in found.items()) or "nothing"
    waiting = len(journal.aside)
    return f"rows loaded: {parts}; indexes and references to be built: {waiting}"
