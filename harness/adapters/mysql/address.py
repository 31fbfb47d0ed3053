"""Where a MySQL or MariaDB server is: URLs read, first contact made. The driver is imported when it is needed."""

import getpass
import os
import re
import socket
import ssl
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from harness.adapters.mysql.product import Product
from harness.errors import InputError, ServerError
from harness.servers.endpoint import host_and_port, port_number
from harness.servers.model import Address

if TYPE_CHECKING:
    from pymysql.connections import Connection

ADMINISTRATOR = "root"
CHARSET = "utf8mb4"
PORT = 3306
SOCKET = "mysqld.sock"
"""The socket's name in its directory: Debian's, and ours."""

_CONNECTS_WITHIN_S = 5
_DROPS_WITHIN_S = 60
_TLS_MODES = ("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY")
_OPTIONS = {"ssl-mode", "ssl-ca", "ssl-cert", "ssl-key"}
"""Options of the ``mysql`` client that a URL may carry. MariaDB's client has other words for them."""


def administrator(engine: str, host: str, port: int, password: str) -> Address:
    """The administrator's address on a server of our own; no database is chosen."""
    return Address(engine, host, port, ADMINISTRATOR, password, "")


def parse(product: Product, url: str) -> Address | None:
    """The address in a URL such as ``mysql://user:password@host/database``; None for other schemes.

    A host that starts with a slash (``%2Frun%2Fmysqld``) is a socket, or the directory in which it is; so is the option
    ``socket``. What is left out is taken as the command line client takes it, except that ``localhost`` is reached
    through the network.

    Raises:
        InputError: the URL cannot be read, or has an option that is not known.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise InputError(f"--server: not a URL: {error}") from error
    if parts.scheme not in product.schemes:
        return None
    options = {name.replace("_", "-"): value for name, value in parse_qsl(parts.query, keep_blank_values=True)}
    path = options.pop("socket", "") or options.pop("unix-socket", "")
    return _address(product, parts, path, _checked(options))


def _address(product: Product, parts: SplitResult, path: str, options: dict[str, str]) -> Address:
    login, _, place = parts.netloc.rpartition("@")
    user, _, password = login.partition(":")
    host, port = host_and_port(place)
    return Address(
        engine=product.engine,
        host=path or unquote(host) or os.environ.get("MYSQL_HOST") or "localhost",
        port=port_number(port or os.environ.get("MYSQL_TCP_PORT") or str(PORT)),
        user=unquote(user) or getpass.getuser(),
        password=unquote(password) or os.environ.get("MYSQL_PWD", ""),
        database=unquote(parts.path[1:]),
        options=tuple(options.items()),
    )


def connect(address: Address, **parameters: Any) -> "Connection[Any]":
    """The driver's connection to an address, opened.

    A socket of the machine is connected here: one that cannot be, PyMySQL 1.2 would leave open.

    Args:
        address: where to.
        parameters: what else ``pymysql.connect`` shall be given.
    """
    import pymysql  # noqa: PLC0415  (optional driver)

    connection: Connection[Any] = pymysql.connect(defer_connect=True, **_arguments(address), **parameters)
    if not address.host.startswith("/"):
        connection.connect()
        return connection
    # What the driver notes when it connects a socket itself: the server wants the password as it is then.
    connection._secure = True  # type: ignore[attr-defined]  # noqa: SLF001
    connection.connect(_connected(socket_path(address.host)))
    return connection


def _connected(path: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    try:
        made.settimeout(_CONNECTS_WITHIN_S)
        made.connect(path)
    except OSError as error:
        made.close()
        raise ConnectionError(f"Can't connect to the server at {path} ({error.strerror})") from error
    return made


def _arguments(address: Address) -> dict[str, Any]:
    """What ``pymysql.connect`` takes for an address."""
    network = not address.host.startswith("/")
    way = {"host": address.host, "port": address.port} if network else {}
    return {
        **way,
        **(_tls(dict(address.options)) if network else {"ssl_disabled": True}),
        "user": address.user,
        # The driver would encode text as Latin-1; servers compare bytes, and clients of today send UTF-8.
        "password": address.password.encode(),
        "database": address.database or None,
        "charset": CHARSET,
    }


def socket_path(host: str) -> str:
    """The socket that a host means: itself, or the one in that directory."""
    return os.path.join(host, SOCKET) if os.path.isdir(host) else host  # noqa: PTH112, PTH118  (text in, text out)


def probe(product: Product, address: Address) -> str:
    """The version of the server that answers at an address, after a query with its user and password.

    Raises:
        ServerError: it is a server of the other engine.
    """
    title, version = maker(_answer(product, address, "SELECT VERSION()", within_s=_CONNECTS_WITHIN_S))
    if title != product.title:
        raise ServerError(
            f"{address}: this is {title} {version}, and {product.title} was asked for: they are two engines; "
            f"give a server of {product.title}, or run the design on {title} with --engine {title.lower()}"
        )
    return version


def drop(product: Product, server: Address, name: str) -> None:
    """Drop a database, if it is there, and end the sessions in it.

    They notice no loss of their client while they work, and hold what they have locked.
    """
    quoted, text = name.replace("`", "``"), name.replace("\\", "\\\\").replace("'", "''")
    for view in product.flavour.lists:
        with suppress(ConnectionError):
            asked = f"SELECT GROUP_CONCAT(id) FROM {view} WHERE db = '{text}' AND id <> CONNECTION_ID()"
            for number in filter(str.isdecimal, _answer(product, server, asked, within_s=_DROPS_WITHIN_S).split(",")):
                with suppress(ConnectionError):  # it has ended by itself
                    _answer(product, server, f"KILL {number}", within_s=_DROPS_WITHIN_S)
    _answer(product, server, f"DROP DATABASE IF EXISTS `{quoted}`", within_s=_DROPS_WITHIN_S)


def maker(said: str) -> tuple[str, str]:
    """Who made a server, and its version, from what ``VERSION()`` or ``--version`` says.

    MariaDB adds its name (``10.11.6-MariaDB-0+deb12u1``); MySQL and its builds add other things (``8.4.3-log``).
    """
    number = re.search(r"\d+\.\d+(?:\.\d+)?", said)
    return ("MariaDB" if "mariadb" in said.lower() else "MySQL"), number[0] if number else said


def _answer(product: Product, address: Address, statement: str, *, within_s: int) -> str:
    """The first value that a statement gives; the server's own words when it cannot be had.

    The time is for reading, too: the server speaks first, and what listens there may be one that waits to be spoken to.
    """
    try:
        import pymysql  # noqa: PLC0415  (optional driver)
    except ImportError as error:
        raise ServerError(
            f"the {product.title} driver is missing: pip install 'schema-harness[{product.engine}]'"
        ) from error
    try:
        with (
            connect(address, connect_timeout=_CONNECTS_WITHIN_S, read_timeout=within_s) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            row = cursor.fetchone()
    except pymysql.MySQLError as error:
        raise ConnectionError(str(error.args[-1])) from error  # without the number that stands before the words
    return str(row[0]) if row else ""


def _checked(options: dict[str, str]) -> dict[str, str]:
    unknown = sorted(set(options) - _OPTIONS)
    if unknown:
        raise InputError(f"--server: {unknown[0]} is not an option that is known: {', '.join(sorted(_OPTIONS))}")
    mode = options.get("ssl-mode", "PREFERRED").upper()
    if mode not in _TLS_MODES:
        raise InputError(f"--server: ssl-mode={mode}: give one of {', '.join(_TLS_MODES)}")
    return options


def _tls(options: dict[str, str]) -> dict[str, Any]:
    """The driver's words for what the ``mysql`` client calls ssl-mode."""
    authority, certificate = options.get("ssl-ca"), options.get("ssl-cert")
    mode = options.get("ssl-mode", "VERIFY_CA" if authority else "REQUIRED" if certificate else "PREFERRED").upper()
    if mode in {"DISABLED", "PREFERRED"}:
        return {"ssl_disabled": True} if mode == "DISABLED" else {}
    context = ssl.create_default_context(cafile=authority)
    context.check_hostname = mode == "VERIFY_IDENTITY"
    context.verify_mode = ssl.CERT_NONE if mode == "REQUIRED" else ssl.CERT_REQUIRED
    # Python 3.13 sets it, and the certificates that MySQL makes for itself do not pass.
    context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    if certificate:
        context.load_cert_chain(certificate, options.get("ssl-key"))
    return {"ssl": context}
