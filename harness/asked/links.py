"""Which tables of a FROM clause no condition ties to the others: an implicit cross join."""

from collections.abc import Iterator

from sqlglot import exp

from harness.asked.names import Names


def linked(select: exp.Select, names: Names) -> frozenset[str]:
    """The aliases that stand apart though CROSS JOIN was not written; none when all are tied together."""
    joins = select.args.get("joins") or []
    first = select.args.get("from_")
    if not joins or first is None:
        return frozenset()
    groups = {alias: alias for alias, _ in names.entities()}

    def root(alias: str) -> str:
        return alias if groups[alias] == alias else root(groups[alias])

    for aliases in _ties(select, names, first.alias_or_name):
        known = [alias for alias in aliases if alias in groups]
        for other in known[1:]:
            groups[root(other)] = root(known[0])
    start = root(first.alias_or_name) if first.alias_or_name in groups else ""
    return frozenset(alias for alias, entity in names.entities() if entity and start and root(alias) != start)


def _ties(select: exp.Select, names: Names, first: str) -> Iterator[list[str]]:
    """Groups of aliases that belong together."""
    before = [first]
    for join in select.args.get("joins") or []:
        meant = join.kind == "CROSS" or join.method == "NATURAL" or join.args.get("using")
        if meant or not isinstance(join.this, exp.Table) or join.this.find(exp.Anonymous, exp.Unnest):
            # Written out; or a function or sub-select, which may speak of the tables before it.
            yield [*before, join.alias_or_name]
        before.append(join.alias_or_name)
        if join.args.get("on") is not None:
            yield from _conditions(join.args["on"], names)
    where = select.args.get("where")
    if where is not None:
        yield from _conditions(where.this, names)


def _conditions(condition: exp.Expr, names: Names) -> Iterator[list[str]]:
    """The tables in each part of a condition that must be true."""
    bare = condition.unnest()
    for part in bare.flatten() if isinstance(bare, exp.And) else [bare]:
        yield [alias for column in part.find_all(exp.Column) if (alias := names.alias(column))]
