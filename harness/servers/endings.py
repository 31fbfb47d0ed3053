"""How each thing that is held is ended. What is disposable is killed: a clean stop only costs time.

Everything here may be done twice, by two processes at once, or after somebody else did it: the run, its watchdog and
the next run share this code.
"""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from harness.servers import docker_engine
from harness.servers.holdings import Containers, Directory, Hold, Process
from harness.servers.identity import started

_PROC = Path("/proc")
_SHARED_MEMORY = Path("/dev/shm")  # noqa: S108
_GONE_WITHIN_S = 10.0


def end(hold: Hold) -> None:
    """End it; when this returns it is gone."""
    match hold:
        case Process(pid, since):
            end_process(pid, since)
        case Directory(path, home):
            end_directory(Path(path), home)
        case Containers(session, endpoint):
            docker_engine.remove(session, endpoint)


def end_process(pid: int, since: str) -> None:
    """Kill a process and all below it, if it is still the one that was started then."""
    now = started(pid)
    if now not in {None, since}:
        return  # the pid has been given out again
    if now is None:
        _remove_segments({pid})
        return
    # It is stopped first, so that it starts no more of them. They are looked for, not killed as a group: a PostgreSQL
    # backend makes a group of its own (setsid in InitPostmasterChild).
    _signal(pid, signal.SIGSTOP)
    all_of_it = (*_descendants(pid), pid)
    shared = {path for each in all_of_it for path in _shared_files(each)}
    for each in all_of_it:
        _signal(each, signal.SIGKILL)
    _until_gone(all_of_it)
    for path in shared:
        path.unlink(missing_ok=True)
    _remove_segments(set(all_of_it))


def end_directory(path: Path, home: str) -> None:
    """Delete a directory, after the programs from ``home`` that work in it have been ended."""
    for pid in tuple(_working_in(path, home)):
        if since := started(pid):
            end_process(pid, since)
    for _ in range(3):  # what is just being made in it may hinder one attempt
        shutil.rmtree(path, ignore_errors=True)
        if not path.exists():
            return
        time.sleep(0.05)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _until_gone(pids: tuple[int, ...]) -> None:
    deadline = time.monotonic() + _GONE_WITHIN_S
    while any(started(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.002)


def _descendants(pid: int) -> Iterator[int]:
    parents = dict(_parents())
    below = {pid}
    grew = True
    while grew:
        found = {child for child, parent in parents.items() if parent in below} - below
        yield from found
        below |= found
        grew = bool(found)


def _parents() -> Iterator[tuple[int, int]]:
    """Each process and its parent."""
    if not _PROC.joinpath("self").exists():
        listing = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True)
        for line in listing.stdout.splitlines():
            child, parent = line.split()
            yield int(child), int(parent)
        return
    for pid in _pids():
        try:
            stat = _PROC.joinpath(str(pid), "stat").read_text()
        except OSError:
            continue  # it ended while we looked
        yield pid, int(stat.rpartition(")")[2].split()[1])


def _working_in(directory: Path, home: str) -> Iterator[int]:
    """Processes whose working directory is in there and whose program is from ``home``: not a shell that looks around.

    On Linux only; elsewhere the pids in the journal must do.
    """
    if not home or not _PROC.joinpath("self").exists():
        return
    for pid in _pids():
        try:
            place = _PROC.joinpath(str(pid), "cwd").readlink()
            runs = _PROC.joinpath(str(pid), "exe").readlink()
        except OSError:
            continue  # it ended, or is not ours to see
        if place.is_relative_to(directory) and runs.is_relative_to(home):
            yield pid


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal())


def _shared_files(pid: int) -> Iterator[Path]:
    """Files of POSIX shared memory that a process has mapped or opened, which a kill leaves (initdb makes one)."""
    try:
        maps = _PROC.joinpath(str(pid), "maps").read_text()
    except OSError:
        return  # it ended, or there is no such file here
    for line in maps.splitlines():
        fields = line.split(maxsplit=5)
        if len(fields) == 6 and fields[1].endswith("s") and Path(fields[5]).parent == _SHARED_MEMORY:
            yield Path(fields[5])
    for file in _opened(pid):
        if file.parent == _SHARED_MEMORY and file.is_file():
            yield file


def _opened(pid: int) -> Iterator[Path]:
    """What a process has opened: a segment that it has just made is not mapped yet."""
    try:
        descriptors = tuple(_PROC.joinpath(str(pid), "fd").iterdir())
    except OSError:
        return
    for descriptor in descriptors:
        with suppress(OSError):  # closed meanwhile
            yield descriptor.readlink()


def _remove_segments(creators: set[int]) -> None:
    """Remove System V segments that a killed server left: PostgreSQL makes one of 56 bytes, and there may be 4096.

    Children that outlive their server for a moment are still attached: shmctl(2) keeps it until the last has gone.
    """
    table = _PROC / "sysvipc/shm"
    if not table.exists():
        return
    header, *rows = (line.split() for line in table.read_text().splitlines())
    for row in (dict(zip(header, values, strict=False)) for values in rows):
        if int(row["cpid"]) in creators and row["uid"] in {str(os.geteuid()), "65534"}:
            _remove_segment(int(row["shmid"]))


def _remove_segment(identifier: int) -> None:
    # Not `ipcrm`, which small images lack. IPC_RMID is 0 on Linux; a segment that is gone already is no error to us.
    ctypes.CDLL(None).shmctl(identifier, 0, None)
