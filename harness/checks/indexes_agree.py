"""indexes-agree: the index list and the live catalog agree."""

import re
from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding, Verdict
from harness.checks.index_likeness import keys_text, same_keys
from harness.checks.states import State, cut_short, described, head
from harness.design.model import Entity, Index, Schema
from harness.run.model import Applied


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per listed index, and one per index of a section's SQL that its list leaves out."""
    now = described(case)
    for index in case.plan.design.schema.indexes():
        yield _listed(check, case, index, now)
    yield from _unlisted(check, case)


def _listed(check: Check, case: Case, index: Index, now: State) -> Finding:
    source = index.source or case.plan.design.source()
    subject = f"index {index.name or keys_text(index)} on {index.entity}"
    if (leading := _leading(case, index, now)) is not None:
        return check.found("holds", subject, f"{leading.name} begins with it", source)
    live = _live(case, index, now)
    if live is None:
        entity = head(case).entity(index.entity) or now.schema.entity(index.entity)
        reason = cut_short(case) if entity is None or cut_short(case) else None
        if reason is not None:
            return check.found("unverified", subject, reason, source)
        return check.found("broken", subject, _absent(index, head(case)), source)
    refusal = _refusal(case, index)
    if refusal is not None and not refusal.endswith(f"{SAME}: {live.name}"):
        verdict: Verdict = "unverified" if _columns_there(case, index) else "broken"
        message = f"the server refuses the index as listed: {refusal}"
        return check.found(verdict, subject, message, source, remedy=check.remedy)
    words = list(_differences(case, index, live))
    if words:
        evidence = {"live": live.definition or keys_text(live)}
        return check.found("broken", subject, "; ".join(words), source, evidence=evidence)
    return check.found("holds", subject, f"it is there, on ({keys_text(live)})", source)


def _leading(case: Case, index: Index, now: State) -> Index | None:
    """For a mark on a column, which says no more than that it leads an index: one that it leads."""
    said = case.plan.design.schema.entity(index.entity)
    if said is None or _in_list(index, said):
        return None
    there = (i for schema in (head(case), now.schema) if (e := schema.entity(index.entity)) for i in e.indexes)
    return next((i for i in there if i.keys and i.keys[0].text.lower() == index.keys[0].text.lower()), None)


def _live(case: Case, index: Index, now: State) -> Index | None:
    for schema in (head(case), now.schema):
        if index.name is not None:
            named = _of_name(schema, index) or schema.index(index.name)
            if named is not None:
                return named
        else:
            there = entity.indexes if (entity := schema.entity(index.entity)) is not None else ()
            said = _normal(case, index) or index
            like = [i for i in there if _same_columns(said, i)]
            if like:
                return like[0]
    return None


def _of_name(schema: Schema, index: Index) -> Index | None:
    """The index of that name on the table it is listed for: the same name may stand on others (MySQL)."""
    entity = schema.entity(index.entity)
    return Schema((entity,)).index(index.name or "") if entity is not None else None


def _same_columns(one: Index, other: Index) -> bool:
    return [k.text.lower() for k in one.keys] == [k.text.lower() for k in other.keys]


def _absent(index: Index, live: Schema) -> str:
    entity = live.entity(index.entity)
    if entity is None:
        return f"there is no table {index.entity} to have it"
    like = [i for i in entity.indexes if index.keys and _same_columns(index, i)]
    other = f"; {like[0].name} has these columns" if like and index.name else ""
    return f"there is no index {index.name or 'on these columns'}{other}: no statement of the document makes it"


def _normal(case: Case, index: Index) -> Index | None:
    """The listed index as the server reads it."""
    alias = next((item.alias for item in case.plan.listed if item.index is index or item.index == index), None)
    schema = case.run.schema("listed")
    return schema.index(alias) if alias is not None and schema is not None else None


def _columns_there(case: Case, index: Index) -> bool:
    """Whether the listed columns exist, so that it is the list's wording that could not be made into an index."""
    entity = head(case).entity(index.entity)
    return entity is not None and all(key.expression or entity.field(key.text) is not None for key in index.keys)


def _refusal(case: Case, index: Index) -> str | None:
    alias = next((item.alias for item in case.plan.listed if item.index == index), None)
    refused = [a for a in case.run.of(Applied) if a.stage == "listed" and a.subject == alias and a.refusal]
    return refused[0].refusal.message if refused and refused[0].refusal else None


