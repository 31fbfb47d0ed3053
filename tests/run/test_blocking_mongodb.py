"""MongoDB beside traffic: what holds a collection stops writers and is found; its twin stops nobody."""

from pathlib import Path

import pytest

from harness import adapters
from harness.adapters.mongodb.working import prepared
from harness.checks.base import Finding
from harness.design.model import Statement
from harness.errors import ServerError
from harness.pipeline import Options, verified
from harness.run.model import Silent
from harness.source import Source
from tests.conftest import missing

ROWS = "200000"
"""As many as keep writers out for more than twice the limit while an index of theirs is made anew."""
DOCUMENT = """\
# Notes

**Type:** MongoDB

## Migrations

### Migration 001: Notes
```javascript
// Up
db.createCollection("notes", {{ validator: {{ $jsonSchema: {{ bsonType: "object", required: ["body", "kind"],
  properties: {{
    _id: {{ bsonType: "objectId" }}, body: {{ bsonType: "string" }}, kind: {{ bsonType: "int" }} }} }} }} }});
db.notes.createIndex({{ kind: 1 }}, {{ name: "notes_kind" }});
// Down
db.notes.drop();
```

### Migration 002: The index made anew
```javascript
// Up
{up}
// Down
{down}
```
"""
CASES = {
    "in its place": ("db.notes.reIndex();", "db.notes.find().limit(1);", "broken"),
    "beside it": (
        'db.notes.createIndex({ kind: 1, _id: 1 }, { name: "notes_kind_2" });\ndb.notes.dropIndex("notes_kind");',
        'db.notes.createIndex({ kind: 1 }, { name: "notes_kind" });\ndb.notes.dropIndex("notes_kind_2");',
        "holds",
    ),
}


@pytest.mark.thorough
@pytest.mark.parametrize("case", CASES)
def test_what_holds_a_collection_is_told_from_what_does_not(
    case: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    up, down, verdict = CASES[case]
    found = _blocks(tmp_path, DOCUMENT.format(up=up, down=down), request)["migration 002 up"]

    assert found.verdict == verdict, found.message
    assert "requests/s" in found.message or "writers" in found.message
    disk = found.evidence.get("statements", [found.evidence])[0]["disk_bytes"]
    assert 0 < disk["before"] <= disk["most"]
    if verdict == "broken":
        assert "exclusive (X)" in found.message
        assert "another name" in (found.remedy or "")


def _blocks(folder: Path, text: str, request: pytest.FixtureRequest) -> dict[str, Finding]:
    path = folder / "notes.md"
    path.write_text(text, encoding="utf-8")
    (folder / "notes.toml").write_text("[limits]\nblocks_ms = 100\n", encoding="utf-8")
    options = Options(server="local", scenario=str(folder / "notes.toml"), rows=(ROWS,), select=("blocks-at-most",))
    try:
        report = verified(path, options, Silent())
    except ServerError as error:
        missing(request.config, "mongodb", str(error))
        raise
    return {finding.subject: finding for finding in report.findings}


def test_many_texts_are_evaluated_at_once_and_told_apart() -> None:
    texts = ("db.a.find({ x: 1 })", "db.b.updateOne({\n  _id: 1\n}, { $set: { y: 2 } })", "db.c.deleteOne({ _id: 3 })")
    found = prepared(texts)

    assert [(text, [call.collection for call in found[text]]) for text in texts] == list(
        zip(texts, (["a"], ["b"], ["c"]), strict=True)
    )
    assert not prepared(("db.a.find({", "db.b.find()"))


@pytest.mark.parametrize(
    ("text", "verb", "entity"),
    [
        ("db.a.reIndex()", "alter", "a"),
        ('db.runCommand({ convertToCapped: "a", size: 1000 })', "other", "a"),
        ('db.a.aggregate([{ $match: {} }, { $out: "b" }])', "other", "b"),
        ('db.a.aggregate([{ $merge: { into: "b" } }])', "other", "b"),
        ("db.a.aggregate([{ $match: {} }])", "select", "a"),
    ],
)
def test_what_a_command_is_about(text: str, verb: str, entity: str) -> None:
    intent = adapters.find("mongodb").intent(Statement(text, Source("", 1, 1)))

    assert (intent.verb, intent.entity) == (verb, entity)
