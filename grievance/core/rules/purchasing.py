"""What must hold while a complaint about a brand is heard: nothing reaches its buyers, and few are not singled out."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import OFFICE, Question, Wants, rule

MEMBERS, SHARE = 3, 60
"""Figures of several are shown from so many members on, and only where none has more per cent: proposal."""

FELL = 30
"""Per cent by which orders fall before it is an alarm: proposal."""

NAMERS = OFFICE | {"complainant", "chair"}


@rule(say("The brand's contact is missing, or works in buying. Name somebody outside it."), wants=Wants(one_of=NAMERS))
def contact_independent(q: Question) -> bool:
    return bool(q.case.contact) and q.case.contact_independent


@rule(say("The filer has not read and approved this text yet."), wants=Wants(one_of=frozenset({"complainant"})))
def filer_approved(q: Question) -> bool:
    return q.case.approved == q.case.restated > 0


@rule(say("Only an association gathers others."), wants=Wants(free=True))
def by_association(q: Question) -> bool:
    return q.case.filer == "association"


@rule(say("Figures need three members, none of them with more than 60 % of the volume."), wants=Wants(free=True))
def pool_of_three(q: Question) -> bool:
    return q.case.pooled is not None and q.case.pooled[0] >= MEMBERS and q.case.pooled[1] <= SHARE


@rule(say("The orders did not fall by more than the brand's orders to the country explain."), wants=Wants(free=True))
def orders_fell(q: Question) -> bool:
    if q.case.orders is None:
        return False
    filer, country, sign = q.case.orders
    return sign != "none" or (filer > FELL and country * 2 < filer)
