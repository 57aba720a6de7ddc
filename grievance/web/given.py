"""What the address and the form of a request give, read within bounds: whatever else somebody typed is as if they had not."""

from __future__ import annotations

from flask import request
from werkzeug.datastructures import MultiDict

from grievance.casework.once import new_mark
from grievance.web.front import desk

LAST_PAGE = 10_000
LONGEST = 200
"""Characters of a filter in the address; what is longer finds nothing that a person would look for."""

LONGEST_REASON = 2_000
LONGEST_SEEN = 9
"""Digits of the number of an entry."""


def sent() -> MultiDict[str, str] | None:
    """What a form was filled with; None before it was sent, so that what is known stands in it, boxes included."""
    return request.form if request.method == "POST" else None


def mark() -> str:
    """The mark of the form that was sent, or one for a form that is shown: sent twice it happens once."""
    return request.form.get("once", "") or new_mark(desk())


def reason() -> str:
    """The reason as it was typed."""
    return request.form.get("reason", "")[:LONGEST_REASON]


def seen() -> int:
    """The number of the entry up to which somebody had read, 0 where the form says nothing that could be one."""
    return number_in(request.form.get("seen", ""), LONGEST_SEEN)


def page_wanted() -> int:
    """The page of a list that the address asks for."""
    return min(max(number_in(request.args.get("page", ""), len(str(LAST_PAGE))), 1), LAST_PAGE)


def words_wanted(name: str = "q") -> str:
    """What the address asks to search for, or to narrow a list to."""
    return request.args.get(name, "").strip()[:LONGEST]


def number_in(text: str, digits: int) -> int:
    """The number that is written here with so many digits at most, 0 where there is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else 0
