"""Sites, organisations and programmes can be retired: nothing new begins with them, and what runs goes on."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

TABLES = ("programmes", "bodies", "sites")


def upgrade() -> None:
    """Nothing was retired before this step."""
    for table in TABLES:
        op.add_column(table, sa.Column("retired", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """What was retired is in use again; the record of administrators still tells it."""
    for table in TABLES:
        op.drop_column(table, "retired")
