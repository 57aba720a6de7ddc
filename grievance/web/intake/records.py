"""The record that anybody may read, for people and for machines; and the proof from a receipt."""

from __future__ import annotations

from datetime import date

from flask import Response, g, render_template, request

from grievance.casework.showing import standing
from grievance.web.front import desk
from grievance.web.gate import ANYBODY, BEARER, bearer, needs
from grievance.web.intake import pages

LAST = 10_000
"""Pages that somebody may ask for: more days than the system will run."""


@pages.get("/record")
@needs(ANYBODY)
def record() -> str:
    return render_template("intake/record.html", list=standing.page(desk(), _number()), on=date.fromisoformat)


@pages.get("/record.json")
@needs(ANYBODY)
def record_for_machines() -> Response:
    return Response(standing.as_json(standing.page(desk(), _number())), mimetype="application/json")


@pages.get("/cases/<of>/proof")
@pages.get("/case/proof")
@needs(BEARER)
def proof() -> Response:
    """A file that says nothing of what it is for, not even by its name."""
    answer = Response(standing.proof(desk(), bearer(), str(g.get("of", ""))), mimetype="application/json")
    answer.headers["Content-Disposition"] = 'attachment; filename="numbers.json"'
    return answer


def _number() -> int:
    typed = request.args.get("page", "")
    return (
        min(max(int(typed), 1), LAST) if typed.isdecimal() and typed.isascii() and len(typed) <= len(str(LAST)) else 1
    )
