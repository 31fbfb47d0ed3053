"""A query with index hints, so that the optimizer takes an index wherever one can serve.

Neither engine has a setting of a session that makes table scans or sorts cost more: ``max_seeks_for_key`` only makes
lookups look cheap, MySQL's costs stand in tables of the whole server, MariaDB 11 has ``optimizer_scan_setup_cost`` but
10.11 nothing. What both have is FORCE INDEX: with all indexes of a table in it, a scan is taken only where no index can
serve at all, and an index that has the order is taken before a sort; the costs of other ways stay what they are.

So for looking only, each table of a SELECT gets the hint behind its name; the text that is executed has none.
"""

from collections.abc import Callable, Sequence

from sqlglot import exp

from harness.adapters.mysql.names import quoted
from harness.adapters.mysql.placeholders import numbered
from harness.adapters.mysql.reading import entity, tree

PURPOSES = {"scan": ("JOIN",), "sort": ("ORDER BY", "GROUP BY")}
"""What a hint is for, by the operation that it makes unattractive."""


def forced(text: str, unattractive: Sequence[str], indexes: Callable[[str], Sequence[str]]) -> str:
    """The query with hints; as it is when it is none that sqlglot understands.

    Args:
        text: the query.
        unattractive: operations; those without a hint against them are passed over.
        indexes: the usable indexes of a table, by ``Entity.name``.
    """
    purposes = [purpose for operation in unattractive for purpose in PURPOSES.get(operation, ())]

    def hint(table: str) -> str:
        names = ", ".join(quoted(name) for name in indexes(table))
        return "".join(f" FORCE INDEX FOR {purpose} ({names})" for purpose in purposes) if names else ""

    return hinted(text, hint) if purposes else text


def hinted(text: str, hint: Callable[[str], str]) -> str:
    """The query with what ``hint`` gives for each table, by ``Entity.name``, where a hint can stand behind it."""
    root = tree(numbered(text).text)
    if root is None or not isinstance(root, exp.Query):
        return text
    for end, table in sorted(_places(root), reverse=True):
        text = text[:end] + hint(table) + text[end:]
    return text


def _places(root: exp.Expr) -> list[tuple[int, str]]:
    """Where a hint can stand: behind each table's name or alias; not behind one that has hints or names partitions."""
    local = {query.alias.lower() for query in root.find_all(exp.CTE)}
    found = []
    for table in root.find_all(exp.Table):
        if table.args.get("hints") or table.args.get("partition") or (table.name.lower() in local and not table.db):
            continue
        alias = table.args.get("alias")
        end = (alias.this if alias is not None else table.this).meta.get("end")
        if isinstance(end, int):
            found.append((end + 1, entity(table)))
    return found
