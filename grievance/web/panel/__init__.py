"""The panel: three sides beside each other, with equal seats, one file and equal time; the neutral stands below."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template

from grievance.casework.showing import reading
from grievance.casework.views import CaseView, SeatView
from grievance.core.procedure import SIDES
from grievance.web.evidence import Door, add_evidence
from grievance.web.forms.moving import add_moves
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.meetings import add_meetings
from grievance.web.navigation import PANEL_ROLES, done, listing, staff
from grievance.web.panel.signing import add_signing

pages = staff(Blueprint("panel", __name__))
add_meetings(pages, "panel", PANEL_ROLES)
add_moves(pages, "panel", PANEL_ROLES)
add_signing(pages)
add_evidence(pages, Door("panel", PANEL_ROLES, adds=False))


@dataclass(frozen=True, slots=True)
class Table:
    """The seats as they are drawn: rows of one seat of each side (None where it is empty), and the neutral ones."""

    sides: tuple[str, ...]
    rows: tuple[tuple[SeatView | None, ...], ...]
    neutrals: tuple[SeatView, ...]
    mine: SeatView | None
    spoken: int
    total: int


@pages.get("/panel")
@needs(PERSON)
def cases() -> str:
    found, wanted = listing(viewer(), PANEL_ROLES, ("view", "q"))
    return render_template("panel/cases.html", list=found, wanted=wanted)


@pages.get("/panel/cases/<ref>")
@needs(PERSON)
def case(ref: str) -> str:
    view = reading.case(desk(), viewer(), ref, roles=PANEL_ROLES)
    return render_template(
        "panel/case.html",
        case=view,
        done=done(view),
        table=_table(view),
        position=[move for move in view.moves if "position" in move.does],
    )


def _table(view: CaseView) -> Table:
    sides = tuple(SIDES)
    columns = [[seat for seat in view.seats if seat.side == side] for side in sides]
    height = max(len(column) for column in columns)
    rows = tuple(tuple(column[no] if no < len(column) else None for column in columns) for no in range(height))
    return Table(
        sides=sides,
        rows=rows,
        neutrals=tuple(seat for seat in view.seats if not seat.side),
        mine=next((seat for seat in view.seats if seat.mine), None),
        spoken=sum(seat.state != "none" for seat in view.seats),
        total=len(view.seats),
    )
