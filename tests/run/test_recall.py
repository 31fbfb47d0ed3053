"""What a rollback loses of documents, reckoned on a real server: each kind of loss, and its twin that keeps all."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from harness import adapters
from harness.checks.base import Case
from harness.checks.registry import judge
from harness.design.build import build as designed
from harness.document.markdown import read
from harness.errors import ServerError
from harness.plan.build import build as plan_of
from harness.plan.model import Scenario
from harness.recalling import Recalled
from harness.run.archive import Archive
from harness.run.bench import Bench
from harness.run.ledger import reckon
from harness.run.model import Run, Silent
from harness.run.seen.rows import Reckoned
from harness.run.staircase import climb
from harness.servers.model import Server
from harness.servers.provider import provide
from tests.conftest import missing

ENGINE = adapters.find("mongodb")
DOCUMENT = """\
# People
**Type:** MongoDB

### Migration 001: Start
**Up:**
```javascript
db.createCollection("people", {{ validator: {{ $jsonSchema: {{
  required: ["name", "cents", "address"],
  properties: {{
    name: {{ bsonType: "string", minLength: 4 }}, cents: {{ bsonType: "int" }},
    address: {{ bsonType: "object", required: ["city"], properties: {{ city: {{ bsonType: "string" }} }} }},
    marks: {{ bsonType: "array", minItems: 1, items: {{ bsonType: "object", required: ["of"], properties: {{
      of: {{ bsonType: "string" }} }} }} }}
  }} }} }} }});
db.settings.insertMany([
  {{ _id: "a", days: NumberInt(90), unit: "day" }}, {{ _id: "b", days: NumberInt(1), unit: "hour" }}
]);
{more}
```
**Down:**
```javascript
db.people.drop(); db.settings.drop();
```

### Migration 002: Change
{words}

**Up:**
```javascript
{up}
```
**Down:**
```javascript
{down}
```
"""


@dataclass(frozen=True)
class Trial:
    """A migration, and what it loses: collection, path, kind, whose. ``words`` may announce it."""

    name: str
    up: str
    down: str
    lost: tuple[tuple[str, str, str, str], ...] = ()
    words: str = ""
    verdict: str = ""
    thorough: bool = False
    more: str = ""


WRITTEN, BEFORE = "written after", "there before"
LAX = 'db.runCommand({ collMod: "people", validationLevel: "off" });\n'
STRICT = '\ndb.runCommand({ collMod: "people", validationLevel: "strict" });'
SPAN = """db.settings.updateMany({}, [
  { $set: { span: { amount: "$days", unit: "$unit" } } }, { $unset: ["days", "unit"] }
]);"""
NO_SPAN = (
    """db.settings.updateMany({}, [{ $set: { days: "$span.amount", unit: "$span.unit" } }, { $unset: "span" }]);"""
)
TEXT = """db.settings.updateMany({}, [
  { $set: { span: { $concat: [{ $toString: "$days" }, " ", "$unit"] } } }, { $unset: ["days", "unit"] }
]);"""
ONE = 'db.{}.createIndex({{ "{}": 1 }}, {{ unique: true, name: "{}" }});\n'

TRIALS = (
    Trial("documents that are rewritten and written back", SPAN, NO_SPAN),
    Trial(
        "documents that are rewritten and not written back",
        TEXT,
        'db.settings.updateMany({}, { $unset: { span: "" } });',
        (
            ("settings", "days", "value gone", BEFORE),
            ("settings", "unit", "value gone", BEFORE),
            ("settings", "span", "nulled", WRITTEN),
        ),
    ),
    Trial(
        "a computed value that the down takes apart again",
        TEXT,
        'db.settings.updateMany({}, [{ $set: { part: { $split: ["$span", " "] } } }, { $set: { days: { $toInt: '
        '{ $arrayElemAt: ["$part", 0] } }, unit: { $arrayElemAt: ["$part", 1] } } }, { $unset: ["part", "span"] }]);',
    ),
    Trial(
        "a field of a nested document",
        f'{LAX}db.people.updateMany({{}}, {{ $rename: {{ "address.city": "town" }} }});',
        f'db.people.updateMany({{}}, {{ $unset: {{ town: "" }} }});{STRICT}',
        (("people", "address.city", "value gone", BEFORE), ("people", "town", "value gone", WRITTEN)),
        thorough=True,
    ),
    Trial(
        "texts that are cut off",
        'db.people.updateMany({}, [{ $set: { name: { $substrCP: ["$name", 0, 4] } } }]);',
        'db.people.updateMany({}, { $unset: { nothing: "" } });',
        (("people", "name", "truncated", BEFORE), ("people", "name", "truncated", WRITTEN)),
        thorough=True,
    ),
    Trial(
        "fields of documents in arrays",
        f'{LAX}db.people.updateMany({{}}, {{ $rename: {{ name: "fullName" }} }});',
        'db.people.updateMany({}, { $rename: { fullName: "name" }, $set: { "marks.$[].of": "?" } });' + STRICT,
        (("people", "marks[].of", "changed", BEFORE), ("people", "marks[].of", "changed", WRITTEN)),
        thorough=True,
    ),
    Trial(
        "a collection that is dropped takes its documents along",
        'db.notes.insertOne({ _id: 1, body: "x" });',
        "db.notes.drop();",
        (("notes", "", "rows gone", WRITTEN),),
    ),
    Trial(
        "and the document may say so",
        'db.notes.insertOne({ _id: 1, body: "x" });',
        "db.notes.drop();",
        (("notes", "", "rows gone", WRITTEN),),
        "Going back loses all notes.",
        "holds",
        thorough=True,
    ),
    Trial(
        "a default that the down takes back takes what was chosen along",
        "db.settings.updateMany({}, { $set: { level: 1 } });",
        'db.settings.updateMany({}, { $unset: { level: "" } });',
        thorough=True,
    ),
    Trial(
        "a down that deletes",
        "db.people.updateMany({}, { $set: { extra: 1 } });",
        "db.people.deleteMany({});",
        (("people", "", "rows gone", BEFORE), ("people", "", "rows gone", WRITTEN)),
    ),
    Trial(
        "a collection that is renamed and back",
        'db.people.renameCollection("persons");',
        'db.persons.renameCollection("people");',
    ),
    Trial(
        "a document embedded and taken out again",
        f"""{LAX}db.people.find().forEach((p) => {{ db.addresses.insertOne({{ _id: p._id, city: p.address.city }}); }});
