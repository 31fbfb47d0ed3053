"""An index."""

from alembic import op

revision = "5e6f"
down_revision = "3c4d"


def upgrade():
    op.create_index("users_role", "users", ["role"], postgresql_concurrently=True)  # expect: up-applies broken


def downgrade():
    op.drop_index("users_role")
