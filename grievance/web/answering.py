"""What every answer carries: headers that keep it private, and compression."""

from __future__ import annotations

from flask import Flask, Response, request
from zlib_ng import gzip_ng

from grievance.web.gate import keep_door

CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
SMALL = 400
"""Bytes below which compression only costs."""


def install(app: Flask) -> None:
    """Dress every answer of the app."""
    app.after_request(_dress)


def _dress(response: Response) -> Response:
    keep_door(response)
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    # Whatever is not a static file is somebody's: no cache between here and their eyes keeps it.
    response.headers.setdefault("Cache-Control", "no-store")
    return _compress(response)


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        or "Content-Encoding" in response.headers
        or not (
            (response.mimetype or "").startswith("text/") or response.mimetype in ("application/json", "image/svg+xml")
        )
        or "gzip" not in request.headers.get("Accept-Encoding", "")
    ):
        return response
    plain = response.get_data()
    response.headers["Vary"] = "Accept-Encoding"
    if len(plain) < SMALL:
        return response
    response.set_data(gzip_ng.compress(plain, 6, mtime=0))  # type: ignore[no-untyped-call]
    response.headers["Content-Encoding"] = "gzip"
    return response
