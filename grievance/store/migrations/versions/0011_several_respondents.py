"""Keep the sites of further respondents beside a case, and fold each case anew: who answered what stands under its seat."""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from grievance.core.events import Entry
from grievance.core.fold import replay
from grievance.store import codec
from grievance.store.at_sites import more_sites
from grievance.store.tables import cases, events

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

SOME = sa.text("more_sites <> ''")


def upgrade() -> None:
    """The state of a case is what its ledger says, in the words of today."""
    op.add_column("cases", sa.Column("more_sites", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_cases_more_sites", "cases", ["more_sites"], sqlite_where=SOME, postgresql_where=SOME)
    connection = op.get_bind()
    ids = list(connection.execute(sa.select(cases.c.id)).scalars())
    new: dict[str, sa.ColumnElement[str]] = {
        "state": sa.bindparam("new_state"),
        "more_sites": sa.bindparam("new_sites"),
    }
    change = sa.update(cases).where(cases.c.id == sa.bindparam("case_key")).values(**new)
    for first in range(0, len(ids), 500):
        connection.execute(change, list(_folded(connection, ids[first : first + 500])))


def _folded(connection: sa.Connection, ids: list[str]) -> Iterator[dict[str, str]]:
    found: dict[str, list[Entry]] = {}
    kept = (events.c.case_id, events.c.seq, events.c.at, events.c.kind, events.c.actor, events.c.data)
    query = sa.select(*kept).where(events.c.case_id.in_(ids)).order_by(events.c.case_id, events.c.seq)
    for row in connection.execute(query):
        event = codec.read_event(row.kind, row.data)
        found.setdefault(row.case_id, []).append(Entry(row.seq, row.at, codec.read_actor(row.actor), event))
    for case_id, entries in found.items():
        case = replay(case_id, entries)
        yield {"case_key": case_id, "new_state": codec.write_case(case), "new_sites": more_sites(case)}


def downgrade() -> None:
    """Only the list of sites goes; an older program folds the cases of its own ledger when it verifies them."""
    op.drop_index("ix_cases_more_sites", "cases")
    op.drop_column("cases", "more_sites")
