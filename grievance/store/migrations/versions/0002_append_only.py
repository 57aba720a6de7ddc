"""Make the ledger append-only: no row of it is changed, removed or replaced, whoever holds the connection."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE TRIGGER events_no_update BEFORE UPDATE ON events
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    """CREATE TRIGGER events_no_delete BEFORE DELETE ON events
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
    # REPLACE deletes without a delete trigger unless recursive_triggers is on; this one stands whatever the setting.
    """CREATE TRIGGER events_no_replace BEFORE INSERT ON events
       WHEN EXISTS (SELECT 1 FROM events WHERE case_id = NEW.case_id AND seq = NEW.seq)
       BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END""",
)
POSTGRESQL = (
    """CREATE FUNCTION ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    """CREATE TRIGGER events_no_change BEFORE UPDATE OR DELETE ON events
       FOR EACH ROW EXECUTE FUNCTION ledger_is_append_only()""",
    """CREATE TRIGGER events_no_truncate BEFORE TRUNCATE ON events
       FOR EACH STATEMENT EXECUTE FUNCTION ledger_is_append_only()""",
)


def upgrade() -> None:
    """Triggers on."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Triggers off."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("events_no_update", "events_no_delete", "events_no_replace"):
            op.execute(f"DROP TRIGGER {name}")
    else:
        op.execute("DROP FUNCTION ledger_is_append_only() CASCADE")
