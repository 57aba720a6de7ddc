"""A database that cannot do what the house needs is refused before anything is written into it."""

from __future__ import annotations

from sqlalchemy import Engine, text

from grievance.core.errors import GrievanceError, say

WORD = "ស្ត្រី"
"""Khmer for woman: three letters and more, as the index of the search needs them."""


class WrongDatabase(GrievanceError):
    """The database cannot do what the house needs."""


def check(engine: Engine) -> None:
    """Raises WrongDatabase for a PostgreSQL whose encoding or character type makes its search blind to Khmer.

    Nothing stays of it, and no connection is left open: a server that forks its workers must not share one.
    """
    if engine.dialect.name == "sqlite":
        return
    try:
        with engine.connect() as tx:
            kept = tx.execute(text("SHOW server_encoding")).scalar()
            letters = 0
            if kept == "UTF8":
                tx.execute(text("CREATE EXTENSION IF NOT EXISTS pg_trgm"))
                letters = tx.execute(text("SELECT array_length(show_trgm(:word), 1)"), {"word": WORD}).scalar() or 0
            tx.rollback()
    finally:
        engine.dispose()
    if not letters:
        raise WrongDatabase(
            say(
                "This database finds no Khmer words, because of its encoding or its character type. Nothing was written. "
                "Make another one with: createdb --template=template0 --encoding=UTF8 --locale=C --lc-ctype=C.UTF-8 NAME "
                "and name that in GRIEVANCE_DATABASE."
            )
        )
