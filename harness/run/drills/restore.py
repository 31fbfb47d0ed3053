"""restore: back up, migrate, and restore the backup beside it: is it what was there before?"""

import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from harness.abilities import Backing
from harness.counting import counted
from harness.design.compare import Difference
from harness.errors import ServerError
from harness.run.drills.model import Drill, Step
from harness.run.drills.recovery import some
from harness.run.drills.rig import Rig
from harness.run.drills.standing import apart, standing
from harness.run.seen.drills import Result, Trial
from harness.servers.model import Missing

NAME = "restore"
UP = "backed up, migrated, restored"
DOWN = "backed up, taken back, restored"


def run(rig: Rig, step: Step) -> Iterator[Trial]:
    """A backup of the database before the last migration, restored into an empty one after its up has been run.

    Once is enough: the backup holds what all migrations before it have made, and a restore takes long. Where they have
    made nothing, the backup is of the database after it, and its down is run.
    """
    change = step.change
    if change != rig.bench.plan.changes[-1]:
        return
    subject = UP if step.start.schema.entities else DOWN
    if not step.end.schema.entities and subject == DOWN:
        yield Trial(NAME, change.id, None, subject, "untried", "there is no table", change.source)
        return
    if not isinstance(rig.bench.engine, Backing):
        title = rig.bench.engine.title
        reason = f"no backup of {title} is taken by this version: take one by hand, and restore it elsewhere"
        yield Trial(NAME, change.id, None, subject, "untried", reason, change.source)
        return
    rig.bench.progress.stage(f"migration {change.id}: back up, migrate, restore")
    directory = Path(tempfile.mkdtemp(prefix="harness-backup-", dir=_beside(rig)))
    try:
        yield _restored(rig, rig.bench.engine, step, subject, directory / "backup")
    except ServerError as error:
        yield Trial(NAME, change.id, None, subject, "failed", str(error), change.source)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _beside(rig: Rig) -> str | None:
    """The directory of a server of our own, which goes with it even when the run is killed; None for the usual one."""
    server = rig.bench.server
    place = Path(server.address.host)
    directory = place.parent if place.is_socket() else place
    return str(directory) if server.kind == "local" and directory.is_dir() else None


def _restored(rig: Rig, engine: Backing, step: Step, subject: str, path: Path) -> Trial:
    change = step.change
    there, statements = (step.before, change.up) if subject == UP else (step.after, change.down or ())
    with rig.clone(there) as database:
        before = standing(rig.bench, database, rows=True)
        begun = time.perf_counter()
        missing = engine.backup(rig.bench.server, database, path)
        if missing is not None:
            return Trial(NAME, change.id, None, subject, "untried", missing, change.source)
        backed_s = time.perf_counter() - begun
        rig.run(database, statements)
        begun = time.perf_counter()
        with engine.restored(rig.bench.server, database, path) as again:
            restored_s = time.perf_counter() - begun
            left = tuple(d for d in apart(before, standing(rig.bench, again, rows=True)) if not _reprinted(d))
    result: Result = "failed" if left else "passed"
    tables = counted(len(before.rows), "table")
    message = f"not what was there: {some(left)}" if left else f"exactly what was there, {tables}"
    size, by = _size(path), _by(engine)
    message += f"; backup by {by} {backed_s:.1f} s ({size / 1e6:,.0f} MB), restore {restored_s:.1f} s"
    evidence = {"backup_s": round(backed_s, 3), "restore_s": round(restored_s, 3), "bytes": size, "by": by}
    return Trial(NAME, change.id, None, subject, result, message, change.source, evidence)


def _by(engine: Backing) -> str:
    """A few words: the program's name."""
    found = engine.programs()
    return "" if isinstance(found, Missing) else Path(found.found).name


def _size(path: Path) -> int:
    """Bytes of a backup, which is a file or a directory."""
    return sum(each.stat().st_size for each in path.rglob("*")) if path.is_dir() else path.stat().st_size


def _reprinted(difference: Difference) -> bool:
    """Whether only casts and parentheses differ: PostgreSQL prints ``IN`` lists otherwise once they were read back."""
    before, after = (re.sub(r"::[a-z ]+(\[\])?|[()\s]", "", text) for text in (difference.before, difference.after))
    return difference.kind == "changed" and before == after


def advice(trials: Sequence[Trial]) -> str:
    """What to do in production."""
    if any(t.result == "failed" for t in trials):
        return "do not count on this backup as a way back: find out what it leaves out first"
    restored = [t.evidence["restore_s"] for t in trials if t.result == "passed"]
    if not restored:
        return "restore a backup by hand into a second server, and compare, before you count on it"
    return (
        f"a restore takes at least {max(restored):.1f} s for this many rows, and loses what was written since: take a "
        "backup right before"
    )


DRILL = Drill(
    NAME,
    "Is a backup that is restored after a migration what was there before it?",
    ("backup-restores",),
    run,
    advice,
)
