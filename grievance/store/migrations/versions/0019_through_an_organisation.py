"""Who somebody is at the provider of their organisation, and which sign-ins were opened through one."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever is signed in signed in here."""
    op.create_table(
        "bindings",
        sa.Column("issuer", sa.Text(), primary_key=True),
        sa.Column("subject", sa.Text(), primary_key=True),
        sa.Column("person", sa.Text(), sa.ForeignKey("people.id"), nullable=False),
        sa.Column("body", sa.Text(), sa.ForeignKey("bodies.id"), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
    )
    op.create_index("ix_bindings_person", "bindings", ["person", "issuer"], unique=True)
    for table in ("sessions", "halves"):
        op.add_column(table, sa.Column("through", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """What was opened through an organisation ends: nobody would know of it any more."""
    for table in ("halves", "sessions"):
        op.execute(sa.text(f"DELETE FROM {table} WHERE through <> ''"))  # noqa: S608  names of ours
        op.drop_column(table, "through")
    op.drop_index("ix_bindings_person", "bindings")
    op.drop_table("bindings")
