"""Keeps how the clock stands, row after row, and when a clock looked last."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from grievance.core.errors import Stale
from grievance.store import people
from grievance.store.schema import micros
from grievance.store.tables import EPOCH, events, stands

RUNS, FROZEN, SILENT = "runs", "frozen", "silent"
"""The clock rings; it does not; it does not, and no notice leaves either."""

UNVERIFIED, CONTRADICTED, VERIFIED = "unverified", "contradicted", "verified"
"""How a restored house stands: nobody has looked, a root that was kept outside is another one, it is what was written."""

LOOKED = "clock"
"""Under which name the database remembers when a clock looked last."""
_RESTORED = "restored"


@dataclass(frozen=True, slots=True)
class Stand:
    """How the clock stands, since when, who said so and why. `newest` is the newest moment that was known then."""

    no: int
    at: datetime
    state: str
    who: str
    reason: str
    newest: datetime | None


_LAST = select(stands).order_by(stands.c.no.desc()).limit(1)


def now_stands(tx: Connection) -> Stand | None:
    """The newest row; None where nobody ever stopped the clock."""
    row = tx.execute(_LAST).one_or_none()
    return Stand(*row) if row else None


def state(tx: Connection) -> str:
    """Runs, frozen or silent."""
    last = now_stands(tx)
    return last.state if last else RUNS


def every(tx: Connection) -> list[Stand]:
    """The whole record, oldest first."""
    return [Stand(*row) for row in tx.execute(select(stands).order_by(stands.c.no))]


def add(tx: Connection, stand: Stand) -> None:
    """One more row. Raises Stale when somebody else added the row of this number in the meantime."""
    try:
        tx.execute(insert(stands), asdict(stand))
    except IntegrityError as error:
        raise Stale from error


def newest_entry(tx: Connection) -> datetime | None:
    """The moment of the newest entry of any case; it reads the whole ledger, so it is asked once a process."""
    newest: datetime | None = tx.execute(select(func.max(events.c.at))).scalar_one()
    return newest


def looked(tx: Connection) -> datetime | None:
    """When a clock looked last."""
    kept = people.fact(tx, LOOKED)
    return EPOCH + timedelta(microseconds=int(kept)) if kept else None


def restored(tx: Connection) -> str:
    """Unverified, contradicted or verified, in a house that came from a backup and whose clock has not gone on since."""
    return people.fact(tx, _RESTORED) or ""


def mark_restored(tx: Connection, how: str) -> None:
    """Unverified, contradicted, verified; nothing when the clock goes on."""
    people.set_fact(tx, _RESTORED, how)


def look(tx: Connection, now: datetime) -> None:
    """A clock looks now."""
    people.set_fact(tx, LOOKED, str(micros(now)))
