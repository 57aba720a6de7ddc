"""The public door: a worker files and follows a case here on any phone, with a number as the only key."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from flask import Blueprint, current_app, g, request
from werkzeug.wrappers import Response

from grievance.core.errors import Hidden
from grievance.web.gate import BEARER, bearer, remember_receipt

pages = Blueprint("intake", __name__)

LARGEST = 1024 * 1024
"""Bytes of a request at this door: a story many times too long comes back with what was typed, not an error page."""


@pages.url_value_preprocessor
def make_room(_: str | None, values: dict[str, Any] | None) -> None:
    """Before the gate reads the form. Texts come as multipart: three bytes a Khmer letter, not nine."""
    request.max_content_length = request.max_form_memory_size = LARGEST
    g.of = (values or {}).pop("of", "")


@pages.url_defaults
def stay(endpoint: str, values: dict[str, Any]) -> None:
    """A page of one of several cases leads to pages of the same one, unless it says otherwise."""
    of = g.get("of", "")
    if of and "of" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "of"):
        values["of"] = of


@pages.after_request
def prolong(response: Response) -> Response:
    """Each page of the case that was shown gives another quarter of an hour."""
    view: Any = current_app.view_functions.get(request.endpoint or "")
    if getattr(view, "need", "") == BEARER and response.status_code < 400:  # noqa: PLR2004
        with suppress(Hidden):  # they were sent to the follow page, to show their number again
            remember_receipt(response, bearer())
    return response


from grievance.web.intake import filing, following, records  # noqa: E402, F401  they hang their routes on `pages`
