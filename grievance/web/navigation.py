"""What people with an account find around every page: their doors, what was just done, lists with pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState

from grievance.casework.desk import Viewer
from grievance.casework.rows import ListView, Row
from grievance.casework.showing import worklists
from grievance.casework.views import CaseView
from grievance.core.asks import ANSWERS, CONFLICTS, LANES, SEVERITIES
from grievance.core.attending import AGREED, CAME, HANDED
from grievance.core.errors import Said, say
from grievance.core.limits import Limit
from grievance.core.matters import HOLD, LINKS, STEPS
from grievance.core.procedure import CONSEQUENCES, ROLES
from grievance.web.front import desk, front
from grievance.web.gate import maybe_viewer
from grievance.web.given import page_wanted, words_wanted
from grievance.web.speaking import say_it
from grievance.web.speaking import say_many as ngettext


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the header. `pages` are the endpoints under it, the first one is where it leads."""

    name: str
    blueprint: str
    pages: tuple[str, ...]
    label: Said
    roles: frozenset[str]
    kinds: frozenset[str]
    administers: bool = False

    @property
    def endpoint(self) -> str:
        """Where it leads."""
        return self.pages[0]


OFFICE_ROLES = frozenset({"officer", "relief"})
PANEL_ROLES = frozenset({"panel", "neutral", "mediator", "chair", "outside", "operator"})
PARTY_ROLES = frozenset({"respondent", "brand"})
CUSTODY_ROLES = frozenset({"custodian"})

DOORS = (
    Door("office", "office", ("office.cases",), say("Work list"), OFFICE_ROLES, frozenset({"office"})),
    Door("panel", "panel", ("panel.cases",), say("Panel"), PANEL_ROLES, frozenset({"union", "association"})),
    Door("party", "party", ("party.cases",), say("Our cases"), PARTY_ROLES, frozenset({"factory", "brand"})),
    Door("custody", "custody", ("custody.cases",), say("Names"), CUSTODY_ROLES, frozenset()),
    Door(
        "procedures",
        "office",
        ("office.procedures", "office.procedure"),
        say("Procedures"),
        OFFICE_ROLES,
        frozenset({"office"}),
    ),
    Door(
        "administration",
        "account",
        (
            "account.administration",
            *(f"account.{page}" for page in ("programmes", "new_programme", "programme", "retire_programme")),
            *(f"account.{page}" for page in ("bodies", "new_body", "body", "retire_body")),
            *(f"account.{page}" for page in ("sites", "new_site", "site", "sites_from_list", "retire_site")),
            *(
                f"account.{page}"
                for page in (
                    "people",
                    "invite",
                    "person",
                    "belong",
                    "correct_mail",
                    "leave",
                    "decide",
                    "sign_ins",
                    "lost",
                )
            ),
            *(f"account.{page}" for page in ("rosters", "roster", "on_roster", "off_roster", "record")),
        ),
        say("Administration"),
        frozenset(),
        frozenset(),
        administers=True,
    ),
)


SHORT_TURNS: Mapping[str, Said] = {
    "officer": say("Office"),
    "complainant": say("Complainant"),
    "respondent": say("Respondent"),
    "brand": say("Brand"),
    "parties": say("Both parties"),
    "panel": say("Panel"),
    "neutral": say("Neutral"),
    "chairs": say("Chairs"),
    "outside": say("Outside person"),
    "operator": say("Ourselves"),
    "nobody": say("Nobody"),
}
"""Whose turn it is, in a word: a list has no room for more."""

SHORT_RESPONDENTS: Mapping[str, Said] = {
    "employers": say("Factory"),
    "brands": say("Brand"),
    "operator": say("Person named"),
}
"""The word for the turn of whoever answers, by the side that answers in the case's procedure."""


@dataclass(frozen=True, slots=True)
class Done:
    """A move that was just made: its label, and the roles that were told."""

    label: str
    tells: tuple[str, ...]


