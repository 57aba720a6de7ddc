"""How three equal sides and a neutral come to an outcome: one vote a side, nobody blocks, the neutral tips the scale.

Source: this project's proposal (procedures, rules 9 and 10), shaped after the Arbitration Council of Cambodia.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping

from grievance.core.case import Case
from grievance.core.procedure import SIDES

NEUTRAL = "neutral"
TWO_SIDES = 2
DEGREE: Mapping[str, int] = {"not_upheld": 0, "partly": 1, "upheld": 2}
"""How far an outcome goes."""
QUORUM = 2
"""Voters that a decision needs: the neutral and at least one side."""


def complete(case: Case, seat: int) -> bool:
    """Whether this seat has a position on every issue."""
    given = case.positions.get(seat, {})
    return bool(case.issues) and all(issue.no in given for issue in case.issues)


def all_in(case: Case, *roles: str) -> bool:
    """Whether every seat held under these roles has a complete position, with at least one seat on each side."""
    seats = case.seated(*roles)
    sides = {seat.side for seat in seats if seat.role == "panel"}
    return set(SIDES) <= sides and all(complete(case, seat.no) for seat in seats)


def votes(case: Case, issue: int) -> Mapping[str, str]:
    """Voter (a side, or neutral) → outcome. A side whose members differ, or that said nothing, has no vote."""
    found: dict[str, str] = {}
    for voter in (*SIDES, NEUTRAL):
        seats = case.seated(NEUTRAL) if voter == NEUTRAL else [s for s in case.seated("panel") if s.side == voter]
        said = {case.positions.get(seat.no, {}).get(issue) for seat in seats} - {None}
        if len(said) == 1:
            found[voter] = str(said.pop())
    return found


def together(case: Case) -> Mapping[int, str] | None:
    """The outcome of each issue when all three sides say the same, else None."""
    return _agreed(case, lambda cast: _most_sides(cast, len(SIDES)))


def two_sides(case: Case) -> Mapping[int, str] | None:
    """The outcome of each issue where at least two sides say the same of it, else None: the third does not block."""
    return _agreed(case, lambda cast: _most_sides(cast, TWO_SIDES))


def majority(case: Case) -> Mapping[int, str] | None:
    """The outcome of each issue with more than half of the votes present, the neutral's among them, else None."""

    def tipped(cast: Mapping[str, str]) -> str | None:
        said = cast.get(NEUTRAL)
        enough = said is not None and len(cast) >= QUORUM and Counter(cast.values())[said] * 2 > len(cast)
        return said if enough else None

    return _agreed(case, tipped)


def _agreed(case: Case, outcome: Callable[[Mapping[str, str]], str | None]) -> Mapping[int, str] | None:
    """What the votes on each issue come to; None where those on one of them come to nothing, or there is no issue."""
    agreed: dict[int, str] = {}
    for issue in case.issues:
        said = outcome(votes(case, issue.no))
        if said is None:
            return None
        agreed[issue.no] = said
    return agreed or None


def _most_sides(cast: Mapping[str, str], least: int) -> str | None:
    """What most sides say, where so many at least say the same."""
    said, count = next(iter(Counter(said for side, said in cast.items() if side != NEUTRAL).most_common(1)), ("", 0))
    return said if count >= least else None


def alone(case: Case) -> Mapping[int, str] | None:
    """What the neutral thinks of each issue, when complete."""
    seat = next((seat for seat in case.seated(NEUTRAL) if complete(case, seat.no)), None)
    return dict(case.positions[seat.no]) if seat else None


def span(case: Case, issue: int, *, without: int) -> tuple[str, str]:
    """The outcomes that went least and furthest among the written views; everything where nobody wrote one."""
    written = [said[issue] for seat, said in case.positions.items() if seat != without and issue in said]
    ordered = sorted(written or DEGREE, key=lambda outcome: DEGREE[outcome])
    return ordered[0], ordered[-1]


def dissent(case: Case, outcomes: Mapping[int, str]) -> tuple[int, ...]:
    """The seats whose position differs from the outcome on some issue."""
    return tuple(
        sorted(
            seat
            for seat, said in case.positions.items()
            if case.seat(seat) and any(said.get(issue, outcome) != outcome for issue, outcome in outcomes.items())
        )
    )


def sides_agreeing(case: Case, move: str) -> int:
    """How many sides made this move since the stage was entered (one member speaks unless the other differs)."""
    return len({seat.side for seat in case.seated("panel") if seat.no in case.said.get(move, ())})


def sides_that_saw(case: Case) -> int:
    """How many sides saw every ordered remedy with their own eyes."""
    owed = [remedy for remedy in case.remedies if remedy.status != "proposed"]
    return sum(1 for side in SIDES if owed and all(remedy.seen.get(side) == "seen" for remedy in owed))
