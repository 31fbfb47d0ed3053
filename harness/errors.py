"""The exceptions that reach a user, and the exit code of each.

A wrong *design* is never an exception: it is a finding. Exceptions are for what stops the work::

    HarnessError
    ├── InputError    2  the call or the input is wrong: no such file, unreadable, unknown design or option
    └── ServerError   3  no server could be had, or it went away
        └── ServerGone   the server died or cut the connection while it worked

A message is one or a few lines: ``where: what is wrong: what to do``, lower case, no traceback.
"""


class HarnessError(Exception):
    """Anything the harness says to a user instead of a verdict."""

    exit_code = 2


class InputError(HarnessError):
    """The document, the scenario or the call cannot be used as given."""

    exit_code = 2


class ServerError(HarnessError):
    """No server could be had, or the one there was could not be used."""

    exit_code = 3


class ServerGone(ServerError):  # noqa: N818  (it says what happened)
    """The server died, or closed the connection, in the middle of the work."""
