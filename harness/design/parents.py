"""The order in which entities can be made: those that others refer to come first."""

from collections.abc import Sequence

from harness.design.model import Entity, ForeignKey


def parents_first(entities: Sequence[Entity]) -> tuple[list[Entity], list[tuple[str, ForeignKey]]]:
    """Parents first, else the document's order; and the foreign keys that a cycle forces to come later."""
    waiting, result = list(entities), []
    late: list[tuple[str, ForeignKey]] = []
    while waiting:
        missing = {entity.name.lower() for entity in waiting}
        ready = next((e for e in waiting if not _parents(e) & missing), None)
        if ready is None:
            ready = waiting[0]
            late += [(ready.name, k) for k in ready.foreign_keys if k.target.lower() in missing - {ready.name.lower()}]
        waiting.remove(ready)
        result.append(ready)
    return result, late


def _parents(entity: Entity) -> set[str]:
    return {key.target.lower() for key in entity.foreign_keys} - {entity.name.lower()}
