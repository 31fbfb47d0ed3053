"""Sessions of a script: its transactions are begun and ended as it says, in sessions of the driver."""

from collections.abc import Mapping
from typing import Any

from pymongo.client_session import ClientSession
from pymongo.errors import InvalidOperation
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from harness.adapters.mongodb.calls import Call
from harness.adapters.mongodb.commands import OF_SESSIONS
from harness.adapters.mongodb.connection import Connection, answering
from harness.adapters.mongodb.options import Unsupported, document

SINGLE = (
    "transactions need a replica set, and this server is a single one: leave out --server, so that one is started, "
    "or start it with HARNESS_MONGODB_REPLICA_SET=1"
)


class Sessions:
    """The sessions that a script has opened, by the numbers that its calls carry."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._opened: dict[int, ClientSession] = {}

    def of(self, call: Call) -> ClientSession | None:
        """The session that a call is made in; None for one in none."""
        if not call.session:
            return None
        if call.session not in self._opened:
            self._opened[call.session] = self._connection.client.start_session()
        return self._opened[call.session]

    def told(self, call: Call) -> bool:
        """Whether the call was one of a session's own, which is done then.

        Raises:
            Unsupported: the server has no transactions, or the script's make no sense.
            OperationFailure: the server refuses it.
        """
        session = self.of(call)
        if session is None or call.collection or call.method not in OF_SESSIONS:
            return False
        if call.method == "startTransaction" and not self._connection.members:
            raise Unsupported(SINGLE)
        try:
            with answering():
                _do(session, call)
        except InvalidOperation as error:  # as mongosh says it, from the same driver's rules
            raise Unsupported(f"{call.method}(): {error}") from error
        return True

    def close(self) -> None:
        """End them all: what was not committed is aborted."""
        for session in self._opened.values():
            session.end_session()


def _do(session: ClientSession, call: Call) -> None:
    match call.method:
        case "startTransaction":
            options = document(call, 0)
            session.start_transaction(_read_concern(options), _write_concern(options))
        case "commitTransaction":
            session.commit_transaction()
        case "abortTransaction":
            session.abort_transaction()
        case _:
            session.end_session()


def _read_concern(options: Mapping[str, Any]) -> ReadConcern | None:
    given = options.get("readConcern")
    return ReadConcern(given.get("level")) if isinstance(given, Mapping) else None


def _write_concern(options: Mapping[str, Any]) -> WriteConcern | None:
    given = options.get("writeConcern")
    return WriteConcern(**{str(name): said for name, said in given.items()}) if isinstance(given, Mapping) else None
