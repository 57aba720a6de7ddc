"""Copy the date of a case into its held seats, so that a list is one range of an index however many cases there are."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

NEVER = "253370764800000000"
"""9999-01-01 in microseconds since 1970."""

HELD = sa.text("until_at IS NULL")


def upgrade() -> None:
    """The rows of the cases hold what their seats copy."""
    op.add_column("seats", sa.Column("ended", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("seats", sa.Column("due_at", sa.BigInteger(), nullable=False, server_default=NEVER))
    op.execute(
        f"""UPDATE seats SET
            ended = (SELECT final <> '' FROM cases WHERE cases.id = seats.case_id),
            due_at = (SELECT COALESCE(cases.due_at, {NEVER}) FROM cases WHERE cases.id = seats.case_id)
            WHERE until_at IS NULL"""  # noqa: S608  a number of ours
    )
    op.create_index(
        "ix_seats_held",
        "seats",
        ["holder", "role", "ended", "due_at", "case_id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )
    op.drop_index("ix_seats_holder_case_id", "seats")


def downgrade() -> None:
    """Lists sort the cases themselves again."""
    op.create_index("ix_seats_holder_case_id", "seats", ["holder", "case_id"])
    op.drop_index("ix_seats_held", "seats")
    op.drop_column("seats", "due_at")
    op.drop_column("seats", "ended")
