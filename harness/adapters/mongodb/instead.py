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

LENIENT = (
    (
        "validationAction",
        '"warn"',
        'its validationAction is "warn", which writes to the server\'s log and takes the document',
        'Set validationAction: "error" (collMod), once the documents that are there keep the validator.',
    ),
    (
        "validationLevel",
        '"off"',
        'its validationLevel is "off": the validator is not asked',
        'Set validationLevel: "strict" (collMod), or "moderate" while documents that are there break the validator.',
    ),
)
"""See ``Traits.lenient``."""
