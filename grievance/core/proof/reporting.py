"""Proves a procedure and says what is proved: who could bury a case, how long one can take, where each figure is from."""

from __future__ import annotations

from dataclasses import dataclass

from grievance.core.calendar import Calendar, Limit
from grievance.core.deadlines import SideClock
from grievance.core.errors import Fault, Said, say
from grievance.core.procedure import Procedure, Stage
from grievance.core.proof.questions import faults
from grievance.core.proof.reckoning import Reckoning, name_of, reckon
from grievance.core.proof.silence import who_can_bury

YEAR = 2026
"""The year whose filing days are reckoned."""


@dataclass(frozen=True)
class Proof:
    """Without faults it is proved: `reckonings` holds the days, `buriers` the groups that could lead to our failure."""

    procedure: Procedure
    faults: tuple[Fault, ...]
    reckonings: tuple[Reckoning, ...] = ()
    buriers: tuple[frozenset[str], ...] = ()

    @property
    def holds(self) -> bool:
        return not self.faults


def prove(procedure: Procedure, calendar: Calendar, year: int = YEAR) -> Proof:
    """Every fault at once; the days are reckoned only where there is none. Raises `NoHolidays` for a year not held."""
    found = faults(procedure)
    if found:
        return Proof(procedure, found)
    buriers = who_can_bury(procedure, [stage.id for stage in procedure.stages.values() if stage.final == "failed"])
    return Proof(procedure, (), reckon(procedure, calendar, year), tuple(buriers))


def report(proof: Proof) -> list[Said]:
    """What `grievance prove` prints, line by line: the faults, or what is proved and how long a case can take."""
    procedure = proof.procedure
    if not proof.holds:
        return [say("{fault}", fault=fault) for fault in proof.faults]
    stages = procedure.stages.values()
    finals = sum(1 for stage in stages if stage.final)
    sizes = {"stages": len(procedure.stages), "finals": finals, "moves": len(procedure.moves)}
    return [
        say("{key}: {stages} stages ({finals} of them final), {moves} moves.", key=procedure.key, **sizes),
        say("Every stage is reached. Every open stage has a turn, a clock and a way out that needs nobody."),
        say("Silence never goes round, and no loop of moves has no cap: every walk ends."),
        say("The complainant can withdraw everywhere, and ask others to look again at every decision."),
        say("Nobody alone, by silence or by refusing, keeps a case from its end or leads to our failure."),
        say(
            "Three sides, {seats} seats each; one file, and whoever answers gets the same time.",
            seats=procedure.seats_per_side,
        ),
        *(
            say("Our failure is reached when these are silent and the others do not agree: {who}.", who=_voices(group))
            for group in proof.buriers
        ),
        *(_line(reckoning) for reckoning in proof.reckonings),
        *(_cited(stage.id, stage.within, stage) for stage in stages if stage.within),
        *(_cited(clock.name, clock.within, clock) for clock in procedure.clocks.values()),
    ]


def _cited(name: str, limit: Limit, what: Stage | SideClock) -> Said:
    if isinstance(what, Stage) and what.since:
        return say(
            "{name}: {limit}, counted from {moves}. Source: {source}. Checked on {checked}.",
            name=name,
            limit=limit,
            moves=" / ".join(what.since),
            source=what.source,
            checked=what.checked,
        )
    return say(
        "{name}: {limit}. Source: {source}. Checked on {checked}.",
        name=name,
        limit=limit,
        source=what.source,
        checked=what.checked,
    )


def _line(reckoning: Reckoning) -> Said:
    text = (
        "{label} ({lane}): at most {most} days, at least {least}; longest when filed on {worst}, ends {ends} as {end} "
        "(every filing day of {year}; from {assumed} on with the holidays of the year before)."
        if reckoning.assumed
        else "{label} ({lane}): at most {most} days, at least {least}; longest when filed on {worst}, ends {ends} as {end} "
        "(every filing day of {year})."
    )
    return say(
        text,
        label=reckoning.label,
        lane=reckoning.lane,
        most=reckoning.most,
        least=reckoning.least,
        worst=reckoning.worst,
        ends=reckoning.path[-1][1],
        end=reckoning.path[-1][0],
        year=reckoning.year,
        assumed=reckoning.assumed,
    )


def _voices(group: frozenset[str]) -> str:
    return ", ".join(name_of(voice) for voice in sorted(group))
