"""Where nothing could be saved, the page that says so holds what somebody sent, and one press sends it again."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request
from werkzeug.exceptions import HTTPException

SECRET = frozenset({"account", "intake.show"})
"""Doors and pages whose forms carry passwords, codes and numbers of cases: those are typed again."""


@dataclass(frozen=True, slots=True)
class Again:
    """A form as it came: where it was sent, its fields, what of it somebody wrote, and whether files went along."""

    action: str
    sent: tuple[tuple[str, str], ...]
    words: tuple[str, ...]
    files: bool


def again() -> Again | None:
    """The form that this request carried; None where it carried none, or one that is not shown to anybody."""
    if request.method != "POST" or request.url_rule is None or SECRET & {request.blueprint, request.endpoint}:
        return None
    try:
        sent = tuple((name, value) for name, value in request.form.items(multi=True) if value)
    except HTTPException:  # too large, or no form: it was not kept
        return None
    words = tuple(value for _, value in sent if _written(value))
    return Again(request.full_path.removesuffix("?"), sent, words, bool(request.files)) if sent else None


def words() -> tuple[str, ...]:
    """What this request carried that somebody wrote, for a page on which they can copy it.

    Only where the browser says that a page of ours sent it: otherwise another site could put its own words on our page.
    """
    kept = again() if request.headers.get("Sec-Fetch-Site") == "same-origin" else None
    return kept.words if kept else ()


def _written(value: str) -> bool:
    """Whether somebody wrote it, rather than a form: words have spaces, or are in a script that needs none."""
    return not value.isascii() or any(sign.isspace() for sign in value)
