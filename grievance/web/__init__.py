"""The doors: each renders the frozen views that verbs give it, and holds no database handle."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module

from flask import Blueprint


def doors(names: Iterable[str]) -> list[Blueprint]:
    """The blueprints of these doors; a door that is closed is not even imported."""
    return [import_module(f"grievance.web.{name}").pages for name in names]
