"""How a disposable mongod is configured: quick to load, and the same answers every time."""

REPLICA_SET = "harness"
"""The name of a replica set of one, for transactions and change streams."""

STEADY = (
    # Documents that a TTL index calls old must not go while they are looked at.
    ("--setParameter", "ttlMonitorEnabled=false"),
    ("--setParameter", "diagnosticDataCollectionEnabled=false"),
    # The least that the server takes. Its password is random, and every connection pays for the default 15000.
    ("--setParameter", "scramSHA256IterationCount=5000"),
    ("--wiredTigerCacheSizeGB", "1"),
    # 300 MB of log would be written ahead of the first document, at every start, and copied with each twin. What a
    # crash leaves does not depend on the size of its files.
    ("--wiredTigerEngineConfigString", "log=(prealloc=false,file_max=16MB)"),
    ("--slowms", "10000"),
    ("--quiet",),
)

THROW_AWAY = (("--journalCommitInterval", "500"),)
"""What only matters to data that shall survive a crash."""


def words(settings: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """Settings as arguments of the server."""
    return tuple(word for setting in settings for word in setting)
