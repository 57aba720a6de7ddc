"""What a move causes beside moving: a closed vocabulary, each name one pure function from a case to events."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grievance.core import clocks, panel
from grievance.core import events as e
from grievance.core.calendar import due, due_day
from grievance.core.case import Case
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Issue, Remedy, Seat
from grievance.core.seating import Sitting, free


@dataclass(frozen=True, slots=True)
class Given:
    """What came with a move: structured answers by ask, and the commitments of the texts."""

    answers: Mapping[str, Any] = field(default_factory=dict)
    words: e.Words = field(default_factory=dict)


Effect = Callable[[Sitting, Case, Actor, Given], Iterator[e.Event]]
EFFECTS: dict[str, Effect] = {}


def effect(causes: Effect) -> Effect:
    """Enter a function into the vocabulary under its own name."""
    EFFECTS[causes.__name__] = causes
    return causes


@effect
def assess(sitting: Sitting, _: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Triage; naming another site withdraws nothing that was released."""
    place = sitting.places.get(given.answers["respondent"])
    if place is None:
        raise Invalid(
            {"respondent": say("Choose a site from the list. If it is missing, ask an administrator to add it.")}
        )
    yield e.Assessed(
        category=given.answers["category"],
        severity=given.answers["severity"],
        lane=given.answers["lane"],
        site=place.code,
        respondent=place.body,
        buyers=place.buyers,
        issues=tuple(Issue(no, category) for no, category in enumerate(given.answers["issues"], 1)),
    )


