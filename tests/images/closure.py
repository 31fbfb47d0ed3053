"""A closure image: programs of this machine, the libraries they load, a shell, and what else they read.

Files keep the paths that they have here. The tar goes into ``docker import``, which takes seconds and refuses a path
that comes twice.
"""

import hashlib
import io
import os
import re
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from harness.servers import docker_engine

LABEL = "harness-test.content"


@dataclass
class Closure:
    """The root file system of an image: paths inside it, and the files of this machine that go there."""

    files: dict[str, Path] = field(default_factory=dict)
    texts: dict[str, tuple[str, int]] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    directories: dict[str, tuple[int, int]] = field(default_factory=dict)
    owned: dict[str, int] = field(default_factory=dict)

    def add(self, path: Path) -> None:
        """A file, at its own path."""
        self.files[str(path)] = path

    def add_tree(self, tree: Path, *, at: str | None = None, without: Sequence[str] = (), owner: int = 0) -> None:
        """A directory with all below it; ``without`` are patterns of names."""
        root = at or str(tree)
        self.directories[root] = (0o700 if owner else 0o755, owner)
        for place, directories, files in os.walk(tree):
            below = Path(root, Path(place).relative_to(tree))
            directories[:] = [name for name in directories if not _matches(name, without)]
            for name in directories:
                self.directories[str(below / name)] = (0o700 if owner else 0o755, owner)
            for name in files:
                if not _matches(name, without):
                    self._add_below(tree, Path(place, name), str(below / name), owner)

    def _add_below(self, tree: Path, path: Path, at: str, owner: int) -> None:
        """A file of a tree; a link as a link, when it leads to another place in the tree."""
        if path.is_symlink() and not path.readlink().is_absolute() and path.resolve().is_relative_to(tree.resolve()):
            self.links[at] = str(path.readlink())
            return
        self.files[at] = path
        self.owned[at] = owner

    def add_libraries(self) -> None:
        """What the programs and libraries that are there load, and the loader."""
        programs = [path for path in self.files.values() if _is_elf(path)]
        for library in _loaded(programs):
            self.files.setdefault(str(library), library)

    def digest(self) -> str:
        """Changes with the content."""
        parts = [f"{at}:{path.stat().st_size}:{path.stat().st_mtime_ns}" for at, path in sorted(self.files.items())]
        parts += [f"{at}:{text}" for at, text in sorted((*self.texts.items(), *self.links.items()))]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def write(self, tar: tarfile.TarFile) -> None:
        """The file system as a tar, parents first, each path once."""
        made: set[str] = set()
        for path in sorted({*self.files, *self.texts, *self.links, *self.directories}):
            for parent in [*reversed(Path(path).parents)][1:]:
                self._directory(tar, str(parent), made)
            self._entry(tar, path, made)

    def _directory(self, tar: tarfile.TarFile, path: str, made: set[str]) -> None:
        if path in made:
            return
        made.add(path)
        entry = tarfile.TarInfo(path.lstrip("/"))
        entry.type = tarfile.DIRTYPE
        entry.mode, entry.uid = self.directories.get(path, (0o755, 0))
        entry.gid = entry.uid
        tar.addfile(entry)

    def _entry(self, tar: tarfile.TarFile, path: str, made: set[str]) -> None:
        if path in self.directories:
            self._directory(tar, path, made)
            return
        entry = tarfile.TarInfo(path.lstrip("/"))
        content = b""
        if path in self.links:
            entry.type, entry.linkname = tarfile.SYMTYPE, self.links[path]
        elif path in self.texts:
            text, entry.mode = self.texts[path]
            content = text.encode()
        else:
            content = self.files[path].read_bytes()
            entry.mode = self.files[path].stat().st_mode & 0o777
            entry.uid = entry.gid = self.owned.get(path, 0)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))


def build(closure: Closure, tag: str, changes: Sequence[str], digest: str) -> str:
    """Import the closure as an image of that tag, unless the same one is there; the tag."""
    engine = docker_engine.engine()
    if isinstance(engine, docker_engine.NoEngine):
        raise SystemExit(engine.reason)
    with docker_engine.client(engine.endpoint) as client, tempfile.TemporaryFile() as file:
        if any(each.labels.get(LABEL) == digest for each in client.images.list(name=tag)):
            return tag
        with tarfile.open(fileobj=file, mode="w") as tar:
            closure.write(tar)
        file.seek(0)
        repository, _, version = tag.partition(":")
        answer = client.api.import_image(
            src=file, repository=repository, tag=version, changes=[*changes, f"LABEL {LABEL}={digest}"]
        )
        if '"error"' in answer:
            raise SystemExit(f"{tag}: {answer}")
    return tag


def _matches(name: str, patterns: Sequence[str]) -> bool:
    return any(Path(name).match(pattern) for pattern in patterns)


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _loaded(programs: Sequence[Path]) -> Iterator[Path]:
    seen = subprocess.run(["ldd", *programs], capture_output=True, text=True, check=False).stdout
    for found in dict.fromkeys(re.findall(r"(/\S+) \(0x", seen)):
        yield Path(os.path.normpath(found))
