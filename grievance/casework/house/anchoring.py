"""Once a day one signed root over all cases leaves the house, so that whoever rewrites the database afterwards is found out.

The root covers the heads as of the end of a day (midnight UTC) and is made an hour later, when whatever was on its way
then has arrived. What leaves the house tells neither when something was filed nor how much (docs/adr/0023).
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from sqlalchemy import Connection

from grievance.casework.delivering import LINK
from grievance.casework.desk import Desk
from grievance.core import merkle
from grievance.core.chain import commitment
from grievance.core.errors import Stale
from grievance.core.record import FIRST, Checkpoint, follows, padded, read_checkpoint, statement
from grievance.store import checkpoints, deeds, outbox, stands
from grievance.store.checkpoints import Kept
from grievance.vault import Signer, blinder, signature_fits

__all__ = ["Signer", "Verdict", "anchor", "cut", "salt", "tree", "verify"]

log = logging.getLogger(__name__)

SETTLED = timedelta(hours=1)
"""After the end of a day; a transaction takes seconds."""
MOST = 31
"""Days that one look catches up; the next look goes on."""
DEEP = 7
"""Of so many newest days `verify` makes the root anew."""
DEEDS = "deeds"
"""Under which name what administrators did has its leaf; the names of cases are 32 hex digits."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How many days are on record, the newest, and all that does not fit, each as a sentence."""

    days: int
    newest: Checkpoint | None
    faults: tuple[str, ...]


def anchor(desk: Desk, signer: Signer) -> list[Checkpoint]:
    """The checkpoints that were still owed, oldest first, each with its letters: none while the clock stands still.

    It goes by the moment of the last look of a clock (`standstill.look`): a date that nobody has accepted makes no root.
    With several clocks one makes each day, and the others find it made.
    """
    with desk.store.read() as tx:
        looked = stands.looked(tx)
        if looked is None or stands.state(tx) != stands.RUNS:
            return []
        ended = (looked - SETTLED).date() - timedelta(days=1)
        last = checkpoints.newest_day(tx)
    day = date.fromisoformat(last) + timedelta(days=1) if last else ended
    made: list[Checkpoint] = []
    try:
        while day <= ended and len(made) < MOST:
            last_one = day == ended or len(made) == MOST - 1
            made.append(_make(desk, signer, day, mailed=last_one))
            day += timedelta(days=1)
    except Stale:
        log.info("another clock made the root of %s", day)
    return made


def cut(day: str) -> datetime:
    """The first moment that the root of a day does not cover."""
    return datetime.combine(date.fromisoformat(day) + timedelta(days=1), datetime.min.time(), UTC)


def salt(blind: bytes, case_id: str) -> bytes:
    """What blinds the leaf of one case on one day."""
    return blinder(blind)(f"case/{case_id}")


def tree(tx: Connection, day: str, blind: bytes, *, whole: bool = True) -> list[bytes]:
    """The leaves of a day in their order: one a case, one for what administrators did, and as many more as make a power of
    two; nobody tells them apart. `whole`: False for a day that was signed when deeds had no leaf.
    """
    heads, blinded = dict(checkpoints.heads(tx, cut(day))), blinder(blind)
    done = deeds.head(tx, cut(day)) if whole else ""
    if done:
        heads[DEEDS] = done
    found = [bytes.fromhex(commitment(salt(blind, case_id), head)) for case_id, head in heads.items()]
    found += [blinded(f"none/{number}") for number in range(padded(len(found)) - len(found))]
    return sorted(found)


def verify(desk: Desk, known: str = "", outside: Iterable[Checkpoint] = ()) -> Verdict:
    """Hold the record against the cases, `known` (our public key in hex), and the roots that somebody kept `outside`."""
    with desk.store.read() as tx:
        every = checkpoints.every(tx)
        damaged = [kept for kept in every if not _readable(kept.said)]
        faults = [f"Record of {kept.said.day}: the row is damaged." for kept in damaged]
        every = [kept for kept in every if kept not in damaged]
        faults += [*_chained(every, known), *_rebuilt(tx, every), *_contradicted(every, outside)]
    return Verdict(len(every), every[-1].said if every else None, tuple(faults))


