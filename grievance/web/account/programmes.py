"""Programmes: country, calendar, languages, office, and a procedure for each kind of complaint."""

from __future__ import annotations

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import furnishing
from grievance.casework.house.furnishing import Programme
from grievance.core.tracks import TRACKS
from grievance.web.account import pages
from grievance.web.account.showing import Answer, form_page, retired_wanted, to, was_done
from grievance.web.forms.administration import programme_form
from grievance.web.front import desk, front
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import sent

NOTHING: dict[str, Any] = {f"for_{track}": "" for track in TRACKS}


@pages.get("/account/programmes")
@needs(ADMINISTRATOR)
def programmes() -> str:
    retired = retired_wanted()
    found = furnishing.programmes(desk(), viewer(), retired=retired)
    return render_template("account/programmes.html", programmes=found, retired=retired, done=was_done())


@pages.route("/account/programmes/new", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def new_programme() -> Answer:
    def act(form: Form) -> Response:
        furnishing.make_programme(desk(), viewer(), _filled(form, form["id"].data.lower()))
        return to("account.programmes", "made")

    return form_page(_form(new=True)(sent(), **NOTHING), act, "account/programme.html", programme=None)


@pages.route("/account/programmes/<programme_id>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def programme(programme_id: str) -> Answer:
    def act(form: Form) -> Response:
        furnishing.change_programme(desk(), viewer(), _filled(form, programme_id))
        return to("account.programmes", "saved")

    there = furnishing.programme(desk(), viewer(), programme_id)
    known: dict[str, Any] = {name: getattr(there, name) for name in ("title", "country", "calendar", "office")}
    known |= {f"for_{track}": there.tracks.get(track, "") for track in TRACKS} | {"languages": [*there.languages]}
    form = _form(new=False, office=there.office)(sent(), **known)
    return form_page(form, act, "account/programme.html", programme=there)


def _form(*, new: bool, office: str = "") -> type[Form]:
    offices = furnishing.bodies_of_kind(desk(), viewer(), "office", also=(office,))
    calendars = sorted(desk().lawbook.calendars)
    return programme_form(
        offices,
        calendars,
        {track: furnishing.procedures(desk(), track) for track in TRACKS},
        front().languages,
        new=new,
    )


def _filled(form: Form, programme_id: str) -> Programme:
    return Programme(
        programme_id,
        form["title"].data,
        form["country"].data.upper(),
        form["calendar"].data,
        tuple(form["languages"].data or ()),
        {track: form[f"for_{track}"].data for track in TRACKS if form[f"for_{track}"].data},
        form["office"].data,
    )
