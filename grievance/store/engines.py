"""An engine for one command: none of its connections outlives the block, however that ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, create_engine


@contextmanager
def engine_for(url: str) -> Iterator[Engine]:
    """An engine of this database. A server that forks its workers must not inherit what it opened."""
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
