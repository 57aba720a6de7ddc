"""How many calendar days a case can take, reckoned over every filing day of a year, never by rule of thumb."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from grievance.core.calendar import Calendar, Limit, after, due
from grievance.core.errors import Said, say
from grievance.core.procedure import ROLES, SIDES, Move, Procedure, Stage
from grievance.core.proof.graphs import reachable
from grievance.core.proof.silence import ALONE, SECOND, VOICES, Who, by_people, exits, speaks, ways
from grievance.core.rules import RULES

EVENING = time(23, 59)  # whoever files late in the day waits longest where hours count
MOMENT = timedelta(microseconds=1)
WHO_ORDERS = frozenset({*SIDES, "neutral", SECOND, "respondent"})
"""Without any of these there is no order, and so no date of a remedy that a stage could wait for."""
LEAP = (2, 29)
CAPS = {name: rule.cap for name, rule in RULES.items() if rule.cap}


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Calendar days from filing to an end, for every filing day of `year`; `path` is the longest walk.

    `assumed` is the first year whose holidays nobody has entered yet and that a walk runs into, 0 for none.
    """

    label: Said
    lane: str
    least: int
    most: int
    worst: date  # the filing day of the longest walk
    year: int
    assumed: int
    path: tuple[tuple[str, date], ...]  # (stage, local date of entry)


Span = Callable[[datetime], datetime]
"""A limit, from its start to its end; each end is counted once."""


@dataclass(frozen=True, slots=True)
class _Key:
    """A stage on a walk: the limit that overrules its own, and how often each cap was used since the loop was entered."""

    stage: str
    within: Limit | None = None
    made: tuple[tuple[str, int], ...] = ()


@dataclass(slots=True, eq=False)
class _Node:
    """What a key leads to, worked out once: its limits one after the other, and the ways out (whether in time)."""

    stage: Stage
    limits: tuple[Span, ...] = ()
    at_most: Span | None = None
    ways: tuple[tuple[_Node, bool], ...] = ()
    walks: dict[datetime, _Walk] = field(default_factory=dict)  # by the moment of entry


_Onward = tuple[str, tuple[Span, ...], Span | None, tuple[tuple[_Node, bool], ...]]
"""All that the walks from a node hang on."""


@dataclass(frozen=True, slots=True)
class _Walk:
    """The longest walk from one node: when it ends, and through what."""

    end: datetime
    stage: str
    at: datetime
    onward: _Walk | None = None

    def path(self) -> Iterator[tuple[str, datetime]]:
        """Each stage with the moment at which it was entered."""
        walk: _Walk | None = self
        while walk:
            yield walk.stage, walk.at
            walk = walk.onward


