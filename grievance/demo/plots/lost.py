"""Numbers that were lost: somebody files again, and the office hands the first complaint on to the new number."""

from __future__ import annotations

from collections.abc import Callable

from grievance.casework import handing, linking
from grievance.demo import stories as s
from grievance.demo.staging import Stage, viewer_of
from grievance.demo.tales import OFFICE, Tale

FIRST, SECOND = "sophea", "rith"
"""Two officers: neither does it alone."""


def play(stage: Stage) -> dict[str, Tale]:
    """Plans two of them; returns those whose receipts are shown to visitors, by what they show."""
    before, _ = _filed_again(stage, s.MATERNITY, 12, announced=2)
    first, new = _filed_again(stage, s.DEDUCTION, 17, announced=10.5)
    stage.plan(3, _step(first, new, SECOND, "hand", "Called the number that she gave. She knew the line and the week."))
    return {
        "a number that another one is to replace: this can be stopped": before,
        "a number that was lost: what it opened, another one opens": first,
        "the number that opens two complaints, its own and the first one": new,
    }


def _filed_again(stage: Stage, matter: s.Matter, ago: float, *, announced: float) -> tuple[Tale, Tale]:
    """The first complaint, `ago` days ago, and the same again five days later, whose number is to open both."""
    first, again = Tale(stage, matter).filed(ago).taken(ago - 3), Tale(stage, matter).filed(ago - 5)
    again.scene(ago - 6, "officer", "acknowledge", greeting="យើងបានអានហើយ។")

    def link() -> None:
        seen = first.view(viewer_of(FIRST), OFFICE).seq
        why = "She lost the receipt and filed again: the same line, the same week."
        linking.link(stage.desk, viewer_of(FIRST), first.ref, again.ref, "later", why, seen=seen)

    stage.plan(announced + 0.1, link)
    stage.plan(
        announced, _step(first, again, FIRST, "announce", "She told on the telephone what stands in the first one.")
    )
    return first, again


def _step(first: Tale, again: Tale, officer: str, what: str, why: str) -> Callable[[], None]:
    def act() -> None:
        seen = first.view(viewer_of(officer), OFFICE).seq
        handing.act(first.stage.desk, viewer_of(officer), what, first.ref, again.ref, why, seen=seen)

    return act
