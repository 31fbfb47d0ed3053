"""Roles."""

import sqlalchemy as sa
from alembic import op

revision = "3c4d"
down_revision = "1a2b"


def upgrade():
    op.add_column("users", sa.Column("role", sa.Text, nullable=False, server_default="buyer"))
    op.alter_column("users", "email", type_=sa.String(200))  # expect: rewrites-no-table broken


def downgrade():
    op.drop_column("users", "role")  # expect: round-trip-exact broken
