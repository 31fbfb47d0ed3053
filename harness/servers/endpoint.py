"""Host and port as they stand in a server's URL, for every engine's scheme."""

from harness.errors import InputError


def host_and_port(place: str) -> tuple[str, str]:
    """``host:port``, ``[::1]:port`` or a host alone, as host and port (empty when none is given)."""
    if "," in place:
        raise InputError(f"--server: {place} names several servers: give one")
    if place.startswith("["):
        host, _, port = place[1:].partition("]")
        return host, port.removeprefix(":")
    host, _, port = place.partition(":")
    return host, port


def port_number(port: str) -> int:
    """A port's number; InputError when it is none."""
    if not (port.isdecimal() and 0 < int(port) < 65536):
        raise InputError(f"--server: {port} is not a port")
    return int(port)
