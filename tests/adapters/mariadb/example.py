"""MariaDB's words for the contract suite: MySQL's."""

from tests.adapters.mysql.example import EXAMPLE

__all__ = ["EXAMPLE"]
