"""What a change did to the migrations that stand in a document, and to those of the folder that it names."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

from harness.design.build import build
from harness.design.folder import named, placed
from harness.design.model import Design, Migration
from harness.document.markdown import read
from harness.errors import InputError
from harness.folders.model import Folder, Piece, Script, Settings, Step
from harness.folders.read import read as read_folder
from harness.gate.relevance import Diff
from harness.gate.scope import compared, scope, text_of
from harness.plan.model import Edit


def history(path: Path, now: Design, diff: Diff, settings: Settings, judged: Collection[Path]) -> tuple[Edit, ...]:
    """What is said of each migration that the document had on the base branch, or has now.

    Args:
        path: of the document.
        now: the design in it as it is, with the migrations of its folder.
        diff: what the change is compared with.
        settings: for the reader of its folder.
        judged: folders of which the same is said elsewhere.
    """
    before = _steps(_on_base(path, diff), path)
    rest = _of_folder(path, diff, settings, judged)
    if not before:
        return rest
    steps = _steps(now, path)
    old = _paired(before, steps)
    ids = {step.id for step in old}
    own = tuple(step for step in steps if step.files or step.id in ids)
    told = compared(Folder(str(path), "", now.engine, own), old, {step.id for step in own}, diff.name)
    return (*told.history, *rest)


def _on_base(path: Path, diff: Diff) -> Design | None:
    """The design as the document gave it; None when there was none, or none that can be read."""
    with diff.repository.file_at(diff.commit, diff.within(path)) as old:
        try:
            return None if old is None else build(read(old))
        except InputError:
            return None


def _steps(design: Design | None, path: Path) -> tuple[Step, ...]:
    """The migrations that have code and are no plans for later. Those of another file have no files here."""
    given = () if design is None else design.migrations
    return tuple(_step(m, path) for m in given if m.up is not None and not m.planned)


def _step(migration: Migration, path: Path) -> Step:
    up, down = _script(migration, up=True), _script(migration, up=False)
    assert migration.up is not None
    files = () if migration.tool else (str(path),)
    return Step(migration.id, migration.title, up, down, migration.up.source, files, repeatable=migration.repeatable)


def _script(migration: Migration, *, up: bool) -> Script | None:
    given = migration.up if up else migration.down
    if given is None:
        return None
    return Script(tuple(Piece(part.text, part.source) for part in given.parts or (given,)))


def _paired(before: Sequence[Step], now: Sequence[Step]) -> tuple[Step, ...]:
    """The old ones under the ids that they have now: a heading may be worded anew, it is the text that has been run."""
    texts = {step.id: text_of(step.up, "") for step in now}
    same = {step.id for step in before if texts.get(step.id) == text_of(step.up, "")}
    free = {text: id_ for id_, text in texts.items() if id_ not in same}
    found = [None if step.id in same else free.get(text_of(step.up, "")) for step in before]
    return tuple(_called(step, new, taken=step.id in found) for step, new in zip(before, found, strict=True))


def _called(step: Step, new: str | None, *, taken: bool) -> Step:
    """An old step as it is called now; where another one has its number, by its title too."""
    id_ = new or (f"{step.id} {step.title}" if taken else step.id)
    return replace(step, id=id_, files=())


def _of_folder(path: Path, diff: Diff, settings: Settings, judged: Collection[Path]) -> tuple[Edit, ...]:
    below = named(read(path))
    place = placed(below[0], path) if below else None
    if place is None or not place.is_dir() or place.resolve() in judged or not diff.touches(place):
        return ()
    folder = read_folder(place, settings)
    return scope(folder, diff.within(place), diff.repository, (diff.commit, diff.name), diff.paths).history
