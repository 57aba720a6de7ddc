"""Brings a database to the newest form, or to any one in between; explicit steps, up and down, on both databases."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, text

from grievance.store.scope import see_everything


def migrate(engine: Engine, revision: str = "head", *, down: bool = False) -> None:
    """Run the steps to `revision`, in one transaction."""
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":  # its driver would commit after each CREATE
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        step(connection, revision, down=down)


def step(connection: Connection, revision: str = "head", *, down: bool = False) -> None:
    """The same within a transaction that is open. Alembic is imported here: a serving process does not need it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    see_everything(connection)  # a step that rewrites rows must not pass over those that it cannot see
    config.attributes["connection"] = connection
    if down:
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def revision_of(engine: Engine) -> str | None:
    """Where the database stands; None when it is empty."""
    from alembic.runtime.migration import MigrationContext

    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def stands_at_head(tx: Connection) -> bool:
    """Whether the database has the newest form, asked without Alembic: a serving process is spared its import."""
    return tx.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest()


def newest() -> str:
    """The number of the newest form."""
    return max(path.name[:4] for path in Path(__file__).parent.glob("versions/[0-9]*.py"))