@effect
def restate(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """The restatement's text travels with this event, not with the move."""
    yield e.Restated(
        given.answers["could_have_written"], {name: given.words[name] for name in ("title", "restatement")}
    )


@effect
def release(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """From here on the parties may read the restatement."""
    yield e.Released()


@effect
def name_parties(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """Seats the respondent and every brand that buys there; seats that stand are not doubled."""
    held = {(seat.role, seat.holder) for seat in case.seats}
    wanted = [("respondent", case.respondent, "employers"), *(("brand", buyer, "brands") for buyer in case.buyers)]
    no = case.next_seat
    for role, holder, side in wanted:
        if (role, holder) not in held:
            yield e.SeatTaken(Seat(no, role, "body", holder, side))
            no += 1


@effect
def attempt(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """An attempt to reach the complainant, by one channel."""
    yield e.Attempted(given.answers["channel"], given.answers["reached"] == "yes")


@effect
def extend(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """Stops the stage's clock and sets it again, later by the procedure's extension."""
    stage, clock = sitting.procedure.stages[case.stage], case.stage_clock
    extension = stage.may_extend(case.lane)
    if clock is None or extension is None:
        return
    yield e.ClockStopped(clock.no)
    yield clocks.longer(case, clock, stage, extension.by, sitting.calendar, sitting.at)


@effect
def answer(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Per issue accept or contest; accepting the claim as a whole accepts each."""
    answers = given.answers.get("issue_answers") or {issue.no: "accept" for issue in case.issues}
    yield e.Answered({int(no): choice for no, choice in answers.items()})


@effect
def presume(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """Silence of the respondent; a finding is still for people to make."""
    yield e.Presumed()


@effect
def position(_: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """One seat's view of each issue."""
    outcomes = {int(no): outcome for no, outcome in given.answers["outcomes"].items()}
    missing = [issue.no for issue in case.issues if issue.no not in outcomes]
    if missing:
        raise Invalid({"outcomes": say("Say what you think of issue {no}.", no=missing[0])})
    yield e.PositionTaken(actor.seat, case.stage, outcomes, given.words)


@effect
def open_views(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """The blind views become readable inside the panel."""
    if not case.views_open:
        yield e.ViewsOpened()


@effect
def propose_remedy(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """A remedy with the date given, or with the procedure's own date for its kind."""
    asked = given.answers["remedy"]
    day = asked.get("due") or ""
    if asked["issue"] not in {issue.no for issue in case.issues}:
        raise Invalid({"remedy": say("Choose the issue that this remedy is for.")})
    if not day:
        limit = sitting.procedure.remedies[asked["kind"]]
        day = due_day(due(limit, sitting.at, sitting.calendar), sitting.calendar).isoformat()
    elif day <= sitting.calendar.day_of(sitting.at).isoformat():
        raise Invalid({"remedy": say("The date must lie in the future.")})
    number = max((remedy.no for remedy in case.remedies), default=0) + 1
    yield e.RemedyProposed(
        Remedy(
            number,
            asked["issue"],
            asked["kind"],
            asked["beneficiaries"],
            asked.get("amount", ""),
            asked.get("currency", ""),
            day,
        )
    )


@effect
def strike_remedy(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Only what lies on the table can be taken off it."""
    yield e.RemedyStruck(_chosen(case, given.answers["which_remedy"], "proposed"))


@effect
def decide_together(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What all three sides say."""
    yield from _decided(case, "together", panel.together(case))


@effect
def decide_by_majority(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What more than half of the votes say, the neutral's among them."""
    yield from _decided(case, "majority", panel.majority(case))


@effect
def decide_alone(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What the neutral says."""
    yield from _decided(case, "neutral", panel.alone(case))


@effect
def settle(_: Sitting, case: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """Every issue is settled, every remedy of the text is owed."""
    yield e.Decided({issue.no: "settled" for issue in case.issues}, (), "settled")
    for remedy in case.remedies:
        yield e.RemedyOrdered(remedy.no, remedy.due)


@effect
def renew_dates(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """An order whose date passed before the decision stood gets the procedure's own time for its kind, from today."""
    today = sitting.calendar.day_of(sitting.at).isoformat()
    for remedy in case.remedies:
        if remedy.status == "ordered" and remedy.due <= today:
            limit = sitting.procedure.remedies[remedy.kind]
            day = due_day(due(limit, sitting.at, sitting.calendar), sitting.calendar)
            yield e.RemedyOrdered(remedy.no, day.isoformat())


@effect
def name_mediator(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """A mediator must be on the roster and free of conflict."""
    if given.answers["mediator"] not in {candidate.person for candidate in free(sitting, case, "mediator")}:
        raise Invalid({"mediator": say("Choose a mediator from the list.")})
    yield e.MediatorNamed(actor.role, given.answers["mediator"])


@effect
def report_remedy(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """The owner says that one remedy is done; a clock that waited for it waits for the next one."""
    no = _chosen(case, given.answers["open_remedy"], "ordered", "missed")
    yield e.RemedyReported(no)
    stage, clock = sitting.procedure.stages[case.stage], case.stage_clock
    rest = replace(case, remedies=tuple(remedy for remedy in case.remedies if remedy.no != no))
    if stage.counts == "open remedies" and clock and any(remedy.status == "ordered" for remedy in rest.remedies):
        yield e.ClockStopped(clock.no)
        yield clocks.next_remedy(rest, clock, stage, sitting.calendar, sitting.at)


@effect
def miss_remedies(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """Marks what was due by now and not reported."""
    today = sitting.calendar.day_of(sitting.at).isoformat()
    for remedy in case.remedies:
        if remedy.status == "ordered" and remedy.due < today:
            yield e.RemedyMissed(remedy.no)


@effect
def verify_remedy(_: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """One side says what it saw of one remedy."""
    seat = case.seat(actor.seat)
    no = _chosen(case, given.answers["which_remedy"], "ordered", "reported", "missed")
    yield e.RemedyVerified(no, seat.side if seat else "", given.answers["seen"])


@effect
def dispute(sitting: Sitting, _: Case, __: Actor, ___: Given) -> Iterator[e.Event]:
    """What was reported is owed again, within the limit of the move."""
    limit = next(move.within for move in sitting.procedure.moves.values() if "dispute" in move.does)
    if limit is not None:
        yield e.RemedyDisputed(due_day(due(limit, sitting.at, sitting.calendar), sitting.calendar).isoformat())


@effect
def consent(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """One scope at a time."""
    yield e.ConsentSet(given.answers["consent"], given=True)


@effect
def take_back_consent(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """For the future; what was disclosed stays disclosed, and the page says so."""
    yield e.ConsentSet(given.answers["consent"], given=False)


def _chosen(case: Case, no: object, *statuses: str) -> int:
    for remedy in case.remedies:
        if str(remedy.no) == str(no) and remedy.status in statuses:
            return remedy.no
    raise Invalid(
        {"which_remedy": say("Choose a remedy from the list."), "open_remedy": say("Choose a remedy from the list.")}
    )


def _decided(case: Case, how: str, outcomes: Mapping[int, str] | None) -> Iterator[e.Event]:
    """Outcomes, dissents, and an order for every remedy whose issue was upheld, wholly or partly."""
    if outcomes is None:
        return
    yield e.Decided(outcomes, panel.dissent(case, outcomes), how)
    for remedy in case.remedies:
        if outcomes.get(remedy.issue) != "not_upheld":
            yield e.RemedyOrdered(remedy.no, remedy.due)
