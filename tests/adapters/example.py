"""What the contract suite needs to know of an engine's language; as ``example.EXAMPLE`` in each engine's folder."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Example:
    """Texts that mean the same on every engine, about the tables ``users`` and ``orders`` of the contract suite.

    Attributes:
        script: three statements, on lines 2, 4-5 and 7, with comments between them.
        broken: two statements, of which the second, on line 2, is refused by the server.
        unparsable: one statement that is no statement.
        addition: adds something to ``users``; ``intent`` can derive how to take it back.
        query: finds the orders of user 5; its value stands as ``5``.
        wrong_query: names a field that is not there.
        deletion: removes all orders.
        key: the field of the primary keys.
        whole: the type of keys, as a document says it.
        decimal: the type of amounts.
        text: the type of texts.
    """

    script: str
    broken: str
    unparsable: str
    addition: str
    query: str
    wrong_query: str
    deletion: str
    key: str = "id"
    whole: str = "bigint"
    decimal: str = "numeric(10,2)"
    text: str = "varchar(100)"
