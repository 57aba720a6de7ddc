"""Enters what each kind of event does to a case into one table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from grievance.core import events as e
from grievance.core.case import Case

Change = Callable[[Case, Any, e.Entry], Case]
FOLD: dict[type[e.Event], Change] = {}


def renewed(every: Iterable[Any], no: int, **values: object) -> tuple[Any, ...]:
    """The same seats, files, remedies, sessions or clocks, the one of this number with other values."""
    return tuple(replace(one, **values) if one.no == no else one for one in every)


def folds(kind: type[e.Event]) -> Callable[[Change], Change]:
    """Says that this function is what an event of this kind does to a case."""

    def enter(change: Change) -> Change:
        FOLD[kind] = change
        return change

    return enter
