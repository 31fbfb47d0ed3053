"""States of documents put aside outside the server, each document by its hash and its values, and two states compared.

A temporary file of SQLite's holds them, of which it keeps no more in memory than a few megabytes: so memory does not
grow with the documents, nothing is written to the server, and only documents whose hashes differ are looked into.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from typing import Self

from harness.recalling import Recalled

TABLE = "CREATE TABLE document (state TEXT, entity TEXT, key TEXT, hash BLOB, told TEXT)"
INDEX = "CREATE INDEX by_key ON document (state, entity, key)"
APART = """
SELECT o.key, o.told, n.told FROM document o
LEFT JOIN document n ON n.state = :new AND n.entity = o.entity AND n.key = o.key
WHERE o.state = :old AND o.entity = :entity AND (n.hash IS NULL OR n.hash <> o.hash)
ORDER BY o.key
"""

Values = Mapping[str, str]


class Archive:
    """Documents by the state in which they were seen (``before``, ``after`` …), collection and key."""

    def __init__(self) -> None:
        self._stored = sqlite3.connect("")
        self._stored.execute(TABLE)
        self._stored.execute(INDEX)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stored.close()

    def keep(self, state: str, entity: str, found: Iterable[Recalled]) -> int:
        """Put documents aside; how many."""
        rows = ((state, entity, each.key, *_told(each.values)) for each in found)
        return self._stored.executemany("INSERT INTO document VALUES (?, ?, ?, ?, ?)", rows).rowcount

    def entities(self, state: str) -> tuple[str, ...]:
        """Collections that had documents in a state."""
        found = self._stored.execute("SELECT DISTINCT entity FROM document WHERE state = ? ORDER BY 1", (state,))
        return tuple(name for (name,) in found)

    def count(self, state: str, entity: str) -> int:
        """The documents of a collection in a state."""
        text = "SELECT COUNT(*) FROM document WHERE state = ? AND entity = ?"
        return int(self._stored.execute(text, (state, entity)).fetchone()[0])

    def apart(self, old: str, new: str, entity: str) -> Iterator[tuple[str, Values, Values | None]]:
        """Documents of one state that are otherwise in another: the key, the values of both; None for one that is gone.

        The order of fields in a document is no difference.
        """
        found = self._stored.execute(APART, {"old": old, "new": new, "entity": entity})
        for key, was, now in found:
            yield key, json.loads(was), None if now is None else json.loads(now)


def _told(values: Values) -> tuple[bytes, str]:
    text = json.dumps(values, sort_keys=True)
    return hashlib.blake2b(text.encode(), digest_size=16).digest(), text
