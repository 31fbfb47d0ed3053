"""The schema looked at again and again: all is asked each time, and what is answered as before is known.

No server of this family has a mark that tells exactly whether a table has changed: MariaDB keeps none that can be asked
for, and the time of the last ALTER, which MySQL tells, counts in seconds and says nothing of a parent's new name in the
child's text. The answers themselves are the mark: what the server prints of a table is all that there is to know of it,
and takes it a tenth of a millisecond; taking it apart takes much longer, and is done for what is new only.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import is_not
from typing import Any, Generic, TypeVar

from pymysql.err import MySQLError

from harness.adapters.mysql.answers import Said, answered, answers
from harness.adapters.mysql.connection import Connection
from harness.adapters.mysql.flavour import Flavour
from harness.adapters.mysql.inspect import (
    ENTITIES,
    SEQUENCE,
    TRIGGERS,
    VIEW,
    Row,
    entities,
    moded,
    privileges,
    query,
    showing,
    table,
    text_in,
    triggers,
    undefined,
    view,
)
from harness.adapters.mysql.inspect_parts import CharacterSets, options
from harness.adapters.mysql.names import literal
from harness.adapters.mysql.sending import several
from harness.design.model import Entity, Schema, SchemaObject

T = TypeVar("T")

_LISTS = (ENTITIES, *map(query, ("routines", "database", "events", "privileges")), TRIGGERS)

_Rows = tuple[Row, ...]
_Thing = Entity | SchemaObject
_Known = dict[tuple[str, ...], tuple[Sequence[Said], Any]]
"""By the queries: the answers, and what was made of them."""


@dataclass(frozen=True, slots=True)
class _Question(Generic[T]):
    """Queries, and what is made of the answers to them."""

    texts: tuple[str, ...]
    read: Callable[[Sequence[Said]], T]


class Looks:
    """The looks of one connection."""

    def __init__(self, connection: Connection, flavour: Flavour) -> None:
        self._connection = connection
        self._flavour = flavour
        self._sets: CharacterSets | None = None
        self._here: _Here | None = None
        self._known: _Known = {}
        self._parts: Sequence[object] = ()
        self._schema = Schema()

    def schema(self) -> Schema:
        """The whole schema as it is now; the very same object when nothing has changed."""
        known, self._known = self._known, {}
        with several(self._connection):
            lists = self._asked([_Question((text,), _listed) for text in self._lists()], known)
            here = self._at(lists)
            things = self._asked(list(here.questions(*lists[:2])), known if here == self._here else {})
        parts = (*lists[: len(_LISTS)], *things)
        if len(parts) != len(self._parts) or any(map(is_not, parts, self._parts)):
            self._schema = _schema((*things, *here.objects(*lists[2 : len(_LISTS)])))
        self._here, self._parts = here, parts
        return self._schema

    def _lists(self) -> Sequence[str]:
        return _LISTS if self._sets is not None else (*_LISTS, query("character_sets"))

    def _asked(self, questions: Sequence[_Question[T]], known: _Known) -> list[T]:
        """What is made of the answers: for those that are known, what was made of them before."""
        said = iter(answers(self._connection, [text for question in questions for text in question.texts]))
        return [self._made(question, list(islice(said, len(question.texts))), known) for question in questions]

    def _made(self, question: _Question[T], said: Sequence[Said], known: _Known) -> T:
        last = known.get(question.texts)
        made: T = last[1] if last is not None and last[0] == said else question.read(said)
        self._known[question.texts] = said, made
        return made

    def _at(self, lists: Sequence[_Rows]) -> "_Here":
        if self._sets is None:
            self._sets = _character_sets(lists[-1])
        (here,) = lists[2]
        return _Here(str(here["user"]), str(here["name"]), self._flavour, self._sets)


@dataclass(frozen=True, slots=True)
class _Here:
    """What answers are read by: who asks, in which database of what server."""

    user: str
    database: str
    flavour: Flavour
    sets: CharacterSets

    def questions(self, found: _Rows, routines: _Rows) -> Iterator[_Question[_Thing]]:
        """What asks for each of what is listed."""
        for name, kind in entities(found):
            yield self._entity(kind, name)
        for row in routines:
            yield self._routine(str(row["kind"]), str(row["name"]), row)

    def _entity(self, kind: str, name: str) -> _Question[_Thing]:
        if kind == VIEW:
            columns = query("view").replace("%s", literal(name))
            return _Question((showing(VIEW, name), columns), lambda said: self._view(name, said))
        if kind == SEQUENCE:
            texts = (showing(SEQUENCE, name),)
            return _Question(texts, lambda said: SchemaObject("sequence", name, self._text(SEQUENCE, said)))
        texts = (showing("TABLE", name),)
        return _Question(texts, lambda said: table(self._text("TABLE", said), name, self.sets, self.flavour))

    def _view(self, name: str, said: Sequence[Said]) -> Entity:
        if isinstance(said[0], MySQLError):  # what it reads is gone: the server no longer prints it
            return Entity(name, "view", options=options(definition=f"invalid: {said[0].args[-1]}"))
        return view(name, self._text(VIEW, said), _listed(said[1:]))

    def _routine(self, kind: str, name: str, row: Row) -> _Question[_Thing]:
        """A function, procedure or package. Its definer and mode, which the list has, are in its text as well."""
        return _Question(
            (showing(kind, name),),
            lambda said: moded(
                SchemaObject(kind.lower(), name, undefined(self._text(kind, said))), row, self.user, self.flavour
            ),
        )

    def _text(self, what: str, said: Sequence[Said]) -> str:
        return text_in(said[0], what, self.database)

    def objects(self, here: _Rows, events: _Rows, rights: _Rows, fired: _Rows) -> Iterator[SchemaObject]:
        """What the lists say by themselves."""
        for row in events:
            made = SchemaObject("event", str(row["name"]), str(row["definition"]))
            yield moded(made, row, self.user, self.flavour)
        yield from privileges(rights)
        yield from triggers(fired, self.user, self.flavour)
        for row in here:
            if row["own"] != row["usual"]:
                yield SchemaObject("database", "default collation", str(row["own"]))


def _listed(said: Sequence[Said]) -> _Rows:
    return tuple(answered(said[0]).rows())


def _character_sets(found: _Rows) -> CharacterSets:
    return CharacterSets(
        tuple((str(row["name"]), str(row["collation"])) for row in found),
        tuple((str(row["name"]), int(str(row["widest"]))) for row in found),
    )


def _schema(things: Sequence[_Thing]) -> Schema:
    entities = [thing for thing in things if isinstance(thing, Entity)]
    objects = [thing for thing in things if isinstance(thing, SchemaObject)]
    return Schema(
        tuple(sorted(entities, key=lambda entity: entity.name)),
        tuple(sorted(objects, key=lambda thing: (thing.kind, thing.name, thing.definition))),
    )
