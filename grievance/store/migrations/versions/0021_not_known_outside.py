"""What those outside may know: not from their list that a case was opened again, and not what others think on appeal."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.store import codec
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
    for first in range(0, len(ids), 500):
        folded = list(_folded(connection, ids[first : first + 500]))
        connection.execute(state, [{"case_key": one, "new_state": said} for one, said, _ in folded])
        hidden = [{"case_key": one} for one, _, unsaid in folded if unsaid]
        if hidden:
            connection.execute(unknown, hidden)


def _folded(connection: sa.Connection, ids: list[str]) -> Iterator[tuple[str, str, int]]:
    found: dict[str, list[Entry]] = {}
    kept = (events.c.case_id, events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data)
    query = sa.select(*kept).where(events.c.case_id.in_(ids)).order_by(events.c.case_id, events.c.seq)
    for row in connection.execute(query):
        event = codec.read_event(row.kind, row.data)
        found.setdefault(row.case_id, []).append(Entry(row.seq, row.at, codec.read_actor(row.actor), event))
    for case_id, entries in found.items():
        case = replay(case_id, entries)
        yield case_id, codec.write_case(case), case.unsaid


def downgrade() -> None:
    """The lists show again what the cases say; an older program passes over what it does not know of their states."""
    open_again = sa.exists().where(cases.c.id == seats.c.case_id, cases.c.final == "")
    due = sa.select(cases.c.due_at).where(cases.c.id == seats.c.case_id).scalar_subquery()
    held = (seats.c.role.in_(OUTSIDE), seats.c.until_at.is_(None), seats.c.ended, open_again)
    never = sa.literal(NEVER, Instant)
    op.execute(sa.update(seats).where(*held).values(ended=False, due_at=sa.func.coalesce(due, never, type_=Instant)))
