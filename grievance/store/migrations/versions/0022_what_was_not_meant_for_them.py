"""What comes to nothing stays sealed, what was told to one person stays theirs, and who came later gets nothing more."""

import sqlalchemy as sa
from alembic import op

from grievance.store import codec
from grievance.store.migrations.refolding import folded
from grievance.store.tables import cases, events

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

KINDS = ("ConsentSet", "Recused", "SeatLeft", "SentBack")


def upgrade() -> None:
    """Every case is folded anew in which a consent changed, somebody left, or something ended or was sent back."""
    connection = op.get_bind()
    over = sa.and_(events.c.kind == "Moved", events.c.data.not_like('%"final":""%'))
    ids = list(
        connection.execute(
            sa.select(events.c.case_id).where(sa.or_(over, events.c.kind.in_(KINDS))).distinct()
        ).scalars()
    )
    state = sa.update(cases).where(cases.c.id == sa.bindparam("case_key")).values(state=sa.bindparam("new_state"))
    for some in folded(connection, ids):
        connection.execute(state, [{"case_key": case.id, "new_state": codec.write_case(case)} for case in some])


def downgrade() -> None:
    """An older program passes over what it does not know of their states."""
