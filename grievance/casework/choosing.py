"""What can be chosen where the choices depend on the case: sites, seats, remedies, people without a conflict."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from sqlalchemy import Connection

from grievance.core.asks import ASKS, CONSENTS, Ask
from grievance.core.case import Case
from grievance.core.effects.purchasing import brands, contacts
from grievance.core.effects.remedying import RESPONDENT, owners
from grievance.core.procedure import Procedure
from grievance.core.seating import FUNCTIONS, Sitting, free
from grievance.core.visibility import NAME, NAMED
from grievance.store import people

Choices = Mapping[str, str]

PICKED = ("pick", "seat", "remedy", "outcomes", "answers")
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


def asked(procedure: Procedure, case: Case, name: str) -> Ask:
    """The ask as this procedure puts it in this case."""
    ask = ASKS[name]
    if name not in NARROWED:
        return ask
    known = NARROWED[name](procedure, case)
    return replace(ask, choices={code: label for code, label in ask.choices.items() if code in known})


def choices(tx: Connection, day: Sitting, case: Case, ask: str) -> Choices:
    """Value → words in clear (names), or what the door makes words of: a kind of remedy, a category, nothing for a seat."""
    return CHOICES[ask](tx, day, case)


def _sites(tx: Connection, _: Sitting, case: Case) -> Choices:
    return {site.code: f"{site.code} {site.name}, {site.place}" for site in people.sites_of(tx, case.programme)}


def _mediators(tx: Connection, day: Sitting, case: Case) -> Choices:
    return people.names(tx, [candidate.person for candidate in free(day, case, "mediator")])


def _bodies(tx: Connection, _: Sitting, __: Case) -> Choices:
    return people.bodies_all(tx)


def _issues(_: Connection, __: Sitting, case: Case) -> Choices:
    return {str(issue.no): issue.category for issue in case.issues}


def _issues_and_owners(tx: Connection, _: Sitting, case: Case) -> Choices:
    """Numbers are issues; everything else is who can owe a remedy."""
    names = people.names(tx, [case.respondent, *owners(case)])
    issues = {str(issue.no): issue.category for issue in case.issues}
    return issues | {owner: names.get(case.respondent if owner == RESPONDENT else owner, "") for owner in owners(case)}


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
    "respondent": _sites,
    "tied_body": _bodies,
    "which_remedy": _remedies("proposed", "ordered", "reported", "missed"),
    "which_seat": _seats,
    "which_session": _sessions,
}
