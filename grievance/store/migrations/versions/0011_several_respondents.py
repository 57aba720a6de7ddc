"""Keep the sites of further respondents beside a case, and fold each case anew: who answered what stands under its seat."""

import sqlalchemy as sa
from alembic import op

from grievance.core.case import Case
from grievance.store import codec
from grievance.store.at_sites import more_sites
from grievance.store.migrations.refolding import folded
from grievance.store.tables import cases

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
    for some in folded(connection, ids):
        connection.execute(change, list(map(_new, some)))


def _new(case: Case) -> dict[str, str]:
    return {"case_key": case.id, "new_state": codec.write_case(case), "new_sites": more_sites(case)}


def downgrade() -> None:
    """Only the list of sites goes; an older program folds the cases of its own ledger when it verifies them."""
    op.drop_index("ix_cases_more_sites", "cases")
    op.drop_column("cases", "more_sites")
