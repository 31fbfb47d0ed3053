"""What git says of a change, by its own program: nothing else is known of a repository."""

import io
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from harness.errors import InputError

TIMEOUT_S = 60
FETCH = (
    "fetch it first: git fetch origin {name} (in GitHub Actions: actions/checkout with fetch-depth: 0; in GitLab CI: "
    'GIT_DEPTH: "0")'
)


@dataclass(frozen=True, slots=True)
class Repository:
    """A working tree. ``root`` is absolute; paths are relative to it, with ``/``."""

    root: Path

    def changed(self, base: str) -> dict[str, str]:
        """Each path that differs from a commit, with ``A``, ``M`` or ``D``; what is not committed counts too."""
        fields = self._said("diff", "--name-status", "--no-renames", "-z", base, "--").split("\0")
        pairs = zip(fields[::2], fields[1::2], strict=False)
        found = {path: status[:1].replace("T", "M") for status, path in pairs}
        for path in self._said("ls-files", "--others", "--exclude-standard", "-z").split("\0"):
            if path:
                found[path] = "M" if found.get(path) == "D" else "A"
        return found

    def tracked(self) -> tuple[str, ...]:
        """Every file that is not ignored."""
        said = self._said("ls-files", "--cached", "--others", "--exclude-standard", "-z")
        return tuple(path for path in said.split("\0") if path)

    def merge_base(self, ref: str) -> str:
        """The commit that a branch and this one have in common.

        Raises:
            InputError: the branch is not here, or its history is not.
        """
        name = ref.rpartition("/")[2]
        if not name:
            raise InputError(f"--base {ref or repr(ref)}: names no branch (an empty variable?): give one: origin/main")
        if self._tried("rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}") is None:
            raise InputError(f"--base {ref}: there is no such commit here: {FETCH.format(name=name)}")
        found = self._tried("merge-base", ref, "HEAD")
        if found is None:
            shallow = (self._tried("rev-parse", "--is-shallow-repository") or "").strip() == "true"
            why = "this clone is shallow, and its history does not reach it" if shallow else "they share no history"
            raise InputError(f"--base {ref}: no commit in common with it: {why}: {FETCH.format(name=name)}")
        return found.strip()

    def called(self, commit: str, path: str) -> str:
        """What a file or folder was called in a commit: as now if it was there, else as git knows it to have moved."""
        if self._tried("cat-file", "-e", f"{commit}:{path}" if path not in {"", "."} else commit) is not None:
            return path
        renames = ("diff", "--name-status", "--find-renames", "--diff-filter=R", "-z", commit, "--")
        fields = self._said(*renames).split("\0")
        moved = dict(zip(fields[2::3], fields[1::3], strict=False))
        below = {
            old.removesuffix(new.removeprefix(path)): None
            for new, old in moved.items()
            if new == path or (new.startswith(f"{path}/") and old.endswith(new.removeprefix(path)))
        }
        return next(iter(below)) if len(below) == 1 else path

    @contextmanager
    def folder_at(self, commit: str, path: str) -> Iterator[Path | None]:
        """A copy of a folder as it was in a commit; None when it was not there."""
        was = self.called(commit, path)
        with self._copied(f"{commit}:{was}" if was not in {"", "."} else commit) as name:
            yield name

    @contextmanager
    def file_at(self, commit: str, path: str) -> Iterator[Path | None]:
        """A copy of a file as it was in a commit; None when it was not there."""
        was = self.called(commit, path)
        with self._copied(commit, was) as name:
            yield None if name is None else name / was

    @contextmanager
    def _copied(self, *what: str) -> Iterator[Path | None]:
        try:
            packed = self._out("archive", "--format=tar", *what)
        except InputError:
            yield None
            return
        with TemporaryDirectory(prefix="harness-base-") as name:
            with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
                tar.extractall(name, filter=_inside)  # noqa: S202  (made by git here, and filtered)
            yield Path(name)

    @property
    def _git(self) -> list[str]:
        return ["git", "-C", str(self.root)]

    def _said(self, *words: str) -> str:
        return self._out(*words).decode(errors="surrogateescape")

    def _out(self, *words: str) -> bytes:
        try:
            done = subprocess.run([*self._git, *words], capture_output=True, timeout=TIMEOUT_S, check=False)
        except (OSError, subprocess.TimeoutExpired) as error:
            raise InputError(f"git {words[0]} cannot be run: {error}") from None
        if done.returncode:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
            raise InputError(f"git {words[0]}: {said[0]}")
        return done.stdout

    def _tried(self, *words: str) -> str | None:
        try:
            return self._said(*words)
        except InputError:
            return None


def _inside(member: tarfile.TarInfo, place: str) -> tarfile.TarInfo | None:
    """What may be unpacked: no link that leads out."""
    try:
        return tarfile.data_filter(member, place)
    except tarfile.FilterError:
        return None


def unknown(start: Path) -> str:
    """Why nothing is known of a repository at a place, and what to do."""
    try:
        done = subprocess.run(["git", "-C", str(start), "status"], capture_output=True, timeout=TIMEOUT_S, check=False)  # noqa: S607
    except (OSError, subprocess.TimeoutExpired):
        return "git is not found here, or does not answer: install it, or leave --base out to judge everything"
    if b"dubious ownership" in done.stderr:
        remedy = f"git config --global --add safe.directory {start}"
        return f"git does not trust this folder, which another user owns (so it is in a CI's container): {remedy}"
    return "this is no git repository: leave --base out to judge everything"


def repository(start: Path) -> Repository | None:
    """The repository that a folder is in; None when it is in none, or there is no git."""
    try:
        done = subprocess.run(
            ["git", "-C", str(start), "rev-parse", "--show-toplevel"],  # noqa: S607  (git is where PATH has it)
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else Repository(Path(done.stdout.strip()))
