"""Writes one line of JSON for each request: its pattern, how it went and why not; nobody's address, nothing of a case."""

from __future__ import annotations

import json
import sys
import time

from flask import Flask, Response, g, request

METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
UNKNOWN = "-"
"""What stands where an address has no pattern and a method no name: both are then whatever somebody typed."""


def install(app: Flask) -> None:
    """Time every request from its first moment to the last byte. Installed first, so that it sees an answer last."""
    app.before_request(_begin)
    app.after_request(_note)


def refused(error: Exception) -> None:
    """Say in the line of this request what kind of refusal it met: a wrong password, a forged form, a page of nobody's."""
    g.why = type(error).__name__


def _begin() -> None:
    g.began = time.perf_counter()


def _note(response: Response) -> Response:
    rule = request.url_rule
    line = {
        "method": request.method if request.method in METHODS else UNKNOWN,
        "route": rule.rule if rule else UNKNOWN,
        "status": response.status_code,
        "why": g.get("why", ""),
        "ms": round((time.perf_counter() - g.began) * 1000, 1) if "began" in g else 0,
        "bytes": response.calculate_content_length() or 0,
    }
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()
    return response
