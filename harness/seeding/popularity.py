"""How frequent the words of a short list are: most orders are delivered, few are cancelled, few users are admins."""

from collections.abc import Sequence
from functools import lru_cache

FINAL = (
    "done", "complete", "deliver", "active", "success", "publish", "approved", "normal", "usd", "settled", "stayed",
    "resolved", "visible", "finished",
)  # fmt: skip
COMMON = ("shipment", "sale", "paid", "confirmed", "user", "open", "standard", "shipped", "eur", "gbp", "current")
PASSING = (
    "pending", "new", "queued", "processing", "running", "held", "trialing", "acknowledged", "in_progress",
    "in progress", "draft", "waiting", "scheduled", "open", "submitted", "review", "reserved", "assigned", "faulty",
)  # fmt: skip
"""What a row is for a while only: in a table that has grown for years few of its rows are."""
ENDED = ("closed", "ended")
UNDER_WAY = 0.3
ARRIVED = (
    "done", "complete", "deliver", "success", "succeed", "settled", "stayed", "resolved", "finished", "fulfilled",
    "received", "processed", "sent", "published", *ENDED,
)  # fmt: skip
"""Where the way of an order, a job, an alert ends."""
ON_THE_WAY = (
    "pending", "new", "queued", "processing", "running", "acknowledged", "in_progress", "in progress", "in_transit",
    "draft", "waiting", "scheduled", "open", "submitted", "review", "reserved", "assigned", "placed", "created",
    "picking", "packed", "preparing", "paid", "confirmed", "authorized", "accepted", "shipped", "dispatched",
    "out_for_delivery",
)  # fmt: skip
"""Where a row is on its way to such an end; where there is none, it may be the end itself."""
UNHAPPY = ("cancel", "fail", "refund", "return", "reject", "expir", "spam", "lost", "void", "no_show", "paused")
RARE = (
    "correct", "adjust", "write_off", "suspend", "bann", "delet", "archiv", "error", "critical",
    "urgent", "admin", "block", "chargeback", "inactive", "owner", "moderator", "superuser", "closed", "hidden",
)  # fmt: skip


def is_passing(label: str) -> bool:
    """Whether a row is so for a while only."""
    return any(label.lower().startswith(word) for word in PASSING)


@lru_cache(maxsize=4096)
def popularity(label: str, place: int) -> float:
    """How frequent a word is, by what it says and where it stands in its list: rare endings are rare."""
    name = label.lower()
    if any(word in name for word in RARE):
        return 0.06
    if any(word in name for word in UNHAPPY):
        return 0.2
    if any(name.startswith(word) for word in FINAL):
        return 4.0 / (1 + 0.1 * place)
    weight = 1.0 / (1 + 0.35 * place)
    return 1.5 * weight if any(name.startswith(word) for word in COMMON) else weight


def popularities(labels: Sequence[str]) -> tuple[float, ...]:
    """How frequent the words of a short list are, which tell each other what they mean.

    Where there is an end that most rows come to, few are still on their way to it; and ``closed`` is such an end for
    what was open, but a rare fate of an account.
    """
    return _popularities(tuple(labels))


@lru_cache(maxsize=1024)
def _popularities(labels: tuple[str, ...]) -> tuple[float, ...]:
    names = [label.lower() for label in labels]
    ends = [any(n.startswith(word) for word in FINAL) for n in names]
    if not any(ends) and any(is_passing(n) for n in names):
        ends = [any(n.startswith(word) for word in ENDED) for n in names]
    usual = tuple(popularity(label, place) for place, label in enumerate(labels))
    if not any(ends):
        return usual
    found = zip(names, ends, usual, strict=True)
    weights = [4.0 if end and w < 1 else 0.35 if is_passing(name) and not end else w for name, end, w in found]
    for place in stages(labels):  # a table that has grown for years
        weights[place] = min(weights[place], UNDER_WAY)
    return tuple(weights)


def stages(labels: Sequence[str]) -> tuple[int, ...]:
    """The places of the labels that a row has on its way to an end that is one of the labels too; none without one."""
    names = [label.lower() for label in labels]
    ends = any(name.startswith(word) for name in names for word in ARRIVED)
    way = (place for place, name in enumerate(names) if any(name.startswith(word) for word in ON_THE_WAY))
    return tuple(way) if ends else ()
