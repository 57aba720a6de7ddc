"""Shows who sits in a case, and who sat: names and positions as far as the viewer may see them."""

from __future__ import annotations

from collections.abc import Mapping

from grievance.casework.views import LeftView, SeatView
from grievance.core.case import Case
from grievance.core.matters import Actor
from grievance.core.panel import complete
from grievance.core.visibility import CUSTODIAN, sees_members, sees_position


def seats(
    case: Case, mine: tuple[Actor, ...], names: Mapping[str, str], reasons: Mapping[int, str], *roles: str
) -> tuple[SeatView, ...]:
    """The seats held under these roles, each with its position and its `reasons` as far as the viewer may see them."""
    numbers = {actor.seat for actor in mine}
    inside = knows_members(mine)
    views = []
    for seat in case.seated(*roles):
        open_to_me = any(sees_position(a.role, seat.no, a.seat, case) for a in mine)
        state = "none" if not complete(case, seat.no) else "open" if open_to_me else "sealed"
        views.append(
            SeatView(
                no=seat.no,
                side=seat.side,
                role=seat.role,
                name=names.get(seat.holder, "") if inside else "",
                mine=seat.no in numbers,
                state=state,
                outcomes=case.positions.get(seat.no, {}) if state == "open" else {},
                reasons=reasons.get(seat.no, "") if state == "open" else "",
                dissents=seat.no in case.dissent,
                position_by=case.signatures.get(f"position/{seat.no}", "") if state == "open" else "",
                decision_by=case.signatures.get(f"decision/{seat.no}", ""),
                sat=seat.no < case.bench,
                challenged=case.challenged.get(seat.no, "") if inside else "",
            )
        )
    return tuple(views)


def knows_members(mine: tuple[Actor, ...]) -> bool:
    """Whether the viewer reads the names of those who sit: the parties read the side alone."""
    return any(sees_members(actor.role) for actor in mine)


def left(case: Case, mine: tuple[Actor, ...], names: Mapping[str, str]) -> tuple[LeftView, ...]:
    """Whoever sat and sits no more, in order."""
    inside = knows_members(mine)
    return tuple(
        LeftView(gone.seat.role, gone.seat.side, names.get(gone.seat.holder, "") if inside else "", gone.why, gone.kind)
        for gone in case.left
        if gone.seat.role != CUSTODIAN  # they never sat: they were asked about a name
    )
