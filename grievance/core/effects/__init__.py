"""What a move causes beside moving: a closed vocabulary, one module a subject."""

from __future__ import annotations

from grievance.core.effects import (  # noqa: F401  each enters what it holds
    answering,
    conduct,
    deciding,
    mediating,
    members,
    purchasing,
    remedying,
    seating,
    taking,
)
from grievance.core.effects.effect import EFFECTS, Effect, Given

__all__ = ["EFFECTS", "Effect", "Given"]
