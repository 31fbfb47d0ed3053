"""down-exists: every migration has a down of its own."""

from collections.abc import Iterator

from harness.checks.base import Case, Check, Finding


def judge(check: Check, case: Case) -> Iterator[Finding]:
    """One finding per migration that the document gives."""
    written = {m.id for m in case.plan.design.migrations if m.undoable}
    gives = "its folder has none" if case.plan.design.folder else "the document gives none"
    for change in case.plan.changes:
        if change.id not in written:
            continue
        subject = f"migration {change.id} down"
        if change.down_derived:
            text = "; ".join(" ".join(s.text.split()) for s in change.down or ())
            message = f"{gives}; the harness tried one derived from its up: {text}"
            yield check.found("broken", subject, message, change.source)
        elif change.down is None:
            message = f"{gives}, and none can be derived from its up"
            yield check.found("broken", subject, message, change.source)
        else:
            source = change.down[0].source if change.down else change.source
            yield check.found("holds", subject, "there is one", source)


CHECK = Check(
    name="down-exists",
    question="Is it said how each migration is taken back?",
    why="Without a down the only way back is a restore, with the writes since then lost.",
    remedy="Write the down beside the up; where data cannot come back, say so there.",
    severity="warning",
    breaks="-- Up\nALTER TABLE users ADD COLUMN role text;",
    holds="-- Up\nALTER TABLE users ADD COLUMN role text;\n-- Down\nALTER TABLE users DROP COLUMN role;",
    judge=judge,
)
