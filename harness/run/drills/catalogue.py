"""The drills by name, in the order in which they are run."""

from harness.run.drills import clean, kill_after_statement, new_code_old_schema, old_code_new_schema
from harness.run.drills.model import Drill

DRILLS: dict[str, Drill] = {
    each.NAME: each.DRILL for each in (clean, kill_after_statement, old_code_new_schema, new_code_old_schema)
}
