"""The calendar file of a session, handed out at every door under the same question of a seat."""

from __future__ import annotations

from flask import Blueprint, Response, request

from grievance.casework.desk import Bearer, Viewer
from grievance.casework.showing.calling import invitation
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.speaking import say_it
from grievance.web.taking import to_save


def add_meetings(pages: Blueprint, door: str, roles: frozenset[str]) -> None:
    """Hangs the route on a door of people with an account."""

    @pages.get(f"/{door}/cases/<ref>/meetings/<int:no>.ics", endpoint="meeting")
    @needs(PERSON)
    def meeting(ref: str, no: int) -> Response:
        return meeting_answer(viewer(), ref, no, roles=roles)


def meeting_answer(who: Viewer | Bearer, ref: str, no: int, *, roles: frozenset[str]) -> Response:
    """The file, with the place only where the address asks for it."""
    place = request.args.get("place", "") == "1"
    body = invitation(desk(), who, ref, no, roles=roles, title=say_it("Meeting"), place=place)
    return to_save(body, "text/calendar", "meeting.ics")
