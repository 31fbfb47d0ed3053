"""What a change can be about, found out with no look at a database and little of the harness loaded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.design.folder import named, placed
from harness.document.markdown import read
from harness.errors import InputError
from harness.folders import flyway
from harness.folders.read import TOOLS, tool_of
from harness.gate import discovery
from harness.gate.git import Repository, repository, unknown


@dataclass(frozen=True, slots=True)
class Diff:
    """What git says: paths, relative to the repository, that differ from a commit.

    Attributes:
        commit: that the working tree is compared with.
        name: of the branch, as the user gave it.
    """

    repository: Repository
    commit: str
    name: str
    paths: Mapping[str, str] = field(default_factory=dict)

    def within(self, path: str | Path) -> str:
        """A path as git names it."""
        resolved, root = Path(path).resolve(), self.repository.root.resolve()
        return resolved.relative_to(root).as_posix() if resolved.is_relative_to(root) else str(path)

    def touches(self, path: str | Path) -> bool:
        """Whether a file, or anything below a folder, differs."""
        own = self.within(path)
        return any(own in {".", p} or p.startswith(f"{own}/") for p in self.paths)


@dataclass(frozen=True, slots=True)
class Relevant:
    """Designs and folders that are to be judged, and those that were looked at."""

    paths: tuple[Path, ...]
    looked_at: tuple[str, ...]
    diff: Diff | None

    @property
    def base(self) -> str:
        """The branch that was compared with; empty when none was."""
        return self.diff.name if self.diff is not None else ""


def relevant(paths: Sequence[str], base: str | None) -> Relevant:
    """What the gate has to look at.

    Raises:
        InputError: a path is not there, or the base is not.
    """
    diff = _diff(base)
    found = [Path(path) for path in paths] or _found(diff)
    for path in found:
        if not path.exists():
            raise InputError(f"{path}: no such file or folder")
    each = [inner for path in found for inner in _within(path)]
    concerned = tuple(path for path in each if diff is None or concerns(path, diff))
    return Relevant(concerned, tuple(str(path) for path in each), diff)


def _diff(base: str | None) -> Diff | None:
    if base is None:
        return None
    there = repository(Path.cwd())
    if there is None:
        raise InputError(f"--base {base}: {unknown(Path.cwd())}")
    commit = there.merge_base(base)
    return Diff(there, commit, base, there.changed(commit))


def _within(path: Path) -> list[Path]:
    """What a path that was named stands for: itself, the documents in it, or the migration folders below it."""
    if path.is_file() and path.suffix in discovery.ENDINGS:
        if not tool_of(path.parent):
            raise InputError(f"{path}: is no migration of a tool that is known, of {', '.join(TOOLS)}, nor a document")
        raise InputError(f"{path}: a migration is judged with those before it: name its folder, {path.parent}")
    if not path.is_dir():
        return [path]
    documents, tool = sorted(path.glob("*.md")), tool_of(path)
    if documents or tool not in {"", flyway.TOOL}:
        return [path] if tool else documents
    below = [path / name for name in discovery.folders(path, discovery.files_below(path))]
    if not tool and not below and any(p.is_file() and p.suffix not in {"", ".md"} for p in path.iterdir()):
        raise InputError(f"{path}: no migration of a tool that is known in it, of {', '.join(TOOLS)}")
    return [path] if all(tool_of(folder) == tool for folder in below) else below


def _found(diff: Diff | None) -> list[Path]:
    """The project's designs and folders, below the working directory."""
    here = Path.cwd()
    there = diff.repository if diff is not None else repository(here)
    files = discovery.files_below(here) if there is None else _tracked(there, here)
    return [Path(name) for name in (*discovery.designs(files), *discovery.folders(here, files))]


def _tracked(there: Repository, here: Path) -> tuple[str, ...]:
    root = there.root.resolve()
    prefix = "" if here.resolve() == root else f"{here.resolve().relative_to(root).as_posix()}/"
    return tuple(path.removeprefix(prefix) for path in there.tracked() if path.startswith(prefix))


def concerns(path: Path, diff: Diff) -> bool:
    """Whether a change touches a design, its scenario, the folder that it names, or a folder."""
    if diff.touches(path):
        return True
    if path.is_dir():
        return False
    scenarios = (Path("scenarios") / f"{path.stem}.toml", path.parent.parent / "scenarios" / f"{path.stem}.toml")
    below = named(read(path))
    return any(diff.touches(p) for p in (*scenarios, *([placed(below[0], path)] if below else [])))
