"""A process that has a server, for tests that end it: ``python -m tests.servers.owner ENGINE WAY ENDING [durable]``.

Prints one line when the server is up. ENDING: ``success``, ``failure``, ``wait`` (for the test to end it), ``busy``
(the same, while the server computes), ``keep``.
"""

import json
import sys
import threading
import time

from harness.servers.provider import provide
from tests.servers.engines import ENGINES, Spoken, place


def main(engine: Spoken, way: str, ending: str, *, durable: bool) -> None:
    with provide(engine.recipe(None, None), way, keep=ending == "keep", durable=durable) as server:
        if ending == "busy":
            threading.Thread(target=engine.asked, args=(server.address, engine.busy), daemon=True).start()
            time.sleep(0.3)
        print(json.dumps({"url": server.address.url(), "directory": str(place(server.address))}), flush=True)
        if ending == "failure":
            raise RuntimeError("as the test asked")
        if ending in {"wait", "busy"}:
            time.sleep(600)


if __name__ == "__main__":
    main(ENGINES[sys.argv[1]], sys.argv[2], sys.argv[3], durable="durable" in sys.argv)
