"""What to do instead of a command that stops others, in words that can be followed.

Source: MongoDB's manual (reIndex, convertToCapped, validate; FAQ: Concurrency).
"""

WAYS = (
    (
        r"\breIndex\b",
        (
            "Build the same index under another name (createIndex stops others only as it begins and ends), "
            "then drop the "
            "old one."
        ),
    ),
    (
        r"\bconvertToCapped\b",
        (
            "Create a capped collection beside it; write to both; copy the old documents in batches; change "
            "the code over; "
            "drop the old one in a later release. Or let a TTL index remove what is old."
        ),
    ),
    (r"\bvalidate\b", "Look through a copy, a restored backup or a secondary, not in a migration."),
)
