"""What can be sent as evidence: which kinds of file, how large, how many, and when one may be shown to the parties."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from grievance.core.case import Case
from grievance.core.errors import Said, say
from grievance.core.events import Entry, EvidenceAdded, EvidenceReleased
from grievance.core.matters import Actor, Evidence
from grievance.core.visibility import OFFICE, OWN_WORDS, SHARE, read_outside, sees_evidence

MEGABYTE = 1024 * 1024
LARGEST = 10 * MEGABYTE
"""Bytes of one file. A photo of a phone has 2 to 6, ten minutes of speech 5, a video of a phone 1 a second or less."""
AT_ONCE = 5
IN_ALL = 30
"""Files that the complainant, or one organisation, or the office may add to one case. The three figures are our proposal."""

KINDS: Mapping[str, str] = {
    "jpeg": "Photo",
    "png": "Picture",
    "webp": "Picture",
    "pdf": "PDF document",
    "mp4": "Video",
    "m4a": "Recording",
    "mp3": "Recording",
    "ogg": "Recording",
}
"""A closed list; each is known by its first bytes, never by its name."""

PARTIES = frozenset({"respondent", "brand"})
ADDS = frozenset({"complainant"}) | OFFICE | PARTIES
"""Who may add files to a case."""

STATES: Mapping[str, Said] = {
    "waiting": say("It is here and safe. Our scanner for harmful files still has to look at it; come back later."),
    "harmful": say("Our scanner found something harmful in it, so nobody can open it. Send a photo of it instead."),
}
"""Why a file cannot be opened, by nobody."""


def adding(actors: Sequence[Actor]) -> Actor:
    """Of somebody's seats in a case the one from which they add files; the first where none does."""
    return next((actor for actor in actors if actor.role in ADDS), actors[0])


def numbers(actors: Sequence[Actor], case: Case, entries: Iterable[Entry]) -> Mapping[int, int]:
    """Of each file that these seats see: its number in the case → the number that they are told.

    Others than the complainant and the office count what they see, in the order in which they were shown it: a gap in the
    case's own numbers would tell a factory that sends a file each minute in which of them somebody else sent one.
    """
    seen = [piece.no for piece in case.evidence if any(sees_evidence(a.role, a.seat, piece, case) for a in actors)]
    if any(actor.role in OWN_WORDS for actor in actors):
        return {no: no for no in seen}
    since = {
        entry.event.no: entry.seq
        for entry in entries
        if isinstance(entry.event, EvidenceReleased) or (isinstance(entry.event, EvidenceAdded) and entry.event.shared)
    }
    return {no: told for told, no in enumerate(sorted(seen, key=lambda no: since.get(no, 0)), 1)}


def why_not_add(case: Case, actor: Actor) -> Said | None:
    """Why somebody cannot add a file now, or None."""
    if case.erased_at is not None:
        return say("The words and files of this case are erased. Nothing is added to it any more.")
    if actor.role not in ADDS:
        return say("Only the complainant, the parties and the case office add files.")
    if not case.open:
        return say("The case is over. Open it again first, then add files.")
    if room(case, actor) <= 0:
        return say(
            "There are {most} files from you already. Write to the case officer if another one matters.", most=IN_ALL
        )
    return None


def room(case: Case, actor: Actor) -> int:
    """How many more files may be added from this seat; officers share theirs."""
    if actor.role in OFFICE:
        return IN_ALL - sum(piece.role in OFFICE for piece in case.evidence)
    return IN_ALL - sum(piece.seat == actor.seat for piece in case.evidence)


def why_not_release(case: Case, piece: Evidence) -> Said | None:
    """Why a file of the complainant or of the office cannot be shown to the parties and the panel now, or None."""
    if piece.state:
        return STATES[piece.state]
    if piece.shared:
        return say("The parties and the panel see it already.")
    if piece.role == "complainant" and not case.consents.get(SHARE):
        return say("The complainant has not agreed that the parties may see what they sent. Ask them first.")
    if case.released_at is None:
        return say("The parties are told nothing yet. Release the restatement first.")
    if not read_outside(case):  # and the consent can still be taken back
        return say("The parties are told nothing yet. Take the case first.")
    return None
