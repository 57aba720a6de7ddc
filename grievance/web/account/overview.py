"""Where administrators begin: what there is, what is still missing, and the record of everything that they did."""

from __future__ import annotations

from flask import render_template

from grievance.casework.house import calendars, furnishing, recording, staffing
from grievance.casework.showing import standing
from grievance.web.account import pages
from grievance.web.account.showing import list_page, zone
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import words_wanted


@pages.get("/account/administration")
@needs(ADMINISTRATOR)
def administration() -> str:
    me = viewer()
    return render_template(
        "account/administration.html",
        programmes=furnishing.programmes(desk(), me),
        bodies=furnishing.bodies(desk(), me).total,
        offices=len(furnishing.bodies_of_kind(desk(), me, "office")),
        sites=furnishing.sites(desk(), me).total,
        calendars=calendars.ending(desk()),
        unsigned=standing.overdue(desk()),
        people={state: staffing.listing(desk(), me, state=state).total for state in staffing.STATES},
    )


@pages.get("/account/record")
@needs(ADMINISTRATOR)
def record() -> str:
    words = words_wanted()
    found = list_page(lambda page: recording.record(desk(), viewer(), words, page))
    return render_template("account/record.html", list=found, words=words, zone=zone())
