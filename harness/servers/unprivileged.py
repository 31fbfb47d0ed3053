"""Running a server's programs as somebody who is not root: PostgreSQL refuses to be started by uid 0."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from harness.errors import ServerError

_NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Account:
    """As whom programs run.

    Attributes:
        prefix: words before the command that change the user, in a user namespace.
        uid: the user to become; None when there is no need or the prefix does it.
        gid: the group to become.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None


@cache
def account() -> Account:
    """This user, unless it is root.

    Root is hidden in a user namespace where the kernel allows one: files keep their owner and a home directory of mode
    0700 stays readable. Docker's default seccomp profile forbids it; there the user ``nobody`` serves.
    """
    if os.geteuid() != 0:
        return Account()
    prefix = ("unshare", "--user", f"--map-user={_NOBODY}", f"--map-group={_NOBODY}")
    if shutil.which("unshare") and subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0:
        return Account(prefix)
    nobody = pwd.getpwuid(_NOBODY)
    return Account((), nobody.pw_uid, nobody.pw_gid)


def start(
    command: Sequence[str], *, directory: Path, environment: Mapping[str, str], output: IO[bytes]
) -> subprocess.Popen[bytes]:
    """Start a program in a session of its own, so that Ctrl-C reaches the harness alone.

    Raises:
        ServerError: the program, or the directory, cannot be reached as that user.
    """
    who = account()
    try:
        return subprocess.Popen(
            [*who.prefix, *command],
            cwd=directory,
            env={"PATH": os.environ.get("PATH", os.defpath), **environment},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=who.uid,
            group=who.gid,
            extra_groups=[] if who.uid is not None else None,
        )
    except PermissionError as error:
        raise ServerError(
            f"{command[0]}: a database server does not run as root, and the user nobody cannot reach it "
            f"(or {directory}): run as another user, or move it out of root's home directory"
        ) from error
    except OSError as error:
        raise ServerError(f"{command[0]}: cannot be run: {error.strerror}") from error


def ran(command: Sequence[str]) -> bool:
    """Run a program to its end as that user; whether it did its work. What it says nobody reads."""
    who = account()
    groups: list[int] | None = [] if who.uid is not None else None
    try:
        done = subprocess.run(
            [*who.prefix, *command], capture_output=True, check=False, user=who.uid, group=who.gid, extra_groups=groups
        )
    except OSError:
        return False
    return done.returncode == 0


def give(directory: Path) -> None:
    """Make a directory, with all that is in it, the account's own."""
    who = account()
    if who.uid is None or who.gid is None:
        return
    os.chown(directory, who.uid, who.gid)
    for place, directories, files in os.walk(directory):
        for name in (*directories, *files):
            os.chown(Path(place, name), who.uid, who.gid, follow_symlinks=False)
