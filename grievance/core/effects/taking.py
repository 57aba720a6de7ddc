"""What the office causes while it takes a case in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta

from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.effects.effect import Given, effect
from grievance.core.effects.lanes import refuse_skipping
from grievance.core.errors import Invalid, say
from grievance.core.matters import Actor, Issue, Respondent, Seat
from grievance.core.procedure import URGENT
from grievance.core.seating import Sitting
from grievance.core.visibility import RELEASE, read_outside


@effect(reads=("category", "severity", "lane", "respondent", "other_respondents", "issues"))
def assess(sitting: Sitting, case: Case, actor: Actor, given: Given) -> Iterator[e.Event]:
    """Triage; naming another site withdraws nothing that was released, and whoever was seated by mistake leaves."""
    places = sitting.places()
    place = places.get(given.answers["respondent"])
    if place is None or not place.code:
        raise Invalid(
            {"respondent": say("Choose a site from the list. If it is missing, ask an administrator to add it.")}
        )
    refuse_skipping(sitting, case, actor, given.answers["lane"])
    others: list[Respondent] = []
    for chosen in given.answers.get("other_respondents") or ():
        other = places.get(chosen)
        if other is None:
            raise Invalid({"other_respondents": say("Choose from the list who else is complained about.")})
        # One organisation has one seat, however many of its sites are meant.
        if other.body not in {place.body, *(one.body for one in others)}:
            others.append(Respondent(other.body, other.code, other.buyers))
    yield e.Assessed(
        category=given.answers["category"],
        severity=given.answers["severity"],
        lane=given.answers["lane"],
        site=place.code,
        respondent=place.body,
        buyers=place.buyers,
        issues=tuple(Issue(no, category) for no, category in enumerate(given.answers["issues"], 1)),
        others=tuple(others),
    )
    # To whoever does not know that it was opened again, a case that vanishes would tell it: they leave when others sit.
    if not case.unsaid:
        yield from _leave(case, [Respondent(place.body, place.code, place.buyers), *others])


def _leave(case: Case, right: Sequence[Respondent]) -> Iterator[e.Event]:
    """Ends the seats of a factory that turns out not to be one of these, and of brands that buy at none of them."""
    yield from (e.SeatLeft(seat.no, "corrected") for seat in _wrong(case, right))


def _wrong(case: Case, right: Sequence[Respondent]) -> list[Seat]:
    named = {("respondent", one.body) for one in right} | {("brand", buyer) for one in right for buyer in one.buyers}
    seats = case.seated("respondent", "brand")
    return [seat for seat in seats if seat.kind == "body" and (seat.role, seat.holder) not in named]


@effect(reads=("urgency",))
def raise_lane(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """From here on it runs on real time."""
    yield e.LaneSet(given.answers["urgency"])


@effect(reads=("title", "restatement", "could_have_written"))
def restate(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """The restatement's text travels with this event, not with the move."""
    yield e.Restated(
        given.answers["could_have_written"], {name: given.words[name] for name in ("title", "restatement")}
    )


@effect()
def release(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """The parties may read the restatement, from a moment on that is drawn by lot (docs/adr/0027).

    The lot begins when the week of the filing is over: of an officer who acts at once, too, it tells the week and no day.
    At once in the urgent lanes, where the inquiry protects; and where the parties sit in the case already.
    """
    most = sitting.procedure.delay
    staying = len(case.seated("respondent", "brand")) > len(_wrong(case, case.respondents))
    if most is None or case.lane in URGENT or staying:
        yield e.Released()
        return
    soonest = max(0.0, (_week_over(case) - sitting.at).total_seconds())
    drawn = sitting.wait(soonest, soonest + timedelta(hours=most.amount).total_seconds())
    yield e.Released(sitting.at + timedelta(seconds=int(drawn)))


def _week_over(case: Case) -> datetime:
    """When the ISO week ends that the parties may know."""
    year, week = case.week.split("-W")
    monday = date.fromisocalendar(int(year), int(week), 1)
    return datetime.combine(monday, time(), UTC) + timedelta(days=7)


@effect()
def ask_second(_: Sitting, __: Case, actor: Actor, ___: Given) -> Iterator[e.Event]:
    """Whoever asks cannot answer."""
    yield e.SecondAsked(actor.person)


@effect()
def answer_second(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """Not released; the restatement can be written anew."""
    yield e.SecondAnswered()


@effect()
def release_own(_: Sitting, __: Case, ___: Actor, ____: Given) -> Iterator[e.Event]:
    """The complainant's own wording: writing it for the parties is the consent to show it."""
    yield e.ConsentSet(RELEASE, given=True)
    yield e.Released()


@effect(clock=True)
def name_parties(sitting: Sitting, case: Case, _: Actor, __: Given) -> Iterator[e.Event]:
    """Seats every respondent and every brand that buys there, and nobody else; seats that stand are not doubled."""
    yield from _leave(case, case.respondents)
    held = {(seat.role, seat.holder) for seat in case.seats}
    side = sitting.procedure.respondent
    wanted = [("respondent", one.body, side) for one in case.respondents]
    wanted += [("brand", buyer, "brands") for buyer in case.buyers]
    no = case.next_seat
    for role, holder, side in wanted:
        if (role, holder) not in held:
            yield e.SeatTaken(Seat(no, role, "body", holder, side))
            no += 1


@effect(reads=("channel", "reached"))
def attempt(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """An attempt to reach the complainant, by one channel."""
    yield e.Attempted(given.answers["channel"], given.answers["reached"] == "yes")


@effect(reads=("consent",))
def consent(_: Sitting, __: Case, ___: Actor, given: Given) -> Iterator[e.Event]:
    """One scope at a time."""
    yield e.ConsentSet(given.answers["consent"], given=True)


@effect(reads=("consent",))
def take_back_consent(_: Sitting, case: Case, __: Actor, given: Given) -> Iterator[e.Event]:
    """For the future; what was disclosed stays disclosed, and the page says so. What is only on its way does not go out."""
    scope = given.answers["consent"]
    yield e.ConsentSet(scope, given=False)
    if scope == RELEASE and case.released_at is not None and not read_outside(case):
        yield e.Recalled()
