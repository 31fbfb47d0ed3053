"""What a script does to a database: the calls that its JavaScript made, as values. The language side hands them over.

``script.calls(statement, before=(), answers=())`` evaluates one top-level statement in a sandbox and gives its calls
in order, or the refusal of the first thing that cannot be::

    db.users.createIndex({ email: 1 }, { unique: true })
        Call("createIndex", "users", ({"email": 1}, {"unique": True}), (), 1)
    db.users.find({ age: { $gt: 21 } }).sort({ name: 1 }).limit(5)
        Call("find", "users", ({"age": {"$gt": 21}},), (("sort", ({"name": 1},)), ("limit", (5,))), 1)
    db.createCollection("users", { capped: true, size: 4096 })
        Call("createCollection", "", ("users", {"capped": True, "size": 4096}), (), 1)
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

Link: TypeAlias = tuple[str, tuple[Any, ...]]
"""A method that was called on the result of another, and its arguments."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method of ``db`` or of a collection.

    Attributes:
        method: as in mongosh (``createIndex``, ``updateMany``, ``runCommand``).
        collection: the collection that it was called on; empty for methods of ``db`` itself.
        arguments: values that BSON knows, in the driver's types; documents keep the order of their keys.
        chain: what was called on its result, in order.
        line: where it stands within the statement's text, counted from 1.
        awaits: the script goes on only with its result. It is the last call that is known then: the statement is
            evaluated again with the result added to ``answers``, and gives the same calls and those that follow.
        session: the number of the session that it is called in; 0 where it is in none.
    """

    method: str
    collection: str
    arguments: tuple[Any, ...]
    chain: tuple[Link, ...]
    line: int
    awaits: bool = False
    session: int = 0
