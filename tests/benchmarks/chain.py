"""A generated chain of migrations, as a design grows: tables, columns, indexes, references, checks, renamings."""

from collections.abc import Iterator

Pair = tuple[str, str]


def chain(count: int, engine: str) -> tuple[Pair, ...]:
    """``count`` migrations, each an up and a down that takes it back exactly. Every sixth makes a table."""
    made = _postgresql if engine == "postgresql" else _mysql
    return tuple(pair for _, pair in zip(range(count), made(), strict=False))


def document(pairs: tuple[Pair, ...], engine: str) -> str:
    """A design document with these migrations and nothing else."""
    head = f"# Chain\n\n**Type:** {engine}\n\n## Migrations\n"
    parts = (
        f"\n### Migration {number:03}: Step {number}\n```sql\n-- Up\n{up}\n-- Down\n{down}\n```\n"
        for number, (up, down) in enumerate(pairs, 1)
    )
    return head + "".join(parts)


def _postgresql() -> Iterator[Pair]:
    number = 0
    while True:
        number += 1
        t, before = f"t{number}", f"t{max(1, number - 1)}"
        yield (
            (
                f"CREATE TABLE {t} (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name VARCHAR(80) NOT NULL, "
                f"amount NUMERIC(10,2) NOT NULL DEFAULT 0 CHECK (amount >= 0), made_at TIMESTAMPTZ DEFAULT now());"
            ),
            f"DROP TABLE {t};",
        )
        yield f"ALTER TABLE {t} ADD COLUMN parent_id BIGINT;", f"ALTER TABLE {t} DROP COLUMN parent_id;"
        yield (
            f"CREATE INDEX idx_{t}_parent ON {t} (parent_id, made_at DESC);",
            f"DROP INDEX idx_{t}_parent;",
        )
        yield (
            f"ALTER TABLE {t} ADD CONSTRAINT fk_{t}_parent FOREIGN KEY (parent_id) REFERENCES {before} (id);",
            f"ALTER TABLE {t} DROP CONSTRAINT fk_{t}_parent;",
        )
        yield (
            f"ALTER TABLE {t} ALTER COLUMN name SET DEFAULT 'unnamed';\nCOMMENT ON TABLE {t} IS 'number {number}';",
            f"COMMENT ON TABLE {t} IS NULL;\nALTER TABLE {t} ALTER COLUMN name DROP DEFAULT;",
        )
        yield f"ALTER TABLE {t} RENAME COLUMN name TO title;", f"ALTER TABLE {t} RENAME COLUMN title TO name;"


def _mysql() -> Iterator[Pair]:
    number = 0
    while True:
        number += 1
        t, before = f"t{number}", f"t{max(1, number - 1)}"
        yield (
            (
                f"CREATE TABLE {t} (id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(80) NOT NULL, "
                f"amount DECIMAL(10,2) NOT NULL DEFAULT 0, made_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, "
                f"CONSTRAINT ck_{t} CHECK (amount >= 0));"
            ),
            f"DROP TABLE {t};",
        )
        yield f"ALTER TABLE {t} ADD COLUMN parent_id BIGINT NULL;", f"ALTER TABLE {t} DROP COLUMN parent_id;"
        yield (
            f"CREATE INDEX idx_{t}_parent ON {t} (parent_id, made_at DESC);",
            f"DROP INDEX idx_{t}_parent ON {t};",
        )
        yield (
            f"ALTER TABLE {t} ADD CONSTRAINT fk_{t}_parent FOREIGN KEY (parent_id) REFERENCES {before} (id);",
            f"ALTER TABLE {t} DROP FOREIGN KEY fk_{t}_parent;",
        )
        yield (
            f"ALTER TABLE {t} ALTER COLUMN name SET DEFAULT 'unnamed';",
            f"ALTER TABLE {t} ALTER COLUMN name DROP DEFAULT;",
        )
        yield f"ALTER TABLE {t} RENAME COLUMN name TO title;", f"ALTER TABLE {t} RENAME COLUMN title TO name;"
