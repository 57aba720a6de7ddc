"""Holds an exported case, or the proof from a receipt, against the roots that were kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grievance.core import exported
from grievance.core.record import FIRST, PROOF, Checkpoint, Standing, owed, parsed, read_standing
from grievance.witness import roots

REWRITTEN = "The record holds another history of this case: its entries were rewritten."
UNSHOWN = (
    "It does not show that it stood like this in the record of {days}. Whoever rewrites a case cannot show that: ask the "
    "house for it, and show the other sides what it answers."
)
UNKEPT = "No root of {days} is kept here. Keep older pages of the record too."

HOLDS, CONTRADICTED, OPEN = 0, 1, 2
"""It stands in the record; it contradicts it; these files cannot tell. The exit statuses of `check`."""


@dataclass(frozen=True, slots=True)
class Answer:
    """HOLDS, CONTRADICTED or OPEN, and the sentences that say why."""

    status: int
    said: tuple[str, ...]


def check(raw: bytes, kept: Sequence[Checkpoint]) -> Answer:
    """What the kept roots say of a file."""
    try:
        content = parsed(raw)
    except ValueError:
        content = None
    if isinstance(content, dict) and content.get("format") == PROOF:
        return _proof(content, kept)
    if isinstance(content, dict) and content.get("format") == exported.FORMAT:
        return _case(raw, kept)
    return Answer(OPEN, ("This is neither an exported case nor a proof.",))


def _case(raw: bytes, kept: Sequence[Checkpoint]) -> Answer:
    checked = exported.check(raw)
    if checked.faults:
        return Answer(CONTRADICTED, checked.faults)
    content = checked.content
    if not content["whole"]:
        return Answer(
            OPEN, ("This case is not whole: it holds no hashes of the ledger. Ask the case office for a whole one.",)
        )
    if "record" not in content:
        return Answer(OPEN, ("This file was made before the record held the case. Export it again tomorrow.",))
    answer = _proof(content["record"], kept)
    return answer if answer.status != HOLDS else _stood(content, kept, answer.said)


def _stood(content: Mapping[str, Any], kept: Sequence[Checkpoint], said: tuple[str, ...]) -> Answer:
    """Whether each entry stood in the record of the day on which it was written, and as long as it was the newest one.

    The newest root alone would hold whatever was rewritten before it was made.
    """
    first, last = kept[0].day if kept[0].before == FIRST else "", content["record"]["day"]
    try:
        every = exported.heads(content)
        told = [one for one in every if one[0] <= last]
        due = owed(told, first, last)
    except ValueError:
        return Answer(CONTRADICTED, ("The moments of its entries are damaged.",))
    proofs = {one.get("day"): one for one in (*_listed(content.get("history")), content["record"])}
    known = {root.day for root in kept}
    for day in sorted(set(due) & set(proofs) & known):
        answer = _proof(proofs[day], kept)
        if answer.status != HOLDS:
            return answer
        if proofs[day]["head"] != due[day]:
            return Answer(CONTRADICTED, (REWRITTEN,))
    if not told:  # a proof of something else
        return Answer(CONTRADICTED, (REWRITTEN,))
    later = {day for day, _ in every if day > last} & known
    for days, why in ((set(due) - set(proofs) | later, UNSHOWN), (set(due) - known, UNKEPT)):
        if days:
            return Answer(OPEN, (why.format(days=", ".join(sorted(days))),))
    newer = len(content["entries"]) - len(told)
    more = f"{newer} newer entries are not covered by it yet." if newer else "That is all of its entries."
    stood = f"So did each entry when it was written: {', '.join(sorted(due))}."
    return Answer(HOLDS, (*said, stood, f"It covers this case up to entry {len(told)}. {more}"))


def _listed(said: Any) -> list[Mapping[str, Any]]:
    return [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []


def _proof(said: Any, kept: Sequence[Checkpoint]) -> Answer:
    try:
        proof = read_standing(said)
    except ValueError:
        return Answer(CONTRADICTED, ("The proof is damaged.",))
    fault = _fault(proof, kept)
    return Answer(CONTRADICTED, (fault,)) if fault else _kept(proof.checkpoint, kept)


def _fault(proof: Standing, kept: Sequence[Checkpoint]) -> str:
    """What is wrong with the file itself."""
    one = proof.checkpoint
    if not roots.signed(one):
        return f"The root of {one.day} in the file does not fit its signature."
    if not proof.leads_to_root():
        return f"The proof does not lead to the root of {one.day}."
    if kept and one.key != kept[0].key:
        return "The file is signed with another key than the roots that are kept."
    return ""


def _kept(one: Checkpoint, kept: Sequence[Checkpoint]) -> Answer:
    mine = next((root for root in kept if root.day == one.day), None)
    if mine is None:
        return Answer(OPEN, (f"No root of {one.day} is kept here. Keep the one of that day first.",))
    if mine != one:
        return Answer(CONTRADICTED, (f"The root of {one.day} that is kept is another one: the record was rewritten.",))
    return Answer(HOLDS, (f"It stands in the record of {one.day}, under the root that is kept.",))
