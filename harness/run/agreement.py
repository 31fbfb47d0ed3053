"""Whether two spellings of a default mean the same: the server is asked, for every pair that differs as text."""

from harness.design.model import Field, Schema
from harness.engine import Session
from harness.run.bench import Bench
from harness.run.model import Compared, Inspected
from harness.servers.model import Address


def defaults(bench: Bench, database: Address) -> None:
    """Compare the defaults that the column tables give with those that the SQL and the migrations make."""
    inspected = {o.label: o.schema for o in bench.seen if isinstance(o, Inspected)}
    said = inspected.get("documented", Schema())
    asked: set[tuple[str, str, str, str]] = set()
    with bench.engine.connect(database) as session:
        for label, live in inspected.items():
            if label not in ("documented", "listed"):
                _schema(bench, session, said, live, asked)


def _schema(bench: Bench, session: Session, said: Schema, live: Schema, asked: set[tuple[str, str, str, str]]) -> None:
    for entity in said.entities:
        other = live.entity(entity.name)
        for field in entity.fields:
            twin = other.field(field.name) if other is not None else None
            if twin is not None:
                _field(bench, session, entity.name, (field, twin), asked)


def _field(
    bench: Bench, session: Session, entity: str, pair: tuple[Field, Field], asked: set[tuple[str, str, str, str]]
) -> None:
    said, live = pair
    if said.default is None or live.default is None or said.default == live.default:
        return
    key = (entity, said.name, said.default, live.default)
    if key not in asked:
        asked.add(key)
        equal = session.equal(said.default, live.default, live.type)
        bench.seen.append(Compared(entity, said.name, said.default, live.default, equal))
