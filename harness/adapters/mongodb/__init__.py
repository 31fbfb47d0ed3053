"""MongoDB 6.0 and newer. Importing this package costs nothing: the driver comes with ``engine()``."""

from harness.engine import Engine


def engine() -> Engine:
    """The MongoDB engine; ModuleNotFoundError when its extra is not installed."""
    from harness.adapters.mongodb.adapter import MongoDB  # noqa: PLC0415  (the optional driver)

    return MongoDB()
