"""What a document says and no server keeps, references and descriptions: they are heeded when rows are made."""

from dataclasses import replace

from harness.design.model import Entity, Field, ForeignKey, Schema


def referring(live: Schema, said: Schema) -> Schema:
    """The live schema with the references of collections that the document states."""
    return replace(live, entities=tuple(_referring(entity, live, said) for entity in live.entities))


def _referring(entity: Entity, live: Schema, said: Schema) -> Entity:
    described = said.entity(entity.name)
    if described is None or entity.kind != "collection":
        return entity
    found = tuple(key for each in described.foreign_keys if (key := _key(each, entity, live)) is not None)
    return replace(entity, foreign_keys=(*entity.foreign_keys, *found))


def _key(said: ForeignKey, entity: Entity, live: Schema) -> ForeignKey | None:
    """The reference where both ends are there; of arrays of references nothing is known."""
    target = live.entity(said.target)
    if target is None or any(entity.field(name) is None or "[]" in name for name in said.fields):
        return None
    primary = target.primary_key
    fields = said.target_fields or (primary.fields if primary is not None else ())
    if len(fields) != len(said.fields) or any(target.field(name) is None for name in fields):
        return None
    return replace(said, name="_".join((entity.name, *said.fields)), target=target.name, target_fields=fields)


def described(schema: Schema, designed: Schema) -> Schema:
    """A schema with the document's words about its fields, where the server keeps none."""
    words = {
        (entity.name.lower(), field.name.lower()): field.description
        for entity in designed.entities
        for field in entity.fields
        if field.description
    }

    def told(entity: Entity) -> Entity:
        fields = tuple(
            field if field.description else replace(field, description=words.get(_at(entity, field), ""))
            for field in entity.fields
        )
        return replace(entity, fields=fields)

    return replace(schema, entities=tuple(map(told, schema.entities)))


def _at(entity: Entity, field: Field) -> tuple[str, str]:
    return entity.name.lower(), field.name.lower()
