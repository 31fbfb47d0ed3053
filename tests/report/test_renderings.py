"""Every rendering of one hand-made report: the shape, the words, and that nothing of a document can break out."""

import io
import json
import re
import resource
from dataclasses import fields, replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from report_shape import faults
from rich.console import Console

from harness.checks.registry import catalogue
from harness.design.claim_types import Claim
from harness.errors import InputError
from harness.plan.model import Plan
from harness.report import erd, understood
from harness.report.as_html import html_text
from harness.report.as_json import as_json, json_text, plain
from harness.report.as_junit import junit_text
from harness.report.as_markdown import markdown_text
from harness.report.as_sarif import as_sarif
from harness.report.as_sql import as_sql, migration_files
from harness.report.as_text import as_text, verdict_line
from harness.report.measures import milliseconds, seconds
from harness.report.model import Report
from harness.report.write import write

SHAPE = json.loads((Path(__file__).parent / "report_shape.json").read_text())


def printed(renderable: object, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    console.print(renderable)
    return console.file.getvalue()


def test_the_json_has_exactly_the_published_shape(report: Report) -> None:
    assert list(faults(json.loads(json_text(report)), SHAPE, SHAPE)) == []


def test_times_are_said_in_a_unit_that_shows_them() -> None:
    told = {0.0: "0 ms", 0.0004: "0.4 ms", 0.003: "3 ms", 0.0996: "0.10 s", 1.234: "1.23 s", 12.34: "12.3 s"}
    assert {value: seconds(value) for value in told} == told
    assert milliseconds(1234) == "1.23 s"


def test_the_json_of_an_empty_run_has_every_top_level_key(report: Report) -> None:
    empty = replace(report, findings=(), run=replace(report.run, observations=()))
    assert list(faults(as_json(empty), SHAPE, SHAPE)) == []
    assert as_json(empty)["data"] == {"rows": {}, "seconds": 0, "rows_per_second": None, "why": {}}
    assert as_json(empty)["migrations"][0]["up"] == {"ok": None, "seconds": None, "refusal": None, "statements": []}
    assert [q["p50_ms"] for q in as_json(empty)["queries"]] == [None, None]


def test_the_json_tells_figures_as_seen(report: Report) -> None:
    told = json.loads(json_text(report))
    first, second, third = told["migrations"]
    assert (first["round_trip"], second["round_trip"], third["round_trip"]) == ("order", "not-run", "not-run")
    assert (first["up"]["ok"], second["up"]["ok"], third["up"]["ok"]) == (True, False, None)
    assert second["up"]["refusal"]["message"] == 'column "role" exists'
    query = told["queries"][0]
    assert (query["p50_ms"], query["p95_ms"], query["p99_ms"], query["runs"]) == (100, 190, 198, 200)
    assert (query["rows_read"], query["pages_read"], query["rows_returned"]) == (74, 12, 9)
    assert (query["indexes_claimed"], query["indexes_used"]) == (["idx_users_email"], ["users_email_key"])
    assert [child["operation"] for child in query["access"]["children"]] == ["index scan", "scan"]
    assert told["queries"][1]["skipped"] == "migration 002 was refused"
    assert told["data"] == {
        "rows": {"users": 10000, "orders": 100000},
        "seconds": 2,
        "rows_per_second": 55000,
        "why": {"users": "", "orders": ""},
    }


@pytest.mark.parametrize(
    ("value", "held"),
    [
        (float("nan"), None),
        ({1: (2, 3)}, {"1": [2, 3]}),
        (frozenset({"b", "a"}), ["a", "b"]),
        (Path("x"), "x"),
        (None, None),
    ],
)
def test_any_evidence_becomes_a_value_that_json_holds(value: object, held: object) -> None:
    assert plain(value) == held


def test_junit_has_a_case_for_each_finding_and_fails_exactly_what_fails_the_run(report: Report) -> None:
    suite = ET.fromstring(junit_text(report)).find("testsuite")
    assert [child.tag for child in suite][:1] == ["properties"]
    assert [child.tag for child in suite][-2:] == ["system-out", "system-err"]
    cases = suite.findall("testcase")
    assert suite.get("tests") == str(len(cases)) == str(len(report.findings))
    assert {case.get("classname") for case in cases if case.find("failure") is not None} == {"index-used", "up-applies"}
    assert suite.get("failures") == "2"
    assert suite.get("skipped") == str(len(suite.findall("testcase/skipped"))) == "2"
    assert len({(case.get("classname"), case.get("name")) for case in cases}) == len(cases)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp"))
    assert "designs/orders.md:18: index-not-redundant" in suite.findtext("system-out")


def test_junit_has_the_attributes_that_schemas_ask_for_and_no_others(report: Report) -> None:
    allowed = {
        "testsuites": set(),
        "testsuite": {
            "name",
            "package",
            "id",
            "hostname",
            "timestamp",
            "time",
            "tests",
            "failures",
            "errors",
            "skipped",
        },
        "properties": set(),
        "property": {"name", "value"},
        "testcase": {"classname", "name", "time"},
        "failure": {"type", "message"},
        "skipped": {"message"},
        "system-out": set(),
        "system-err": set(),
    }
    for element in ET.fromstring(junit_text(report)).iter():
        assert set(element.keys()) == allowed[element.tag]


def test_junit_fails_the_unverified_when_the_run_does(report: Report) -> None:
    suite = ET.fromstring(junit_text(replace(report, fail_on="unverified"))).find("testsuite")
    assert (suite.get("failures"), suite.get("skipped")) == ("5", "0")


def test_sarif_has_a_result_for_each_broken_claim_and_a_rule_for_each_check(report: Report, tmp_path: Path) -> None:
    log = as_sarif(report, catalogue(), tmp_path)
    (run,) = log["runs"]
    assert log["version"] == "2.1.0"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [check.name for check in catalogue()]
    assert [(r["ruleId"], r["level"]) for r in run["results"]] == [
        ("index-not-redundant", "warning"),
        ("index-used", "error"),
        ("up-applies", "error"),
        ("types-apt", "note"),
    ]
    for result in run["results"]:
        if "ruleIndex" in result:
            assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert place["artifactLocation"] == {"uri": "designs/orders.md", "uriBaseId": "%SRCROOT%"}
        assert 1 <= place["region"]["startLine"] <= place["region"]["endLine"]


def test_sarif_names_a_file_outside_the_root_in_full(report: Report, tmp_path: Path) -> None:
    far = replace(report.findings[1], source=replace(report.findings[1].source, path="/else where/orders.md"))
    (run,) = as_sarif(replace(report, findings=(far,)), (), tmp_path)["runs"]
    assert run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"] == {
        "uri": "file:///else%20where/orders.md"
    }


