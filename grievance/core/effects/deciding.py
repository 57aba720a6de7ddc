"""What the panel causes while it reads, takes positions and decides."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from grievance.core import events as e
from grievance.core import panel
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor
from grievance.core.seating import Sitting


@effect(reads=("outcomes",))
def position(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """One seat's view of each issue."""
    outcomes = outcomes_of(case, given)
    if "second_neutral" in sitting.procedure.stages[case.stage].seats and actor.role == panel.NEUTRAL:
        _within_what_was_written(case, actor.seat, outcomes)
    yield e.PositionTaken(actor.seat, case.stage, outcomes, given.words)


def outcomes_of(case: Case, given: Given) -> dict[int, str]:
    """What was said of each issue. Raises Invalid where nothing was said of one."""
    outcomes = {int(no): outcome for no, outcome in given.answers["outcomes"].items()}
    missing = [issue.no for issue in case.issues if issue.no not in outcomes]
    if missing:
        raise Invalid({"outcomes": say("Say what you think of issue {no}.", no=missing[0])})
    return outcomes


def _within_what_was_written(case: Case, mine: int, outcomes: Mapping[int, str]) -> None:
    """A second neutral decides alone, so not beyond what others thought of it (procedures, rule 10)."""
    for issue, outcome in outcomes.items():
        lowest, highest = panel.span(case, issue, without=mine)
        if not panel.DEGREE[lowest] <= panel.DEGREE[outcome] <= panel.DEGREE[highest]:
            raise Invalid({"outcomes": say("For issue {no} nobody before you went so far.", no=issue)})


@effect(clock=True)
def open_views(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """The blind views become readable inside the panel."""
    if not case.views_open:
        yield e.ViewsOpened()


@effect()
def decide_together(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What all three sides say."""
    yield from _decided(case, "together", panel.together(case))


@effect()
def decide_by_majority(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What more than half of the votes say, the neutral's among them."""
    yield from _decided(case, "majority", panel.majority(case))


@effect()
def decide_alone(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What the neutral says."""
    yield from _decided(case, "neutral", panel.alone(case))


@effect()
def decide_on_appeal(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What more than half of the new votes say; orders on what is not upheld any more fall."""
    outcomes = panel.majority(case)
    yield from _decided(case, "appeal", outcomes)
    for remedy in case.remedies:
        if outcomes and outcomes.get(remedy.issue) == "not_upheld" and remedy.status == "ordered":
            yield e.RemedyStruck(remedy.no)


@effect()
def send_back(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """The review begins again, with new people and an empty sheet."""
    yield e.SentBack()


def _decided(case: Case, how: str, outcomes: Mapping[int, str] | None) -> Iterator[e.Event]:
    """Outcomes, dissents, and an order for every remedy whose issue was upheld, wholly or partly."""
    if outcomes is None:
        return
    yield e.Decided(outcomes, panel.dissent(case, outcomes), how)
    for remedy in case.remedies:
        if outcomes.get(remedy.issue) != "not_upheld":
            yield e.RemedyOrdered(remedy.no, remedy.due)
