"""Shows a viewer the files of a case: each under the viewer's own number, with what they may read of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from grievance.casework.sent import EvidenceView
from grievance.casework.showing.told import as_one
from grievance.core import events as e
from grievance.core.case import Case
from grievance.core.evidence import STATES, why_not_release
from grievance.core.matters import Actor
from grievance.core.procedure import ROLES
from grievance.core.visibility import sees_original, sees_text


class Exhibits:
    """Takes the entries about files in order. `numbers`: the viewer's number of each file that they may see."""

    def __init__(
        self, case: Case, mine: tuple[Actor, ...], body: Callable[[int, str], str], numbers: Mapping[int, int]
    ) -> None:
        self._case, self._mine, self._body, self.numbers = case, mine, body, numbers
        self._own = any(sees_text(actor.role, "words", None, "", case) for actor in mine)
        self._shown: dict[int, EvidenceView] = {}

    def shown(self) -> tuple[EvidenceView, ...]:
        return tuple(sorted(self._shown.values(), key=lambda piece: piece.no))

    def add(self, entry: e.Entry, event: e.EvidenceAdded) -> None:
        if event.no not in self.numbers:
            return
        piece = next(piece for piece in self._case.evidence if piece.no == event.no)
        readable = event.shared or self._own
        said = self._body(entry.seq, "caption_shared" if event.shared else "caption") if readable else ""
        self._shown[event.no] = EvidenceView(
            no=self.numbers[event.no],
            at=entry.at,
            kind=event.kind,
            size=event.size,
            who=ROLES[entry.actor.role],
            mine=as_one(self._mine, entry.actor),
            shared=piece.shared,
            caption=said,
            why_not_release=why_not_release(self._case, piece),
            why_not_open=STATES.get(piece.state),
        )

    def release(self, entry: e.Entry, event: e.EvidenceReleased) -> None:
        if event.no not in self._shown:
            return
        shown_as = self._body(entry.seq, "caption_shared")
        reason = self._body(entry.seq, "release_reason") if self._own else ""
        shown = replace(self._shown[event.no], shown_as=shown_as, reason=reason)
        self._shown[event.no] = shown if self._own else self._shown_then(shown, entry)

    def taken(self, event: e.OriginalTaken) -> int:
        """The number under which the viewer reads that this file was taken out as it was sent; 0 where they do not."""
        piece = next(piece for piece in self._case.evidence if piece.no == event.no)
        if any(sees_original(actor.role, actor.seat, piece) for actor in self._mine):
            return self.numbers.get(piece.no, piece.no)
        return 0

    def _shown_then(self, shown: EvidenceView, released: e.Entry) -> EvidenceView:
        """To the others the moment at which they were shown a file: the one at which it came can be that of the filing."""
        return replace(shown, at=released.at)
