"""What a change did to the migrations of a folder: which are new, which were edited, deleted or overtaken."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from harness.design.compare import apart
from harness.folders import flyway
from harness.folders.model import Folder, Script, Settings, Step
from harness.folders.read import EMITTED, read, tool_of
from harness.gate import code
from harness.gate.git import Repository
from harness.plan.model import Edit, Kind
from harness.source import Source

COMMENTS = re.compile(r"--[^\n]*|/\*.*?\*/|(?<!\S)//[^\n]*", re.DOTALL)
"""Those of SQL, and of mongosh's scripts."""

LONGEST = 80
"""Characters of a line that are shown."""

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
    return compared(folder, before, touched, name)


def _within(root: Path, file: str) -> str:
    resolved = Path(file).resolve()
    return resolved.relative_to(root.resolve()).as_posix() if resolved.is_relative_to(root.resolve()) else file


def _before(old: Path, folder: Folder, root: Path, changed: Mapping[str, str]) -> tuple[Step, ...]:
    """The steps of the base. Those of a tool that would have to be run are told by their files alone."""
    if folder.tool in EMITTED:
        kept = (s for s in folder.steps if not any(changed.get(_within(root, f)) == "A" for f in s.files))
        return tuple(_edited(s, old, folder, root, changed) for s in kept)
    if tool_of(old) != folder.tool:
        return ()
    return read(old, Settings(tool=folder.tool, engine=folder.engine)).steps


def _edited(step: Step, old: Path, folder: Folder, root: Path, changed: Mapping[str, str]) -> Step:
    """It as it was; with no script, which differs from any, where the code that makes it is another one now."""
    here = _within(root, folder.path)
    files = {_within(root, f): Path(f) for f in step.files if changed.get(_within(root, f)) == "M"}
    did = {code.changed(old / _inside(name, here), file, folder.tool) for name, file in files.items()}
    return replace(step, up=None if "up" in did else step.up, down=None if did & {"up", "down"} else step.down)


def _inside(name: str, folder: str) -> str:
    return name if folder == "." else name.removeprefix(f"{folder}/")


def compared(folder: Folder, before: Sequence[Step], touched: set[str], name: str) -> Scope:
    """The scope, from the steps of the base, and the ids of those whose files differ."""
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
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}…"


def _difference(was: Step, now: Step, tool: str) -> tuple[Kind, str, Source] | None:
    """What was done to a migration; None when nothing was. A down may be mended: no database has run it yet."""
    if now.repeatable:  # made to be edited: it is run again
        return "kept", "it is run again whenever it is changed", now.source
    if tool == flyway.TOOL and was.title != now.title:
        return "edited", f"its description was `{was.title}` and is `{now.title}`, and Flyway compares them", now.source
    old, new = text_of(was.up, tool), text_of(now.up, tool)
    if not tool and was.up is not None and (_raw(was.up), _raw(was.down)) == (_raw(now.up), _raw(now.down)):
        return "kept", "its text is as it was", now.source
    if old == new and was.up is not None:
        if text_of(was.down, tool) == text_of(now.down, tool):
            return "kept", "only comments or spaces were changed", now.source
        down = now.down.pieces[0].source if now.down is not None and now.down.pieces else now.source
        return "kept", "only its down was changed", down
    line, told = _first(was.up, now.up, tool)
    return "edited", told, now.source.at(line)


def _raw(script: Script | None) -> str | None:
    return None if script is None else "\n".join(piece.text for piece in script.pieces)


def text_of(script: Script | None, tool: str) -> str | None:
    """What counts of a text: all of it where the tool keeps a checksum, else what is no comment and no space."""
    text = _raw(script)
    if text is None:
        return None
    return text if tool in SUMMED else " ".join(COMMENTS.sub(" ", text).split())


def _first(was: Script | None, now: Script | None, tool: str) -> tuple[int, str]:
    """The first line (from 0) that differs, and how."""
    if was is None:
        return 0, "its file differs"
    old, new = _counting(was, tool), _counting(now, tool)
    same = next((n for n, (o, w) in enumerate(zip(old, new, strict=False)) if o[1] != w[1]), min(len(old), len(new)))
    line = new[same][0] if same < len(new) else new[-1][0] if new else 0
    was_line, now_line = (held[same][1].strip() if same < len(held) else "" for held in (old, new))
    before, after = apart(was_line, now_line, LONGEST)
    if before and after:
        return line, f"`{before}` became `{after}`"
    return line, f"`{after}` was added" if after else f"`{before}` was taken out" if before else "its lines differ"


def _counting(script: Script | None, tool: str) -> list[tuple[int, str]]:
    """The lines that count, and their numbers from 0."""
    lines = list(enumerate((_raw(script) or "").split("\n")))
    if tool in SUMMED:
        return lines
    kept = COMMENTS.sub(lambda found: "\n" * found[0].count("\n"), _raw(script) or "")
    return [(number, " ".join(line.split())) for number, line in enumerate(kept.split("\n")) if line.strip()]


def _deleted(step: Step, folder: Folder, name: str) -> Edit:
    """Where its file was; a migration of the same text under another number is named."""
    text = text_of(step.up, folder.tool)
    twin = next((s for s in folder.steps if text and text_of(s.up, folder.tool) == text), None)
    file = Path(step.files[0]).name if step.files else ""
    detail = f"its text is now migration {twin.id}" if twin is not None else f"databases have run {file or step.id}"
    there = folder.steps[-1].source.path if folder.steps else folder.path
    path = str(Path(folder.path) / _below(step, file)) if file else there
    return Edit("deleted", step.id, name, detail, Source(path, 1, 1))


def _below(step: Step, file: str) -> str:
    """The path of a file inside its folder, which was read from a copy elsewhere."""
    parts = Path(step.files[0]).parts
    inside = next((n for n, part in enumerate(parts) if part.startswith("harness-base-")), None)
    return file if inside is None else str(Path(*parts[inside + 1 :]))
