"""Names as PostgreSQL reads and writes them: quoted only when they must be, with a namespace only when not public."""

from harness.adapters.postgresql import grammar

DEFAULT_NAMESPACE = "public"


def quoted(name: str) -> str:
    """An observed name as SQL: in quotes when its case, a character or a keyword asks for them."""
    if grammar.PLAIN.match(name) and not grammar.reserved(name):
        return name
    return '"' + name.replace('"', '""') + '"'


def folded(name: str) -> str:
    """A name from a document as SQL. Unquoted names lose their case on the server, so case alone asks for no quotes."""
    return quoted(name.lower() if grammar.PLAIN.match(name.lower()) else name)


def qualified(entity: str) -> str:
    """An ``Entity.name`` as SQL, always with its namespace, so that the search path does not matter."""
    namespace, name = parts(entity)
    return f"{quoted(namespace)}.{quoted(name)}"


def parts(entity: str) -> tuple[str, str]:
    """Namespace and bare name of an ``Entity.name``."""
    namespace, dot, name = entity.partition(".")
    return (namespace, name) if dot else (DEFAULT_NAMESPACE, entity)


def entity_name(namespace: str, name: str) -> str:
    """The ``Entity.name`` of a relation."""
    return name if namespace in {"", DEFAULT_NAMESPACE} else f"{namespace}.{name}"


def literal(text: str) -> str:
    """A text as an SQL literal (``standard_conforming_strings`` on)."""
    return "'" + text.replace("'", "''") + "'"
