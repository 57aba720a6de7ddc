"""What happens to remedies: proposed, struck, ordered anew, reported, missed, verified, disputed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from grievance.core import clocks
from grievance.core import events as e
from grievance.core.calendar import due, due_day
from grievance.core.case import Case, changed
from grievance.core.effects.effect import Given, effect
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Remedy
from grievance.core.seating import Sitting

RESPONDENT = "respondent"
"""Owes what the respondents owe together; of one it is that one."""
SEVERAL = 2


@effect(reads=("remedy",))
def propose_remedy(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """A remedy with the date given, or with the procedure's own date for its kind."""
    asked = given.answers["remedy"]
    day = asked.get("due") or ""
    if asked["issue"] not in {issue.no for issue in case.issues}:
        raise Invalid({"remedy": say("Choose the issue that this remedy is for.")})
    if not day:
        day = _own_day(sitting, asked["kind"])
    elif day <= sitting.calendar.day_of(sitting.at).isoformat():
        raise Invalid({"remedy": say("The date must lie in the future.")})
    owner = asked.get("owner") or (RESPONDENT if len(case.seated(RESPONDENT)) < SEVERAL else "")
    if owner not in owners(case):
        raise Invalid({"remedy": say("Choose who owes it: the one complained about, or a brand that buys there.")})
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
            owner=owner,
            group=asked.get("group", ""),
        )
    )


@effect(reads=("which_remedy",))
def strike_remedy(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """Only what lies on the table can be taken off it."""
    yield e.RemedyStruck(_chosen(case, given.answers["which_remedy"], "proposed").no)


@effect(clock=True)
def renew_dates(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """An order whose date passed before the decision stood gets the procedure's own time for its kind, from today."""
    today = sitting.calendar.day_of(sitting.at).isoformat()
    for remedy in case.remedies:
        if remedy.status == "ordered" and remedy.due <= today:
            yield e.RemedyOrdered(remedy.no, _own_day(sitting, remedy.kind))


def _own_day(sitting: Sitting, kind: str) -> str:
    """The procedure's own date for a remedy of this kind, from today."""
    end = due(sitting.procedure.remedies[kind], sitting.at, sitting.calendar)
    return due_day(end, sitting.calendar).isoformat()


def owners(case: Case) -> tuple[str, ...]:
    """Who can owe a remedy: the respondent (of several: one of them, or all together), or a brand by its organisation."""
    answering = [seat.holder for seat in case.seated(RESPONDENT)]
    each = answering if len(answering) >= SEVERAL else []
    return (RESPONDENT, *dict.fromkeys((*each, *case.buyers, *(seat.holder for seat in case.seated("brand")))))


@effect(reads=("open_remedy", "plan", "plan_day", "plan_proof"))
def plan_remedy(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """The owner says who does what, by when, and how it can be seen, for one remedy; the newest plan stands."""
    remedy, day = _owned(case, actor, given), str(given.answers["plan_day"])
    if sitting.calendar.day_of(sitting.at).isoformat() <= remedy.due < day:
        raise Invalid({"plan_day": say("The order gives less time: plan a day that is not after its date.")})
    words = {name: given.words[name] for name in ("plan", "plan_proof") if name in given.words}
    yield e.RemedyPlanned(remedy.no, words, day)


@effect(reads=("open_remedy",))
def report_remedy(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """The owner says that one remedy is done; a clock that waited for it waits for the next one."""
    no = _owned(case, actor, given).no
    yield e.RemedyReported(no)
    yield from _waits_for_next(sitting, case, {no: ""})


def _waits_for_next(sitting: Sitting, case: Case, days: Mapping[int, str]) -> Iterator[e.Event]:
    """A clock that waits for the earliest remedy is set again; `days` are new dates by number, empty for none any more."""
    stage, clock = sitting.procedure.stages[case.stage], case.stage_clock
    owed = tuple(replace(one, due=days.get(one.no, one.due)) for one in case.remedies if one.status == "ordered")
    rest = changed(case, remedies=tuple(one for one in owed if one.due))
    if stage.counts == "open remedies" and clock and rest.remedies:
        yield e.ClockStopped(clock.no)
        yield clocks.next_remedy(rest, clock, stage, sitting.calendar, sitting.at)


@effect(clock=True)
def miss_remedies(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """Marks what was due by now and not reported."""
    today = sitting.calendar.day_of(sitting.at).isoformat()
    for remedy in case.remedies:
        if remedy.status == "ordered" and remedy.due < today:
            yield e.RemedyMissed(remedy.no)


@effect(reads=("which_remedy", "seen"))
def verify_remedy(_: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """One side says what it saw of one remedy."""
    seat = case.seat(actor.seat)
    remedy = _chosen(case, given.answers["which_remedy"], "ordered", "reported", "missed")
    yield e.RemedyVerified(remedy.no, seat.side if seat else "", given.answers["seen"])


@effect()
def dispute(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """What was reported is owed again, at once."""
    yield e.RemedyDisputed("")


@effect(reads=("open_remedy", "later_on"))
def postpone(sitting: Sitting, case: Case, _: Actor, given: Given) -> Iterator[e.Event]:
    """The complainant gives more time for one remedy; the clock waits for what is due first."""
    remedy, day = _chosen(case, given.answers["open_remedy"], "ordered"), str(given.answers["later_on"])
    if day <= remedy.due:
        raise Invalid({"later_on": say("Choose a day after the one that stands.")})
    yield e.RemedyOrdered(remedy.no, day)
    yield from _waits_for_next(sitting, case, {remedy.no: day})


def _owned(case: Case, actor: Actor, given: Given) -> Remedy:
    """The open remedy that was chosen: nobody plans or reports what another party owes."""
    remedy = _chosen(case, given.answers["open_remedy"], "ordered", "missed")
    if not case.owes(case.seat(actor.seat), remedy):
        raise Invalid({"open_remedy": say("Another party owes this remedy: only they can plan and report it.")})
    return remedy


def _chosen(case: Case, no: object, *statuses: str) -> Remedy:
    for remedy in case.remedies:
        if str(remedy.no) == str(no) and remedy.status in statuses:
            return remedy
    raise Invalid(
        {"which_remedy": say("Choose a remedy from the list."), "open_remedy": say("Choose a remedy from the list.")}
    )