class Reckoner:
    """Reckons the walks of one procedure by one calendar; a stage entered twice at one moment is reckoned once."""

    def __init__(self, procedure: Procedure, calendar: Calendar) -> None:
        self.procedure, self.known = procedure, max(calendar.holidays, default=0)
        self.calendar = calendar = projected(calendar)
        self._loops = _loops(procedure)
        self._caps = {name for move in procedure.moves.values() for name in move.needs if name in CAPS}
        self._dues: dict[Limit, Span] = {}
        self._afters: dict[Limit, Span] = {}
        self._alike: dict[_Onward, _Node] = {}

    def longest(self, label: Said, who: Who, year: int, lane: str, route: tuple[Move, ...] = ()) -> Reckoning:
        """Over every filing day of the year: the moves of `route` on their last days, then what `who` lets happen."""
        nodes: dict[_Key, _Node] = {}
        first = date(year, 1, 1)
        every = [first + timedelta(days=no) for no in range((date(year + 1, 1, 1) - first).days)]
        found = {day: self._from(day, lane, who, nodes, route) for day in every}
        ends = {day: self.calendar.day_of(walk.end) for day, (_, walk) in found.items()}
        length = {day: (end - day).days for day, end in ends.items()}
        worst = max(length, key=lambda day: length[day])
        before, walk = found[worst]
        path = tuple((stage, self.calendar.day_of(at)) for stage, at in (*before, *walk.path()))
        assumed = self.known + 1 if max(ends.values()).year > self.known else 0
        return Reckoning(label, lane, min(length.values()), length[worst], worst, year, assumed, path)

    def last_moment(
        self, stage: Stage, lane: str, within: Limit | None, start: datetime, voices: frozenset[str]
    ) -> datetime:
        """The instant at which the clock would move the case on, extended as far as these may extend it."""
        return self._ring(self._waiting(stage, lane, within, voices), start)

    def _waiting(self, stage: Stage, lane: str, within: Limit | None, voices: frozenset[str]) -> _Node:
        """The limits of a stage: its own, each extension that these may give, and the grace."""
        extension = stage.may_extend(lane)
        more = [extension.by] * extension.times if extension and self._extends(stage, voices) else []
        first, later = within or stage.limit(lane), [*more, *filter(None, [stage.grace])]
        at_most = stage.at_most if voices & WHO_ORDERS else None
        limits = (*(self._due(limit) for limit in [first] if limit), *(self._after(limit) for limit in later))
        return _Node(stage, limits, self._due(at_most) if at_most else None)

    def _due(self, limit: Limit) -> Span:
        if limit not in self._dues:
            self._dues[limit] = cache(lambda start: due(limit, start, self.calendar))
        return self._dues[limit]

    def _after(self, limit: Limit) -> Span:
        if limit not in self._afters:
            self._afters[limit] = cache(lambda due_at: after(limit, due_at, self.calendar))
        return self._afters[limit]

    def _ring(self, node: _Node, start: datetime) -> datetime:
        first, *more = node.limits
        ring = first(start)
        if node.at_most:
            ring = max(ring, node.at_most(start))
        for limit in more:
            ring = limit(ring)
        return ring

    def _extends(self, stage: Stage, voices: frozenset[str]) -> bool:
        return any(
            "extend" in move.does and all(speaks(self.procedure, stage, role, voices) for role in move.by)
            for move in self.procedure.moves_from[stage.id]
        )

    def _from(
        self, day: date, lane: str, who: Who, nodes: dict[_Key, _Node], route: tuple[Move, ...]
    ) -> tuple[list[tuple[str, datetime]], _Walk]:
        at = datetime.combine(day, EVENING, self.calendar.tz).astimezone(UTC)
        key, path = _Key(self.procedure.start if route else self.procedure.start_in(lane)), []
        for move in route:
            path.append((key.stage, at))
            stage = self.procedure.stages[key.stage]
            at = self.last_moment(stage, lane, key.within, at, VOICES) - MOMENT
            key = _Key(move.to, self.procedure.limit_after(move, stage.id))
        return path, self._walk(self._node(key, lane, who, nodes), at)

    def _walk(self, node: _Node, at: datetime) -> _Walk:
        """The longest walk from here: monotone limits make the latest entry the worst, so each is walked once."""
        known = node.walks.get(at)
        if known is None:
            known = _Walk(at, node.stage.id, at)
            if node.ways:
                ring = self._ring(node, at)
                in_time = ring - MOMENT
                best = max((self._walk(way, in_time if soon else ring) for way, soon in node.ways), key=_end)
                known = _Walk(best.end, node.stage.id, at, best)
            node.walks[at] = known
        return known

    def _node(self, key: _Key, lane: str, who: Who, nodes: dict[_Key, _Node]) -> _Node:
        """Keys from which everything goes on alike share a node, and so its walks, whoever is silent on the way there."""
        if key not in nodes:
            stage = self.procedure.stages[key.stage]
            node = _Node(stage) if stage.final else self._waiting(stage, lane, key.within, who.able)
            late: dict[_Key, bool] = {}
            for onward, soon in () if stage.final else self._leaving(key, who):
                late[onward] = soon and late.get(onward, True)  # the clock comes later than whoever is in time
            found = ((self._node(onward, lane, who, nodes), soon) for onward, soon in late.items())
            node.ways = tuple(dict.fromkeys(found))
            nodes[key] = self._alike.setdefault((stage.id, node.limits, node.at_most, node.ways), node)
        return nodes[key]

    def _leaving(self, key: _Key, who: Who) -> Iterator[tuple[_Key, bool]]:
        stage = self.procedure.stages[key.stage]
        made = dict(key.made)
        for consent in (True, False):
            for way in ways(self.procedure, stage, who, consent=consent):
                if any(made.get(name, 0) >= CAPS[name].times for name in way.move.needs if name in CAPS):
                    continue
                # Once the case has left a loop for good, what was counted inside does not matter any more.
                inside = self._loops[way.move.to] == self._loops[stage.id]
                used = [name for name in self._caps if way.move.name in CAPS[name].counts]
                count = made | {name: min(made.get(name, 0) + 1, CAPS[name].times) for name in used}
                within = self.procedure.limit_after(way.move, stage.id)
                yield _Key(way.move.to, within, tuple(sorted(count.items())) if inside else ()), way.in_time


def _end(walk: _Walk) -> datetime:
    return walk.end


def projected(calendar: Calendar) -> Calendar:
    """The calendar with seven more years, each with the holidays of the last one that somebody entered.

    Only for reckoning how long a case could take at most, and said so in the report; nothing is ever due by it.
    """
    last = max(calendar.holidays, default=0)
    named = {(day.month, day.day): name for day, name in calendar.holidays.get(last, {}).items()}
    years = range(last + 1, last + 8) if named else ()
    found = {year: {date(year, *day): name for day, name in named.items() if day != LEAP} for year in years}
    return replace(calendar, holidays={**calendar.holidays, **found})


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