def _readable(one: Checkpoint) -> bool:
    try:
        return read_checkpoint(one.told) == one
    except ValueError:
        return False


def _make(desk: Desk, signer: Signer, day: date, *, mailed: bool) -> Checkpoint:
    blind, told = desk.vault.new_salt(), day.isoformat()
    with desk.store.read() as tx:  # what is over does not change any more: nobody who files waits for this
        last = checkpoints.newest(tx)
        under = tree(tx, told, blind)
    before, root = last.said.root if last else FIRST, merkle.root(under).hex()
    signature = signer.sign(statement(told, len(under), before, root))
    made = Checkpoint(told, len(under), before, root, signer.public, signature)
    with desk.store.write() as tx:
        if checkpoints.newest_day(tx) != (last.said.day if last else ""):
            raise Stale
        checkpoints.add(tx, Kept(made, blind), under)
        if mailed:
            _mail(desk, tx, made.day)
    return made


def _mail(desk: Desk, tx: Connection, day: str) -> None:
    """One letter to each, with every root that was in none yet: after an outage that is more than one."""
    told = outbox.newest_cause(tx, "record").removeprefix("record/")
    text = "\n".join(one.line for one in checkpoints.after(tx, told))
    for person in checkpoints.three_sides(tx):
        outbox.post(tx, person, "record", f"record/{day}", desk.now(), desk.vault.seal_cookie(LINK, text.encode()))


def _chained(every: Sequence[Kept], known: str) -> Iterator[str]:
    for kept in every:
        one = kept.said
        if known and one.key != known:
            yield f"Record of {one.day}: it is signed with a key that is not the one of this house."
        if not signature_fits(one.key, one.signed, one.signature):
            yield f"Record of {one.day}: the signature does not fit."
    if every and every[0].said.before != FIRST:
        yield f"Record of {every[0].said.day}: the days before it are missing."
    for before, kept in pairwise(every):
        if before.said.next_day() != kept.said.day:
            yield f"Record of {kept.said.day}: the day before it is missing."
        elif not follows(before.said, kept.said):
            yield f"Record of {kept.said.day}: it names another root for the day before."


def _rebuilt(tx: Connection, every: Sequence[Kept]) -> Iterator[str]:
    since = checkpoints.leaves_since(tx)
    for kept in every[-DEEP:]:
        under = tree(tx, kept.said.day, kept.blind)
        if not _gives(under, kept):  # what was signed without deeds speaks of none, and of no other cases for that
            bare = tree(tx, kept.said.day, kept.blind, whole=False)
            under = bare if _gives(bare, kept) else under
        if not _gives(under, kept):
            yield (
                f"Record of {kept.said.day}: the cases do not give its root any more. Something of that day or before was "
                "changed, added or taken away, in a case or in what administrators did."
            )
        # A house of before kept the leaves of its newest day alone.
        if kept.said.day >= min(since, every[-1].said.day) and under != checkpoints.leaves_of(tx, kept.said.day):
            yield f"Record of {kept.said.day}: the leaves that proofs are made from are not those of the cases."


def _gives(under: Sequence[bytes], kept: Kept) -> bool:
    return merkle.root(under).hex() == kept.said.root and len(under) == kept.said.size


def _contradicted(every: Sequence[Kept], outside: Iterable[Checkpoint]) -> Iterator[str]:
    ours = {kept.said.day: kept.said for kept in every}
    for one in outside:
        mine = ours.get(one.day)
        if mine is None:
            yield f"Record of {one.day}: its root was kept outside, and is not here."
        elif mine != one:
            yield f"Record of {one.day}: the root that was kept outside is another one. What is here was rewritten since."
