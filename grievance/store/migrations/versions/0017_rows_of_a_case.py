"""Show a transaction the sealed texts, keys and texts of the cases that it has found, and no others (PostgreSQL)."""

from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLES = ("items", "wraps", "texts")
FOUND = "(SELECT string_to_array(current_setting('grievance.cases', true), ' ')) && ARRAY[case_id, '*']"
"""The setting is read once a statement. Nothing was found, nothing is seen: NULL is not true."""


def upgrade() -> None:
    """FORCE: the owner of the tables is no exception. Writing a row shows nothing, so that a filing needs no journey more."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY {table}_of_a_found_case ON {table} USING ({FOUND}) WITH CHECK (true)")


def downgrade() -> None:
    """Every transaction sees every row again."""
    if op.get_bind().dialect.name == "sqlite":
        return
    for table in TABLES:
        op.execute(f"DROP POLICY {table}_of_a_found_case ON {table}")
        op.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
