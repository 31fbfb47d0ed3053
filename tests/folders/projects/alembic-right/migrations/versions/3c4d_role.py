"""Roles."""

import sqlalchemy as sa
from alembic import op

revision = "3c4d"
down_revision = "1a2b"


def upgrade():
    op.add_column("users", sa.Column("role", sa.Text))
    with op.get_context().autocommit_block():
        op.create_index("users_role", "users", ["role"], postgresql_concurrently=True)


def downgrade():
    op.drop_column("users", "role")
