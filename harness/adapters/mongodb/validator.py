"""A validator as fields and checks: the properties of its ``$jsonSchema``, nested ones with dotted names.

``address.city`` is the field of an embedded document, ``items[].sku`` that of each document in an array. What a
validator asks for besides is kept whole among the collection's options, and compared there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from harness.adapters.mongodb.condition import condition, quoted, value
from harness.adapters.mongodb.literal import literal
from harness.adapters.mongodb.shape import labels, shape, takes_null, type_text
from harness.adapters.mongodb.spoken import spoken
from harness.design.model import Check, Field, Shape

SHOWN = frozenset(
    {"bsonType", "type", "enum", "properties", "required", "items", "description", "title", "minimum", "maximum",
     "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "minItems", "maxItems"}
)  # fmt: skip
"""Keywords that fields and checks tell of; all others are options of their field."""

IMPLIED_ID = Field("_id", "objectId", nullable=True, shape=Shape("objectid"))
"""What drivers put there when a document brings none."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a validator says, taken apart."""

    fields: tuple[Field, ...]
    checks: tuple[Check, ...]


def rules(validator: Mapping[str, Any]) -> Rules:
    """The fields and checks of a validator; every document has an ``_id``."""
    found = _merged(_schemas(validator))
    fields = tuple(_fields(found, ""))
    fields = tuple(_needed(field, spoken(validator)) for field in fields)
    paths = {f.name.replace("[]", "") for f in fields}
    fields = (*fields, *(f for f in spoken(validator) if f.name not in paths))
    named = fields if any(f.name == "_id" for f in fields) else (IMPLIED_ID, *fields)
    return Rules(named, (*_checks(found, ""), *_conditions(validator, named)))


def _needed(field: Field, told: tuple[Field, ...]) -> Field:
    """A field that a query's operator asks for is there, though the schema does not require it."""
    asked = any(other.name == field.name and not other.nullable for other in told)
    return replace(field, nullable=False) if asked and "null" not in field.type else field


def field_name(path: str, fields: tuple[Field, ...]) -> str:
    """The field that a path means: paths step into arrays without saying so."""
    return next((f.name for f in fields if f.name.replace("[]", "") == path), path)


def _schemas(validator: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if "$jsonSchema" in validator:
        yield validator["$jsonSchema"]
    for part in validator.get("$and", ()):
        yield from _schemas(part)


def _merged(schemas: Iterator[Mapping[str, Any]]) -> dict[str, Any]:
    """Schemas that must all hold, as one: later properties beside earlier ones."""
    result: dict[str, Any] = {}
    for schema in schemas:
        for part in (schema, *schema.get("allOf", ())):
            result["properties"] = {**result.get("properties", {}), **part.get("properties", {})}
            result["required"] = [*result.get("required", ()), *part.get("required", ())]
    return result


def _fields(schema: Mapping[str, Any], prefix: str) -> Iterator[Field]:
    required = schema.get("required", ())
    properties = schema.get("properties", {})
    for name in dict.fromkeys((*properties, *required)):
        rule = properties.get(name, {})
        yield Field(
            f"{prefix}{name}",
            type_text(rule),
            # One that is missing is made before the validator sees the document.
            nullable=takes_null(rule) or name not in required or f"{prefix}{name}" == "_id",
            description=str(rule.get("description", "")),
            options=tuple(sorted(_options(rule, required=name in required))),
            shape=shape(rule),
        )
        yield from _nested(rule, f"{prefix}{name}")


def _nested(rule: Mapping[str, Any], name: str) -> Iterator[Field]:
    yield from _fields(rule, f"{name}.")
    if isinstance(items := rule.get("items"), Mapping):
        yield from _nested(items, f"{name}[]")


def _options(rule: Mapping[str, Any], *, required: bool) -> Iterator[tuple[str, str]]:
    if required and takes_null(rule):
        yield "required", "yes"  # it may be null, but not left out
    yield from ((word, literal(said)) for word, said in rule.items() if word not in SHOWN)


def _checks(schema: Mapping[str, Any], prefix: str) -> Iterator[Check]:
    for name, rule in schema.get("properties", {}).items():
        yield from _of_field(rule, f"{prefix}{name}")


def _of_field(rule: Mapping[str, Any], name: str) -> Iterator[Check]:
    for word, expression in _expressions(rule, quoted(name)):
        yield Check(f"{name} {word}", expression, (name,))
    yield from _checks(rule, f"{name}.")
    if isinstance(items := rule.get("items"), Mapping):
        yield from _of_field(items, f"{name}[]")


def _expressions(rule: Mapping[str, Any], field: str) -> Iterator[tuple[str, str]]:
    """Each keyword that limits a value, and the condition that it makes."""
    for word, strictly, operator in (("minimum", "exclusiveMinimum", ">"), ("maximum", "exclusiveMaximum", "<")):
        if word in rule:
            yield word, f"{field} {operator}{'' if rule.get(strictly) else '='} {value(rule[word])}"
    for word, template in SIZES.items():
        if word in rule:
            yield word, template.format(field=field, given=value(rule[word]))
    if "enum" in rule and not labels(rule):
        values = [value(each) for each in rule["enum"] if each is not None]
        if None not in values:
            yield "enum", f"{field} IN ({', '.join(map(str, values))})"


SIZES = {
    "multipleOf": "{field} % {given} = 0",
    "minLength": "char_length({field}) >= {given}",
    "maxLength": "char_length({field}) <= {given}",
    "pattern": "{field} ~ {given}",
    "minItems": "cardinality({field}) >= {given}",
    "maxItems": "cardinality({field}) <= {given}",
}


def _conditions(validator: Mapping[str, Any], fields: tuple[Field, ...]) -> Iterator[Check]:
    """What a validator asks for with the operators of queries."""
    for key, said in validator.items():
        if key == "$and":
            for part in said:
                yield from _conditions(part, fields)
        elif key != "$jsonSchema":
            text = condition({key: said}, lambda path: field_name(path, fields), present=True)
            spoken = tuple(f.name for f in fields if quoted(f.name) in text or f'"${f.name}"' in text)
            yield Check(f"validator {key}", text, spoken)
