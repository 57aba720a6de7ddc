"""Rosters: who can be seated in a programme, with alternates, and whom it knows at brands."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import Form

from grievance.casework.house import furnishing, rostering
from grievance.core.errors import Hidden, say
from grievance.web.account import pages
from grievance.web.account.showing import Answer, confirm_page, form_page, to
from grievance.web.forms.administration import roster_form
from grievance.web.front import desk
from grievance.web.gate import ADMINISTRATOR, needs, viewer
from grievance.web.given import sent


@pages.get("/account/rosters")
@needs(ADMINISTRATOR)
def rosters() -> Answer:
    """Straight to the only programme's."""
    found = furnishing.programmes(desk(), viewer())
    if len(found) == 1:
        return redirect(url_for("account.roster", programme_id=found[0][0].id), 303)
    return render_template("account/rosters.html", programmes=found)


@pages.get("/account/rosters/<programme_id>")
@needs(ADMINISTRATOR)
def roster(programme_id: str) -> Answer:
    return _roster(programme_id)


@pages.post("/account/rosters/<programme_id>")
@needs(ADMINISTRATOR, fresh=True)
def on_roster(programme_id: str) -> Answer:
    return _roster(programme_id)


def _roster(programme_id: str) -> Answer:
    def act(form: Form) -> Response:
        asked = [form[name].data or "" for name in ("person", "function", "side")]
        rostering.put(desk(), viewer(), programme_id, *asked)
        return to("account.roster", "rostered", programme_id=programme_id)

    programme = furnishing.programme(desk(), viewer(), programme_id)
    return form_page(
        roster_form(rostering.everybody(desk(), viewer()))(sent(), side=""),
        act,
        "account/roster.html",
        programme=programme,
        benches=rostering.benches(desk(), viewer(), programme_id),
        functions=rostering.FUNCTIONS,
        many=len(furnishing.programmes(desk(), viewer())) > 1,
    )


@pages.route("/account/rosters/<programme_id>/off/<person>/<function>", methods=["GET", "POST"])
@needs(ADMINISTRATOR, fresh=True)
def off_roster(programme_id: str, person: str, function: str) -> Answer:
    programme = furnishing.programme(desk(), viewer(), programme_id)
    found = [
        entry.name
        for bench in rostering.benches(desk(), viewer(), programme_id)
        for entry in bench.people
        if (entry.person, entry.function) == (person, function)
    ]
    if not found:
        raise Hidden

    def act() -> Response:
        rostering.take_off(desk(), viewer(), programme_id, person, function)
        return to("account.roster", "unrostered", programme_id=programme_id)

    return confirm_page(
        act,
        title=say("Take {name} off the roster of {programme}", name=found[0], programme=programme.title),
        causes=(say("They are not drawn any more. Seats that they hold in cases stay theirs. You can put them back."),),
        button=say("Take them off"),
        back=url_for("account.roster", programme_id=programme_id),
    )
