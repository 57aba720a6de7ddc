"""Urgent lanes are entered by their own stage, where hours count and the chairs stand behind the office."""

from __future__ import annotations

from grievance.core.case import Case
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor
from grievance.core.procedure import ANYWHERE, URGENT
from grievance.core.seating import Sitting


def refuse_skipping(sitting: Sitting, case: Case, actor: Actor, lane: str) -> None:
    """Raises Invalid where triage makes a case urgent, and whoever does it could go through the urgent stage instead."""
    if lane not in URGENT or case.lane in URGENT:
        return
    ways = [move for move in sitting.procedure.moves.values() if "raise_lane" in move.does]
    if any({case.stage, ANYWHERE} & set(way.source) and actor.role in way.by for way in ways):
        raise Invalid(
            {
                "lane": say(
                    "An urgent case goes through the urgent stage, where hours count and the chairs stand behind you. "
                    "Choose “Standard” here, then “Make it urgent” on the page of the case."
                )
            }
        )
