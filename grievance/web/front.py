"""What every door is lent by the app: the desk, and what the house is called and speaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from flask import Flask, current_app

from grievance.casework.desk import Desk
from grievance.web.shelf import Shelf

KEY = "grievance"


@dataclass(frozen=True, slots=True)
class Front:
    """Frozen; what the settings say, the desk, and the pages that are the same for everybody."""

    desk: Desk
    title: str
    helpline: str
    security: str
    leave_to: str
    languages: tuple[str, ...]
    doors: frozenset[str]
    second_step: Mapping[str, date]
    tick: int  # seconds between two looks of the clock
    shelf: Shelf = field(default_factory=Shelf)

    @property
    def keeps_originals(self) -> bool:
        """Whether files are also kept as they are sent: a page that takes them says so."""
        return self.desk.vault.keeps_originals


def front() -> Front:
    """The one of the running app."""
    return front_of(current_app)


def front_of(app: Flask) -> Front:
    """The one of this app."""
    return cast("Front", app.extensions[KEY])


def desk() -> Desk:
    """Its desk."""
    return front().desk
