"""What can be chosen where the choices depend on the case: sites, seats, remedies, people without a conflict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from grievance.casework.showing.purchasing import BRANDS
from grievance.core.asks import ASKS, CONSENTS, Ask
from grievance.core.case import Case
from grievance.core.effects.purchasing import brands, contacts
from grievance.core.effects.remedying import RESPONDENT, owners
from grievance.core.errors import say
from grievance.core.procedure import Procedure
from grievance.core.seating import FUNCTIONS, Sitting, free
from grievance.core.visibility import NAME, NAMED
from grievance.store import people

Choices = Mapping[str, str]

PICKED = ("pick", "picks", "seat", "remedy", "outcomes", "answers")
"""Shapes of asks whose choices depend on the case."""


NARROWED: Mapping[str, Callable[[Procedure, Case], Collection[str]]] = {
    "category": lambda procedure, _: procedure.categories,
    "consent": lambda _, case: [scope for scope in CONSENTS if scope != NAME or case.anonymity == NAMED],
    "issues": lambda procedure, _: procedure.categories,
    "lane": lambda procedure, _: procedure.lanes,
    "remedy": lambda procedure, _: procedure.remedies,
    "state_step": lambda procedure, _: [clock.when.get("state_step", "") for clock in procedure.clocks.values()],
}
"""Asks whose vocabulary serves every procedure: in a case only what its own procedure knows, and what fits it, is offered."""


OF_A_BRAND: Mapping[str, Ask] = {
    "came_respondent": replace(ASKS["came_respondent"], label=say("Did the brand come?").text),
    "comment": replace(ASKS["comment"], hint=say("The brand and the panel read it.").text),
    "consent": replace(
        ASKS["consent"],
        choices={
            **ASKS["consent"].choices,
            "restatement_to_respondent": say("You may prepare a text that the brand would read").text,
        },
    ),
    "could_have_written": replace(
        ASKS["could_have_written"], hint=say("Fewer than ten, and the brand may guess who it was.").text
    ),
    "protect_whom": replace(
        ASKS["protect_whom"],
        label=say("For which orders?").text,
        hint=say("No order numbers or styles: the contact of the brand reads it.").text,
    ),
}
"""Asks that speak of the factory, as they are put where a brand answers."""


def asked(procedure: Procedure, case: Case, name: str) -> Ask:
    """The ask as this procedure puts it in this case."""
    ask = OF_A_BRAND.get(name, ASKS[name]) if procedure.respondent == BRANDS else ASKS[name]
    if name not in NARROWED:
        return ask
    known = NARROWED[name](procedure, case)
    return replace(ask, choices={code: label for code, label in ask.choices.items() if code in known})


def choices(tx: Connection, day: Sitting, case: Case, ask: str) -> Choices:
    """Value → words in clear (names), or what the door makes words of: a kind of remedy, a category, nothing for a seat."""
    return CHOICES[ask](tx, day, case)


def _sites(tx: Connection, day: Sitting, case: Case) -> Choices:
    known = day.places()
    every = people.sites_of(tx, case.programme)
    return {site.code: f"{site.code} {site.name}, {site.place}" for site in every if site.code in known}


def _others(tx: Connection, day: Sitting, case: Case) -> Choices:
    """The sites, and the employers that have none, such as a labour agency."""
    bodies = [key for key, place in day.places().items() if not place.code]
    return {**_sites(tx, day, case), **people.names(tx, bodies)}


def _mediators(tx: Connection, day: Sitting, case: Case) -> Choices:
    return people.names(tx, [candidate.person for candidate in free(day, case, "mediator")])


def _bodies(tx: Connection, _: Sitting, __: Case) -> Choices:
    return people.bodies_all(tx)


def _issues(_: Connection, __: Sitting, case: Case) -> Choices:
    return {str(issue.no): issue.category for issue in case.issues}


def _issues_and_owners(tx: Connection, _: Sitting, case: Case) -> Choices:
    """Numbers are issues; everything else is who can owe a remedy: several together, or each of them."""
    answering = [one.body for one in case.respondents]
    names = people.names(tx, [*answering, *owners(case)])
    names[RESPONDENT] = ", ".join(names.get(body, "") for body in answering)
    issues = {str(issue.no): issue.category for issue in case.issues}
    return issues | {owner: names.get(owner, "") for owner in owners(case)}


def _seats(_: Connection, __: Sitting, case: Case) -> Choices:
    return {str(seat.no): "" for seat in case.seated(*FUNCTIONS)}


def _challenged(_: Connection, __: Sitting, case: Case) -> Choices:
    return {str(no): "" for no in case.challenged}


def _sessions(_: Connection, __: Sitting, case: Case) -> Choices:
    return {str(one.no): one.at for one in case.sessions if not one.cancelled}


def _remedies(*statuses: str) -> Callable[[Connection, Sitting, Case], Choices]:
    return lambda _, __, case: {str(one.no): one.kind for one in case.remedies if one.status in statuses}


def _brands(tx: Connection, day: Sitting, _: Case) -> Choices:
    return people.names(tx, sorted(brands(day)))


def _contacts(tx: Connection, day: Sitting, case: Case) -> Choices:
    return people.names(tx, [candidate.person for candidate in contacts(day, case)])


CHOICES: Mapping[str, Callable[[Connection, Sitting, Case], Choices]] = {
    "challenged_seat": _challenged,
    "contact": _contacts,
    "issue_answers": _issues,
    "mediator": _mediators,
    "named_brand": _brands,
    "open_remedy": _remedies("ordered", "missed"),
    "outcomes": _issues,
    "remedy": _issues_and_owners,
    "other_respondents": _others,
    "respondent": _sites,
    "tied_body": _bodies,
    "which_remedy": _remedies("proposed", "ordered", "reported", "missed"),
    "which_seat": _seats,
    "which_session": _sessions,
}
