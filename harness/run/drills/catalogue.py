"""The drills by name, in the order in which they are run."""

from harness.run.drills import (
    after_writes,
    clean,
    client_lost,
    kill_after_statement,
    lock_queue,
    new_code_old_schema,
    old_code_new_schema,
    restore,
    under_load,
)
from harness.run.drills.model import Drill

DRILLS: dict[str, Drill] = {
    each.NAME: each.DRILL
    for each in (
        clean,
        after_writes,
        kill_after_statement,
        client_lost,
        under_load,
        lock_queue,
        old_code_new_schema,
        new_code_old_schema,
        restore,
    )
}
