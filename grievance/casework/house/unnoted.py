"""What was committed and is not on the second volume, because a process was killed or found no room, is noted by the clock."""

from __future__ import annotations

from collections.abc import Sequence

from grievance.casework.desk import Desk
from grievance.store import noting
from grievance.store.journal import Journal, Put


def note(desk: Desk) -> int:
    """Notes what is on slips, cases whole and sealed files; returns how many. Raises Gone where files cannot be read.

    Where the second volume takes nothing still, the rest waits for the next minute.
    """
    journal, noted = desk.store.journal, 0
    if journal is None:
        return 0
    for names, tear_up in journal.slips.left():
        _note(desk, journal, names)
        if not journal.forgotten:  # what it did not take is owed anew, on a slip of ours
            tear_up()
        if journal.failing:
            break
        noted += len(names)
    return noted


def _note(desk: Desk, journal: Journal, names: Sequence[str]) -> None:
    with desk.store.whole(write=True) as tx:
        for name in names:
            if not _of_a_file(name):
                noting.again(tx, name)
    for name in filter(_of_a_file, names):
        if desk.store.objects.there(name):  # else it was erased
            journal.keep([Put(name, desk.store.objects.get(name))])


def _of_a_file(name: str) -> bool:
    return "/" in name
