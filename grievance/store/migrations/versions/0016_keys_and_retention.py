"""Say of each wrap under which pair it is, for new pairs, and of each case since when it rests, for erasing its words."""

import json
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def upgrade() -> None:
    """Every wrap that is there is under the first pair; when a case ended stands in its folded state."""
    op.add_column("wraps", sa.Column("under", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("cases", sa.Column("rests_since", sa.BigInteger()))
    ended = sa.text("SELECT id, state FROM cases WHERE final <> ''")
    rests = sa.text("UPDATE cases SET rests_since = :since WHERE id = :id")
    for row in op.get_bind().execute(ended).all():
        at = json.loads(row.state).get("ended_at")
        if at:
            since = (datetime.fromisoformat(at) - EPOCH) // timedelta(microseconds=1)
            op.get_bind().execute(rests, {"since": since, "id": row.id})
    there = sa.text("rests_since IS NOT NULL")
    op.create_index(
        "ix_cases_resting",
        "cases",
        ["procedure", "rests_since", "id"],
        sqlite_where=there,
        postgresql_where=there,
    )


def downgrade() -> None:
    """A wrap still says in itself which pair it is under; a version of before cannot open one under a later pair."""
    op.drop_index("ix_cases_resting", "cases")
    op.drop_column("cases", "rests_since")
    op.drop_column("wraps", "under")
