"""Who owns a disposable server: a process, named so that no other process is ever taken for it.

A pid alone is given out again. With the time it started it is one process of one boot, seen from one pid namespace
(two CI jobs may share a Docker engine and a boot id, but not their pids).
"""

import os
import platform
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PROC = Path("/proc")


@dataclass(frozen=True, slots=True)
class Owner:
    """One process, for ever.

    Attributes:
        machine: host name, boot id and pid namespace.
        pid: as that namespace numbers it.
        started: when it started, in whatever unit the system counts.
    """

    machine: str
    pid: int
    started: str

    def __str__(self) -> str:
        """``machine:pid:started``, the form that labels and journals carry."""
        return f"{self.machine}:{self.pid}:{self.started}"


def owner(text: str) -> Owner | None:
    """The owner that ``str(owner)`` was made of; None for any other text."""
    parts = text.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdecimal():
        return None
    return Owner(parts[0], int(parts[1]), parts[2])


def myself() -> Owner:
    """This process."""
    pid = os.getpid()
    return Owner(machine(), pid, started(pid) or "")


def alive(who: Owner) -> bool | None:
    """Whether that process still runs; None when that cannot be seen from here (another machine or namespace)."""
    if who.machine == machine():
        return started(who.pid) == who.started
    host, boot, _ = who.machine.split("/")
    here, boot_here, _ = machine().split("/")
    if host == here and boot != boot_here:
        return False  # before this machine was last started
    return None


@cache
def machine() -> str:
    """``host/boot/namespace``: inside it, pid and start time name one process."""
    return "/".join(part.replace("/", "-").replace(":", ".") for part in (platform.node(), _boot(), _namespace()))


def started(pid: int) -> str | None:
    """When a process started; None when there is none of that pid, or only its zombie."""
    if not _PROC.joinpath("self").exists():
        return _started_by_ps(pid)
    try:
        stat = _PROC.joinpath(str(pid), "stat").read_text()
    except OSError:
        return None
    # The second field is the program's name in parentheses and may hold blanks and parentheses itself.
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in "ZX" else fields[19]


def _started_by_ps(pid: int) -> str | None:
    seen = subprocess.run(["/bin/ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return seen.stdout.strip().replace(":", ".").replace(" ", "_") or None


def _boot() -> str:
    boot_id = _PROC / "sys/kernel/random/boot_id"
    if boot_id.exists():
        return boot_id.read_text().strip()
    # Of the BSDs: "{ sec = 1700000000, usec = 0 } …".
    seen = subprocess.run(["/usr/sbin/sysctl", "-n", "kern.boottime"], capture_output=True, text=True, check=False)
    return "".join(filter(str.isdecimal, seen.stdout.partition(",")[0])) or "0"


def _namespace() -> str:
    link = _PROC / "self/ns/pid"
    return "".join(filter(str.isdecimal, str(link.readlink()))) if link.exists() else "0"
