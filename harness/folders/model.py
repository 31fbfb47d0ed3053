"""What a migration folder holds, in the words of no tool: steps in the order to be applied, and what is wrong there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from harness.source import Source

Transaction = Literal["auto", "file", "several", "unmixed", "none"]
"""How a tool sends a script: ``auto``: nothing is known; ``file``: all in one transaction; ``several``: in one where it
holds several statements (as a server takes a text of many); ``unmixed``: in none when no statement can run in one;
``none``: each statement alone, unless the script says BEGIN itself."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Code for the server, and the lines where it stands."""

    text: str
    source: Source


@dataclass(frozen=True, slots=True)
class Script:
    """One direction of a step: pieces in order (of one file, or of several), run as its tool runs them."""

    pieces: tuple[Piece, ...]
    transaction: Transaction = "auto"

    @property
    def blank(self) -> bool:
        """Whether there is nothing in it."""
        return not any(piece.text.strip() for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Step:
    """One migration.

    Attributes:
        id: as its tool numbers it; unique in the folder.
        up: None when it could not be read or emitted (a problem then says why); nothing after it can be judged.
        down: None when there is none.
        source: where its up stands: the whole file, or its section.
        files: every file that it is made of, as the user would name them.
        undoable: whether the tool has a place for a down of it (Flyway's repeatable ones have none).
        repeatable: whether the tool runs it again, on what it made before, each time that its text changes.
        trusted: another package's, which is applied and not judged.
    """

    id: str
    title: str
    up: Script | None
    down: Script | None
    source: Source
    files: tuple[str, ...]
    undoable: bool = True
    repeatable: bool = False
    trusted: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the files, before any of them is run.

    Attributes:
        verdict: ``broken``, or ``unverified`` when the harness cannot do what the tool can.
        severity: of what is broken.
    """

    subject: str
    message: str
    source: Source
    remedy: str
    verdict: Literal["broken", "unverified"] = "broken"
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True, slots=True)
class Folder:
    """A migration folder, read.

    Attributes:
        path: as the user named it.
        tool: the tool whose rules it keeps (``flyway``, ``plain`` …).
        engine: the engine that its configuration names; empty when it names none.
        steps: in the order to be applied.
    """

    path: str
    tool: str
    engine: str
    steps: tuple[Step, ...]
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a reader may need to be told.

    Attributes:
        tool: the tool's name, when it is not to be found out.
        engine: the engine to emit SQL for, where a tool emits it; empty for what the project says.
        placeholders: values of ``${name}``.
        python: the interpreter of the project's environment, for tools that are written in it.
    """

    tool: str = ""
    engine: str = ""
    placeholders: Mapping[str, str] = field(default_factory=dict)
    python: Path | None = None
