"""In a case that was opened again: no decision opens what was thought of it before, and those outside hear of a new one."""

import sqlalchemy as sa
from alembic import op

from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.store import codec
from grievance.store.tables import NEVER, cases, events, seats

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OUTSIDE = ("respondent", "brand")


def upgrade() -> None:
    """Every case that was ever opened again is folded anew; where those outside know of it their lists say so."""
    connection = op.get_bind()
    again = sa.select(events.c.case_id).where(events.c.kind == "Moved", events.c.data.like('%"move":"reopen"%'))
    kept = (events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data)
    for case_id in list(connection.execute(again.distinct()).scalars()):
        ledger = connection.execute(sa.select(*kept).where(events.c.case_id == case_id).order_by(events.c.seq))
        entries = [
            Entry(row.seq, row.at, codec.read_actor(row.actor), codec.read_event(row.kind, row.data)) for row in ledger
        ]
        case = replay(case_id, entries)
        state = codec.write_case(case)
        connection.execute(sa.update(cases).where(cases.c.id == case_id).values(state=state))
        if case.open and not case.unsaid and not case.bulk:
            due_at = case.stage_clock.due_at if case.stage_clock else NEVER
            held = (seats.c.case_id == case_id, seats.c.role.in_(OUTSIDE), seats.c.until_at.is_(None))
            connection.execute(sa.update(seats).where(*held).values(ended=False, due_at=due_at))


def downgrade() -> None:
    """An older program passes over what it does not know of a state."""
