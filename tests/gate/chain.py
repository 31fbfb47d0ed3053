"""A git repository with a long chain of generated migrations: a table every fifth one, columns and indexes between."""

import subprocess
from pathlib import Path

NAMES = ("accounts", "orders", "items", "events", "invoices", "carts", "coupons", "parcels", "refunds", "reviews")


def migrations(count: int) -> dict[str, str]:
    """Files of golang-migrate, by name."""
    files = {}
    for number in range(1, count + 1):
        table = f"{NAMES[(number - 1) // 5 % len(NAMES)]}_{(number - 1) // 5}"
        up, down = (text.format(table) for text in CHANGES[number % 5])
        files[f"{number:06}_{table}.up.sql"] = up
        files[f"{number:06}_{table}.down.sql"] = down
    return files


TABLE = """CREATE TABLE {0} (
    id BIGSERIAL PRIMARY KEY,
    title TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
);
"""
STATUS = "ALTER TABLE {0} ADD COLUMN status TEXT NOT NULL DEFAULT 'new' CHECK (status IN ('new', 'done'));\n"
CHANGES = (
    (STATUS, "ALTER TABLE {0} DROP COLUMN status;\n"),
    (TABLE, "DROP TABLE {0};\n"),
    (
        "ALTER TABLE {0} ADD COLUMN amount NUMERIC(10, 2) CHECK (amount >= 0);\n",
        "ALTER TABLE {0} DROP COLUMN amount;\n",
    ),
    ("CREATE INDEX {0}_created ON {0} (created_at);\n", "DROP INDEX {0}_created;\n"),
    ("ALTER TABLE {0} ADD COLUMN note VARCHAR(200);\n", "ALTER TABLE {0} DROP COLUMN note;\n"),
)


def git(root: Path, *words: str) -> str:
    """Git, with nothing of the machine's own settings."""
    name = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *name, *words], cwd=root, check=True, capture_output=True, text=True)
    return done.stdout


def repository(root: Path, count: int) -> Path:
    """A repository whose branch ``main`` has the chain in ``db/migrations``; ``work`` is checked out from it."""
    folder = root / "db" / "migrations"
    folder.mkdir(parents=True)
    for name, text in migrations(count).items():
        (folder / name).write_text(text, encoding="utf-8")
    git(root, "init", "--quiet", "--initial-branch", "main")
    commit(root, "The chain")
    git(root, "checkout", "--quiet", "-b", "work")
    return folder


def commit(root: Path, message: str) -> None:
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", message)
