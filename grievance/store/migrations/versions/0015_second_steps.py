"""People sign in with a second step: passkeys, codes of an app, recovery codes; a session knows when it was last proved."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Whoever is signed in now has proved themselves long ago: the next important step asks them."""
    op.add_column("sessions", sa.Column("proved_at", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("sessions", sa.Column("proved_by", sa.Text(), nullable=False, server_default="password"))
    op.create_table(
        "factors",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger()),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_factors_person"),
        sa.PrimaryKeyConstraint("id", name="pk_factors"),
    )
    op.create_index("ix_factors_person", "factors", ["person"])
    op.create_table(
        "halves",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_halves_person"),
        sa.PrimaryKeyConstraint("id", name="pk_halves"),
    )
    op.create_index("ix_halves_person", "halves", ["person"])
    op.create_table(
        "challenges",
        sa.Column("id", sa.LargeBinary(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("until_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_challenges"),
    )
    op.create_index("ix_challenges_until_at", "challenges", ["until_at"])


def downgrade() -> None:
    """Everybody signs in with a password alone again: an earlier version would ask for nothing else."""
    for table in ("challenges", "halves", "factors"):
        op.drop_table(table)
    for column in ("proved_by", "proved_at"):
        op.drop_column("sessions", column)
