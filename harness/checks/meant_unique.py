"""Whether code before a migration may write doubles of what is unique after it.

The schema before takes them: that alone says no more of an e-mail address than that nobody has asked yet. Where the
migration makes one of doubles that are there, code has written them. Where the document says that there are none, it
has not. A value that is made to tell rows apart (an address, a token, a number of the table's own) leaves it open, as
does a claim that no author has made; any other value may come again: a reference, a name, a date.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from harness.checks.base import Case
from harness.checks.naming import ONLY_ONE, forms, parts, spoken, tables
from harness.checks.unreached import before_it
from harness.design.claim_types import BackwardCompatible, Rule, Told
from harness.design.model import Entity, Schema
from harness.run.model import Tried

Written = Literal["written", "unsaid", "never"]

DENIED = re.compile(
    r"\b(?:not|nicht|never|no longer)\b[^.;]{0,30}\b(?:unique|eindeutig)|\bnon-?unique|\bduplicates? (?:is|are|may)\b",
    re.IGNORECASE,
)

ALREADY = re.compile(r"\b(?:already|always|has been|have been|so far|schon|bereits|bisher|immer)\b", re.IGNORECASE)
"""That it was so before: what a migration makes unique is named in its title, too."""

TELLS_APART = frozenset(
    {"email", "mail", "username", "login", "handle", "slug", "token", "uuid", "guid", "ulid", "iban", "imei"}
    | {"vin", "ssn", "hash", "fingerprint", "hostname", "subdomain", "external_id", "public_id", "api_key"}
)
"""Last words of columns whose values are made, or chosen, to tell rows apart."""

OF_GOODS = frozenset({"sku", "isbn", "ean", "upc", "gtin", "asin", "barcode"})
"""Those of goods: beside a reference they say which of the goods somebody has ordered, counted or rated."""

OWN_NUMBER = frozenset({"no", "nr", "number", "nummer", "code", "key", "ref", "reference"})
"""Of the table's own number, where nothing else is in the name: ``invoice_no`` of invoices, ``code``."""


def written(case: Case, migration: str, tried: Tried, merged: bool) -> Written:
    """Whether such a double is written; ``merged``: the migration makes one of doubles that are there."""
    schema = before_it(case, migration)
    entity = schema.entity(tried.subject.partition(",")[0]) if schema is not None else None
    if schema is None or entity is None or merged:
        return "written"
    if any(_speaks_of(schema, entity, tried.repeats, text) for text in _sentences(case, migration)):
        return "never"
    if any(_is_unique(text) for text in _descriptions(case, entity, tried.repeats)):
        return "never"
    return "unsaid" if _tells_apart(entity, tried.repeats) or _is_asked(case, migration) else "written"


def _is_asked(case: Case, migration: str) -> bool:
    """Whether no author has said of the migration that it is compatible, who would know of doubles."""
    return any(
        c.asked for c in case.plan.design.claims if isinstance(c, BackwardCompatible) and c.migration == migration
    )


def _sentences(case: Case, migration: str) -> Iterator[str]:
    """What says that something is unique, wherever it stands; of the migration itself what says that it already was."""
    for claim in case.plan.design.claims:
        if isinstance(claim, Rule):
            text = f"{claim.title} {claim.text}"
        elif isinstance(claim, Told) or (isinstance(claim, BackwardCompatible) and ALREADY.search(claim.text)):
            text = claim.text
        else:
            continue
        if _is_unique(text) and (not isinstance(claim, BackwardCompatible) or claim.migration == migration):
            yield text


def _is_unique(text: str) -> bool:
    return ONLY_ONE.search(text) is not None and DENIED.search(text) is None


def _descriptions(case: Case, entity: Entity, names: Sequence[str]) -> Iterator[str]:
    documented = case.plan.documented_schema.entity(entity.name)
    for name in names:
        field = documented.field(name) if documented is not None else None
        if field is not None:
            yield field.description


def _speaks_of(schema: Schema, entity: Entity, names: Sequence[str], text: str) -> bool:
    """Whether a sentence names all the columns, and no other table than theirs and those that they refer to."""
    words = spoken(text)
    targets = {key.target for key in entity.foreign_keys if set(key.fields) & set(names)}
    others = set(tables(schema, text.lower().replace("e-mail", "email"))) - targets
    fields = [(field, parts(field, forms(entity.name)) - {"id"}) for name in names if (field := entity.field(name))]
    named = all(said and said <= words for _, said in fields)
    return bool(fields) and named and (not others or entity.name in others)


def _tells_apart(entity: Entity, names: Sequence[str]) -> bool:
    """Whether one of the columns does; the others may only say within which scope."""
    own = [name for name in names if not _refers(entity, name)]
    if len(own) != 1:
        return False
    name = own[0].lower()
    last = name.rpartition("_")[2]
    field = entity.field(own[0])
    if name in TELLS_APART or last in TELLS_APART or any(name.endswith(f"_{word}") for word in TELLS_APART):
        return True
    if field is not None and field.shape is not None and field.shape.family in {"uuid", "objectid"}:
        return True
    if len(names) > 1:
        return False
    return last in OF_GOODS or (last in OWN_NUMBER and {*name.split("_")[:-1]} <= forms(entity.name))


def _refers(entity: Entity, name: str) -> bool:
    if name.lower() in TELLS_APART:
        return False
    return name.lower().endswith(("_id", "id")) or any(name in key.fields for key in entity.foreign_keys)
