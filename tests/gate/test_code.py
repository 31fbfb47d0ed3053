"""What of a migration in Python counts as another one: its code, and no comment, space or docstring."""

from pathlib import Path

import pytest

from harness.gate.code import Change, changed

WAS = '''"""Add a role.

Revision ID: 1
"""
from alembic import op

revision = "1"


def upgrade():
    op.execute("ALTER TABLE users ADD COLUMN role TEXT")


def downgrade():
    op.execute("ALTER TABLE users DROP COLUMN role")
'''


@pytest.mark.parametrize(
    ("old", "new", "tool", "said"),
    [
        ("Add a role.", "Add the role of a person.", "alembic", "none"),
        ('role TEXT")', 'role TEXT",\n    )  # so', "alembic", "none"),
        ("DROP COLUMN role", "DROP COLUMN IF EXISTS role", "alembic", "down"),
        ("DROP COLUMN role", "DROP COLUMN IF EXISTS role", "django", "up"),
        ("role TEXT", "role VARCHAR(20)", "alembic", "up"),
        ('revision = "1"', 'revision = "2"', "alembic", "up"),
        ("def upgrade", "<<<<<<< HEAD", "alembic", "up"),
    ],
)  # fmt: skip
def test_only_code_makes_it_another_one(tmp_path: Path, old: str, new: str, tool: str, said: Change) -> None:
    was, now = tmp_path / "was.py", tmp_path / "now.py"
    was.write_text(WAS, encoding="utf-8")
    now.write_text(WAS.replace(old, new), encoding="utf-8")
    assert changed(was, now, tool) == said
