"""metrics-available: each monitoring metric named can be read from the server."""

from harness.checks.base import Check
from harness.checks.untried import told, untried

REASON = "this version does not look the metric up on the server"

CHECK = Check(
    name="metrics-available",
    question="Can each monitoring metric named be read from this server?",
    why="A dashboard for a metric that the server does not give stays empty until the incident.",
    remedy="Name the view or the extension that the metric is read from.",
    severity="advice",
    breaks="Monitor slow queries   -- pg_stat_statements is not installed",
    holds="Monitor slow queries (pg_stat_statements)",
    judge=untried(told, REASON),
)
