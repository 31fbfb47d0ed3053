"""PostgreSQL 14 to 18. Importing this package costs nothing: the parser and the driver come with ``engine()``."""

from harness.engine import Engine
from harness.errors import InputError


def engine() -> Engine:
    """The PostgreSQL engine; InputError when its extra is not installed."""
    try:
        from harness.adapters.postgresql.adapter import PostgreSQL  # noqa: PLC0415  (the optional driver)
    except ModuleNotFoundError as error:
        raise InputError(
            f"postgresql needs the module {error.name}, which is not there: pip install 'schema-harness[postgresql]'"
        ) from error
    return PostgreSQL()
