"""A process that has a server, for tests that end it: ``python -m tests.servers.owner WAY ENDING [durable]``.

Prints one line when the server is up. ENDING: ``success``, ``failure``, ``wait`` (for the test to end it), ``busy``
(the same, while the server computes), ``keep``.
"""

import json
import sys
import threading
import time

import psycopg

from harness.adapters.postgresql.recipe import recipe
from harness.servers.model import Server
from harness.servers.provider import provide


def main(way: str, ending: str, *, durable: bool) -> None:
    with provide(recipe(None, None), way, keep=ending == "keep", durable=durable) as server:
        if ending == "busy":
            threading.Thread(target=compute, args=(server,), daemon=True).start()
            time.sleep(0.3)
        print(json.dumps({"url": server.address.url(), "host": server.address.host}), flush=True)
        if ending == "failure":
            raise RuntimeError("as the test asked")
        if ending in {"wait", "busy"}:
            time.sleep(600)


def compute(server: Server) -> None:
    """A query that looks neither at its client nor at its postmaster for minutes."""
    address = server.address
    with psycopg.connect(
        host=address.host, port=address.port, user=address.user, password=address.password, dbname=address.database
    ) as connection:
        connection.execute("SELECT count(*) FROM generate_series(1, 1000000000) a WHERE a % 7 = 8")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], durable="durable" in sys.argv)
