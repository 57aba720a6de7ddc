"""Conflicts of interest: what ties a person to a case, seen from what the case and the programme know.

Source: this project's proposal (procedures, rule 9): same organisation, owner, a buyer of the site, the complainant's
own union, an earlier role. What nobody can see from here is declared by whoever sits, or pointed at by others.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grievance.core.case import Case

ROLE, CHAIR, ABOUT = "role", "chair", "about"


def tie(
    case: Case,
    person: str,
    bodies: Iterable[str],
    *,
    seat: int = 0,
    linked: Iterable[str] = (),
    owners: Mapping[str, str] | None = None,
) -> str:
    """What ties this person, a member of `bodies`, to the case: a key of asks.CONFLICTS, or nothing.

    `seat` is the one that they hold, which is no earlier role; `linked` are those who acted in a linked case; `owners`
    gives the owner of an organisation where it is known.
    """
    mine, owned = set(bodies), owners or {}
    if {person, *mine} & {*case.named, *case.out}:
        return ABOUT
    bodies_seated = [one for one in case.seats if one.kind == "body"]
    parties = {
        *(one.body for one in case.respondents),
        *(one.holder for one in bodies_seated if one.role != "brand"),
    } - {""}
    buyers = {*case.buyers, *(one.holder for one in bodies_seated if one.role == "brand")}
    if mine & parties:
        return "organisation"
    if mine & buyers:
        return "buyer"
    named = sorted(kind for body, kind in case.tied.items() if body in mine)
    if named:
        return named[0]
    holding = {owned[body] for body in parties | buyers if owned.get(body)}
    if holding & {owned.get(body) for body in mine}:
        return "owner"
    others = [one for one in (*case.seats, *(gone.seat for gone in case.left)) if one.no != seat]
    before = {one.holder for one in others if one.role != CHAIR}  # a chair may act in an emergency, and sit as well
    return ROLE if person in before | {case.assignee, *linked} - {""} else ""
