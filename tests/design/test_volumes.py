"""What a document says of volumes is read, and a sentence that is no volume changes nothing."""

from pathlib import Path

import pytest

from harness.design.build import build
from harness.design.claim_types import GainsRows, HasRatio, HasRows, HasShare, KeepsRows
from harness.design.model import Design
from harness.document.markdown import read
from harness.plan.model import Scenario
from harness.plan.said import informed

HEAD = """# Shop

**Type:** PostgreSQL

{before}

## Schema

```sql
CREATE TABLE users (id bigint PRIMARY KEY, plan text CHECK (plan IN ('free', 'pro', 'enterprise')));
CREATE TABLE orders (
  id bigint PRIMARY KEY, user_id bigint REFERENCES users (id),
  status text CHECK (status IN ('paid', 'shipped', 'in_progress', 'cancelled')));
CREATE TABLE order_items (id bigint PRIMARY KEY, order_id bigint REFERENCES orders (id));
CREATE TABLE categories (id int PRIMARY KEY);
```

{after}
"""


def design_of(tmp_path: Path, *, before: str = "", after: str = "") -> Design:
    path = tmp_path / "shop.md"
    path.write_text(HEAD.format(before=before, after=after), encoding="utf-8")
    return build(read(path))


def said(design: Design) -> list[tuple[object, ...]]:
    found: list[tuple[object, ...]] = []
    for claim in design.claims:
        match claim:
            case HasRows():
                found.append((claim.entity, claim.rows))
            case HasRatio():
                found.append((claim.entity, claim.parent, claim.number))
            case HasShare():
                found.append((claim.entity, claim.field, claim.value, claim.share))
            case GainsRows():
                found.append((claim.entity, "gains", claim.rows, round(claim.days)))
            case KeepsRows():
                found.append((claim.entity, "kept", claim.days))
            case _:
                pass
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Expected volume: 10M users and 500 million orders.", [("users", 10_000_000), ("orders", 500_000_000)]),
        ("The table holds about 1.5M rows of order items.", [("order_items", 1_500_000)]),
        ("We expect 40 categories.\nThere are 20,000 registered users today.", [("users", 20_000)]),
        ("There are about 50 orders per user.", [("orders", "users", 50.0)]),
        ("On average, each order has 2.5 order items.", [("order_items", "orders", 2.5)]),
        ("About 5% of orders are cancelled, and 10% in progress.",
         [("orders", "status", "cancelled", 0.05), ("orders", "status", "in_progress", 0.1)]),
        ("90% free, 9% pro and 1% enterprise users.",
         [("users", "plan", "free", 0.9), ("users", "plan", "pro", 0.09), ("users", "plan", "enterprise", 0.01)]),
        ("200 categories, 20,000 users, 2 orders per user.",
         [("orders", "users", 2.0), ("categories", 200), ("users", 20_000)]),
        ("People sign up and order. 20,000 users.", [("users", 20_000)]),
        ("The orders table grows by 1M a month.", [("orders", "gains", 1e6, 30)]),
        ("Orders are kept for 2 years.", [("orders", "kept", 730.0)]),
        ("About 1 million orders, growing by 300k per year.", [("orders", "gains", 3e5, 365), ("orders", 1_000_000)]),
        ("### Volumes\n\n- users: 5,000\n- orders: 500,000 per month\n- categories: about 40",
         [("users", 5000), ("orders", "gains", 5e5, 30), ("categories", 40)]),
    ],
)  # fmt: skip
def test_volumes_are_read(tmp_path: Path, text: str, wanted: list[tuple[object, ...]]) -> None:
    assert said(design_of(tmp_path, before=text)) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "A user may have at most 5 orders per user.",
        "Once we pass 100M orders, the table is sharded.",
        "The page shows 20 orders.",
        "Lists 5000 orders in under 20 ms.",
        "Imports run in batches of 10,000 orders.",
        "More than 5% cancelled orders raise an alert.",
        "Up to 2M users can sign up.",
        "The API serves 2000 orders per second.",
        "Backups of orders are kept for 30 days.",
        "PostgreSQL 15 users like it; there are 10 reasons.",
        "Version 2 of users holds data.",
        "Each page shows 20 orders of 3 users.",
        "A release serves 5,000 users well.",
        "We ship 1,000 parcels and 3,000 letters.",
    ],
)
def test_a_sentence_that_is_no_volume_changes_nothing(tmp_path: Path, text: str) -> None:
    design = design_of(tmp_path, before=text)
    assert said(design) == []
    assert informed(Scenario(), design) == Scenario()


