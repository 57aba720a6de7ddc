"""Let a programme name its country, calendar, languages and a procedure for each track, so that one house holds several."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ADDED = ("country", "calendar", "languages", "tracks")
KEPT = "0004 programmes"
"""The fact under which a step down keeps what the older form has no place for."""


def upgrade() -> None:
    """The one procedure becomes the worker's track; its folder is the country."""
    bind = op.get_bind()
    for name in ADDED:
        op.add_column("programmes", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    kept = bind.execute(sa.text("SELECT value FROM meta WHERE key = :key"), {"key": KEPT}).scalar()
    before = json.loads(kept or "{}")
    for programme, procedure in bind.execute(sa.text("SELECT id, procedure FROM programmes")).all():
        country = procedure.partition("/")[0]
        made = {
            "country": country.upper(),
            "calendar": f"{country}-factory",
            "languages": "",
            "tracks": json.dumps({"worker": procedure}),
        }
        bind.execute(
            sa.text(
                "UPDATE programmes SET country = :country, calendar = :calendar, languages = :languages,"
                " tracks = :tracks WHERE id = :id"
            ),
            {**made, **before.get(programme, {}), "id": programme},
        )
    bind.execute(sa.text("DELETE FROM meta WHERE key = :key"), {"key": KEPT})
    op.execute("ALTER TABLE programmes DROP COLUMN procedure")


def downgrade() -> None:
    """The worker's track stays; the rest is kept as a fact for the way back up."""
    bind = op.get_bind()
    op.add_column("programmes", sa.Column("procedure", sa.Text(), nullable=False, server_default=""))
    rows = bind.execute(sa.text("SELECT id, country, calendar, languages, tracks FROM programmes")).mappings().all()
    for row in rows:
        bind.execute(
            sa.text("UPDATE programmes SET procedure = :procedure WHERE id = :id"),
            {"procedure": json.loads(row["tracks"] or "{}").get("worker", ""), "id": row["id"]},
        )
    kept = json.dumps({row["id"]: {name: row[name] for name in ADDED} for row in rows})
    if rows:
        bind.execute(sa.text("INSERT INTO meta (key, value) VALUES (:key, :value)"), {"key": KEPT, "value": kept})
    for name in ADDED:
        op.execute(f"ALTER TABLE programmes DROP COLUMN {name}")
