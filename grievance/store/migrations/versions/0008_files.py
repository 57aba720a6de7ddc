"""Know which objects of the object store belong to an entry: what belongs to none was never filed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """No file was ever kept before this step, so there is nothing to carry."""
    op.create_table(
        "files",
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("case_id", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("object", name="pk_files"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_files_case_id"),
    )
    op.create_index("ix_files_case_id", "files", ["case_id"])


def downgrade() -> None:
    """The ledger still names every object, so the table can be filled again from it."""
    op.drop_index("ix_files_case_id", "files")
    op.drop_table("files")
