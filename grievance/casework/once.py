"""What is sent twice happens once: a form carries a mark, and mark and content are known for a week."""

from __future__ import annotations

from sqlalchemy import Connection

from grievance.casework.desk import Desk
from grievance.store import cases


def new_mark(desk: Desk) -> str:
    """The mark of a fresh form."""
    return desk.random.randbytes(16).hex()


def first_time(desk: Desk, tx: Connection, mark: str, *content: str) -> bool:
    """Whether this content comes under this mark for the first time; a form without a mark always does.

    Of two at one instant the second waits for the first. Other content under the same mark is something else: somebody went
    back in the browser and wrote anew.
    """
    if not mark:
        return True
    return cases.remember_ticket(tx, _key(desk, mark, content), b"", desk.now().date().isoformat()) is None


def came_before(desk: Desk, mark: str, *content: str) -> bool:
    """Whether this content came under this mark and was done."""
    if not mark:
        return False
    with desk.store.read() as tx:
        return cases.knows_ticket(tx, _key(desk, mark, content))


def _key(desk: Desk, mark: str, content: tuple[str, ...]) -> bytes:
    return desk.vault.mac("once", "\0".join((mark, *content)).encode())
