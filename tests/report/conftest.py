"""One report, made by hand: every verdict, a refused and a differing migration, a timed query, and awkward words."""

import pytest

from harness.checks.base import Finding
from harness.design.claim_types import Relates, Told, UsesIndex, WithinTarget
from harness.design.compare import Difference
from harness.design.model import (
    Design,
    Entity,
    Field,
    ForeignKey,
    Index,
    IndexKey,
    Key,
    Migration,
    Query,
    Schema,
    Script,
    Statement,
    Unread,
)
from harness.facts import Access, Effect, Lock, Refusal
from harness.plan.model import Change, Note, Plan, Scenario
from harness.report.model import Report
from harness.run.model import Applied, Explained, Loaded, RoundTrip, Run, Skipped
from harness.run.seen.queries import Sample, Timed
from harness.source import Source

PATH = "designs/orders.md"


def at(line: int, end: int = 0) -> Source:
    return Source(PATH, line, end or line)


def statement(text: str, line: int, origin: str = "written") -> Statement:
    return Statement(text, at(line), origin)


USERS = Entity(
    name="users",
    fields=(
        Field("id", "BIGSERIAL", nullable=False, source=at(12)),
        Field("email", "VARCHAR(255)", nullable=False, description="where mail goes", source=at(13)),
        Field("manager_id", "BIGINT", source=at(14)),
    ),
    keys=(Key(None, ("id",), primary=True), Key(None, ("email",))),
    foreign_keys=(ForeignKey(None, ("manager_id",), "users", ("id",)),),
    indexes=(Index("idx_users_email", "users", (IndexKey("email"),), source=at(18)),),
    purpose="people who buy",
    source=at(10, 20),
)
ORDERS = Entity(
    name="orders",
    fields=(
        Field("id", "BIGSERIAL", nullable=False, source=at(32)),
        Field("user_id", "BIGINT", nullable=False, source=at(33)),
        Field("total", "DECIMAL(10,2)", nullable=False, default="0", source=at(34)),
    ),
    keys=(Key(None, ("id",), primary=True),),
    foreign_keys=(ForeignKey(None, ("user_id",), "users", ("id",), on_delete="CASCADE"),),
    source=at(30, 40),
)
SELECT = statement("SELECT * FROM users u JOIN orders o ON o.user_id = u.id WHERE u.email = 'a@b.c'", 61)
UP = statement("CREATE TABLE users (...);", 80)
DOWN = statement("DROP TABLE users;", 84)
ROLE = statement("ALTER TABLE users ADD COLUMN role varchar(20)", 90)


@pytest.fixture
def design() -> Design:
    return Design(
        name="orders",
        path=PATH,
        title="Orders <b>&",
        lines=140,
        engine="postgresql",
        engine_source=at(3),
        schema=Schema((USERS, ORDERS)),
        scripts=(
            Script("ddl", statement("CREATE TABLE users (id bigserial)", 22), "users", "creates a table"),
            Script("placeholder", UP, None, "an ellipsis"),
        ),
        queries=(Query("1", "Recent orders | of a user", SELECT, at(60)), Query("2", "All", SELECT, at(70))),
        migrations=(
            Migration("001", "Initial schema", UP, DOWN, planned=False, source=at(79)),
            Migration("002", "Add role", ROLE, None, planned=True, source=at(89)),
        ),
        claims=(
            Relates("orders", ("user_id",), "users", ("id",), "CASCADE", None, "`user_id` → `users.id`", at(38)),
            UsesIndex("1", "idx_users_email", "`idx_users_email` for lookup", at(65)),
            WithinTarget("1", 10, 95, "typical data volumes", "< 10ms", at(67)),
            Told("backup", "Daily at 2 AM", at(130)),
        ),
        unread=(Unread("see the wiki", "a link to nowhere", at(139)),),
        sections=frozenset({"schema", "queries", "migrations"}),
    )