def test_a_finding_keeps_its_fingerprint_when_it_moves(report: Report, tmp_path: Path) -> None:
    moved = replace(report.findings[1], source=replace(report.findings[1].source, line=99, end_line=99))
    before, after = (
        as_sarif(replace(report, findings=(f,)), (), tmp_path)["runs"][0]["results"][0]["partialFingerprints"]
        for f in (report.findings[1], moved)
    )
    assert before == after


class Page(HTMLParser):
    """Collects what a browser would fetch or run, and whether every tag is closed."""

    VOID = frozenset({"meta", "br", "path"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.outside: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.VOID:
            self.open.append(tag)
        self.outside.extend(
            f"{tag} {name}" for name, value in attrs if name in {"src", "href"} or name.startswith("on")
        )
        if tag in {"script", "link", "iframe", "object", "embed"}:
            self.outside.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        pass

    def handle_endtag(self, tag: str) -> None:
        if tag in self.VOID:
            return
        assert self.open.pop() == tag


def test_html_is_one_file_that_fetches_and_runs_nothing(report: Report) -> None:
    page = Page()
    page.feed(html_text(report))
    assert page.outside == []
    assert page.open == []


def test_html_escapes_the_words_of_documents(report: Report) -> None:
    text = html_text(report)
    assert "<script>" not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "doubles &lt;users_email_key&gt;" in text


def test_html_sets_what_stands_between_backticks_as_code(report: Report) -> None:
    told = replace(
        report.findings[1], message="`CREATE TABLE a <b> (...);` was filled; a lone ` stays", remedy="drop `x`"
    )
    text = html_text(replace(report, findings=(told,)))
    assert "<code>CREATE TABLE a &lt;b&gt; (...);</code> was filled; a lone ` stays" in text
    assert "drop <code>x</code>" in text


@pytest.mark.parametrize("render", [html_text, junit_text, markdown_text, lambda r: printed(as_text(r, verbose=True))])
def test_no_rendering_lets_control_characters_through(report: Report, render: object) -> None:
    assert "\x1b" not in render(report)


def test_markdown_tables_keep_their_columns_whatever_a_title_holds(report: Report) -> None:
    rows = [line for line in markdown_text(report).splitlines() if line.startswith("|")]
    assert any("Recent orders \\| of a user" in row for row in rows)
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {6, 8, 4}


@pytest.mark.parametrize("verbose", [False, True])
def test_text_fits_80_columns(report: Report, verbose: bool) -> None:
    lines = printed(as_text(report, verbose=verbose)).splitlines()
    assert max(map(len, lines)) <= 80


def test_text_puts_what_is_broken_first_and_tells_line_claim_and_remedy(report: Report) -> None:
    text = printed(as_text(report))
    order = [text.index(word) for word in ("broken: 2", "warnings: 1", "advice: 1", "not verified: 2", "round trip")]
    assert order == sorted(order)
    assert "designs/orders.md:65 index-used query 1 / idx_users_email" in text
    assert "said: `idx_users_email` for user lookup" in text
    assert "remedy: name the index that is used" in text


def test_text_lists_what_holds_only_when_asked(report: Report) -> None:
    assert "95% under 10 ms" not in printed(as_text(report))
    assert "95% under 10 ms" in printed(as_text(report, verbose=True))


def test_text_groups_alike_unverified_claims(report: Report) -> None:
    assert "rule-covered lines 130, 131: this kind of claim is not checked" in printed(as_text(report))


def test_the_verdict_is_one_line(report: Report) -> None:
    line = verdict_line(report).plain
    assert line == "orders: broken · 2 errors · 1 warning · 1 advice · 2 unverified · 2 hold · 12.3 s"


def test_the_verdict_leaves_out_what_there_is_none_of(report: Report) -> None:
    good = replace(report, findings=report.findings[:1])
    assert verdict_line(good).plain == "orders: holds · 1 holds · 12.3 s"


def test_mermaid_draws_keys_and_cardinality(plan: Plan) -> None:
    text = erd.mermaid(plan.documented_schema)
    assert text.startswith("erDiagram\n")
    assert "VARCHAR(255) email UK" in text
    assert 'users ||--o{ orders : "user_id"' in text
    assert 'users |o--o{ users : "manager_id"' in text


def test_svg_is_well_formed_and_places_children_right_of_parents(plan: Plan) -> None:
    ET.fromstring(erd.svg(plan.documented_schema))
    boxes = erd.placed(plan.documented_schema)
    assert boxes["users"].left + boxes["users"].width < boxes["orders"].left


def test_a_cycle_of_references_is_drawn_too(plan: Plan) -> None:
    users, orders = plan.documented_schema.entities
    back = replace(users, foreign_keys=(replace(orders.foreign_keys[0], target="orders"),))
    ET.fromstring(erd.svg(replace(plan.documented_schema, entities=(back, orders))))


def test_show_tells_everything_with_its_line(plan: Plan) -> None:
    text = printed(understood.as_text(plan.design))
    for expected in (
        "   10  table users: people who buy",
        "   13    email VARCHAR(255) not null",
        "   18    index idx_users_email (email)",
        "   22  ddl of users: creates a table",
        "   38  orders (user_id) references users(id) on delete CASCADE",
        "   65    uses index idx_users_email",
        "   67    within 10 ms (percentile 95, typical data volumes)",
        "   89  002: Add role (planned)",
        "  130  backup: Daily at 2 AM",
        "  139  see the wiki: a link to nowhere",
    ):
        assert expected in text


def test_show_as_json_names_the_kind_of_each_claim(plan: Plan) -> None:
    told = understood.as_json(plan.design)
    assert json.loads(json.dumps(told)) == told
    assert told["schema"] == "harness.design/1"
    assert [claim["kind"] for claim in told["claims"]] == ["relates", "uses-index", "within-target", "told"]


def test_every_kind_of_claim_has_a_name() -> None:
    assert set(understood.KINDS) == set(Claim.__args__)


def test_sql_can_be_run_as_it_stands_and_says_what_was_filled(plan: Plan) -> None:
    text = as_sql(plan)
    runnable = [line for line in text.splitlines() if line and not line.startswith("--")]
    assert runnable == [
        "CREATE TABLE users (id bigserial);",
        "ALTER TABLE users ADD COLUMN role varchar(20);",
        "SELECT 1;",
    ]
    assert "-- filled from line 22" in text
    assert "-- no down: none is given, and none can be derived" in text


def test_migration_files_are_numbered_in_order(plan: Plan) -> None:
    assert [name for name, _ in migration_files(plan, "golang-migrate")] == [
        "000001_initial_schema.up.sql",
        "000001_initial_schema.down.sql",
        "000002_add_role.up.sql",
        "000002_add_role.down.sql",
        "000003_never_reached.up.sql",
    ]


def test_all_files_are_written_and_nothing_else(report: Report, tmp_path: Path) -> None:
    written = write(report, tmp_path / "deep" / "reports")
    assert written == tmp_path / "deep" / "reports" / "orders"
    assert {p.name for p in written.iterdir()} == {
        "report.json",
        "report.html",
        "report.md",
        "junit.xml",
        "report.sarif",
    }


def test_a_place_that_cannot_be_written_is_one_message(report: Report, tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("a file")
    with pytest.raises(InputError, match=r"the report cannot be written: .*--report DIR"):
        write(report, tmp_path / "reports")


def test_a_disk_that_fills_up_leaves_the_older_files_as_they_were(report: Report, tmp_path: Path) -> None:
    written = write(report, tmp_path)
    before = {path.name: path.read_bytes() for path in written.iterdir()}
    unlimited = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    try:
        with pytest.raises(InputError, match="cannot be written"):
            write(replace(report, harness="another"), tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, unlimited)
    assert {path.name: path.read_bytes() for path in written.iterdir()} == before


def test_all_records_of_a_finding_are_in_the_json(report: Report) -> None:
    (told, *_) = as_json(report)["findings"]
    assert told.keys() == {f.name for f in fields(report.findings[0])} - {"source"} | {"path", "line"}
