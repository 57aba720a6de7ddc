"""Keep beside each running clock the mark of the calendar that last looked at it, so that a change finds what to recount."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The mark is in the ledger, where the clock was set."""
    op.add_column("clocks", sa.Column("counted_by", sa.Text(), nullable=False, server_default=""))
    rows = op.get_bind()
    said = "SELECT case_id, data FROM events WHERE kind = 'ClockSet' AND case_id IN (SELECT case_id FROM clocks)"
    marks = [
        {"case_id": case_id, "no": data["no"], "mark": data["counted_by"]}
        for case_id, data in ((case_id, json.loads(data)) for case_id, data in rows.execute(sa.text(said)).all())
        if data.get("counted_by")
    ]
    if marks:
        rows.execute(sa.text("UPDATE clocks SET counted_by = :mark WHERE case_id = :case_id AND no = :no"), marks)


def downgrade() -> None:
    """Clocks run on without it."""
    op.drop_column("clocks", "counted_by")
