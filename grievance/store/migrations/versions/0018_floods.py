"""What comes in a flood is accepted into a lane of its own, beside others like it; files wait for a scanner."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

WAITING = sa.text("bulk <> ''")


def upgrade() -> None:
    """No case waits in the bulk lane before this step."""
    op.add_column("cases", sa.Column("bulk", sa.Text(), nullable=False, server_default=""))
    op.add_column("cases", sa.Column("aside_at", sa.BigInteger()))
    op.create_index("ix_cases_bulk", "cases", ["bulk", "id"], sqlite_where=WAITING, postgresql_where=WAITING)
    op.add_column("files", sa.Column("waiting", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(
        "ix_files_waiting", "files", ["waiting"], sqlite_where=sa.text("waiting"), postgresql_where=sa.text("waiting")
    )
    op.create_table(
        "sketches",
        sa.Column("no", sa.Integer(), primary_key=True, autoincrement=True),
        sa.Column("cluster", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_sketches_made_at", "sketches", ["made_at"])


def downgrade() -> None:
    """The cases stay, in the one list that there was."""
    op.drop_table("sketches")
    op.drop_index("ix_files_waiting", "files")
    op.drop_column("files", "waiting")
    op.drop_index("ix_cases_bulk", "cases")
    op.drop_column("cases", "aside_at")
    op.drop_column("cases", "bulk")
