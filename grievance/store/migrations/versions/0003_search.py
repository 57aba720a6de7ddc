"""Index the restatements by trigrams, which find words in scripts that do not put spaces between them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SQLITE = (
    """CREATE VIRTUAL TABLE restatement_index
       USING fts5(key, content='restatements', content_rowid='no', tokenize='trigram')""",
    "INSERT INTO restatement_index (restatement_index) VALUES ('rebuild')",
    """CREATE TRIGGER restatements_indexed AFTER INSERT ON restatements
       BEGIN INSERT INTO restatement_index (rowid, key) VALUES (NEW.no, NEW.key); END""",
    """CREATE TRIGGER restatements_reindexed AFTER UPDATE ON restatements BEGIN
       INSERT INTO restatement_index (restatement_index, rowid, key) VALUES ('delete', OLD.no, OLD.key);
       INSERT INTO restatement_index (rowid, key) VALUES (NEW.no, NEW.key); END""",
    """CREATE TRIGGER restatements_unindexed AFTER DELETE ON restatements
       BEGIN INSERT INTO restatement_index (restatement_index, rowid, key) VALUES ('delete', OLD.no, OLD.key); END""",
)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_restatements_key ON restatements USING gin (key gin_trgm_ops)",
)


def upgrade() -> None:
    """Index on."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Index off."""
    if op.get_bind().dialect.name == "sqlite":
        for name in ("restatements_indexed", "restatements_reindexed", "restatements_unindexed"):
            op.execute(f"DROP TRIGGER {name}")
        op.execute("DROP TABLE restatement_index")
    else:
        op.execute("DROP INDEX ix_restatements_key")
