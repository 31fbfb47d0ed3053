"""What a change did to the migrations of a folder: which are new, which were edited, deleted or overtaken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.folders.model import Folder, Script, Settings, Step
from harness.folders.read import EMITTED, read, tool_of
from harness.gate.git import Repository
from harness.plan.model import Edit, Kind
from harness.source import Source

COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
SUMMED = frozenset({"flyway", "prisma"})
"""Tools that keep a checksum of the text as it stands, comments included."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Which migrations of a folder are judged (None: all), and what is said of the history."""

    judged: frozenset[str] | None
    history: tuple[Edit, ...] = ()


def scope(
    folder: Folder, path: str, repository: Repository, base: tuple[str, str], changed: Mapping[str, str]
) -> Scope:
    """The scope of a change.

    Args:
        folder: as it is now.
        path: of it, in the repository.
        repository: where it is.
        base: the commit that it is compared with, and how the user named it.
        changed: the paths that differ, with their status.
    """
    commit, name = base
    root = repository.root
    touched = {s.id for s in folder.steps if any(_within(root, f) in changed for f in s.files)}
    with repository.folder_at(commit, path) as old:
        before = () if old is None else _before(old, folder, root, changed)
    return _compared(folder, before, touched, name)


def _within(root: Path, file: str) -> str:
    resolved = Path(file).resolve()
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else file


def _before(old: Path, folder: Folder, root: Path, changed: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of the base. Those of a tool that would have to be run are told by their files alone."""
    if folder.tool in EMITTED:
        kept = (s for s in folder.steps if not any(changed.get(_within(root, f)) == "A" for f in s.files))
        return tuple(replace(s, up=_edited(s, root, changed)) for s in kept)
    if tool_of(old) != folder.tool:
        return ()
    return read(old, Settings(tool=folder.tool, engine=folder.engine)).steps


def _edited(step: Step, root: Path, changed: Mapping[str, str]) -> Script | None:
    """Its script; none, which differs from any, where its file was edited."""
    return None if any(changed.get(_within(root, f)) == "M" for f in step.files) else step.up


def _compared(folder: Folder, before: Sequence[Step], touched: set[str], name: str) -> Scope:
    was = {step.id: step for step in before}
    now = {step.id: step for step in folder.steps}
    last = max((n for n, s in enumerate(folder.steps) if s.id in was and not s.repeatable), default=-1)
    history, judged = [], set[str]()
    for number, step in enumerate(folder.steps):
        if step.id not in was:
            judged.add(step.id)
            if number < last and not step.repeatable:
                later = ", ".join(s.id for s in folder.steps[number + 1 :] if s.id in was)
                history.append(Edit("overtaken", step.id, name, _short(later), step.source))
            else:
                history.append(
                    Edit("kept", step.id, name, f"it is new, and comes after all that {name} has", step.source)
                )
        elif step.id in touched and (said := _difference(was[step.id], step, folder.tool)):
            kind, detail, source = said
            judged.add(step.id)
            history.append(Edit(kind, step.id, name, detail, source))
    for id_, step in was.items():
        if id_ not in now:
            history.append(_deleted(step, folder, name))
    return Scope(frozenset(judged), tuple(history))


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:77]}…"


def _difference(was: Step, now: Step, tool: str) -> tuple[Kind, str, Source] | None:
    """What was done to a migration; None when nothing was. A down may be mended: no database has run it yet."""
    if now.repeatable:  # made to be edited: it is run again
        return "kept", "it is run again whenever it is changed", now.source
    old, new = _text(was.up, tool), _text(now.up, tool)
    if old == new and was.up is not None:
        if _text(was.down, tool) == _text(now.down, tool):
            return "kept", "only comments or spaces were changed", now.source
        down = now.down.pieces[0].source if now.down is not None and now.down.pieces else now.source
        return "kept", "only its down was changed", down
    line, told = _first(was.up, now.up)
    return "edited", told, now.source.at(line)


def _text(script: Script | None, tool: str) -> str | None:
    if script is None:
        return None
    text = "\n".join(piece.text for piece in script.pieces)
    return text if tool in SUMMED else " ".join(COMMENTS.sub(" ", text).split())


def _first(was: Script | None, now: Script | None) -> tuple[int, str]:
    """The first line (from 0) that differs, and how."""
    old, new = ([] if s is None else [line for p in s.pieces for line in p.text.split("\n")] for s in (was, now))
    if was is None:
        return 0, "its file differs"
    same = next(
        (n for n, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]), min(len(old), len(new))
    )
    before, after = (_short(lines[same].strip()) if same < len(lines) else "" for lines in (old, new))
    lowest = len(now.pieces[0].text.split("\n")) - 1 if now is not None and now.pieces else 0
    return min(same, max(0, lowest)), f"`{before}` became `{after}`"


def _deleted(step: Step, folder: Folder, name: str) -> Edit:
    """Where its file was; a migration of the same text under another number is named."""
    text = _text(step.up, folder.tool)
    twin = next((s for s in folder.steps if text and _text(s.up, folder.tool) == text), None)
    file = Path(step.files[0]).name if step.files else ""
    detail = f"its text is now migration {twin.id}" if twin is not None else f"databases have run {file or step.id}"
    there = folder.steps[-1].source.path if folder.steps else folder.path
    path = str(Path(folder.path) / _below(step, file))
    return Edit("deleted", step.id, name, detail, Source(path if file else there, 1, 1))


def _below(step: Step, file: str) -> str:
    """The path of a file inside its folder, which was read from a copy elsewhere."""
    parts = Path(step.files[0]).parts
    inside = next((n for n, part in enumerate(parts) if part.startswith("harness-base-")), None)
    return file if inside is None else str(Path(*parts[inside + 1 :]))
