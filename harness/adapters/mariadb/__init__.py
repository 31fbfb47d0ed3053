"""MariaDB 10.11 and newer, a variant of MySQL: what is the same is that engine's code, what differs is here."""

from harness.engine import Engine


def engine() -> Engine:
    """The MariaDB engine; ModuleNotFoundError when its extra is not installed."""
    from harness.adapters.mariadb.flavour import MARIADB  # noqa: PLC0415
    from harness.adapters.mariadb.recipe import recipe  # noqa: PLC0415
    from harness.adapters.mysql.adapter import MySQLEngine  # noqa: PLC0415  (the optional driver)

    return MySQLEngine(MARIADB, recipe)
