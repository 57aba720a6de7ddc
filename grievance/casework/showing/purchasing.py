"""What a complaint about a brand shows beside what every case shows: the brand, its contact, figures of several, orders."""

from __future__ import annotations

from collections.abc import Mapping

from grievance.casework.parties import BrandView, OrdersView, PoolView
from grievance.core.calendar import due_day
from grievance.core.case import Case
from grievance.core.purchasing import ASKED, MEMBERS, alarms, shown_together
from grievance.core.seating import Sitting
from grievance.core.visibility import OWN_WORDS, sees_orders, sees_party_names, sees_pool, sees_restatement

BRANDS = "brands"
"""The side that answers in such a procedure."""

KNOW_CONTACT = OWN_WORDS | {"respondent"}
"""Who reads by name who answers for the brand: the panel reads the brand alone."""


def against(case: Case, day: Sitting, roles: tuple[str, ...], names: Mapping[str, str]) -> BrandView | None:
    """What these roles may read of it; nothing where no brand answers in this procedure."""
    if day.procedure.respondent != BRANDS:
        return None
    known = any(sees_party_names(role, case) for role in roles)
    reads = any(sees_restatement(role, case) for role in roles)
    return BrandView(
        name=", ".join(names.get(one.body, "") for one in case.respondents) if known else "",
        contact=names.get(case.contact, "") if KNOW_CONTACT & set(roles) else "",
        independent=case.contact_independent,
        pool=_pool(case, roles) if reads or "complainant" in roles else None,
        orders=_orders(case, day) if any(sees_orders(role, case) for role in roles) else None,
    )


def _pool(case: Case, roles: tuple[str, ...]) -> PoolView | None:
    if case.pooled is None:
        return None
    members, largest = case.pooled if any(sees_pool(role, case, case.pooled) for role in roles) else (0, 0)
    more = max(0, MEMBERS - members) if members else 0
    return PoolView(members, largest, not shown_together(case.pooled), more)


def _orders(case: Case, day: Sitting) -> OrdersView | None:
    if case.orders is None:
        return None
    filer, country, sign = case.orders
    waiting = [
        clock for clock in case.clocks if clock.name in day.procedure.clocks and day.procedure.clocks[clock.name].does
    ]
    until = due_day(waiting[0].due_at, day.calendar) if waiting and case.alarm == ASKED else None
    return OrdersView(filer, country, sign, case.compared, alarms(*case.orders), case.alarm, until)
