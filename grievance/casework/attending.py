"""An officer files for somebody who came, telephoned or wrote on paper; the number is theirs, and we do not keep it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from grievance.casework import filing, wording
from grievance.casework.desk import Desk, Lent, Viewer
from grievance.casework.entries import entered
from grievance.casework.filing import Complaint
from grievance.casework.finding import find_seat
from grievance.core.attending import AGREED, CAME, HANDED
from grievance.core.errors import UNANSWERED, Hidden, Invalid, Stale, or_hidden, say
from grievance.core.events import ReceiptHanded
from grievance.core.matters import Attended
from grievance.store import cases, ledger, people

OFFICER = ("officer",)


@dataclass(frozen=True, slots=True)
class Taken:
    """The case that was filed for somebody. `digits` is empty once the number was handed over."""

    ref: str
    seq: int
    digits: str = field(repr=False)


def programmes(desk: Desk, viewer: Viewer) -> dict[str, str]:
    """The programmes whose office the viewer works in, id → title. Raises Hidden where there is none."""
    bodies = {body.id for body in viewer.bodies}
    with desk.store.read() as tx:
        found = {one.id: one.title for one in people.programmes_open(tx) if one.office in bodies}
    if not found:
        raise Hidden
    return found


def file_for(
    desk: Desk, viewer: Viewer, programme: str, complaint: Complaint, attended: Attended, ticket: str
) -> Taken:
    """File in somebody's name; the same form sent twice makes one case, and shows the number until it is handed over.

    Raises Hidden for another office's programme, Invalid by field (came, agreed), and what `filing.file` raises.
    """
    if programme not in programmes(desk, viewer):
        raise Hidden
    for name, value, known in (("came", attended.came, CAME), ("agreed", attended.agreed, AGREED)):
        if value not in known:
            raise Invalid({name: UNANSWERED})
    said = replace(complaint, attended=replace(attended, person=viewer.person))
    arrived = filing.file(desk, programme, said, ticket)
    with desk.store.read() as tx:
        held = or_hidden(cases.by_receipt(tx, arrived.bearer.tag))
    return Taken(held.ref, held.case.seq, "" if held.case.handed else arrived.digits)


def hand_receipt(desk: Desk, viewer: Viewer, ref: str, how: str, *, seen: int) -> None:
    """Say that the complainant has the number now. Raises Hidden where nobody was helped, Stale, Invalid for `how`."""
    with desk.store.write() as tx:
        held, actor = find_seat(tx, viewer, ref, OFFICER)
        if held.case.attended is None:
            raise Hidden
        if how not in HANDED:  # only now: a stranger learns nothing from what is wrong with their form
            raise Invalid({"how": say("Say how you gave them the number. To see it once more, go back one page.")})
        if held.case.handed:
            return
        if held.case.seq < seen:
            raise Stale
        ledger.append(tx, [entered(desk, Lent(tx), held, actor, ReceiptHanded(how), wording.Draft())])
