"""The record that anybody may read, for people and for machines; and the proof from a receipt."""

from __future__ import annotations

from datetime import date

from flask import Response, g, render_template

from grievance.casework.showing import standing
from grievance.web.front import desk
from grievance.web.gate import ANYBODY, BEARER, bearer, needs
from grievance.web.given import page_wanted
from grievance.web.intake import pages
from grievance.web.taking import to_save


@pages.get("/record")
@needs(ANYBODY)
def record() -> str:
    return render_template("intake/record.html", list=standing.page(desk(), page_wanted()), on=date.fromisoformat)


@pages.get("/record.json")
@needs(ANYBODY)
def record_for_machines() -> Response:
    return Response(standing.as_json(standing.page(desk(), page_wanted())), mimetype="application/json")


@pages.get("/cases/<of>/proof")
@pages.get("/case/proof")
@needs(BEARER)
def proof() -> Response:
    """A file that says nothing of what it is for, not even by its name."""
    return to_save(standing.proof(desk(), bearer(), str(g.get("of", ""))), "application/json", "numbers.json")
