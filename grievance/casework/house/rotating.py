"""Wraps every key of a compartment under its newest pair: in batches, beside people who file, and on from where it stopped.

What is sealed is never opened here, nor written again: only the wraps change. Which pair a wrap is under it says itself, so a
rotation that is cut off is taken up by the next one, and two at once do the work of one.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from grievance.casework import wording
from grievance.casework.desk import Desk
from grievance.casework.files import keeping
from grievance.casework.house import recording
from grievance.core.errors import Refused, say
from grievance.store import wraps
from grievance.store.ledger import FILE
from grievance.vault import Sealed, Tampered
from grievance.vault.key_files import newest
from grievance.vault.rotating import held_older, make_next, retire, rewrapper
from grievance.vault.vault import LOOKS_EVERY

BATCH = 1_000
"""Wraps in one transaction: some hundred milliseconds of reckoning before it, and a few dozen in it."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did: the number of the pair, whether it was made for it, wraps made anew, and those that do not open."""

    number: int
    made: bool
    anew: int
    aside: tuple[str, ...] = ()


def settle() -> None:
    """Wait until every process that reads this folder has seen the new pair."""
    time.sleep(2 * LOOKS_EVERY)


def rotate(
    desk: Desk,
    folder: Path,
    name: str,
    told: Callable[[int], None] = lambda _: None,
    wait: Callable[[], None] = settle,
) -> Rotated:
    """Make another pair, unless a rotation is to be taken up, and wrap every key of the compartment under the newest.

    `told` hears after each batch how many are done. Raises NoKeys where a private half is not in the folder.
    """
    with desk.store.whole() as tx:
        under = wraps.counted(tx).get(name, {})
    begun = newest(folder, name) > 1 and any(number < newest(folder, name) for number in under)
    if not begun:
        make_next(folder, name)
        _note(desk, "keys_rotated", name)
        wait()
    number, anew = rewrapper(folder, name)
    done, aside, after = 0, list[str](), wraps.START  # what comes behind `after` is still to do, what damaged is stays
    while True:
        with desk.store.whole() as tx:
            batch = wraps.older(tx, name, number, after, BATCH)
        if not batch:
            return Rotated(number, not begun, done, tuple(aside))
        made: list[tuple[wraps.Old, bytes]] = []
        for old in batch:
            try:
                made.append((old, anew(old.wrapped, _bound(old))))
            except (Sealed, Tampered):  # damaged: it opens nothing, under whichever pair, and must not stop the others
                aside.append(f"case {old.case_id}, entry {old.seq}: {old.name}")
        with desk.store.whole(write=True) as tx:
            done += wraps.replace(tx, name, number, made)
        after = batch[-1].place
        told(done)


def put_away(desk: Desk, folder: Path, name: str, to: Path | None) -> tuple[str, ...]:
    """Take the older private halves out of the folder, to another one or for good; returns the names of their files.

    Raises Refused while anything is wrapped under an older pair, and where there is none to put away.
    """
    if not held_older(folder, name):
        raise Refused(say("There is no older private half of {name} in the folder.", name=name))
    with desk.store.whole() as tx:
        left = sum(count for number, count in wraps.counted(tx).get(name, {}).items() if number < newest(folder, name))
    if left:
        raise Refused(
            say(
                "{n} wraps of {name} are still under an older pair. Run: grievance keys --rotate {name}",
                n=left,
                name=name,
            )
        )
    _note(desk, "keys_put_away" if to else "keys_destroyed", name)
    return retire(folder, name, to)


def _bound(old: wraps.Old) -> str:
    """The place for which the key was wrapped."""
    if old.name == FILE:
        return keeping.place(old.case_id, old.object)
    return wording.bound(old.case_id, old.seq, old.name)


def _note(desk: Desk, kind: str, name: str) -> None:
    with desk.store.write() as tx:
        recording.note(desk, tx, "host", kind, name)
