"""The closure image of MariaDB: ``python -m tests.images.mariadb`` builds it and prints its tag."""

import sys

from harness.adapters.mariadb.recipe import PRODUCT
from tests.images import mysql


def image(version: str | None = None) -> str:
    """Build the image, unless it is there; its tag."""
    return mysql.image(version, PRODUCT)


if __name__ == "__main__":
    print(image(sys.argv[1] if len(sys.argv) > 1 else None))
