"""The factory complained about and the brands that buy there: what they were told, and what they can do by when."""

from __future__ import annotations

from flask import Blueprint, render_template

from grievance.casework.showing import reading
from grievance.web.evidence import Door, add_evidence
from grievance.web.forms.moving import add_moves
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.meetings import add_meetings
from grievance.web.navigation import PARTY_ROLES, done, listing, staff

pages = staff(Blueprint("party", __name__))
add_meetings(pages, "party", PARTY_ROLES)
add_moves(pages, "party", PARTY_ROLES)
add_evidence(pages, Door("party", PARTY_ROLES))


@pages.get("/party")
@needs(PERSON)
def cases() -> str:
    found, wanted = listing(viewer(), PARTY_ROLES, ("view", "q"))
    return render_template("party/cases.html", list=found, wanted=wanted)


@pages.get("/party/cases/<ref>")
@needs(PERSON)
def case(ref: str) -> str:
    view = reading.case(desk(), viewer(), ref, roles=PARTY_ROLES)
    year, week = view.week.split("-W") if view.week else ("", "")
    return render_template("party/case.html", case=view, done=done(view), year=year, week=week.lstrip("0"))
