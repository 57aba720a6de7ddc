"""Keep for good when the clock was stopped and why it went on, and what became of notices that nobody received."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEPT = ("stands", "settlements")


def upgrade() -> None:
    """Two tables, append-only."""
    op.create_table(
        "stands",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("newest", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_stands")),
    )
    op.create_table(
        "settlements",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("notice", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_settlements")),
        sa.ForeignKeyConstraint(["notice"], ["outbox.id"], name=op.f("fk_settlements_notice")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_settlements_by")),
    )
    op.create_index(op.f("ix_settlements_notice"), "settlements", ["notice"])
    for table in KEPT:
        for statement in _guards(table):
            op.execute(statement)


def downgrade() -> None:
    """The records go with their tables."""
    op.drop_table("settlements")
    op.drop_table("stands")


def _guards(table: str) -> list[str]:
    """Nothing of it is changed, removed or replaced."""
    if op.get_bind().dialect.name == "postgresql":
        call = "EXECUTE FUNCTION ledger_is_append_only()"
        return [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW {call}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}",
        ]
    refuse = "SELECT RAISE(ABORT, 'this record is append-only')"
    again = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE no = NEW.no)"  # noqa: S608  our own two names
    return [
        f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} BEGIN {refuse}; END",
        f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} {again} BEGIN {refuse}; END",
    ]
