"""Whether two default values mean the same. MongoDB keeps no defaults, so only their texts can be compared."""


def equal(left: str, right: str) -> bool | None:
    """True for the same text; else it cannot be known."""
    return True if left.strip() == right.strip() else None
