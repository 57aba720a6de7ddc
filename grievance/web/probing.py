"""What machines ask: whether all is well (why not stands in the log, not in the answer), and who hears of a weakness."""

from __future__ import annotations

import logging
from datetime import UTC, timedelta

from flask import Blueprint, Response

from grievance.casework import standstill
from grievance.core.errors import Hidden
from grievance.web.front import desk, front
from grievance.web.gate import ANYBODY, needs

log = logging.getLogger(__name__)

pages = Blueprint("probing", __name__)

FRESH = timedelta(days=90)
"""How long whoever reads where to write may rely on it; RFC 9116 advises less than a year."""


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


@pages.get("/.well-known/security.txt")
@needs(ANYBODY)
def security() -> Response:
    """RFC 9116. Nothing where no address was set."""
    if not front().security:
        raise Hidden
    until = (desk().now() + FRESH).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: {front().security}",
        f"Expires: {until:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(tag.replace('_', '-') for tag in front().languages)}",
        f"Canonical: {desk().address}/.well-known/security.txt",
    )
    return Response("\n".join((*lines, "")), mimetype="text/plain")
