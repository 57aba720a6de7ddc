"""Pages that are the same for everybody, kept for a minute: what belongs to one reader is put in as each copy leaves."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

FRESH = timedelta(minutes=1)
MOST = 64
"""So many pages; who asks for more addresses than that makes us render, and fills no memory."""


class Shelf:
    """One shelf an app. Two threads may make the same page at once; the later one stays."""

    def __init__(self) -> None:
        self._pages: dict[Hashable, tuple[datetime, str]] = {}

    def page(self, key: Hashable, now: datetime, make: Callable[[], str]) -> str:
        """The page of this key, made anew when it is older than a minute, or younger than now (clocks are moved)."""
        made, page = self._pages.get(key, (None, ""))
        if made is None or not timedelta() <= now - made < FRESH:
            page = make()
            if len(self._pages) >= MOST:
                self._pages.clear()
            self._pages[key] = (now, page)
        return page
