"""Find the few cases that a filter fits, what one officer works on, and who was drawn, without reading all the others."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

HELD = sa.text("until_at IS NULL")
DRAWN = sa.text("until_at IS NULL AND kind = 'person'")
FILTERS = ("turn", "lane", "category", "stage")
BEFORE = ("site", "procedure")
"""Columns that had an index already, which told nothing of whether a case has ended."""
LISTS = {
    "ix_seats_held": ["holder", "role", "ended", "due_at", "case_id"],
    "ix_seats_filed": ["holder", "role", "ended", "filed_at", "case_id"],
}


def upgrade() -> None:
    """The row of a case names its officer, and its held seats copy that."""
    for name in BEFORE:
        op.drop_index(f"ix_cases_{name}", "cases")
    for name in (*FILTERS, *BEFORE):
        op.create_index(f"ix_cases_{name}", "cases", [name, "final"])
    op.drop_index("ix_cases_final_due_at", "cases")  # lists go along the dates of seats since 0010
    op.add_column("seats", sa.Column("assignee", sa.Text(), nullable=False, server_default=""))
    op.execute(
        """UPDATE seats SET assignee = (SELECT assignee FROM cases WHERE cases.id = seats.case_id)
           WHERE until_at IS NULL
           AND EXISTS (SELECT 1 FROM cases WHERE cases.id = seats.case_id AND cases.assignee <> '')"""
    )
    for name, columns in LISTS.items():
        op.drop_index(name, "seats")
        _create(name, [*columns, "until_at"])
    _create("ix_seats_assigned", ["holder", "role", "ended", "assignee", "due_at", "case_id", "until_at"])
    _create("ix_seats_drawn", ["role", "ended", "holder", "side", "case_id", "until_at", "kind"], DRAWN)


def downgrade() -> None:
    """The rows of the cases still tell it all."""
    for name in ("ix_seats_drawn", "ix_seats_assigned"):
        op.drop_index(name, "seats")
    for name, columns in LISTS.items():
        op.drop_index(name, "seats")
        _create(name, columns)
    op.drop_column("seats", "assignee")
    op.create_index("ix_cases_final_due_at", "cases", ["final", "due_at"])
    for name in (*FILTERS, *BEFORE):
        op.drop_index(f"ix_cases_{name}", "cases")
    for name in BEFORE:
        op.create_index(f"ix_cases_{name}", "cases", [name])


def _create(name: str, columns: list[str], rows: sa.TextClause = HELD) -> None:
    op.create_index(name, "seats", columns, sqlite_where=rows, postgresql_where=rows)
