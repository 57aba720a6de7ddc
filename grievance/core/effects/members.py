"""What it causes that some of those who complained together do not want to any more."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Remedy
from grievance.core.seating import Sitting

OWN = frozenset({"", "complainant"})
"""Groups of a remedy that is for whoever complains; one for a unit or a site is for everybody there, whoever complained."""

CENT = Decimal("0.01")


@effect(reads=("leaving", "remaining"))
def lose_members(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """What is proposed and not decided is for those who stay; what is ordered stays ordered."""
    left, remaining = int(given.answers["leaving"]), int(given.answers["remaining"])
    if remaining < 1:
        raise Invalid({"remaining": say("The last one cannot leave a group: withdraw the complaint instead.")})
    if left < 1:
        raise Invalid({"leaving": say("Write how many people leave.")})
    if case.members and left + remaining > case.members:
        raise Invalid({"remaining": say("Then more people would be in it than the {n} so far.", n=case.members)})
    yield e.MembersLeft(left, remaining)
    for remedy in case.remedies:
        if remedy.status == "proposed" and remedy.group in OWN and remedy.beneficiaries > remaining:
            yield e.RemedyResized(remedy.no, remaining, _for(remedy, remaining))


def _for(remedy: Remedy, people: int) -> str:
    """The same amount for each, to the cent, for so many people; what is no sum stays."""
    if not remedy.amount:
        return ""
    each = Decimal(remedy.amount) / remedy.beneficiaries
    return str((each * people).quantize(CENT, ROUND_HALF_UP))
