"""arrays-bounded: an array that a query makes longer has a bound, in the validator or in the write itself."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from harness.checks.base import Case, Check, Finding
from harness.checks.states import cut_short, head, line_of_entity, line_of_field
from harness.counting import counted
from harness.design.model import Entity, Field
from harness.run.seen.rows import Pushed
from harness.source import Source


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding for each array that a query makes longer."""
    arrays: dict[tuple[str, str], list[Pushed]] = defaultdict(list)
    for pushed in case.run.of(Pushed):
        arrays[pushed.push.entity, pushed.push.field].append(pushed)
    for (entity, field), found in arrays.items():
        yield _array(check, case, entity, field, found)


def _array(check: Check, case: Case, name: str, path: str, found: Sequence[Pushed]) -> Finding:
    subject = f"{name}.{path}"
    entity = head(case).entity(name)
    field = _field(entity, path)
    source = _line(case, name, field.name if field is not None else path, found)
    open_ = [pushed for pushed in found if not pushed.push.bound]
    if not open_:
        bounds = ", ".join(dict.fromkeys(pushed.push.bound for pushed in found))
        return check.found("holds", subject, f"each write that makes it longer keeps it short ({bounds})", source)
    limit = _limit(entity, field, open_)
    if limit:
        return check.found("holds", subject, limit, source)
    if entity is None or cut_short(case):
        return check.found("unverified", subject, cut_short(case) or f"there is no collection {name}", source)
    first = open_[0]
    message = (
        f"query {first.query} makes it longer ({first.push.how}) each time that it is run, and nothing bounds it: "
        "no maxItems in the validator, no $slice in the write"
    )
    return check.found("broken", subject, message, source, evidence={"queries": [each.query for each in open_]})


def _field(entity: Entity | None, path: str) -> Field | None:
    """The field that a path means: an update names an array of arrays' elements by their place."""
    fields = entity.fields if entity is not None else ()
    return next((f for f in fields if f.name.replace("[]", "") == path.replace("[]", "")), None)


def _limit(entity: Entity | None, field: Field | None, found: Sequence[Pushed]) -> str:
    """What the validator has against it; empty when it has nothing."""
    if entity is None or field is None:
        return ""
    most = next((c.expression for c in entity.checks if c.name == f"{field.name} maxItems"), None)
    if most is not None:
        return f"the validator refuses a longer one: {most}"
    element = field.shape.element if field.shape is not None else None
    if element is not None and element.labels and all(each.push.how in {"$addToSet", "$setUnion"} for each in found):
        return f"it holds each of {counted(len(element.labels), 'value')} at most once ({found[0].push.how})"
    return ""


def _line(case: Case, entity: str, field: str, found: Sequence[Pushed]) -> Source:
    """The row of the field, else the write."""
    line = line_of_field(case, entity, field)
    return found[0].push.source if line == line_of_entity(case, entity) else line


CHECK = Check(
    name="arrays-bounded",
    question="Has each array that a query makes longer a bound, in the validator or in the write itself?",
    why="A document is read, written and sent as a whole and may have 16 MB: one whose array grows for as long as it "
    "is used gets slower with every write, and refuses them in the end.",
    remedy="Give the array maxItems in the validator, cut it with $slice when pushing, or keep its elements as "
    "documents of a collection of their own.",
    severity="warning",
    breaks='db.devices.updateOne({ _id: 1 }, { $push: { readings: 5 } })   with   { bsonType: "array" }',
    holds="db.devices.updateOne({ _id: 1 }, { $push: { readings: { $each: [5], $slice: -50 } } })",
    judge=judge,
)
