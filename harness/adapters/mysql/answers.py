"""Several texts sent at once, and what the server answers to each, as the bytes that came.

Equal bytes, equal answers: what was made of an answer before need not be made of it again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from pymysql.connections import MAX_PACKET_LEN
from pymysql.constants import COMMAND
from pymysql.err import MySQLError
from pymysql.protocol import EOFPacketWrapper, FieldDescriptorPacket, MysqlPacket

from harness.adapters.mysql.connection import Connection, answering

ENCODING = "utf-8"

REFUSED = b"\xff"
"""How a packet begins that tells an error."""

END, MAX_END = b"\xfe", 9
"""How one begins that ends a list, and what is longer than any of them."""


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
    connection._execute_command(COMMAND.COM_QUERY, text.encode())  # type: ignore[attr-defined]  # noqa: SLF001
    packets = _packets(connection)
    more = True
    while more:
        columns = MysqlPacket(next(packets), ENCODING).read_length_encoded_integer()
        head = tuple(islice(packets, columns or 0))
        next(packets)  # the end of the columns
        body = []
        while not _ends(packet := next(packets)):
            body.append(packet)
        more = EOFPacketWrapper(MysqlPacket(packet, ENCODING)).has_next
        yield Answer(head, tuple(body))


def _packets(connection: Connection) -> Iterator[bytes]:
    """What comes, packet by packet, with nothing made of it: the driver makes several objects of each.

    A packet: its length in three bytes, a number, and what it says; a full one goes on in the next
    (https://dev.mysql.com/doc/dev/mysql-server/latest/page_protocol_basic_packets.html).
    """
    read: Callable[[int], bytes] = connection._read_bytes  # type: ignore[attr-defined]  # noqa: SLF001
    while True:
        data, full = b"", True
        while full:
            size = int.from_bytes(read(4)[:3], "little")
            data, full = data + read(size), size == MAX_PACKET_LEN
        if data[:1] == REFUSED:
            MysqlPacket(data, ENCODING).raise_for_error()
        yield data


def _ends(packet: bytes) -> bool:
    """Whether it ends a list: no row begins like that and is as short."""
    return packet[:1] == END and len(packet) < MAX_END


def _name(data: bytes) -> str:
    name: str = FieldDescriptorPacket(data, ENCODING).name  # type: ignore[attr-defined]
    return name


def _values(data: bytes, count: int, errors: str) -> Iterator[str | None]:
    packet = MysqlPacket(data, ENCODING)
    for _ in range(count):
        value = packet.read_length_coded_string()  # type: ignore[no-untyped-call]
        yield None if value is None else value.decode(ENCODING, errors)
