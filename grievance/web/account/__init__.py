"""The door of accounts: signing in, one's own account, and what administrators set up."""

from __future__ import annotations

from flask import Blueprint

from grievance.web.navigation import staff

pages = staff(Blueprint("account", __name__))


from grievance.web.account import (  # noqa: E402, F401  they hang their routes on `pages`
    again,
    bodies,
    joining,
    me,
    overview,
    people,
    programmes,
    retiring,
    rosters,
    sign_ins,
    signing_in,
    sites,
    steps,
    through,
)
