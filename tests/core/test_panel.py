"""Three equal sides and a neutral: one vote a side, nobody blocks, nobody is outvoted without the neutral."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from grievance.core import panel
from grievance.core.case import Case
from grievance.core.matters import Issue, Remedy, Seat
from grievance.core.procedure import SIDES

SEATS = tuple(Seat(no, "panel", "person", f"p{no}", side) for no, side in enumerate([*SIDES] * 2, 3))
NEUTRAL = Seat(20, "neutral", "person", "n")
OF = {side: [seat.no for seat in SEATS if seat.side == side] for side in SIDES}
UP, DOWN = "upheld", "not_upheld"


def bench(votes: Mapping[int, str | None], *, neutral: bool = True) -> Case:
    """A case with one issue, six panel seats and perhaps a neutral, and the position of each seat on it."""
    seats = (*SEATS, NEUTRAL) if neutral else SEATS
    return Case(
        issues=(Issue(1, "wages"),),
        seats=seats,
        positions={seat: {1: outcome} for seat, outcome in votes.items() if outcome is not None},
    )


def sides(workers: str | None, employers: str | None, brands: str | None, neutral: str | None) -> Case:
    """Both members of each side say the same, or nothing."""
    said = {"workers": workers, "employers": employers, "brands": brands}
    return bench({**{no: said[side] for side in SIDES for no in OF[side]}, 20: neutral})


def test_a_side_whose_members_differ_has_no_vote() -> None:
    case = bench({OF["workers"][0]: UP, OF["workers"][1]: DOWN, OF["brands"][0]: UP})
    assert panel.votes(case, 1) == {"brands": UP}
    assert panel.together(case) is None


def test_one_member_speaks_for_a_side_while_the_other_says_nothing() -> None:
    assert panel.votes(bench({OF["workers"][0]: UP}), 1) == {"workers": UP}


def test_three_sides_together_do_not_need_the_neutral() -> None:
    assert panel.together(sides(UP, UP, UP, None)) == {1: UP}
    assert panel.together(sides(UP, UP, DOWN, UP)) is None
    assert panel.together(sides(UP, UP, None, UP)) is None


def test_a_majority_needs_the_neutral() -> None:
    assert panel.majority(sides(UP, UP, UP, None)) is None
    assert panel.majority(sides(UP, UP, UP, DOWN)) is None
    assert panel.majority(sides(UP, UP, DOWN, UP)) == {1: UP}


def test_a_tie_is_no_majority() -> None:
    assert panel.majority(sides(UP, DOWN, DOWN, UP)) is None
    assert panel.majority(sides(UP, DOWN, None, UP)) == {1: UP}


def test_the_neutral_alone_is_no_majority() -> None:
    assert panel.majority(sides(None, None, None, UP)) is None
    assert panel.alone(sides(None, None, None, UP)) == {1: UP}


def test_every_issue_needs_its_own_majority() -> None:
    case = sides(UP, UP, None, UP)
    case = replace(case, issues=(*case.issues, Issue(2, "hours")))
    assert panel.majority(case) is None
    assert panel.alone(case) is None
    assert not panel.complete(case, 20)


def test_dissent_names_the_seats_that_thought_otherwise_and_still_sit() -> None:
    case = sides(UP, DOWN, UP, UP)
    assert panel.dissent(case, {1: UP}) == tuple(sorted(OF["employers"]))
    gone = replace(case, seats=tuple(seat for seat in case.seats if seat.no != OF["employers"][0]))
    assert panel.dissent(gone, {1: UP}) == (OF["employers"][1],)


def test_all_in_needs_a_seat_on_each_side() -> None:
    case = sides(UP, UP, UP, UP)
    assert panel.all_in(case, "panel", "neutral")
    without = replace(case, seats=tuple(seat for seat in case.seats if seat.side != "brands"))
    assert not panel.all_in(without, "panel")


def test_a_side_saw_a_remedy_when_it_saw_every_one_that_is_owed() -> None:
    owed = Remedy(1, 1, "back_pay", 1, status="ordered", seen={"workers": "seen", "brands": "not_seen"})
    more = Remedy(2, 1, "apology", 1, status="ordered", seen={"brands": "seen"})
    table = Remedy(3, 1, "warning", 1)
    case = Case(remedies=(owed, table))
    assert panel.sides_that_saw(case) == 1
    assert panel.sides_that_saw(replace(case, remedies=(owed, more))) == 0
    assert panel.sides_that_saw(Case()) == 0


OUTCOME = st.sampled_from([None, UP, "partly", DOWN])


@given(st.tuples(OUTCOME, OUTCOME, OUTCOME), st.sampled_from([UP, "partly", DOWN]))
def test_no_side_alone_blocks_a_majority(said: tuple[str | None, str | None, str | None], neutral: str) -> None:
    """Where two sides agree with the neutral, the third changes nothing, whatever it says."""
    found = panel.majority(sides(*said, neutral))
    for third in range(3):
        others = [one for place, one in enumerate(said) if place != third]
        if others == [neutral, neutral]:
            assert found == {1: neutral}
    assert found in (None, {1: neutral})


@given(st.dictionaries(st.sampled_from([*range(3, 9), 20]), st.sampled_from([UP, DOWN])))
def test_the_sides_are_equal_before_the_count(votes: dict[int, str]) -> None:
    """Whoever swaps two sides with their votes gets the same outcome."""
    there = dict(zip(OF["workers"], OF["brands"], strict=True))
    swap = there | {after: before for before, after in there.items()}
    mirrored = {swap.get(seat, seat): outcome for seat, outcome in votes.items()}
    assert panel.majority(bench(votes)) == panel.majority(bench(mirrored))
    assert panel.together(bench(votes)) == panel.together(bench(mirrored))


@given(st.dictionaries(st.sampled_from(range(3, 9)), st.sampled_from([UP, "partly", DOWN])))
def test_the_span_of_the_written_views_holds_each_of_them_and_is_open_without_any(votes: dict[int, str]) -> None:
    lowest, highest = panel.span(bench({**votes, 20: "upheld"}), 1, without=20)
    degrees = [panel.DEGREE[outcome] for outcome in votes.values()] or [0, 2]
    assert (panel.DEGREE[lowest], panel.DEGREE[highest]) == (min(degrees), max(degrees))


@given(st.dictionaries(st.sampled_from([*range(3, 9), 20]), st.sampled_from([UP, "partly", DOWN])))
def test_quorum_is_the_neutral_and_a_side(votes: dict[int, str]) -> None:
    """Whatever is decided by votes, the neutral and at least one side whose members do not differ said so."""
    found = panel.majority(bench(dict(votes)))
    heard = [side for side in SIDES if len({votes[no] for no in OF[side] if no in votes}) == 1]
    if found is not None:
        said = [votes[next(no for no in OF[side] if no in votes)] for side in heard]
        assert votes[20] == found[1]
        assert heard
        assert 2 * (1 + said.count(found[1])) > 1 + len(said)
