"""A decision does not open what the panel thought before a case was opened again, where no decision had opened it then."""

import sqlalchemy as sa
from alembic import op

from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.store import codec
from grievance.store.tables import cases, events

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Every case that was ever opened again is folded anew."""
    connection = op.get_bind()
    again = sa.select(events.c.case_id).where(events.c.kind == "Moved", events.c.data.like('%"move":"reopen"%'))
    kept = (events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data)
    for case_id in list(connection.execute(again.distinct()).scalars()):
        ledger = connection.execute(sa.select(*kept).where(events.c.case_id == case_id).order_by(events.c.seq))
        entries = [
            Entry(row.seq, row.at, codec.read_actor(row.actor), codec.read_event(row.kind, row.data)) for row in ledger
        ]
        state = codec.write_case(replay(case_id, entries))
        connection.execute(sa.update(cases).where(cases.c.id == case_id).values(state=state))


def downgrade() -> None:
    """An older program passes over what it does not know of a state."""
