"""Where things are put: what is kept between runs, what lives as long as a server, what a server writes to."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from harness.errors import ServerError

_MEMORY = Path("/dev/shm")  # noqa: S108  (only directories of mkdtemp are made in it)
_MEMORY_FREE_BYTES = 2 << 30
"""A design of a million rows needs under 1 GB, and as much again while a database is cloned."""

_SOCKET_PATH_BYTES = 60
"""A socket's path must be under 108 bytes (104 on macOS); this leaves room for the socket's own name."""


def cache() -> Path:
    """What can be made again: initialised data directories."""
    return _home("XDG_CACHE_HOME", ".cache")


def state() -> Path:
    """What must be known by the next run: which servers there are, and whose they are.

    The temporary directory serves where the home directory cannot be written.
    """
    wanted = _home("XDG_STATE_HOME", ".local/state")
    return wanted if writable(wanted) else _private(Path(tempfile.gettempdir()) / f"schema-harness-{os.getuid()}")


@contextmanager
def recording(path: Path) -> Iterator[None]:
    """Around whatever writes into ``state``: what cannot be written down is not begun, for nobody would clean it up.

    Raises:
        ServerError: it cannot be written.
    """
    try:
        yield
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise ServerError(
            f"{path}: cannot be written ({why}): make room there, or set XDG_STATE_HOME to a place that has it"
        ) from error


def workspace(*, durable: bool) -> Path:
    """Where a server's data goes: memory when there is enough of it, else the temporary directory.

    A durable server is about what a disk costs, so its data is never in memory on purpose.
    """
    if not durable and _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and _memory_free() >= _MEMORY_FREE_BYTES:
        return _MEMORY
    return Path(tempfile.gettempdir())


def writable(directory: Path) -> bool:
    """Whether a directory is there, or could be made, and takes files."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(directory, os.W_OK | os.X_OK)


def socket_directory_fits(directory: Path) -> bool:
    """Whether a unix socket in that directory has a path short enough to be bound."""
    return len(os.fsencode(directory)) <= _SOCKET_PATH_BYTES


def _memory_free() -> int:
    """Bytes that the file system in memory will still take, and that the memory still has: it may promise more."""
    free = shutil.disk_usage(_MEMORY).free
    table = Path("/proc/meminfo")
    found = re.search(r"^MemAvailable: *(\d+) kB", table.read_text(), re.MULTILINE) if table.exists() else None
    return min(free, int(found[1]) << 10) if found else free


def _home(variable: str, default: str) -> Path:
    base = os.environ.get(variable, "")
    # The XDG specification: a relative path is not to be used.
    return (Path(base) if Path(base).is_absolute() else Path.home() / default) / "schema-harness"


def _private(directory: Path) -> Path:
    """A directory of ours alone in a place where all may write."""
    directory.mkdir(mode=0o700, exist_ok=True)
    if directory.lstat().st_uid != os.getuid() or directory.is_symlink():
        return Path(tempfile.mkdtemp(prefix="harness-"))
    return directory
