"""Nothing is left behind, however a run ends. Each ending is done to a real process with a real server."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.cli import main
from harness.errors import InputError
from harness.servers import leftovers
from tests.servers.conftest import Launch, eventually, orphaned_memory, orphaned_segments, up, working_in
from tests.servers.engines import Spoken

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for what is left in /proc")


@pytest.fixture(autouse=True)
def no_shared_memory_is_left() -> Iterator[None]:
    before = orphaned_segments() | orphaned_memory()
    yield
    assert eventually(lambda: orphaned_segments() | orphaned_memory() <= before)


def is_clean(directory: str, state: Path) -> bool:
    return not Path(directory).exists() and not working_in(directory) and not list(state.rglob("*.jsonl"))


@pytest.mark.parametrize("ending", ["success", "failure"])
def test_nothing_is_left_by_a_run_that_ends_by_itself(ending: str, launch: Launch, apart: Path) -> None:
    owner = launch("local", ending)
    directory = up(owner)["directory"]
    owner.communicate()
    assert is_clean(directory, apart)


@pytest.mark.parametrize(
    ("ending", "number"),
    [("wait", signal.SIGINT), ("busy", signal.SIGTERM), ("wait", signal.SIGHUP), ("busy", signal.SIGKILL)],
)
def test_nothing_is_left_by_a_run_that_is_ended(
    number: signal.Signals, ending: str, launch: Launch, apart: Path
) -> None:
    owner = launch("local", ending)
    directory = up(owner)["directory"]
    assert working_in(directory)
    owner.send_signal(number)
    owner.communicate()
    assert eventually(lambda: is_clean(directory, apart))


@pytest.mark.parametrize("delay_s", [0.05, 0.15, 0.25, 0.4])
def test_nothing_is_left_by_a_run_that_is_killed_while_its_server_starts(
    delay_s: float, launch: Launch, apart: Path, tmp_path: Path
) -> None:
    cold = tmp_path / "cache"
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    owner = launch("local", "wait", XDG_CACHE_HOME=str(cold), TMPDIR=str(temporary))
    assert eventually(lambda: any(apart.rglob("*.jsonl")))
    time.sleep(delay_s)
    owner.kill()
    owner.communicate()
    assert eventually(lambda: not list(apart.rglob("*.jsonl")))
    assert eventually(lambda: not working_in(str(tmp_path)))  # who was killed needs a moment to be gone
    assert not list(temporary.iterdir())
    assert not list(cold.rglob("harness-*"))


def test_the_next_run_sweeps_what_a_run_left_whose_watchdog_was_killed_too(launch: Launch, apart: Path) -> None:
    owner = launch("local", "wait")
    directory = up(owner)["directory"]
    for child in children(owner.pid):
        os.kill(child, signal.SIGSTOP)  # the watchdog, which would be quicker than the second kill
        os.kill(child, signal.SIGKILL)
    owner.kill()
    owner.communicate()
    assert [each.standing for each in of_this_test()] == ["left behind"]
    leftovers.sweep()
    assert eventually(lambda: is_clean(directory, apart))


def test_a_sweep_leaves_alone_what_is_in_use(launch: Launch, apart: Path) -> None:
    owner = launch("local", "wait")
    directory = up(owner)["directory"]
    leftovers.sweep()
    assert leftovers.prune(kept=True) == ()
    assert [each.standing for each in of_this_test()] == ["in use"]
    assert Path(directory).exists()


def test_a_kept_server_stays_up_until_it_is_stopped(engine: Spoken, launch: Launch, apart: Path) -> None:
    owner = launch("local", "keep")
    said = up(owner)
    owner.communicate()
    leftovers.sweep()
    [kept] = of_this_test()
    assert (kept.standing, kept.url) == ("kept", said["url"])
    address = engine.recipe(None, None).parse(kept.url)
    assert address is not None
    assert engine.asked(address, "SELECT 1") == "1"
    leftovers.stop(kept.name)
    assert is_clean(said["directory"], apart)


@pytest.mark.parametrize("by", ["the next run", "harness server stop --all"])
def test_a_kept_server_that_died_is_swept(by: str, launch: Launch, apart: Path) -> None:
    owner = launch("local", "keep")
    directory = up(owner)["directory"]
    owner.communicate()
    for process in working_in(directory):
        os.kill(process, signal.SIGKILL)

    def swept() -> bool:
        # It spares it as long as a process is still on its way out.
        if by == "the next run":
            leftovers.sweep()
        else:
            assert main(by.split()[1:]) == 0
        return is_clean(directory, apart)

    assert eventually(swept)


def test_stopping_a_server_that_is_not_there_says_which_are(apart: Path) -> None:
    with pytest.raises(InputError, match="nothing-1: no such server"):
        leftovers.stop("nothing-1")


def test_a_shell_in_a_servers_directory_is_not_killed_with_it(launch: Launch, apart: Path) -> None:
    owner = launch("local", "wait")
    directory = up(owner)["directory"]
    visitor = subprocess.Popen(["sleep", "60"], cwd=directory)
    owner.kill()
    owner.communicate()
    assert eventually(lambda: not Path(directory).exists())
    assert visitor.poll() is None
    visitor.kill()
    visitor.wait()


def of_this_test() -> list[leftovers.Listed]:
    """Servers with a journal in the test's own state; containers of tests beside this one have none there."""
    return [each for each in leftovers.listing() if each.standing != "elsewhere"]


def children(pid: int) -> list[int]:
    """The watchdog; a server is a child as well, told by its working directory."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in listed if str(Path(f"/proc/{child}/cwd").readlink()) == "/"]
