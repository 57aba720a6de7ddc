"""How many calendar days a case can take, reckoned over every filing day of a year, never by rule of thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from grievance.core.calendar import Calendar, Limit, NoHolidays, after, due
from grievance.core.errors import Said, say
from grievance.core.procedure import ROLES, SIDES, Move, Procedure, Stage
from grievance.core.proof.graphs import reachable
from grievance.core.proof.silence import ALONE, SECOND, VOICES, Who, by_people, caps_on, exits, speaks, ways
from grievance.core.rules import RULES

EVENING = time(23, 59)  # whoever files late in the day waits longest where hours count
MOMENT = timedelta(microseconds=1)
COUNTED = frozenset(name for rule in RULES.values() if rule.cap for name in rule.cap.counts)


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Calendar days from filing to an end; `path` is the longest walk as (stage, local date of entry)."""

    label: Said
    lane: str
    least: int
    most: int
    worst: date  # the filing day of the longest walk
    until: date  # the last filing day that the calendar let us count
    path: tuple[tuple[str, date], ...]


@dataclass(frozen=True, slots=True)
class _Node:
    """A stage on a walk: the limit that overrules its own, and the counted moves made since the loop was entered."""

    stage: str
    within: Limit | None = None
    made: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class _Walk:
    """The longest walk from one node: when it ends, and through what."""

    end: datetime
    path: tuple[tuple[str, datetime], ...]


class Reckoner:
    """Reckons the walks of one procedure by one calendar; a stage entered twice at one moment is reckoned once."""

    def __init__(self, procedure: Procedure, calendar: Calendar) -> None:
        self.procedure, self.calendar = procedure, calendar
        self._loops = _loops(procedure)
        self._due = cache(lambda limit, start: due(limit, start, calendar))
        self._after = cache(lambda limit, due_at: after(limit, due_at, calendar))

    def longest(self, label: Said, who: Who, year: int, lane: str, route: tuple[Move, ...] = ()) -> Reckoning:
        """Over every filing day of the year: the moves of `route` on their last days, then what `who` lets happen."""
        step = self._stepper(who, lane)
        days: dict[date, _Walk] = {}
        day = date(year, 1, 1)
        while day.year == year:
            try:
                days[day] = self._from(day, lane, route, step)
            except NoHolidays:
                if not self.calendar.holidays.get(year):
                    raise
                break  # never guessed: the calendar says how far we can count
            day += timedelta(days=1)
        if not days:  # too long for this year's filing days: the year before may let us count
            return self.longest(label, who, year - 1, lane, route)
        length = {day: (self.calendar.day_of(walk.end) - day).days for day, walk in days.items()}
        worst = max(length, key=lambda day: length[day])
        path = tuple((stage, self.calendar.day_of(at)) for stage, at in days[worst].path)
        return Reckoning(label, lane, min(length.values()), length[worst], worst, max(days), path)

    def last_moments(
        self, stage: Stage, lane: str, within: Limit | None, start: datetime, voices: frozenset[str]
    ) -> datetime:
        """The instant at which the clock would move the case on, extended as far as these may extend it."""
        due_at: datetime = self._due(within or stage.limit(lane), start)
        extension = stage.may_extend(lane)
        if extension and self._extends(stage, voices):
            for _ in range(extension.times):
                due_at = self._after(extension.by, due_at)
        return self._after(stage.grace, due_at) if stage.grace else due_at

    def _extends(self, stage: Stage, voices: frozenset[str]) -> bool:
        return any(
            "extend" in move.does and all(speaks(self.procedure, stage, role, voices) for role in move.by)
            for move in self.procedure.moves_from[stage.id]
        )

    def _from(self, day: date, lane: str, route: tuple[Move, ...], step: Callable[[_Node, datetime], _Walk]) -> _Walk:
        at = datetime.combine(day, EVENING, self.calendar.tz)
        node, path = _Node(self.procedure.start if route else self.procedure.start_in(lane)), []
        for move in route:
            path.append((node.stage, at))
            stage = self.procedure.stages[node.stage]
            at = self.last_moments(stage, lane, node.within, at, VOICES) - MOMENT
            node = _Node(move.to, self.procedure.limit_after(move, stage.id))
        rest = step(node, at)
        return _Walk(rest.end, (*path, *rest.path))

    def _stepper(self, who: Who, lane: str) -> Callable[[_Node, datetime], _Walk]:
        stages = self.procedure.stages
        leaving = cache(lambda node: tuple(dict.fromkeys(self._leaving(node, who))))

        @cache
        def step(node: _Node, at: datetime) -> _Walk:
            stage = stages[node.stage]
            if stage.final:
                return _Walk(at, ((stage.id, at),))
            ring = self.last_moments(stage, lane, node.within, at, who.able)
            walks = [step(onward, ring - MOMENT if in_time else ring) for onward, in_time in leaving(node)]
            best = max(walks, key=lambda walk: walk.end)
            return _Walk(best.end, ((stage.id, at), *best.path))

        return step

    def _leaving(self, node: _Node, who: Who) -> Iterator[tuple[_Node, bool]]:
        stage = self.procedure.stages[node.stage]
        made = dict(node.made)
        for consent in (True, False):
            for way in ways(self.procedure, stage, who, consent=consent):
                if any(sum(made.get(name, 0) for name in cap.counts) >= cap.times for cap in caps_on(way.move)):
                    continue
                # Once the case has left a loop for good, what was counted inside does not matter any more.
                inside = self._loops[way.move.to] == self._loops[stage.id]
                count = {**made, way.move.name: made.get(way.move.name, 0) + 1} if way.move.name in COUNTED else made
                within = self.procedure.limit_after(way.move, stage.id)
                yield _Node(way.move.to, within, tuple(sorted(count.items())) if inside else ()), way.in_time


