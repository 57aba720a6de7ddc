"""What those outside may know: not that a case was opened again, nor what is thought on appeal, or was thought before."""

import sqlalchemy as sa
from alembic import op

from grievance.store import codec
from grievance.store.migrations.refolding import folded
from grievance.store.tables import NEVER, Instant, cases, events, seats

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

OUTSIDE = ("respondent", "brand")
HELD = (seats.c.case_id == sa.bindparam("case_key"), seats.c.role.in_(OUTSIDE), seats.c.until_at.is_(None))


def upgrade() -> None:
    """Every case that ended or was decided is folded anew; of those that go on unknown to the other side the seats say so."""
    connection = op.get_bind()
    over = sa.and_(events.c.kind == "Moved", events.c.data.not_like('%"final":""%'))
    ended = sa.select(events.c.case_id).where(sa.or_(over, events.c.kind == "Decided"))
    ids = list(connection.execute(ended.distinct()).scalars())
    state = sa.update(cases).where(cases.c.id == sa.bindparam("case_key")).values(state=sa.bindparam("new_state"))
    unknown = sa.update(seats).where(*HELD).values(ended=True, due_at=NEVER)
    for some in folded(connection, ids):
        connection.execute(state, [{"case_key": case.id, "new_state": codec.write_case(case)} for case in some])
        hidden = [{"case_key": case.id} for case in some if case.unsaid]
        if hidden:
            connection.execute(unknown, hidden)


def downgrade() -> None:
    """The lists show again what the cases say; an older program passes over what it does not know of their states."""
    open_again = sa.exists().where(cases.c.id == seats.c.case_id, cases.c.final == "")
    due = sa.select(cases.c.due_at).where(cases.c.id == seats.c.case_id).scalar_subquery()
    held = (seats.c.role.in_(OUTSIDE), seats.c.until_at.is_(None), seats.c.ended, open_again)
    never = sa.literal(NEVER, Instant)
    op.execute(sa.update(seats).where(*held).values(ended=False, due_at=sa.func.coalesce(due, never, type_=Instant)))
