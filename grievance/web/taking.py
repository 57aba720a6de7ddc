"""One case as a file to take along: the same answer at every door, under the same question of a seat."""

from __future__ import annotations

from flask import Blueprint, Response

from grievance.casework.desk import Bearer, Viewer
from grievance.casework.showing import exporting, reading
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer


def add_export(pages: Blueprint, door: str, roles: frozenset[str]) -> None:
    """Hangs the route on a door of people with an account."""

    @pages.get(f"/{door}/cases/<ref>/export", endpoint="export")
    @needs(PERSON, fresh=True)
    def export(ref: str) -> Response:
        reading.case(desk(), viewer(), ref, roles=roles)  # a seat elsewhere in the case opens nothing at this door
        return export_answer(viewer(), ref)


def export_answer(who: Viewer | Bearer, ref: str) -> Response:
    """The file that `grievance verify` checks."""
    return to_save(exporting.export(desk(), who, ref), "application/json", "case.json")


def to_save(body: bytes, mimetype: str, name: str) -> Response:
    """A file to be saved, not shown; its name says nothing of the case, for others look into a phone."""
    return Response(body, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})