def test_under_queries_and_migrations_numbers_are_no_volumes(tmp_path: Path) -> None:
    after = "## Query Examples\n\nTested with 10M orders expected.\n\n## Migrations\n\nBackfills about 5M orders.\n"
    assert said(design_of(tmp_path, after=after)) == []


def test_a_german_table_of_volumes_with_its_period_in_the_header(tmp_path: Path) -> None:
    after = """## Mengengerüst

| Tabelle | Zeilen heute | Zuwachs pro Jahr |
|---|---|---|
| users | 2.000 | 100 |
| orders | 400.000 | 150.000 |
"""
    assert said(design_of(tmp_path, after=after)) == [
        ("users", 2000), ("users", "gains", 100.0, 365), ("orders", 400_000), ("orders", "gains", 150_000.0, 365),
    ]  # fmt: skip


def test_what_only_grows_has_the_rows_of_a_year_where_it_is_not_said_how_long_they_are_kept(tmp_path: Path) -> None:
    grown = informed(
        Scenario(default_rows=1_000_000), design_of(tmp_path, before="The orders table grows by 10K a day.")
    )

    assert dict(grown.rows) == {"orders": 3_650_000}


def test_a_table_of_volumes(tmp_path: Path) -> None:
    after = """## Data volumes

| Table | Expected rows | Growth |
|-------|------|--------|
| users | 2M | 10K / month |
| `orders` | ~80M | 1M per month |
| others | 5 | |
"""
    wanted = [("users", 2_000_000), ("users", "gains", 1e4, 30), ("orders", 80_000_000), ("orders", "gains", 1e6, 30)]
    design = design_of(tmp_path, after=after)
    assert said(design) == wanted
    lines = {c.entity: c.source.line for c in design.claims if isinstance(c, HasRows)}
    assert lines == {"users": 22, "orders": 23}


def test_volumes_keep_their_proportions_at_the_size_of_the_scenario(tmp_path: Path) -> None:
    design = design_of(tmp_path, before="Expected volume: 10M users, 500M orders and 40 categories.")
    assert dict(informed(Scenario(), design).rows) == {"users": 2000, "orders": 100_000, "categories": 40}
    given = Scenario(rows=(("users", 1000),))
    assert dict(informed(given, design).rows) == {"users": 1000, "orders": 50_000, "categories": 40}
    asked = Scenario(ratios=(("orders", "users", 3.0),))
    assert "orders" not in dict(informed(asked, design).rows)


def test_a_ratio_alone_leaves_the_default_for_the_parent(tmp_path: Path) -> None:
    few = informed(Scenario(), design_of(tmp_path, before="There are about 5 orders per user."))
    assert dict(few.rows) == {"users": 10_000, "orders": 50_000}
    given = Scenario(rows=(("users", 300),))
    assert dict(informed(given, design_of(tmp_path, before="About 50 orders per user.")).rows)["orders"] == 15_000


def test_growth_and_retention_make_a_volume(tmp_path: Path) -> None:
    text = "Orders grow by 10,000 a day. Orders are kept for 100 days."
    assert dict(informed(Scenario(default_rows=10**6), design_of(tmp_path, before=text)).rows) == {"orders": 1_000_000}


def test_shares_leave_the_rest_to_the_other_values(tmp_path: Path) -> None:
    design = design_of(tmp_path, before="About 5% of orders are cancelled.")
    (found,) = informed(Scenario(), design).values
    assert dict(found.of) == pytest.approx(
        {"paid": 0.95 / 3, "shipped": 0.95 / 3, "in_progress": 0.95 / 3, "cancelled": 0.05}
    )
    assert [(each.field, each.source.line) for each in informed(Scenario(), design).said] == [("status", 5)]


def test_where_a_volume_comes_from_is_said(tmp_path: Path) -> None:
    found = informed(Scenario(rows=(("users", 5),)), design_of(tmp_path, before="Expected: 10M users, 20M orders."))
    assert found.origin("users") == "the scenario"
    assert found.origin("orders") == "line 5: 100 rows for 20,000,000: Expected: 10M users, 20M orders."


def test_values_of_enums_count(tmp_path: Path) -> None:
    sql = "```sql\nCREATE TYPE mood AS ENUM ('glad', 'sad');\nCREATE TABLE days (\n  id int,\n  m mood);\n```\n"
    sql += "```sql\nCREATE TABLE nights (id int, m ENUM('dark', 'bright'));\n```\n"
    design = design_of(tmp_path, after=f"{sql}\nAbout 3% of days are sad.\n\nAbout 90% dark nights.\n")
    assert said(design) == [("days", "m", "sad", 0.03), ("nights", "m", "dark", 0.9)]