def staff(pages: Blueprint) -> Blueprint:
    """Gives a door's templates `me`, `here` and the words that staff pages share."""
    pages.context_processor(lambda: {"me": maybe_viewer(), "here": _here()})
    pages.record_once(_teach)
    return pages


def _teach(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals.update(
        doors_of=doors_of,
        narrowed=narrowed,
        named=named,
        span=span,
        AGREED=AGREED,
        ANSWERS=ANSWERS,
        CAME=CAME,
        HANDED=HANDED,
        CONFLICTS=CONFLICTS,
        CONSEQUENCES=CONSEQUENCES,
        LANES=LANES,
        LINKS=LINKS,
        STEPS=STEPS,
        HOLD=HOLD,
        SHORT_TURNS=SHORT_TURNS,
        short_turn=short_turn,
        SEVERITIES=SEVERITIES,
    )


def short_turn(row: Row) -> str:
    """Whose turn it is in a case of a list, in a word of the reader's language."""
    word = SHORT_RESPONDENTS[row.answers] if row.turn == "respondent" else SHORT_TURNS[row.turn]
    return say_it(word)


def named(roles: Iterable[str]) -> str:
    """These roles in the reader's language, one after another."""
    return ", ".join(say_it(ROLES[role]) for role in roles)


def span(limit: Limit | str) -> str:
    """A limit as the ledger keeps it ("10 working days + 5 working days"), in the reader's language."""
    return " + ".join(_span(Limit.parse(part)) for part in str(limit).split(" + "))


def _span(limit: Limit) -> str:
    n = limit.amount
    words = {
        "hours": lambda: ngettext("1 hour", "{n} hours", n),
        "days": lambda: ngettext("1 day", "{n} days", n),
        "working days": lambda: ngettext("1 working day", "{n} working days", n),
        "weeks": lambda: ngettext("1 week", "{n} weeks", n),
        "months": lambda: ngettext("1 month", "{n} months", n),
    }[limit.unit]()
    return say_it("{span}, then on to the next working day", span=words) if limit.roll else words


def doors_of(viewer: Viewer | None) -> tuple[Door, ...]:
    """The open doors of somebody: those of their kind of organisation, and those behind which they hold a seat."""
    if viewer is None:
        return ()
    return tuple(
        door
        for door in DOORS
        if door.blueprint in front().doors
        and (door.kinds & viewer.kinds or door.roles & viewer.held or (door.administers and viewer.administrator))
    )


def first_page(viewer: Viewer) -> str:
    """The endpoint of the first door of somebody, or of their account.

    Whoever was drawn once as relief officer lands where their own work is; the office stays in their header.
    """
    found = sorted(doors_of(viewer), key=lambda door: door.blueprint == "office" and not door.kinds & viewer.kinds)
    return next((door.endpoint for door in found), "account.me")


def done(view: CaseView) -> Done | None:
    """The move that the address says was just made, if it is one that this viewer can have made."""
    move = desk().lawbook.procedure(view.procedure).moves.get(request.args.get("done", ""))
    if move is None or not set(move.by) & set(view.roles):
        return None
    return Done(move.label, move.tells)


def listing(viewer: Viewer, roles: frozenset[str], filters: Iterable[str]) -> tuple[ListView, Mapping[str, str]]:
    """The page of cases that the address asks for, the last one where it asks for more, and its filters."""
    wanted = {name: words_wanted(name) for name in filters}
    found = worklists.worklist(desk(), viewer, wanted, roles=roles, page=page_wanted())
    if found.page > found.pages:
        found = worklists.worklist(desk(), viewer, wanted, roles=roles, page=found.pages)
    return found, wanted


def narrowed(**changes: Any) -> str:
    """The address of this list with other filters; the page starts again unless it is named."""
    kept = {name: value for name, value in request.args.items() if name not in ("page", "lang")}
    query = urlencode({n: v for n, v in {**kept, **changes}.items() if v not in ("", None, 1)})
    return f"{request.script_root}{quote(request.path)}{'?' if query else ''}{query}"


def _here() -> str:
    return next((door.name for door in DOORS if request.endpoint in door.pages), request.blueprint or "")
