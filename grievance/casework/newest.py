"""What a form says that its reader had read: a number that grows with what they may see, and with nothing else.

The number of the newest entry would tell a factory, from minute to minute, that somebody writes to the office, and when; on
the floor one can look who holds a phone. So it is told to the office and the complainant alone. All others are told how many
entries they may read of: it grows when their page does.
"""

from __future__ import annotations

from sqlalchemy import Connection

from grievance.casework.desk import Bearer, Desk, Viewer, actors
from grievance.casework.finding import told
from grievance.core.case import Case
from grievance.core.disclosure import Look, sees_entry
from grievance.core.events import Entry, Moved
from grievance.core.visibility import OWN_WORDS, sees_move


def newest(desk: Desk, tx: Connection, case: Case, viewer: Viewer | Bearer) -> int:
    """As far as this viewer can have read the case, from all of their seats in it. Raises Hidden without one."""
    mine = actors(case, viewer)
    if any(actor.role in OWN_WORDS for actor in mine):
        return case.seq
    procedure = desk.lawbook.procedure(case.procedure)
    looks = [Look(actor, case, procedure) for actor in mine]
    return sum(any(_reads(look, entry) for look in looks) for entry in told(tx, case))


def _reads(look: Look, entry: Entry) -> bool:
    """Whether something of it is on their page: of a move the line, even where its answers are not for them."""
    if isinstance(entry.event, Moved):
        move = look.procedure.moves[entry.event.move]
        between = move.name in look.procedure.between
        return sees_move(look.role, move, entry.actor.role, look.case, entry.at, between=between, own=look.mine(entry))
    return sees_entry(look, entry)
