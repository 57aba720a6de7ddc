"""Keep links of letters, askings for a new password, and what administrators did: the last append-only, as the ledger is."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER deeds_no_update BEFORE UPDATE ON deeds
       BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    """CREATE TRIGGER deeds_no_delete BEFORE DELETE ON deeds
       BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
    """CREATE TRIGGER deeds_no_replace BEFORE INSERT ON deeds
       WHEN EXISTS (SELECT 1 FROM deeds WHERE no = NEW.no)
       BEGIN SELECT RAISE(ABORT, 'the record is append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION record_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the record is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER deeds_no_change BEFORE UPDATE OR DELETE ON deeds
       FOR EACH ROW EXECUTE FUNCTION record_is_append_only()""",
    """CREATE TRIGGER deeds_no_truncate BEFORE TRUNCATE ON deeds
       FOR EACH STATEMENT EXECUTE FUNCTION record_is_append_only()""",
)


def upgrade() -> None:
    """Tables, then triggers."""
    op.create_table(
        "passes",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_passes_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passes")),
    )
    op.create_index("ix_passes_person", "passes", ["person"])
    op.create_table(
        "askings",
        sa.Column("no", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_askings")),
    )
    op.create_table(
        "deeds",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_deeds")),
    )
    op.create_index("ix_deeds_about", "deeds", ["about"])
    op.add_column("outbox", sa.Column("sealed", sa.Text()))
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """A link that waits to be sent has no place in the older form: its letter goes with it. The record goes too."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("deeds_no_update", "deeds_no_delete", "deeds_no_replace"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION record_is_append_only() CASCADE")
    op.execute("DELETE FROM outbox WHERE sealed IS NOT NULL")
    op.execute("ALTER TABLE outbox DROP COLUMN sealed")
    for table in ("deeds", "askings", "passes"):
        op.drop_table(table)
