"""Several texts sent at once, and what the server answers to each, as the bytes that came.

Equal bytes, equal answers: what was made of an answer before need not be made of it again.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymysql.constants import COMMAND
from pymysql.err import MySQLError
from pymysql.protocol import EOFPacketWrapper, FieldDescriptorPacket, MysqlPacket

from harness.adapters.mysql.connection import Connection, answering

ENCODING = "utf-8"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query.

    Attributes:
        head: the packets that describe its columns.
        body: the packets of its rows.
    """

    head: tuple[bytes, ...]
    body: tuple[bytes, ...]

    def rows(self, errors: str = "backslashreplace") -> list[dict[str, str | None]]:
        """Its rows, every value as text; ``errors`` is for bytes that are no UTF-8."""
        names = [_name(data) for data in self.head]
        return [dict(zip(names, _values(data, len(names), errors), strict=True)) for data in self.body]


Said = Answer | MySQLError
"""An answer, or a refusal."""


def answered(said: Said) -> Answer:
    """The answer; a refusal is raised."""
    if isinstance(said, MySQLError):
        raise said
    return said


def answers(connection: Connection, texts: Sequence[str]) -> list[Said]:
    """What the server says to each of these queries; ServerGone when it goes away. To be asked inside of ``several``.

    They are sent as one text. The server leaves out what stands behind one that it refuses, so that is sent again.
    """
    found: list[Said] = []
    while len(found) < len(texts):
        try:
            with answering(connection):
                for answer in _answers(connection, ";\n".join(texts[len(found) :])):
                    found.append(answer)  # noqa: PERF402  (what came before a refusal is kept)
        except MySQLError as refused:
            found.append(refused)
    return found


def _answers(connection: Connection, text: str) -> Iterator[Answer]:
    """Read packet by packet, as the driver does, but with nothing made of them."""
    connection._execute_command(COMMAND.COM_QUERY, text.encode())  # type: ignore[attr-defined]  # noqa: SLF001
    more = True
    while more:
        columns = _packet(connection).read_length_encoded_integer()
        head = tuple(_data(_packet(connection)) for _ in range(columns or 0))
        _packet(connection)  # the end of the columns
        body = []
        while not (packet := _packet(connection)).is_eof_packet():
            body.append(_data(packet))
        more = EOFPacketWrapper(packet).has_next
        yield Answer(head, tuple(body))


def _packet(connection: Connection) -> MysqlPacket:
    packet: MysqlPacket = connection._read_packet()  # type: ignore[no-untyped-call]  # noqa: SLF001
    return packet


def _data(packet: MysqlPacket) -> bytes:
    data: bytes = packet.get_all_data()  # type: ignore[no-untyped-call]
    return data


def _name(data: bytes) -> str:
    name: str = FieldDescriptorPacket(data, ENCODING).name  # type: ignore[attr-defined]
    return name


def _values(data: bytes, count: int, errors: str) -> Iterator[str | None]:
    packet = MysqlPacket(data, ENCODING)
    for _ in range(count):
        value = packet.read_length_coded_string()  # type: ignore[no-untyped-call]
        yield None if value is None else value.decode(ENCODING, errors)
