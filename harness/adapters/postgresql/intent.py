"""What a single statement is about, by PostgreSQL's own parser."""

from dataclasses import replace
from functools import lru_cache

from postgast.walk import unwrap_node

from harness.adapters.postgresql import grammar, placeholders
from harness.adapters.postgresql.beyond import beyond
from harness.adapters.postgresql.refusal import SYNTAX_ERROR, unsendable
from harness.adapters.postgresql.subjects import subject
from harness.adapters.postgresql.undo import undo
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Intent, Refusal


@lru_cache(maxsize=2**17)
def intent(statement: Statement) -> Intent:
    """What the statement is about, parsed once however often that is asked.

    The verb is ``invalid`` when neither it nor its form with placeholders parses.
    """
    refused = unsendable(statement)
    if refused is not None:
        return Intent("invalid", refusal=refused)
    try:
        parsed = grammar.parse(statement.told)
    except grammar.TooDeep:
        return Intent("other")
    except grammar.Unparsable as error:
        return _with_placeholders(statement) or _invalid(statement, error.message, error.offset)
    return _of(parsed)


def _of(parsed: grammar.Parsed) -> Intent:
    if not parsed.tree.stmts:
        return Intent("other", "nothing", undo=())
    node = unwrap_node(parsed.tree.stmts[0].stmt)
    return replace(subject(node), undo=undo(node), beyond=beyond(node))


def _with_placeholders(statement: Statement) -> Intent | None:
    try:
        return _of(grammar.parse(placeholders.numbered(statement.told).text))
    except grammar.Unparsable:
        return None


def _invalid(statement: Statement, message: str, offset: int) -> Intent:
    end = len(statement.text)
    place = lines(statement)(min(offset, max(end - 1, 0)), min(offset, max(end - 1, 0)))
    return Intent("invalid", refusal=Refusal(message, SYNTAX_ERROR, place))
