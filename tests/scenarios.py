"""Scenarios that a lawyer can read, played through the pure core: what happens when, and where a case then is.

A scenario begins with `filed`, `lane` and `consents`. A step has `on` (a moment, local time), `by` and `move`, or
`until` (a day; the clocks ring what is due by its morning). Each step may say what must be true then: see EXPECTED.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

from grievance.core.asks import ASKS, CONSENTS
from grievance.core.calendar import Calendar, due_day
from grievance.core.errors import Fault, Invalid, Refused
from grievance.core.events import Rang
from grievance.core.lawbook.tables import Reading, Table, whole_file
from grievance.core.procedure import Procedure
from tests.play import Play, with_holidays

MORNING = time(8)
SCENARIO = ("title", "filed", "lane", "consents", "refusals", "holidays", "office", "steps")
STEP = ("on", "until", "outage", "by", "move", "answers", "without")


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens (or the time that passes until `at`), and what must be true then."""

    line: int
    at: datetime  # local, without a zone: the calendar gives it
    by: tuple[str, ...] = ()
    move: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    without: tuple[str, ...] = ()  # asks that are left unanswered
    outage: bool = False
    expected: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Scenario:
    """One story of one case."""

    file: str
    line: int
    title: str
    filed: datetime
    lane: str
    consents: tuple[str, ...]
    refusals: tuple[str, ...]
    holidays: Mapping[str, str]
    calendar: str  # a name, where the procedure counts by that of its programme
    office: bool
    steps: tuple[Step, ...]


def parse_scenarios(text: str, file: str, procedure: Procedure) -> tuple[Scenario, ...]:
    """The scenarios of one TOML text. Raises `Faulty` with every fault and its line."""
    reading = Reading(text, file)
    top = whole_file(reading, "the file")
    top.only(("calendar", "scenarios"))
    calendar = top.words("calendar", "")
    found = tuple(_scenario(table, procedure, calendar) for _, table in top.entries("scenarios", "scenario"))
    reading.finish()
    return found


def run(scenario: Scenario, procedure: Procedure, calendar: Calendar, *, seed: int = 1) -> list[Fault]:
    """What did not come out as the scenario says, each with its line; nothing when all of it is true."""
    calendar = with_holidays(calendar, scenario.holidays)
    play = Play(procedure, calendar, seed=seed)
    filed = scenario.filed.replace(tzinfo=calendar.tz)
    play.file(filed, scenario.lane, scenario.consents, scenario.refusals, office=scenario.office)
    faults: list[Fault] = []
    for step in scenario.steps:
        refused = _take(step, play)
        faults += [
            # A refusal's text names its values in braces, so braces of an answer may not reach it.
            Fault(scenario.file, step.line, f"{scenario.title}: {text}".replace("{", "(").replace("}", ")"))
            for text in _differences(step, play, refused)
        ]
    return faults


def _take(step: Step, play: Play) -> str:
    """Lets time pass, then makes the move; the reason where it is refused."""
    at = step.at.replace(tzinfo=play.calendar.tz)
    play.pass_time(at, late=step.outage)
    try:
        for actor in [actor for who in step.by for actor in play.actors(who)]:
            asks = [name for name in play.asked(at, step.move, actor.role) if name not in step.without]
            play.move(at, actor, step.move, play.given(at, tuple(asks), step.answers))
    except Refused as error:
        return str(error)
    except Invalid as error:
        return " ".join(str(said) for said in error.fields.values())
    return ""


def _differences(step: Step, play: Play, refused: str) -> Iterator[str]:
    wanted = step.expected.get("refused", "")
    if refused != wanted:
        yield f"{step.move} by {', '.join(step.by)} was refused: {refused}" if refused else f"not refused: {wanted}"
    for key, value in step.expected.items():
        if key in EXPECTED:
            found = EXPECTED[key](play)
            if isinstance(value, Mapping):
                found = {name: found.get(name) for name in value}
            if found != value:
                yield f"{key} is {_plain(found)}, not {_plain(value)}"


def _plain(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_plain(inner)}" for name, inner in value.items())
    return ", ".join(map(_plain, value)) if isinstance(value, list) else str(value)


def _due(play: Play) -> object:
    """The day (or, where hours count, the local moment) until which somebody has time."""
    clock = play.case.stage_clock
    if clock is None:
        return "none"
    local = clock.due_at.astimezone(play.calendar.tz)
    return local.replace(tzinfo=None) if "hour" in clock.limit else due_day(clock.due_at, play.calendar)


