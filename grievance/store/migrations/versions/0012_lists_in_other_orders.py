"""Find cases by their procedure, and list them in the order in which they came, however many there are."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

NEVER = "253370764800000000"
"""9999-01-01 in microseconds since 1970."""

HELD = sa.text("until_at IS NULL")


def upgrade() -> None:
    """The state of a case names its procedure; the first entry of its ledger says when it was filed."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    named = "json_extract(state, '$.procedure')" if sqlite else "CAST(state AS json) ->> 'procedure'"
    op.add_column("cases", sa.Column("procedure", sa.Text(), nullable=False, server_default=""))
    op.execute(f"UPDATE cases SET procedure = COALESCE({named}, '')")  # noqa: S608  words of ours
    op.create_index("ix_cases_procedure", "cases", ["procedure"])
    op.add_column("seats", sa.Column("filed_at", sa.BigInteger(), nullable=False, server_default=NEVER))
    op.execute(
        """UPDATE seats SET filed_at = (SELECT at FROM events WHERE events.case_id = seats.case_id AND events.seq = 1)
           WHERE EXISTS (SELECT 1 FROM events WHERE events.case_id = seats.case_id AND events.seq = 1)"""
    )
    op.create_index(
        "ix_seats_filed",
        "seats",
        ["holder", "role", "ended", "filed_at", "case_id"],
        sqlite_where=HELD,
        postgresql_where=HELD,
    )


def downgrade() -> None:
    """The ledger still tells both."""
    op.drop_index("ix_seats_filed", "seats")
    op.drop_column("seats", "filed_at")
    op.drop_index("ix_cases_procedure", "cases")
    op.drop_column("cases", "procedure")
