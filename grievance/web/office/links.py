"""The page of links of a case: those that stand, those that might, and how to say so or take it back."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for

from grievance.casework import linking
from grievance.casework.showing import reading
from grievance.core.errors import Busy, Invalid, Stale, say
from grievance.core.matters import LINKS
from grievance.web import given
from grievance.web.forms import reasoned
from grievance.web.forms.reasoned import Answer, Wrong
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer
from grievance.web.navigation import OFFICE_ROLES

LINKED = {
    "linked": say("Linked. Both cases say so."),
    "unlinked": say("Not linked any more. Both cases say so."),
}


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with the page, to be shown again."""

    other: str = ""
    kind: str = ""
    reason: str = ""


def add_links(pages: Blueprint) -> None:
    """The page, and its two forms."""

    @pages.get("/office/cases/<ref>/links", endpoint="links")
    @needs(PERSON)
    def links(ref: str) -> Answer:
        return _page(ref, Typed(other=request.args.get("with", "")[:20], kind=request.args.get("how", "")[:20]))

    @pages.post("/office/cases/<ref>/links", endpoint="link")
    @needs(PERSON)
    def link(ref: str) -> Answer:
        typed, seen, once = _typed(), given.seen(), request.form.get("once", "")
        try:
            linking.link(desk(), viewer(), ref, typed.other, typed.kind, typed.reason, seen=seen, once=once)
        except (Invalid, Stale, Busy) as error:
            return _page(ref, typed, error)
        return redirect(url_for("office.case", ref=ref, done="linked"), 303)

    @pages.post("/office/cases/<ref>/unlink", endpoint="unlink")
    @needs(PERSON)
    def unlink(ref: str) -> Answer:
        typed, seen = _typed(), given.seen()
        try:
            linking.unlink(desk(), viewer(), ref, typed.other, typed.kind, typed.reason, seen=seen)
        except (Invalid, Stale, Busy) as error:
            return _page(ref, typed, error)
        return redirect(url_for("office.case", ref=ref, done="unlinked"), 303)


def _page(ref: str, typed: Typed, error: Wrong | None = None) -> Answer:
    return reasoned.page(
        "office/links.html",
        {},
        error,
        case=reading.case(desk(), viewer(), ref, roles=OFFICE_ROLES),
        view=linking.look(desk(), viewer(), ref, roles=OFFICE_ROLES),
        kinds={kind: LINKS[kind] for kind in linking.BY_HAND},
        typed=typed,
    )


def _typed() -> Typed:
    other, kind = (request.form.get(name, "") for name in ("other", "kind"))
    return Typed(other.strip()[:20], kind[:20], given.reason())
