"""Who makes room for whom: conflicts declared and pointed at, ties that the office knows, strikes, silent members."""

from __future__ import annotations

from collections.abc import Iterator

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Seat
from grievance.core.seating import FUNCTIONS, Sitting, free, instead


@effect(reads=("conflict",))
def declare_conflict(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """Whoever sits says so themselves, and is out at once."""
    yield from _recused(sitting, case, _seat(case, actor.seat), "declared", given.answers["conflict"])


@effect(reads=("which_seat", "conflict"))
def challenge_seat(_: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """Pointing at somebody moves nobody: the office looks at it."""
    seat = _seat(case, given.answers["which_seat"])
    if seat.no in case.challenged:
        raise Invalid({"which_seat": say("Somebody pointed at this seat already. The office looks at it.")})
    if seat.no == actor.seat:
        raise Invalid({"which_seat": say("This is your own seat: declare the conflict instead.")})
    yield e.Challenged(seat.no, given.answers["conflict"])


@effect(reads=("challenged_seat",))
def uphold_challenge(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """The office found the conflict that was pointed at."""
    seat = _challenged(case, given)
    yield from _recused(sitting, case, seat, "challenged", case.challenged[seat.no])


@effect(reads=("challenged_seat",))
def dismiss_challenge(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """The office found none; whoever sits stays."""
    yield e.ChallengeDismissed(_challenged(case, given).no)


@effect(reads=("tied_body", "conflict"))
def tie_body(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """The office knows of a tie; whoever of that organisation sits is relieved in the same breath."""
    yield e.Tied(given.answers["tied_body"], given.answers["conflict"])


@effect()
def strike_neutral(sitting: Sitting, case: Case, actor: Actor, _: Given) -> Iterator[e.Event]:
    """Another neutral is drawn. An empty roster cannot be struck empty: then the one who sits stays."""
    mine, seat = case.seat(actor.seat), next(iter(case.seated("neutral")), None)
    if mine is None or seat is None or not free(sitting, case, "neutral"):
        raise Invalid({"reasons": say("No other neutral person is free, so this one stays.")})
    yield e.NeutralStruck(mine.side)
    yield e.SeatLeft(seat.no, "struck")
    yield from instead(sitting, case, seat)


@effect(clock=True)
def seat_alternates(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """A side of which nobody did anything in this stage, and nobody's view lies there: alternates take its seats."""
    no = case.next_seat
    for side in sitting.procedure.sides:
        seats = [seat for seat in case.seated("panel") if seat.side == side]
        pool = free(sitting, case, "panel", side)
        if any(seat.no in case.acted or case.positions.get(seat.no) for seat in seats):
            continue
        for seat in seats[: len(pool)]:
            drawn = sitting.draw(pool)
            pool.remove(drawn)
            yield e.SeatLeft(seat.no, "silent")
            yield e.SeatTaken(Seat(no, "panel", "person", drawn.person, side))
            no += 1


def _recused(sitting: Sitting, case: Case, seat: Seat, why: str, kind: str) -> Iterator[e.Event]:
    yield e.Recused(seat.no, why, kind)
    yield from instead(sitting, case, seat)


def _seat(case: Case, no: object) -> Seat:
    for seat in case.seated(*FUNCTIONS):
        if str(seat.no) == str(no):
            return seat
    raise Invalid({"which_seat": say("Choose a seat from the list.")})


def _challenged(case: Case, given: Given) -> Seat:
    for seat in case.seats:
        if seat.no in case.challenged and str(seat.no) == str(given.answers["challenged_seat"]):
            return seat
    raise Invalid({"challenged_seat": say("Choose a seat from the list.")})
