"""What must hold while a complaint about a brand is heard: nothing reaches its buyers, and few are not singled out."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.purchasing import ASKED, NOT_INDEPENDENT, SILENT, alarms, shown_together
from grievance.core.rules.rule import Question, Wants, rule
from grievance.core.visibility import OFFICE

NAMERS = OFFICE | {"complainant", "chair"}


@rule(NOT_INDEPENDENT, wants=Wants(one_of=NAMERS))
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
    return shown_together(q.case.pooled)


@rule(say("The orders did not fall by more than the brand's orders to the country explain."), wants=Wants(free=True))
def orders_fell(q: Question) -> bool:
    return q.case.orders is not None and alarms(*q.case.orders)


@rule(say("The brand was asked about these figures already. Record new ones first."), wants=Wants(free=True))
def not_asked_about_these(q: Question) -> bool:
    return not q.case.alarm


@rule(say("Nobody asks for reasons now: no alarm was raised, or you gave them."), wants=Wants(free=True))
def reasons_wanted(q: Question) -> bool:
    return q.case.alarm in (ASKED, SILENT)
