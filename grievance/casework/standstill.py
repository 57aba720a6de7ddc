"""Stops the clock where time cannot be trusted, instead of escalating everyone; only somebody's reason lets it go on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from grievance.casework.desk import Desk
from grievance.core.errors import Invalid, Refused, Said, Stale, say
from grievance.store import directory, outbox, stands
from grievance.store.migrations import stands_at_head
from grievance.store.stands import CONTRADICTED, FROZEN, RUNS, SILENT, UNVERIFIED, VERIFIED, Stand

__all__ = ["CONTRADICTED", "FROZEN", "RUNS", "SILENT", "UNVERIFIED", "VERIFIED", "Stand"]

log = logging.getLogger(__name__)

JUMP = timedelta(hours=6)
"""More than this between the date that the machine shows and the time that really passed is a jump."""

LITTLE = timedelta(minutes=10)
"""By how much two machines may differ: a date before the newest known one by more than this goes backwards."""

LATE = 5
"""After so many ticks without a look (a minute at least) nobody's clock is alive."""

JUMPED = say("The date of the machine jumped.")
BACKWARDS = say("The date of the machine lies before what is written here already.")
MACHINE = "clock"
"""Who stops the clock when nobody does."""


@dataclass(slots=True)
class Watch:
    """What one running clock remembers between two looks."""

    began: bool = False
    behind: bool = False


def look(desk: Desk, watch: Watch, drift: timedelta) -> bool:
    """One look of a clock: whether it may ring. `drift`: by how much more the date moved on than the time that passed.

    A date that goes backwards is believed at the second look: a demo's clock that was just moved is read anew till then.
    """
    try:
        with desk.store.write() as tx:
            return _look(desk, tx, watch, drift)
    except Stale:  # another clock saw it at the same moment
        return False


def freeze(desk: Desk, who: str, reason: str, *, silent: bool = False) -> None:
    """Nothing rings any more, and if `silent` no notice leaves. Raises Invalid without a reason, Refused when it is so."""
    _set(desk, SILENT if silent else FROZEN, who, reason, say("The clock stands already."))


def came_back(desk: Desk, who: str, reason: str) -> None:
    """A house that came back from a copy of its database or disk: silent until it was verified, as after a restore.

    Raises Invalid without a reason, Refused when it is silent already.
    """
    _set(desk, SILENT, who, reason, say("The clock stands already."))
    with desk.store.write() as tx:
        stands.mark_restored(tx, UNVERIFIED)


def resume(desk: Desk, who: str, reason: str, *, unverified: bool = False) -> None:
    """The clock goes on from what is due by now. Raises Invalid without a reason, Refused when it runs.

    A restored house is verified first (`verified`), else Refused too; `unverified` goes on without, and that is entered.
    """
    already = say("The clock runs already.")
    _set(desk, RUNS, who, reason, already, unverified=unverified)


def verified(desk: Desk, *, clean: bool, outside: bool) -> str:
    """Enter what `grievance verify` found in a restored house; returns how it stands now, nothing in any other house.

    What a root from `outside` contradicted once, only roots from outside can clear.
    """
    with desk.store.write() as tx:
        before = stands.restored(tx)
        if not before:
            return ""
        if clean:
            now = before if before == CONTRADICTED and not outside else VERIFIED
        else:
            now = CONTRADICTED if outside or before == CONTRADICTED else UNVERIFIED
        stands.mark_restored(tx, now)
    return now


def standing(desk: Desk) -> Stand | None:
    """How the clock stands now; None where nobody ever stopped it."""
    with desk.store.read() as tx:
        return stands.now_stands(tx)


def why_stopped(tx: Connection) -> str:
    """The reason why the clock stands still; empty while it runs."""
    last = stands.now_stands(tx)
    return last.reason if last and last.state != RUNS else ""


def record(desk: Desk) -> list[Stand]:
    """Every time that the clock was stopped or let go on, oldest first."""
    with desk.store.read() as tx:
        return stands.every(tx)


def unwell(desk: Desk, tick: int) -> str:
    """What is wrong with the house, for its log; empty when all is well. `tick`: seconds between two looks.

    Raises SQLAlchemyError or Busy when the database does not answer.
    """
    with desk.store.read() as tx:
        if not stands_at_head(tx):
            return "the database has not the newest form: run grievance serve, or restart it"
        looked, now, state = stands.looked(tx), desk.now(), stands.state(tx)
    lost = desk.store.journal.failed() if desk.store.journal else ""
    if lost:
        return f"the journal on the second volume is not written: {lost}"
    if state != RUNS:
        return f"the clock is {state}: look, then run grievance clock --resume --reason …"
    if looked is None or now - looked > max(timedelta(seconds=tick * LATE), timedelta(minutes=1)):
        return "no clock has looked at what is due: start one"
    return ""


def _look(desk: Desk, tx: Connection, watch: Watch, drift: timedelta) -> bool:
    known = stands.looked(tx)
    if not watch.began:  # what was written while no clock ran
        known = max(filter(None, (known, stands.newest_entry(tx))), default=None)
    now, last = desk.now(), stands.now_stands(tx)
    accepted = last.newest if last else None
    behind = known is not None and now < known - LITTLE and (accepted is None or known > accepted)
    if last and last.state != RUNS:
        stands.look(tx, now)
    elif abs(drift) > JUMP or (behind and watch.behind):
        _stop(tx, last, BACKWARDS if behind else JUMPED, now, known)
    else:
        watch.behind = behind
        watch.began = not behind
        if not behind:
            stands.look(tx, now)
        return not behind
    return False


def _set(desk: Desk, state: str, who: str, reason: str, already: Said, *, unverified: bool = False) -> None:
    if not reason.strip():
        raise Invalid({"reason": say("Say why: it stays on record.")})
    with desk.store.write() as tx:
        last, restored = stands.now_stands(tx), stands.restored(tx)
        if (last.state if last else RUNS) == state:
            raise Refused(already)
        said = reason.strip()
        if restored and state != SILENT:  # a frozen clock, too, lets letters go
            if restored != VERIFIED and not unverified:
                raise Refused(_NOT_MET if restored == CONTRADICTED else _NOT_VERIFIED)
            said = said if restored == VERIFIED else f"{restored.capitalize()}: {said}"
            stands.mark_restored(tx, "")
        newest = max(filter(None, (stands.looked(tx), stands.newest_entry(tx))), default=None)
        stands.add(tx, Stand(last.no + 1 if last else 1, desk.now(), state, who, said, newest))


_NOT_VERIFIED = say(
    "This house was restored, and no verify has found it whole since. Run: grievance verify --roots FILE, with the roots "
    "that were kept elsewhere, or without. Only where the newest root is truly lost, add --unverified: it stays on record."
)
_NOT_MET = say(
    "A root that was kept elsewhere is not the one of this house: the backup is older, or was changed. Restore a newer one, "
    "and run: grievance verify --roots FILE. Only where there is none any more, add --unverified: it stays on record."
)


def _stop(tx: Connection, last: Stand | None, why: Said, now: datetime, known: datetime | None) -> None:
    """Freezes and raises the alarm."""
    log.error("the clock is frozen: %s Nothing escalates until somebody runs: grievance clock --resume", why)
    no = last.no + 1 if last else 1
    stands.add(tx, Stand(no, now, FROZEN, MACHINE, why.text, known))
    outbox.tell(tx, directory.alarmed(tx), "frozen", f"clock/{no}", now)
