r"""sqitch: changes in the order of ``sqitch.plan``, with ``deploy/``, ``revert/`` and ``verify/`` scripts.

The scripts are run by psql, each statement alone unless the script says BEGIN, as sqitch's templates do. A verify
script is run after its deploy, as part of it. A change that was reworked keeps its old scripts as ``name@tag.sql``.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from harness.folders.model import Folder, Piece, Problem, Script, Settings, Step
from harness.folders.places import above
from harness.folders.psql import quieted
from harness.folders.text import text_of, whole
from harness.source import Source

TOOL = "sqitch"
PLAN = "sqitch.plan"
CHANGE = re.compile(r"^(?P<name>[^\s@%\[#+-][^\s\[]*)\s*(?:\[(?P<needs>[^\]]*)\])?\s*\d{4}-\d\d-\d\dT")
TAG = re.compile(r"^@(?P<name>\S+)\s")
ENGINES = {"pg": "postgresql", "mysql": "mysql", "cockroach": "cockroachdb", "sqlite": "sqlite"}
SETTING = re.compile(
    r"^\s*(?P<key>engine|top_dir|deploy_dir|revert_dir|verify_dir|extension)\s*=\s*(?P<value>\S+)", re.MULTILINE
)


@dataclass(slots=True)
class _Change:
    """A line of the plan. ``file``: the scripts' stem, which a later rework changes."""

    name: str
    needs: tuple[str, ...]
    line: int
    file: str


def fits(path: Path) -> bool:
    """Whether its plan is there."""
    return (path / PLAN).is_file()


def read(path: Path, settings: Settings) -> Folder:  # noqa: ARG001
    """The plan and its scripts, read."""
    plan = path / PLAN
    configuration = next(above(path, "sqitch.conf"), None)
    said = {m["key"]: m["value"] for m in SETTING.finditer(text_of(configuration))} if configuration else {}
    top = path / said.get("top_dir", ".") if configuration and configuration.parent == path.resolve() else path
    changes = list(_changes(text_of(plan)))
    steps, problems, before = [], [], set[str]()
    for number, change in enumerate(changes):
        at = Source(str(plan), change.line, change.line)
        problems += [_unmet(change, need, at) for need in change.needs if not _met(need, before)]
        before.add(change.name)
        again = sum(other.name == change.name for other in changes[:number])
        step, found = _step(change, f"{change.name}@{again + 1}" if again else change.name, top, at)
        steps.append(step)
        problems += found
    problems += _unplanned(top, {change.file for change in changes})
    return Folder(str(path), TOOL, ENGINES.get(said.get("engine", ""), ""), tuple(steps), tuple(problems))


def _changes(text: str) -> Iterator[_Change]:
    """The plan's changes; the scripts of one that is reworked later carry the tag that came after it."""
    changes: list[_Change] = []
    tags: list[tuple[int, str]] = []
    for number, line in enumerate(text.split("\n"), 1):
        if tag := TAG.match(line):
            tags.append((number, tag["name"]))
        elif found := CHANGE.match(line):
            earlier = next((c for c in reversed(changes) if c.name == found["name"]), None)
            if earlier is not None:
                after = next((name for at, name in tags if at > earlier.line), "")
                earlier.file = f"{earlier.name}@{after}" if after else earlier.file
            changes.append(_Change(found["name"], tuple((found["needs"] or "").split()), number, found["name"]))
    return iter(changes)


def _met(need: str, before: set[str]) -> bool:
    """Conflicts (``!name``), other projects (``a:b``) and tags are not looked at."""
    name = need.partition("@")[0]
    return not name or need.startswith("!") or ":" in need or name in before


def _unmet(change: _Change, need: str, at: Source) -> Problem:
    message = f"it requires {need}, which does not stand before it in the plan"
    return Problem(f"migration {change.name}", message, at, "Move it below what it requires.")


def _step(change: _Change, id_: str, top: Path, at: Source) -> tuple[Step, list[Problem]]:
    files = {way: top / way / f"{change.file}.sql" for way in ("deploy", "revert", "verify")}
    subject, there = f"migration {id_}", {way: file for way, file in files.items() if file.is_file()}
    title = change.name.replace("_", " ")
    if "deploy" not in there:
        problem = Problem(subject, f"the plan names it, and there is no {files['deploy']}", at, "Add the script.")
        return Step(id_, title, Script(()), None, at, (at.path,)), [problem]
    pieces: list[Piece] = [quieted(whole(there["deploy"]))]
    if "verify" in there:
        pieces.append(quieted(whole(there["verify"])))
    down = Script((quieted(whole(there["revert"])),), "none") if "revert" in there else None
    names = tuple(str(file) for file in there.values())
    return Step(id_, title, Script(tuple(pieces), "none"), down, whole(there["deploy"]).source, names), []


def _unplanned(top: Path, planned: set[str]) -> list[Problem]:
    return [
        Problem(
            f"migration {name}", "the plan does not name it, so it is never deployed", Source(str(file), 1, 1),
            "Add it to sqitch.plan, or delete it.", severity="warning",
        )
        for file in sorted((top / "deploy").rglob("*.sql"))
        if (name := file.relative_to(top / "deploy").as_posix().removesuffix(".sql")) not in planned
    ]  # fmt: skip