@pytest.fixture
def plan(design: Design) -> Plan:
    return Plan(
        design=design,
        scenario=Scenario(name="orders", path="scenarios/orders.toml"),
        declared=(),
        documented=(),
        documented_schema=design.schema,
        changes=(
            Change(
                "001",
                "Initial schema",
                (statement("CREATE TABLE users (id bigserial)", 22, "filled"),),
                (statement("DROP TABLE users", 84),),
                down_derived=False,
                planned=False,
                source=at(79),
            ),
            Change(
                "002",
                "Add role",
                (ROLE,),
                (statement("ALTER TABLE users DROP COLUMN role", 90, "derived"),),
                down_derived=True,
                planned=True,
                source=at(89),
            ),
            Change("003", "Never reached", (statement("SELECT 1", 99),), None, False, False, at(99)),
        ),
        listed=(),
        partitions=(statement("CREATE TABLE users_2024 PARTITION OF users FOR VALUES IN (1)", 110),),
        queries=design.queries,
        notes=(Note("filled", "migration 001 up", "users (...) from line 22", at(80)),),
    )


@pytest.fixture
def run() -> Run:
    refused = Refusal('column "role" exists', "42701", at(90), "hint: none")
    lookup = Access(
        "index scan",
        "Index Scan",
        entity="users",
        index="users_email_key",
        condition="(email = 'a@b.c'::text)",
        rows_expected=1.0,
        rows_returned=1.0,
        rows_read=1.0,
        pages_read=3,
        elapsed_ms=0.02,
        cost=8.4,
        detail=(("heap fetches", "0"),),
    )
    scan = Access(
        "scan",
        "Seq Scan",
        entity="orders",
        filter="<user_id = 1>",
        loops=2,
        rows_returned=9.0,
        rows_read=73.0,
        pages_read=9,
    )
    join = Access("nested loop", "Nested Loop", rows_returned=9.0, pages_read=12, children=(lookup, scan))
    first = statement("CREATE TABLE users (id bigserial)", 22, "filled")
    return Run(
        engine="postgresql",
        version="15.18",
        server="local",
        image=None,
        started="2026-11-22T12:00:00+00:00",
        seconds=12.345678901,
        observations=(
            Applied("up", "001", (Effect(first, 0.01, (Lock("users", "AccessExclusiveLock", 12.0),)),), 0.1),
            Applied("down", "001", (Effect(statement("DROP TABLE users", 84), 0.02),), 0.02),
            RoundTrip("001", "alone", ()),
            RoundTrip("001", "all", (Difference("order", "columns of users", "a, b", "b, a"),)),
            Applied("up", "002", (Effect(ROLE, 0.01, refusal=refused),), 0.01),
            Loaded("users", 10_000, 1, 0.5),
            Loaded("orders", 100_000, 4, 1.5),
            Explained("1", join, None, 9),
            Timed("1", tuple(Sample(n % 50, n // 20, float(n)) for n in range(1, 201)), 50),
            Skipped("query", "2", "migration 002 was refused"),
        ),
    )


@pytest.fixture
def findings() -> tuple[Finding, ...]:
    return (
        Finding("document-complete", "holds", "design", "all parts are there", at(1), "warning"),
        Finding("index-not-redundant", "broken", "idx_users_email", "doubles <users_email_key>", at(18), "warning",
                claim="`idx_users_email` ON (email) | <script>alert(1)</script>", remedy="drop it"),
        Finding("index-used", "broken", "query 1 / idx_users_email", "the server took users_email_key instead\x1b[31m",
                at(65), claim="`idx_users_email` for user lookup", evidence={"used": ("users_email_key",), "rows": 9},
                remedy="name the index that is used"),
        Finding("within-target", "holds", "query 1", "95% under 10 ms", at(67)),
        Finding("up-applies", "broken", "migration 002", 'column "role" exists', at(90)),
        Finding("rule-covered", "unverified", "backup", "this kind of claim is not checked", at(130), "warning",
                claim="Daily at 2 AM"),
        Finding("rule-covered", "unverified", "backup", "this kind of claim is not checked", at(131), "warning"),
        Finding("types-apt", "broken", "users.email", "citext would do", at(13), "advice"),
    )  # fmt: skip


@pytest.fixture
def report(plan: Plan, run: Run, findings: tuple[Finding, ...]) -> Report:
    return Report("0.1.0", plan, run, findings)
