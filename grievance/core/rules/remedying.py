"""What must hold while remedies lie on the table, are owed, reported, verified and confirmed."""

from __future__ import annotations

from grievance.core import panel
from grievance.core.errors import Said, say
from grievance.core.rules.rule import BENCH, Cap, Question, Wants, attempts_suffice, rule
from grievance.core.visibility import OFFICE

TWICE, THRICE = 2, 3


@rule(say("An issue that is upheld has no remedy on the table, or a remedy has no date."), wants=Wants(one_of=BENCH))
def remedies_dated(q: Question) -> bool:
    outcomes = panel.majority(q.case) or panel.together(q.case) or panel.alone(q.case) or {}
    upheld = {no for no, outcome in outcomes.items() if outcome != "not_upheld"}
    return (
        bool(outcomes)
        and upheld <= {remedy.issue for remedy in q.case.remedies}
        and all(remedy.due for remedy in q.case.remedies)
    )


@rule(say("Put at least one remedy with a date on the table first."), wants=Wants(one_of=BENCH))
def table_dated(q: Question) -> bool:
    return bool(q.case.remedies) and all(remedy.due for remedy in q.case.remedies)


@rule(say("There is no remedy on the table."), wants=Wants(one_of=BENCH, free=True))
def remedy_on_table(q: Question) -> bool:
    return any(remedy.status == "proposed" for remedy in q.case.remedies)


@rule(say("No remedy that you owe is open."), wants=Wants(free=True))
def remedy_open(q: Question) -> bool:
    """For whoever owes something their own; for others any."""
    seat, owing = q.case.seat(q.actor.seat), q.actor.role in ("respondent", "brand")
    open_ones = [remedy for remedy in q.case.remedies if remedy.status in ("ordered", "missed")]
    return any(q.case.owes(seat, remedy) or not owing for remedy in open_ones)


def _unplanned(q: Question) -> list[int]:
    """The orders that respondents owe and for which nobody has said who does what, by when, and how it can be seen."""
    owed = [remedy for remedy in q.case.remedies if remedy.status in ("ordered", "missed") and not remedy.planned]
    answering = q.case.seated("respondent")
    return [remedy.no for remedy in owed if any(q.case.owes(seat, remedy) for seat in answering)]


def _names_unplanned(q: Question) -> Said:
    numbers = ", ".join(map(str, _unplanned(q)))
    return say("The plan does not cover every order. Plan these on their own first: {numbers}.", numbers=numbers)


@rule(
    say("The plan does not cover every order: each needs what is done, by which day, and how it can be seen."),
    wants=Wants(free=True),
    says=_names_unplanned,
)
def plan_covers_orders(q: Question) -> bool:
    return not _unplanned(q)


@rule(say("A remedy is still open."), wants=Wants(one_of=frozenset({"respondent"})))
def all_items_reported(q: Question) -> bool:
    owed = [remedy for remedy in q.case.remedies if remedy.status != "proposed"]
    return bool(owed) and all(remedy.status == "reported" for remedy in owed)


@rule(say("Two sides have not verified every remedy."), wants=Wants(sides=2, free=True))
def two_sides_verified(q: Question) -> bool:
    return panel.sides_that_saw(q.case) >= panel.TWO_SIDES


@rule(say("The complainant has not confirmed it."), wants=Wants(one_of=frozenset({"complainant"}), free=True))
def complainant_confirmed(q: Question) -> bool:
    return q.case.spoke("confirm_remedy", "complainant")


@rule(
    say("The remedy was disputed twice already. Write to the officer."),
    wants=Wants(free=True),
    cap=Cap(2, frozenset({"dispute_remedy"})),
)
def disputed_less_than_twice(q: Question) -> bool:
    return q.case.moved.get("dispute_remedy", 0) < TWICE


@rule(
    say("Three attempts on different days and by two channels, made since the remedy was reported, are not recorded."),
    wants=Wants(one_of=OFFICE),
)
def confirmation_attempted(q: Question) -> bool:
    since = q.case.entered_at.date().isoformat() if q.case.entered_at else ""
    return attempts_suffice([attempt for attempt in q.case.attempts if attempt[0] >= since])


@rule(say("No remedy is ordered."), wants=Wants(free=True))
def remedy_ordered(q: Question) -> bool:
    return any(remedy.status != "proposed" for remedy in q.case.remedies)


@rule(say("A remedy whose date passed is still open."), wants=Wants(free=True))
def nothing_missed(q: Question) -> bool:
    return all(remedy.status != "missed" for remedy in q.case.remedies)


@rule(
    say("Three times a date was missed and made good; now only everything counts."),
    wants=Wants(free=True),
    cap=Cap(3, frozenset({"remedied_in_part"})),
)
def more_to_come(q: Question) -> bool:
    rest = any(remedy.status == "ordered" for remedy in q.case.remedies)
    return rest and q.case.moved.get("remedied_in_part", 0) < THRICE
