"""Answers probes: 200 when all is well, 503 when it is not; what is wrong stands in the log, not in the answer."""

from __future__ import annotations

import logging

from flask import Blueprint, Response

from grievance.casework import standstill
from grievance.web.front import desk, front
from grievance.web.gate import ANYBODY, needs

log = logging.getLogger(__name__)

pages = Blueprint("probing", __name__)


@pages.get("/healthz")
@needs(ANYBODY)
def healthz() -> Response:
    try:
        wrong = standstill.unwell(desk(), front().tick)
    except Exception as error:  # noqa: BLE001  a probe answers whatever is broken
        wrong = f"the database does not answer: {type(error).__name__}"
    if wrong:
        log.error("not well: %s", wrong)
    return Response("not well\n" if wrong else "well\n", 503 if wrong else 200, mimetype="text/plain")