def _grace(play: Play) -> object:
    clock = play.case.stage_clock
    return due_day(clock.rings[-1], play.calendar) if clock else "none"


def _entered(play: Play) -> object:
    return play.calendar.day_of(play.case.entered_at) if play.case.entered_at else "never"


def _holder(play: Play, no: int) -> str:
    seat = play.case.seat(no)
    return seat.holder if seat else "nobody"


def _rungs(play: Play) -> dict[str, object]:
    """The day of each named rung that rang."""
    rang = [(entry.at, entry.event) for entry in play.entries if isinstance(entry.event, Rang)]
    return {event.name: due_day(at, play.calendar) for at, event in rang if event.name}


EXPECTED: Mapping[str, Callable[[Play], Any]] = {
    "stage": lambda play: play.case.stage,
    "final": lambda play: play.case.final,
    "due": _due,
    "grace": _grace,
    "since": _entered,
    "clocks": lambda play: {clock.name: due_day(clock.due_at, play.calendar) for clock in play.case.clocks},
    "extended": lambda play: play.case.stage_clock.extended if play.case.stage_clock else 0,
    "presumed": lambda play: play.case.presumed,
    "unheard": lambda play: [_holder(play, no) for no in play.case.unheard],
    "answered": lambda play: [_holder(play, no) for no in play.case.answers],
    "marks": lambda play: list(play.case.marks),
    "released": lambda play: play.case.released_at is not None,
    "decided": lambda play: play.case.decided,
    "dissent": lambda play: len(play.case.dissent),
    "outcomes": lambda play: [issue.outcome for issue in play.case.issues],
    "remedies": lambda play: [remedy.status for remedy in play.case.remedies],
    "silent": lambda play: sorted({turn for _, turn in play.case.silent}),
    "left": lambda play: [f"{gone.seat.side or gone.seat.role} {gone.why}" for gone in play.case.left],
    "told": lambda play: sorted(play.told),
    "opens": lambda play: list(play.opened),
    "rungs": _rungs,
}
"""What a step may say of the case after it, beside `refused` (the reason, word for word)."""


def _scenario(table: Table, procedure: Procedure, calendar: str) -> Scenario:
    table.only(SCENARIO)
    place = (*table.path, "title")
    holidays = table.table("holidays")
    return Scenario(
        file=table.reading.file,
        line=table.reading.lines.get(place, 1),
        title=table.words("title"),
        filed=_moment(table, "filed"),
        lane=table.one_of("lane", "lane", procedure.lanes),
        consents=table.some_of("consents", "consent", CONSENTS),
        refusals=table.some_of("refusals", "consent", CONSENTS),
        holidays={day: holidays.words(day) for day in holidays.data} if holidays else {},
        calendar=calendar,
        office=table.data.get("office") is not False,
        steps=tuple(_step(inner, procedure) for _, inner in table.entries("steps", "step")),
    )


def _step(table: Table, procedure: Procedure) -> Step:
    table.only((*STEP, *EXPECTED, "refused"))
    line = table.reading.lines.get(table.path, 1)
    expected = {key: value for key, value in table.data.items() if key in EXPECTED or key == "refused"}
    if "until" in table.data:
        until = table.day("until") or date.min
        return Step(line, datetime.combine(until, MORNING), outage=bool(table.data.get("outage")), expected=expected)
    answers = table.table("answers")
    for name in answers.data if answers else ():
        table.reading.known((*table.path, "answers", name), "ask", name, ASKS)
    return Step(
        line=line,
        at=_moment(table, "on"),
        by=table.names("by", required=True, single=True),
        move=table.one_of("move", "move", procedure.moves),
        answers=_numbered(answers.data) if answers else {},
        without=table.some_of("without", "ask", ASKS),
        expected=expected,
    )


def _numbered(answers: Mapping[str, Any]) -> dict[str, Any]:
    """TOML writes the numbers of issues as text keys; the core counts them."""
    return {
        name: {int(key): inner for key, inner in value.items()} if name in ("outcomes", "issue_answers") else value
        for name, value in answers.items()
    }


def _moment(table: Table, key: str) -> datetime:
    value = table.data.get(key)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value
    table.refuse(key, f"{key} is a local moment without quotes, such as {key} = 2026-04-09T10:00:00.")
    return datetime.min  # noqa: DTZ901  harmless: the fault is noted, and nothing is played