def reckon(procedure: Procedure, calendar: Calendar, year: int) -> tuple[Reckoning, ...]:
    """All silent from each station on; each voice silent alone; and the longest of all walks."""
    reckoner = Reckoner(procedure, calendar)
    lanes = procedure.lanes
    silent = say("All are silent from the filing")
    found = [reckoner.longest(silent, Who(), year, lane) for lane in lanes]
    slowest = max(found, key=lambda reckoning: reckoning.most).lane
    office = Who(spoke=frozenset({"officer"}))
    found.append(reckoner.longest(say("The same, with the restatement released"), office, year, slowest))
    for station, route, spoke in _stations_reached(procedure):
        label = say("People act on their last day as far as {stage}, then all are silent", stage=station)
        found.append(reckoner.longest(label, Who(spoke=spoke), year, slowest, route))
    for voice in (*ALONE, SECOND):
        others = VOICES - {voice}
        label = say("Silent throughout: {who}; the others act on their last day", who=name_of(voice))
        found.append(reckoner.longest(label, Who(others, others), year, slowest))
    label = say("The longest of all walks, with every loop and extension")
    found.append(reckoner.longest(label, Who(able=VOICES), year, slowest))
    return tuple(found)


def name_of(voice: str) -> str:
    """The label of one voice, as people read it (a message id)."""
    return SIDES.get(voice) or ("Second neutral person" if voice == SECOND else ROLES[voice])


def _stations_reached(procedure: Procedure) -> Iterator[tuple[str, tuple[Move, ...], frozenset[str]]]:
    """Along the path while people's own moves lead from station to station: where, by which moves, who spoke."""
    route: tuple[Move, ...] = ()
    spoke: frozenset[str] = frozenset()
    for here, there in zip(procedure.path, procedure.path[1:], strict=False):
        stage = procedure.stages[here]
        steps = [move for move in by_people(procedure, stage, VOICES, consent=True) if move.to == there]
        if not steps or procedure.stages[there].final:
            return
        route = (*route, steps[0])
        spoke |= {role for role in steps[0].by if role in VOICES}
        yield there, route, spoke


def _loops(procedure: Procedure) -> Mapping[str, int]:
    """Stage → a number that it shares with every open stage to which it leads and which leads back to it."""
    stages = procedure.stages
    edges = {s.id: set() if s.final else {move.to for move in exits(procedure, s)} for s in stages.values()}
    leads = {name: reachable(name, edges) for name in stages}
    numbers: dict[str, int] = {}
    for name in stages:
        twin = next((other for other in numbers if other in leads[name] and name in leads[other]), None)
        numbers[name] = numbers[twin] if twin else len(numbers)
    return numbers
