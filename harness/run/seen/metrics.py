"""What was seen of the metrics that a document says are watched."""

from dataclasses import dataclass

from harness.design.claim_types import Told
from harness.facts import Refusal
from harness.metering import Gauge, Reading
from harness.run.model import Observation

POOL = "connection pool"
"""Of which the server has its own side alone: the connections."""


@dataclass(frozen=True, slots=True)
class Metered(Observation):
    """A metric, or a view or command, that a sentence names, read from the server.

    Attributes:
        told: the sentence, or the document's own query.
        name: the metric, or the view's name.
        gauge: how it is read; None where no way is known.
        before: what it showed before the document's queries ran once; a refusal where the server does not answer.
        after: what it showed afterwards.
        own: it is the document's own query that was run.
    """

    told: Told
    name: str
    gauge: Gauge | None
    before: Reading | Refusal | None = None
    after: Reading | Refusal | None = None
    own: bool = False
