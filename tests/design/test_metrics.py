"""Which metrics and places a sentence about monitoring names."""

import pytest

from harness.design.metrics import metrics, outside, places

SENTENCES = [
    ("Query response times (95th percentile)", ["percentile of statement times"], [], ""),
    ("p99 query latency by statement", ["percentile of statement times"], [], ""),
    ("Index usage statistics", ["index usage"], [], ""),
    ("Unused indexes (`pg_stat_user_indexes`)", ["index usage"], ["pg_stat_user_indexes"], ""),
    ("Table bloat | 20%", ["dead space"], [], ""),
    ("Slow query log analysis", ["slow queries"], [], ""),
    ("Connection pool utilization", ["connection pool"], [], ""),
    ("Active connections < 80% of max_connections", ["connections"], [], ""),
    ("Cache hit ratio above 99%", ["cache hits"], [], ""),
    ("Buffer pool hit ratio", ["cache hits"], [], ""),
    ("Lock waits and deadlocks", ["lock waits", "deadlocks"], [], ""),
    ("Replication lag under 5 s", ["replication lag"], [], ""),
    ("Disk usage and growth", ["size on disk"], [], ""),
    ("Index usage with $indexStats", ["index usage"], ["$indexStats"], ""),
    ("Innodb_row_lock_waits rising", [], ["Innodb_row_lock_waits"], ""),
    ("API response time p95", ["percentile of statement times"], [], "API"),
    ("CPU, memory and network", [], [], "CPU"),
    ("Run VACUUM ANALYZE weekly", [], [], ""),
    ("Alert the on-call engineer", [], [], ""),
    ("created_at and updated_at are set by the application", [], [], ""),
    ("Number of orders placed today", [], [], ""),
]


@pytest.mark.parametrize(("text", "named", "read", "elsewhere"), SENTENCES)
def test_what_a_sentence_names(text: str, named: list[str], read: list[str], elsewhere: str) -> None:
    assert list(metrics(text)) == named
    assert [place.name for place in places(text)] == read
    assert outside(text) == elsewhere
