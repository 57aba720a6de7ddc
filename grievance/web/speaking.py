"""The language of a request, and what templates need to speak it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from flask import Flask, g, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from grievance import language as speech
from grievance.core.accounts import ACCOUNT, CHOSEN
from grievance.core.asks import ATTENDANCES, CATEGORIES, CONSENTS, FINDINGS, GROUPS, REMEDIES, SEEN
from grievance.core.categories import LABELS
from grievance.core.errors import Said
from grievance.core.evidence import KINDS
from grievance.core.owed import ORDER_SIGNS
from grievance.core.procedure import ROLES, SIDES
from grievance.web.front import front, front_of

COOKIE = "__Host-language"
MOST = 4096
"""So many addresses are kept, then the first ones are made anew."""
NEAR = timedelta(days=180)
"""A day this near is named by its weekday, as people do; of one farther away it would be open which year is meant."""


class Addresses:
    """`url_for` for templates: an address of our own pages is the same each time, and a page holds some twenty."""

    def __init__(self, app: Flask) -> None:
        self._app, self._known = app, dict[Hashable, str]()

    def __call__(self, endpoint: str, **values: Any) -> str:
        """As Flask's. Where the app stands, as a proxy names it, and what a door adds are part of what is looked up."""
        self._app.inject_url_defaults(endpoint, values)
        key = (request.script_root, endpoint, *values.items())
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST:
                self._known.clear()
            found = self._known[key] = self._app.url_for(endpoint, **values)
        return found


def spoken() -> str:
    """The address first, then the browser's cookie, then what the browser prefers, then the programme's first."""
    if "language" not in g:
        known = front().languages
        wanted = request.args.get("lang", "")
        if wanted in known:
            g.keep_language = wanted
        else:
            wanted = request.cookies.get(COOKIE, "")
        g.language = wanted if wanted in known else request.accept_languages.best_match(known) or known[0]
    return str(g.language)


def install(app: Flask, static_url: Callable[[str], str]) -> None:
    """Teach the templates what they know in every language."""
    lent = front_of(app)
    app.jinja_env.globals.update(
        url_for=Addresses(app),
        static=static_url,
        iso_day=date.fromisoformat,
        language_name=speech.name_of,
        front=lambda: lent,  # a page asks for it some twenty times
        plain=Markup.striptags,
        ABOUT={**CATEGORIES, **LABELS},
        ACCOUNT=ACCOUNT,
        CHOSEN=CHOSEN,
        ATTENDANCES=ATTENDANCES,
        CATEGORIES=CATEGORIES,
        CONSENTS=CONSENTS,
        EVIDENCE=KINDS,
        GROUPS=GROUPS,
        ORDER_SIGNS=ORDER_SIGNS,
        OUTCOMES=FINDINGS,
        REMEDIES=REMEDIES,
        ROLES=ROLES,
        SEEN=SEEN,
        SIDES=SIDES,
    )
    app.after_request(_keep)


def voice(language: str) -> dict[str, Callable[..., str]]:
    """What templates of one language speak with; Jinja escapes what it is given."""

    def say(said: Said | str, **values: object) -> str:
        return speech.translate(Said(said, values) if values and isinstance(said, str) else said, language)

    def many(one: str, many: str, n: int) -> str:
        return speech.translate_many(one, many, n, language)

    def day(value: date) -> Markup:
        """With its weekday; with its year where one could take it for that of another year."""
        near = abs(value - front().desk.now().date()) <= NEAR
        return _time(value, speech.say_day(value, language) if near else speech.say_date(value, language))

    def dated(value: date) -> Markup:
        return _time(value, speech.say_date(value, language))

    def moment(instant: datetime, zone: tzinfo) -> Markup:
        """A date and a time of day, in the programme's zone."""
        return _time(instant, speech.say_moment(instant, zone, language))

    return {
        "_": say,
        "ngettext": many,
        "day": day,
        "dated": dated,
        "moment": moment,
        "lang": lambda: language,
        "direction": lambda: speech.direction(language),
    }


def say_it(said: Said | str, **values: object) -> str:
    """A message in the reader's language."""
    return speech.translate(Said(said, values) if isinstance(said, str) else said, spoken())


def say_many(one: str, many: str, n: int) -> str:
    """A message that depends on a count, with {n} in it, in the reader's language."""
    return speech.translate_many(one, many, n, spoken())


def _time(value: date | datetime, text: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), escape(text))


def _keep(response: Response) -> Any:
    wanted = g.get("keep_language")
    if wanted:
        response.set_cookie(COOKIE, wanted, max_age=31_536_000, secure=True, httponly=True, samesite="Lax", path="/")
    return response