db.people.updateMany({{}}, {{ $unset: {{ address: "" }} }});""",
        f"""db.addresses.find().forEach((a) => {{
  db.people.updateOne({{ _id: a._id }}, {{ $set: {{ address: {{ city: a.city }} }} }});
}});
db.addresses.drop();{STRICT}""",
        verdict="unverified",  # what is written without an address has none to be taken out
        thorough=True,
    ),
    Trial(
        "a field that the up takes out, and that is written all the same",
        'db.people.updateMany({}, { $unset: { marks: "" } });',
        'db.people.updateMany({}, { $unset: { nothing: "" } });',
        (("people", "marks[].of", "value gone", BEFORE),),
    ),
    Trial(
        "a unique index alone, which cannot be made again",
        'db.people.dropIndex("one");',
        ONE.format("people", "name", "one"),
        verdict="broken",
        more=ONE.format("people", "name", "one"),
    ),
    Trial(
        "and one of what stands in arrays, which need not be there",
        'db.people.dropIndex("one");',
        ONE.format("people", "marks.of", "one"),
        verdict="broken",
        more=ONE.format("people", "marks.of", "one"),
        thorough=True,
    ),
    Trial(
        "and one of documents that no validator tells of",
        'db.settings.dropIndex("one");',
        ONE.format("settings", "unit", "one"),
        verdict="broken",
        more=ONE.format("settings", "unit", "one"),
        thorough=True,
    ),
    Trial(
        "a unique index alone, in whose place another one is",
        'db.people.dropIndex("one");\n' + ONE.format("people", "name", "other"),
        'db.people.dropIndex("other");\n' + ONE.format("people", "name", "one"),
        more=ONE.format("people", "name", "one"),
        thorough=True,
    ),
)


@pytest.fixture(scope="module")
def mongod(request: pytest.FixtureRequest) -> Iterator[Server]:
    try:
        with provide(ENGINE.recipe(None, None), "local") as server:
            yield server
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise


def seen(server: Server, trial: Trial, folder: Path) -> Case:
    path = folder / "people.md"
    path.write_text(DOCUMENT.format(words=trial.words, up=trial.up, down=trial.down, more=trial.more), encoding="utf-8")
    plan = plan_of(designed(read(path)), ENGINE, Scenario())
    bench = Bench(plan, ENGINE, server, Silent())
    with climb(bench) as (applied, _):
        pass
    assert applied == 2, bench.seen
    reckon(bench, applied, datetime.now(UTC))
    return Case(plan, Run(ENGINE.name, server.version, "local", None, "", 0.0, tuple(bench.seen), bench.traits))


@pytest.mark.parametrize(
    "trial", [pytest.param(t, id=t.name, marks=[pytest.mark.thorough] if t.thorough else []) for t in TRIALS]
)
def test_what_is_lost_of_documents_is_found_and_nothing_else(trial: Trial, mongod: Server, tmp_path: Path) -> None:
    case = seen(mongod, trial, tmp_path)
    losses = [loss for reckoned in case.run.of(Reckoned) for loss in reckoned.losses]
    told = {(x.entity, x.field, x.kind, x.whose) for x in losses}
    finding = next(f for f in judge(case, select=["rollback-keeps-data"]) if f.subject == "migration 002")

    assert told == set(trial.lost), (losses, [str(o) for o in case.run.skips("ledger")])
    assert finding.verdict == (trial.verdict or ("broken" if trial.lost else "holds")), finding.message
    assert all(loss.count > 0 and loss.examples for loss in losses)


def test_examples_name_documents_by_their_id(mongod: Server, tmp_path: Path) -> None:
    (reckoned,) = seen(mongod, TRIALS[1], tmp_path).run.of(Reckoned)

    days = next(loss for loss in reckoned.losses if loss.field == "days")
    assert days.count == 2
    assert days.examples == ('_id "a": 90', '_id "b": 1')


def test_states_are_compared_by_what_documents_hold_and_not_by_their_order() -> None:
    with Archive() as archive:
        archive.keep("before", "c", [Recalled(str(n), {"a": str(n), "b": "1"}) for n in range(1000)])
        archive.keep("after", "c", [Recalled(str(n), {"b": "1", "a": str(n)}) for n in range(999, 1, -1)])
        archive.keep("after", "c", [Recalled("1", {"a": "changed", "b": "1"})])

        apart = list(archive.apart("before", "after", "c"))
        assert apart == [("0", {"a": "0", "b": "1"}, None), ("1", {"a": "1", "b": "1"}, {"a": "changed", "b": "1"})]
        assert archive.entities("before") == ("c",)
