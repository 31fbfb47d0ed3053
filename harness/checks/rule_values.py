"""The values that a rule lists, beside those that its column takes."""

import re

from harness.design.model import Entity, Field

LIST = "Say the same values in the rule and in the type or CHECK."

LEAST_ALIKE = 2
"""Values that a list and a column have in common before the one is taken for the other's."""

_WORD = r"(?!(?:or|and)\b)['\"`]?[\w-]+['\"`]?"
_LIST = rf"({_WORD}(?:,\s*{_WORD})*(?:,?\s+(?:or|and)\s+{_WORD})?)"
LISTED = re.compile(rf"\bone of:?\s+{_LIST}|\b(?:defined|valid|allowed|possible)\b[^(]*\({_LIST}\)", re.IGNORECASE)
"""``one of new, paid or shipped``, ``only defined statuses (new, paid)``: all values there are, each a single word."""

IS_LIST = re.compile(r"\bIN\b|\bANY\b", re.IGNORECASE)
"""Lists in a CHECK, as the servers print them."""


def listed_otherwise(text: str, entity: Entity, field: Field) -> str | None:
    """In what the values that a rule lists are not those that the column takes; None where it lists none of them."""
    listed = LISTED.search(text)
    words = re.findall(r"[\w-]+", listed[1] or listed[2]) if listed else []
    said, taken = {word.lower() for word in words} - {"or", "and"}, labels(entity, field)
    if len(said & taken) < LEAST_ALIKE or said == taken:
        return None
    more, fewer = sorted(said - taken), sorted(taken - said)
    parts = [f"does not take {', '.join(more)}"] if more else []
    parts += [f"also takes {', '.join(fewer)}"] if fewer else []
    return f"{entity.name}.{field.name} {' and '.join(parts)}"


def labels(entity: Entity, field: Field) -> set[str]:
    """The values of an enum, or of a CHECK that lists values for the column alone."""
    if field.shape is not None and field.shape.family == "enum":
        return {label.lower() for label in field.shape.labels}
    lists = (
        c.expression or "" for c in entity.checks if c.fields == (field.name,) and IS_LIST.search(c.expression or "")
    )
    return {label.lower() for expression in lists for label in re.findall(r"'((?:[^']|'')*)'", expression)}
