"""What figures say in a complaint about a brand: when those of several may be shown, and when a fall of orders is an alarm.

Every threshold is a proposal of this project: the three parties may change it.
"""

from __future__ import annotations

from collections.abc import Mapping

from grievance.core.errors import say

MEMBERS, SHARE = 3, 60
"""Figures of several are shown from so many members on, and only where none has more per cent of the volume."""

FELL = 30
"""Per cent by which orders fall before it is an alarm."""

WHOLE = 100
"""Per cent: nobody has more of a volume, and nothing falls further."""

MONTHS = 12
"""How many months are compared with the same months of the year before, at most."""

NOT_INDEPENDENT = say("The brand's contact is missing, or works in buying. Name somebody outside it.")

ASKED, ANSWERED, SILENT = "asked", "answered", "silent"
"""What came of an alarm: the brand's contact is asked for reasons, gave them, or let the time pass."""

ADVERSE: Mapping[str, str] = {"order_reasons": say("The brand gave no reasons in time for the change of orders").text}
"""What speaks against a party until somebody decides; it finds nobody at fault."""


def shown_together(pooled: tuple[int, int] | None) -> bool:
    """Whether (members, per cent of the largest) single nobody out."""
    return pooled is not None and pooled[0] >= MEMBERS and pooled[1] <= SHARE


def least_share(members: int) -> int:
    """The smallest share in whole per cent that the largest of so many members can have."""
    return -(-WHOLE // members)


def alarms(filer: int, country: int, sign: str) -> bool:
    """Whether orders that fell by so many per cent are an alarm, where those to the whole country fell by `country`.

    They fell by more than FELL, and the country's by less than half as much; or another sign speaks alone.
    """
    return sign != "none" or (filer > FELL and country * 2 < filer)