def _differences(case: Case, said: Index, live: Index) -> Iterator[str]:
    if said.entity.lower() != live.entity.lower():
        yield f"it is on {live.entity}, not on {said.entity}"
        return
    normal = _normal(case, said)
    if normal is None:
        return  # the list gives a name only
    if not _keys_agree(said, normal, live):
        yield f"its keys are ({keys_text(live)}), not ({keys_text(normal)})"
    if said.unique is not None and said.unique != bool(live.unique):
        yield "it is unique" if live.unique else "it is not unique"
    silent = said.predicate is None and "partial" in said.purpose.lower()
    if normal.predicate != live.predicate and not silent:
        yield f"it covers {_rows(live)}, not {_rows(normal)}"
    yield from _options(said, normal, live)
    if said.method is not None and normal.method != live.method:
        yield f"its method is {live.method}, not {normal.method}"


def _keys_agree(said: Index, normal: Index, live: Index) -> bool:
    """Columns and their order; directions where the list says any."""
    if any(key.descending is not None for key in said.keys):
        return same_keys(normal, live)
    return _same_columns(normal, live)


def _options(said: Index, normal: Index, live: Index) -> Iterator[str]:
    """Options that the list gives, as the server reads them; a removal of old documents also where it says nothing."""
    wanted, there = dict(normal.options), dict(live.options)
    told = REMOVING.search(said.purpose) is not None
    for name in dict.fromkeys((*dict(said.options), *(() if told else (REMOVES,)))):
        if wanted.get(name) != there.get(name):
            yield f"its {name} is {there.get(name, 'not given')}, not {wanted.get(name, 'left out')}"


def _rows(index: Index) -> str:
    return f"the rows WHERE {index.predicate}" if index.predicate else "all rows"


def _unlisted(check: Check, case: Case) -> Iterator[Finding]:
    """Indexes in the SQL of a section whose list does not name them."""
    for entity in (case.run.schema("declared") or Schema()).entities:
        said = case.plan.design.schema.entity(entity.name)
        if said is None or not any(_in_list(index, said) for index in said.indexes):
            continue
        for index in entity.indexes:
            if index.constraint is None and not _is_listed(case, index, said.indexes):
                message = f"the SQL makes it on ({keys_text(index)}), the list of {entity.name} does not have it"
                source = case.plan.place("index", index.name or "") or said.source or case.plan.design.source()
                yield check.found("broken", f"index {index.name} on {entity.name}", message, source)


def _in_list(index: Index, said: Entity) -> bool:
    """Whether an index stands in a list of its own, and is no mark on a column (``MUL`` in MySQL's DESCRIBE)."""
    rows = {field.source for field in said.fields if field.source is not None}
    return index.source not in rows


def _is_listed(case: Case, index: Index, listed: tuple[Index, ...]) -> bool:
    names = {i.name.lower() for i in listed if i.name is not None}
    if index.name is not None and index.name.lower() in names:
        return True
    if case.plan.design.schema.index(index.name or "") is not None:
        return True
    said = case.plan.design.schema.entity(index.entity)
    if index.unique and said is not None and tuple(k.text for k in index.keys) in {key.fields for key in said.keys}:
        return True  # of MongoDB: what the fields say to be unique is kept so by an index
    return any(i.name is None and _same_columns(i, index) for i in listed)


REMOVES = "expireAfterSeconds"
"""An index with it removes documents: who reads the list must know."""

REMOVING = re.compile(r"\bttl\b|\b(?:expir|delet|remov|purg)\w*", re.IGNORECASE)
"""Words of a list that say so, with or without the seconds."""

SAME = "already exists with a different name"
"""How MongoDB refuses an index of which it allows one only (text), where it is there as listed, and by which name."""

CHECK = Check(
    name="indexes-agree",
    question="Is each listed index there, on the listed columns in their order, as unique and as partial as listed?",
    why="Queries are designed for the indexes in the list; an index that nobody makes is missed only under load.",
    remedy="Make the list and the CREATE INDEX statements say the same.",
    severity="error",
    breaks="- `idx_orders_user` ON (user_id)   with   CREATE INDEX idx_orders_user ON orders (status);",
    holds="- `idx_orders_user` ON (user_id)   with   CREATE INDEX idx_orders_user ON orders (user_id);",
    judge=judge,
)
