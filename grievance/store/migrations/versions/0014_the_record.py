"""Keep a signed root over all cases for each day, append-only as the ledger is, and the leaves under the newest one."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Two tables; of the first nothing is changed, removed or replaced."""
    op.create_table(
        "checkpoints",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("signature", sa.Text(), nullable=False),
        sa.Column("blind", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_checkpoints")),
    )
    op.create_table(
        "leaves",
        sa.Column("day", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_leaves")),
    )
    for statement in _guards():
        op.execute(statement)


def downgrade() -> None:
    """The roots go with their table; whoever kept them outside still has them. A letter with one has no older form."""
    op.execute("DELETE FROM outbox WHERE kind = 'record'")
    op.drop_table("leaves")
    op.drop_table("checkpoints")


def _guards() -> list[str]:
    if op.get_bind().dialect.name == "postgresql":
        call = "EXECUTE FUNCTION ledger_is_append_only()"
        return [
            f"CREATE TRIGGER checkpoints_no_change BEFORE UPDATE OR DELETE ON checkpoints FOR EACH ROW {call}",
            f"CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON checkpoints FOR EACH STATEMENT {call}",
        ]
    refuse = "SELECT RAISE(ABORT, 'this record is append-only')"
    again = "WHEN EXISTS (SELECT 1 FROM checkpoints WHERE day = NEW.day)"
    return [
        f"CREATE TRIGGER checkpoints_no_update BEFORE UPDATE ON checkpoints BEGIN {refuse}; END",
        f"CREATE TRIGGER checkpoints_no_delete BEFORE DELETE ON checkpoints BEGIN {refuse}; END",
        f"CREATE TRIGGER checkpoints_no_replace BEFORE INSERT ON checkpoints {again} BEGIN {refuse}; END",
    ]
