"""Which constraint an index stands behind. The catalog does not tell: it has to be read off what is there.

A unique constraint and a unique index are one and the same here, and a foreign key makes an index where none serves
it. So of the unique indexes on the same columns one is the constraint's (the primary key's before all; then the one
that the server has named after its column; then the first), and any other is a double of it. An index that is named and
keyed exactly as the server does it for a foreign key counts as the foreign key's.
"""

from collections.abc import Sequence
from dataclasses import replace

from harness.adapters.mysql.inspect_parts import PRIMARY, key
from harness.design.model import ForeignKey, Index


def constrained(indexes: Sequence[Index], foreign_keys: Sequence[ForeignKey]) -> tuple[Index, ...]:
    """The indexes, in their order, each with the constraint it stands behind."""
    keeping = {name for name in map(_keeper, _same_columns(indexes)) if name}
    return tuple(replace(index, constraint=_constraint(index, keeping, foreign_keys)) for index in indexes)


def _same_columns(indexes: Sequence[Index]) -> list[list[Index]]:
    groups: dict[frozenset[str], list[Index]] = {}
    for index in indexes:
        found = key(index)
        if found is not None:
            groups.setdefault(frozenset(found.fields), []).append(index)
    return list(groups.values())


def _keeper(group: Sequence[Index]) -> str | None:
    """The one of several unique indexes on the same columns that is the constraint's."""
    return min(group, key=lambda index: (index.name != PRIMARY, index.name != index.keys[0].text)).name


def _constraint(index: Index, keeping: set[str], foreign_keys: Sequence[ForeignKey]) -> str | None:
    if index.unique:
        return index.name if index.name in keeping else None
    columns = tuple(part.text for part in index.keys)
    plain = index.method == "btree" and not index.options and not any(p.length or p.descending for p in index.keys)
    made = (k for k in foreign_keys if k.fields == columns and index.name in {k.name, columns[0]})
    return next((k.name for k in made), None) if plain else None
