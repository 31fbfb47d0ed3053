"""MySQL 8.4 and 9. Importing this package costs nothing: the driver comes with ``engine()``."""

from harness.engine import Engine


def engine() -> Engine:
    """The MySQL engine; ModuleNotFoundError when its extra is not installed."""
    from harness.adapters.mysql.adapter import MySQLEngine  # noqa: PLC0415  (the optional driver)
    from harness.adapters.mysql.flavour import MYSQL  # noqa: PLC0415
    from harness.adapters.mysql.recipe import recipe  # noqa: PLC0415

    return MySQLEngine(MYSQL, recipe)
