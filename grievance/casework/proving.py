"""What is proved of each procedure: a proof takes seconds, so the clock reckons it once and pages read what it found."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from grievance.casework.desk import Desk
from grievance.core.calendar import NoHolidays
from grievance.core.errors import Said
from grievance.core.procedure import Procedure
from grievance.core.proof import Proof, prove
from grievance.store import people

RULES = "1"
"""Of the proof itself: raised where it finds other days or faults in the same law."""


@dataclass(frozen=True, slots=True)
class Line:
    """How many days a case takes at least and at most, in one lane, when some are silent; `end`: the stage it ends in."""

    label: str
    values: Mapping[str, str]
    lane: str
    least: int
    most: int
    end: str

    @property
    def said(self) -> Said:
        """Who is silent, as people read it."""
        return Said(self.label, self.values)


@dataclass(frozen=True, slots=True)
class Proved:
    """`lines` begin with those in which all are silent, one a lane; `buriers` are the groups that could lead to our failure.

    `reached` is false where the calendar does not reach far enough to reckon the days.
    """

    mark: str
    faults: tuple[str, ...] = ()
    lines: tuple[Line, ...] = ()
    buriers: tuple[tuple[str, ...], ...] = ()
    reached: bool = True


def proved(desk: Desk, procedure: Procedure) -> Proved | None:
    """What was found; None until the clock has reckoned it for this very law and calendar."""
    with desk.store.read() as tx:
        kept = people.fact(tx, _key(procedure))
    try:
        found = msgspec.json.decode(kept or "null", type=Proved | None)
    except msgspec.ValidationError:  # another version of the house wrote it
        return None
    return found if found and found.mark == _mark(desk, procedure) else None


def reckon(desk: Desk) -> int:
    """Proves what was not proved yet; returns how many procedures that were. Two clocks find the same."""
    done = 0
    for procedure in desk.lawbook.procedures.values():
        if proved(desk, procedure) is None:
            found = _found(desk, procedure)
            with desk.store.write() as tx:
                people.set_fact(tx, _key(procedure), msgspec.json.encode(found).decode())
            done += 1
    return done


def _found(desk: Desk, procedure: Procedure) -> Proved:
    mark = _mark(desk, procedure)
    try:
        proof = prove(procedure, desk.lawbook.calendar_of(procedure))
    except NoHolidays:
        return Proved(mark, reached=False)
    return Proved(
        mark,
        tuple(map(str, proof.faults)),
        _lines(proof),
        tuple(tuple(sorted(group)) for group in proof.buriers),
    )


def _lines(proof: Proof) -> tuple[Line, ...]:
    return tuple(
        Line(
            one.label.text,
            {name: str(value) for name, value in one.label.values.items()},
            one.lane,
            one.least,
            one.most,
            one.path[-1][0],
        )
        for one in proof.reckonings
    )


def _key(procedure: Procedure) -> str:
    return f"proof {procedure.key}"


def _mark(desk: Desk, procedure: Procedure) -> str:
    """The very words of the law, the days of its calendar, and the rules by which it was proved."""
    content = f"{RULES} {procedure.digest} {desk.lawbook.calendar_of(procedure).mark}"
    return hashlib.sha256(content.encode()).hexdigest()
