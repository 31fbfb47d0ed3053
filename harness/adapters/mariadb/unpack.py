"""A newer MariaDB than this Debian has: ``python -m harness.adapters.mariadb.unpack``. See MySQL's module."""

import sys

from harness.adapters.mariadb.recipe import PRODUCT
from harness.adapters.mysql.unpack import main

if __name__ == "__main__":
    sys.exit(main(PRODUCT))
