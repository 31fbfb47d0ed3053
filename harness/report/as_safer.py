"""Safer ways as SQL: each migration as it would be written instead, with what was measured, and what stays as it is."""

from collections.abc import Iterator
from textwrap import wrap

from harness.checks.safer_way import safer
from harness.counting import counted
from harness.plan.model import Change, Plan
from harness.report.as_sql import script
from harness.report.characters import one_line
from harness.run.model import Run
from harness.run.safer import Offer, Weighed, parts, uncovered

WIDTH = 110


def as_safer(plan: Plan, run: Run) -> str:
    """Every migration for which something is to be said."""
    found = [text for change in plan.changes if (text := "\n".join(_change(run, change)))]
    head = f"-- {one_line(plan.design.title)} ({plan.design.path}): safer ways, tried on {run.engine} {run.version}."
    if not found:
        found = ["-- No statement changes a table that was there before in a way that could be safer."]
    skipped = [f"-- migration {s.subject}: {one_line(s.reason)}" for s in run.skips("safer")]
    return "\n".join([head, *skipped, *(f"\n{text}" for text in found)]).rstrip() + "\n"


def _change(run: Run, change: Change) -> Iterator[str]:
    offers = [offer for offer in run.of(Offer) if offer.migration == change.id]
    told = [line for offer in offers for line in _told(run, offer)]
    offered = any(offer.standing == "offered" for offer in offers)
    if not offered and not told:
        return
    yield f"-- migration {one_line(change.id)}: {one_line(change.title)} ({change.source})"
    yield from told
    if not offered:
        return
    weighed = next((each for each in run.of(Weighed) if each.migration == change.id), None)
    if weighed is not None:
        yield (
            f"-- The same schema. With {counted(weighed.rows, 'row')} others waited {_ms(weighed.usual_ms)} for a lock "
            f"the usual way, {_ms(weighed.safer_ms)} this way."
        )
    for each in uncovered(offers):
        warned = (
            f"After line {each.statement.source.line} nothing keeps what was kept there until all parts have run: "
            "look for rows that break what takes its place before each of them."
        )
        yield from wrap(warned, WIDTH, break_on_hyphens=False, initial_indent="-- ", subsequent_indent="--   ")
    migrations = parts(offers)
    for number, statements in enumerate(migrations, 1):
        yield f"-- part {number} of {len(migrations)}, a migration of its own"
        yield script(statements)


def _ms(waited: float) -> str:
    return f"{waited:,.0f} ms" if waited else "less than 20 ms"


def _told(run: Run, offer: Offer) -> Iterator[str]:
    """Why a statement stays as it is, where something could be better."""
    if offer.standing == "offered":
        return
    instead = safer(run.traits, offer.statement.told)
    stops = offer.copies or offer.usual_ms > 0
    if not stops or (offer.standing == "as it is" and not instead):
        return
    line = offer.statement.source.line
    text = one_line(offer.statement.told)
    text = text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"
    why = {
        "as it is": "not by writing it otherwise",
        "refused": f"the server refuses the way that was tried: {one_line(offer.reason)}",
        "differs": f"the way that was tried leads to another schema: {one_line(offer.reason)}",
        "no better": f"the way that was tried is no better: {one_line(offer.reason)}",
    }[offer.standing]
    yield f"-- line {line} stays as it is: {text}"
    told = f"{why.removesuffix('.')}." + (f" {instead}" if instead else "")
    yield from wrap(told, WIDTH, break_on_hyphens=False, initial_indent="--   ", subsequent_indent="--   ")
