"""Giving cases to officers: those that were ticked in the list, and all of somebody who leaves."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from grievance.casework import assigning
from grievance.casework.assigning import Given, HandsView
from grievance.core.errors import Busy, Invalid, Refused, Said, Stale
from grievance.web import given
from grievance.web.errors import told
from grievance.web.forms.reasoned import Answer
from grievance.web.front import desk
from grievance.web.gate import PERSON, needs, viewer

EVENLY = "evenly"
"""Not one officer, but each in turn."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What was sent with the page, to be shown again."""

    person: str
    reason: str
    once: str


def add_assigning(pages: Blueprint) -> None:
    """The page that asks whether the ticked cases shall be given, and the page of who works on what."""

    @pages.post("/office/give", endpoint="give")
    @needs(PERSON)
    def give() -> Answer:
        chosen = _chosen()
        typed, view = _typed(), assigning.in_hand(desk(), viewer())
        if not chosen:
            return _asked(view, chosen, typed, Invalid({}).said, 422)
        if "person" not in request.form:
            return _asked(view, chosen, typed, None, 200)
        try:
            to = _to(view, typed.person, "")
            found = assigning.assign_many(desk(), viewer(), chosen, to, typed.reason, once=typed.once)
        except (Invalid, Stale, Busy) as error:
            return _asked(view, chosen, typed, *told(error))
        return _given(view, found)

    @pages.get("/office/officers", endpoint="officers")
    @needs(PERSON)
    def officers() -> Answer:
        return _hands(_typed(), None, 200)

    @pages.post("/office/officers/<person>", endpoint="hand_over")
    @needs(PERSON)
    def hand_over(person: str) -> Answer:
        typed, view = _typed(), assigning.in_hand(desk(), viewer(), person)
        try:
            to = _to(view, typed.person, person)
            found = assigning.hand_over(desk(), viewer(), person, to, typed.reason, once=typed.once)
        except (Invalid, Refused, Stale, Busy) as error:
            return _hands(typed, *told(error), person)
        return _given(view, found)


def _asked(view: HandsView, chosen: dict[str, int], typed: Typed, problem: Said | None, status: int) -> Answer:
    shown = assigning.read_chosen(desk(), viewer(), chosen)
    page = render_template(
        "office/give.html", view=view, chosen=shown, typed=typed, problem=problem, most=given.LONGEST_REASON
    )
    return page, status


def _hands(typed: Typed, problem: Said | None, status: int, leaving: str = "") -> Answer:
    person = leaving or request.args.get("of", "")
    view = assigning.in_hand(desk(), viewer(), person)
    page = render_template(
        "office/officers.html",
        view=view,
        leaving=person if person in view.officers else "",
        typed=typed,
        problem=problem,
    )
    return page, status


def _given(view: HandsView, found: Given) -> Answer:
    to: dict[str, list[str]] = {}
    for ref, person in found.given.items():
        to.setdefault(view.officers.get(person, person), []).append(ref)
    return render_template("office/given.html", to=to, left=found.left), 200


def _to(view: HandsView, person: str, leaving: str) -> list[str]:
    """One officer, or everybody else in turn, whoever has least to do first."""
    if person != EVENLY:
        return [person] if person in view.officers else []
    others = [one for one in view.officers if one != leaving]
    return sorted(others, key=lambda one: view.counts.get(one, 0))


def _typed() -> Typed:
    form = request.form
    return Typed(form.get("person", ""), given.reason(), given.mark())


def _chosen() -> dict[str, int]:
    """Reference → entry that was read, from boxes whose value is both: a case that moved since is left as it is."""
    chosen: dict[str, int] = {}
    for value in request.form.getlist("case"):
        ref, _, seen = value.partition(":")
        if ref:
            chosen[ref[:20]] = given.number_in(seen, given.LONGEST_SEEN)
    return chosen
