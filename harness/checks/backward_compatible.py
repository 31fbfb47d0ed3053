"""backward-compatible: the queries and writes of the schema before work on the schema after."""

from harness.checks.base import Check
from harness.checks.untried import untried
from harness.design.claim_types import BackwardCompatible

REASON = "this version does not run the old queries and writes on the new schema"

CHECK = Check(
    name="backward-compatible",
    question="Do the queries and writes of the schema before a migration work on the schema after it?",
    why="While a release rolls out, old code runs on the new schema.",
    remedy="Add columns as nullable or with a default; rename and drop in a later release.",
    severity="error",
    breaks="-- Up (backwards compatible)\nALTER TABLE users RENAME COLUMN name TO full_name;",
    holds="-- Up (backwards compatible)\nALTER TABLE users ADD COLUMN full_name TEXT;",
    judge=untried(lambda _, claim: isinstance(claim, BackwardCompatible), REASON),
)
