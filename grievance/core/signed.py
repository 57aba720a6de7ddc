"""The text that a seat of the panel signs: made from the entry alone, so that whoever holds the entry can make it again.

Reasons stand in it by their commitment, which the ledger holds: so the signature stays good when a text is erased, and the
text, where somebody has it, is held against the commitment.
"""

from __future__ import annotations

import hashlib

from grievance.core.events import Decided, PositionTaken

FORMAT = "grievance-signed-2"
FORMATS = {FORMAT: "salt", "grievance-signed-1": "mark"}
"""What the last line is called, of now and of before. To people the mark is the hash that they compare, and nothing else."""
POSITION, DECISION = "position", "decision"


def text(ref: str, seq: int, event: PositionTaken | Decided, seat: int, salt: str, form: str = FORMAT) -> str:
    """Lines of plain text. `seq` and `event` are the entry that is signed; `salt` (hex) is of nobody else's making.

    Without it whoever reads the hash in a letter could try the few outcomes that there are.
    """
    if isinstance(event, PositionTaken):
        what, told = POSITION, [f"stage: {event.stage}"]
    else:
        dissent = ", ".join(str(no) for no in event.dissent) or "none"
        what, told = DECISION, [f"decided: {event.how}", f"seats that thought otherwise: {dissent}"]
    lines = [form, f"case: {ref}", f"entry: {seq}", f"{what} of seat: {seat}", *told]
    lines += [f"issue {no}: {event.outcomes[no]}" for no in sorted(event.outcomes)]
    lines += [f"{name}: {event.words[name]}" for name in sorted(event.words)]
    return "\n".join((*lines, f"{FORMATS[form]}: {salt}")) + "\n"


def digest(said: str) -> bytes:
    """SHA-256 of the text in UTF-8: what is mailed, shown, and signed as the challenge of a passkey."""
    return hashlib.sha256(said.encode()).digest()


def shown(digest: bytes) -> str:
    """The hash as letter and page show it: hex in groups of eight, so that two people can read it to each other."""
    whole = digest.hex()
    return " ".join(whole[at : at + 8] for at in range(0, len(whole), 8))
