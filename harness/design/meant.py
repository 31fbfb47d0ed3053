"""Which live indexes a claim means: by name, or by the table and column that it gives instead of one."""

from harness.design.model import Index, Schema


def meant(schema: Schema, name: str) -> tuple[Index, ...]:
    """The indexes of that name; where there are none, those that are led by ``table.column``."""
    same = tuple(i for i in schema.indexes() if i.name is not None and i.name.lower() == name.lower())
    if same:
        return same
    table, _, column = name.rpartition(".")
    entity = schema.entity(table) if table else None
    if entity is None:
        return ()
    return tuple(i for i in entity.indexes if i.keys and i.keys[0].text.lower() == column.lower())
