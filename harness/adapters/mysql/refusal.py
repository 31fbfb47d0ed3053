"""What the server says of a statement that it does not take, with the line it points at."""

import re

from pymysql.err import MySQLError

from harness.adapters.mysql.connection import INTERRUPTED, code, said
from harness.design.model import Statement
from harness.design.place import lines
from harness.facts import Refusal
from harness.source import Source

LINE = re.compile(r" at line (\d+)\Z")
"""How a message ends that the parser makes; counted within the statement."""

NAMED = re.compile(r"(?<!\w)'((?:[^']|'')+)'|`((?:[^`]|``)+)`")
"""What a message names. MariaDB has backticks in some, and both have a "can't"."""

OWN = re.compile(r"`harness_\w+_[0-9a-f]{8}`\.|\bharness_\w+_[0-9a-f]{8}\.")
"""The name of a database of ours before that of a table: nobody else knows it (see ``fresh``)."""

TIMED_OUT = frozenset({INTERRUPTED, 1969, 3024})
"""Ended by KILL QUERY, by MariaDB's max_statement_time, by MySQL's max_execution_time."""

DENIED = frozenset({1044, 1142, 1143, 1227, 1370, 1410, 1419})
"""A right is missing: to a database, a table, a column, of the server, to a routine, to grant, SUPER for routines."""


def refusal(error: MySQLError, statement: Statement) -> Refusal:
    """The server's words. It gives no positions: a line for what does not parse, names for the rest."""
    message, number = OWN.sub("", said(error)), code(error)
    detail = "it was ended when its time was over" if number in TIMED_OUT else ""
    return Refusal(message, str(number), _source(message, statement), detail, number in DENIED)


def _source(message: str, statement: Statement) -> Source:
    place = lines(statement)
    line = LINE.search(message)
    if line is not None:
        breaks = [-1, *(match.start() for match in re.finditer("\n", statement.text))]
        start = breaks[min(int(line[1]), len(breaks)) - 1] + 1
        return place(start, start)
    names = ((match[1] or match[2]).rpartition(".")[2] for match in NAMED.finditer(message))
    found = (re.search(rf"(?<![\w$]){re.escape(name)}(?![\w$])", statement.text, re.IGNORECASE) for name in names)
    start = next((match.start() for match in found if match is not None), 0)
    return place(start, start)
