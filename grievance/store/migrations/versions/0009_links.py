"""Know which cases belong together, and find the cases of one workplace by an index."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No case was ever linked before this step, so there is nothing to carry."""
    op.create_table(
        "links",
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "kind", "other_id", name="pk_links"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_links_case_id"),
        sa.ForeignKeyConstraint(["other_id"], ["cases.id"], name="fk_links_other_id"),
    )
    op.create_index("ix_links_other_id", "links", ["other_id"])
    op.create_index("ix_cases_site", "cases", ["site"])


def downgrade() -> None:
    """The ledger still tells every link, so the table can be filled again from it."""
    op.drop_index("ix_cases_site", "cases")
    op.drop_index("ix_links_other_id", "links")
    op.drop_table("links")
