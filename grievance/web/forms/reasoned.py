"""A step that somebody takes with a reason: what was typed, and the page again with what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from flask import render_template, request
from werkzeug.wrappers import Response

from grievance.casework.once import new_mark
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale
from grievance.web import given
from grievance.web.errors import status_of
from grievance.web.front import desk

Answer = Response | tuple[str, int]
Wrong = Invalid | Refused | Stale | Busy


def take(step: Callable[[int, str], object]) -> Wrong | None:
    """Take the step, given the entry that the page was read at and the mark of its form; or why it could not be taken."""
    try:
        step(given.seen(), request.form.get("once", ""))
    except (Invalid, Refused, Stale, Busy) as error:
        return error
    return None


def page(template: str, done: Mapping[str, Said], error: Wrong | None = None, **more: object) -> tuple[str, int]:
    """The page: what was done last, or what is wrong with what was typed, which stands in it still."""
    wrong: dict[str, Said] = dict(error.fields) if isinstance(error, Invalid) else {}
    made = render_template(
        template,
        done=done.get(request.args.get("done", "")) if request.method == "GET" else None,
        reason=given.reason(),
        problem=error.said if error else None,
        wrong=wrong,
        mark=new_mark(desk()),
        **more,
    )
    return made, status_of(error) if error else 200
