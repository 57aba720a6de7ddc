"""Who may see what of a case: one question for each kind of thing, asked by every view, answered from the case alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from grievance.core.case import Case, changed
from grievance.core.deadlines import SideClock
from grievance.core.events import CLOCK
from grievance.core.matters import Evidence
from grievance.core.procedure import Move, Procedure
from grievance.core.purchasing import ORDER_REASONS, shown_together
from grievance.core.tracks import FILED_BY

OFFICE = frozenset({"officer", "relief"})
PANEL = frozenset({"panel", "neutral"})
ALONE = "outside"
"""Who decides in place of the panel, and reads what it reads."""

INSIDE = OFFICE | PANEL | {"mediator", ALONE}

OUTSIDE = frozenset({"respondent", "brand"})
"""Who is complained about, and who buys there."""

NAMED = "named"
"""The anonymity of somebody who wants everybody in the case to know who they are."""

APART = frozenset({"respondent"})
"""Roles of which several organisations can hold a seat each, and answer each for itself."""

RELEASE = "restatement_to_respondent"
"""The consent without which nothing that was restated goes out."""

SHARE = "evidence_share"
"""The consent without which nothing that the complainant sent is shown to the parties and the panel."""

NAME = "name"
"""The consent that goes with it; it can be taken back, and what somebody has read already stays read."""

SETTLED = "settled"
"""How a case was decided when the parties agreed to a text."""

ASIDE = "aside"
"""What a move asks that is for the mediator alone."""

RETALIATION = "retaliation"
"""What a report opens that somebody is punished for having complained."""

MEETING = frozenset({"complainant", "respondent", "mediator"}) | OFFICE
"""Who learns of sessions with the mediator: what happens there is not for the panel."""

OWN_WORDS = frozenset({"complainant"}) | OFFICE
"""Who reads what is kept in the compartment words."""

CUSTODIAN = "custodian"
"""The role of whoever is asked whether a name may be read: they read the request, and nothing of the case."""


def sees_restatement(role: str, case: Case) -> bool:
    """The office always, everybody else in the matter once it is released, the panel before where it has to look at it.

    Whoever sat when the case went on the first time has to do with what is new in it when it is asked, or when it is out.
    A factory or an association that complains about a brand releases it word by word, so it reads it before.
    """
    if role == CUSTODIAN:
        return False
    late = RELEASE in case.withdrawn and role in OUTSIDE | PANEL
    if role in OFFICE or (case.released_at is not None and not late):
        return True
    releases = role == "complainant" and FILED_BY.get(case.filer) == "employer"
    asked = (role in PANEL and case.turn in PANEL) or role == case.turn == ALONE
    return (asked or releases) and case.restated > 0


def sees_peer(role: str, actor_role: str, move: Move, case: Case, *, own: bool) -> bool:
    """Whether somebody of one's own role is seen as oneself is: an organisation beside another as little as a stranger.

    What one respondent answered the others read once nobody's answer is waited for any more: so nobody leans on it.
    """
    if own or role != actor_role or role not in APART:
        return role == actor_role
    return "answer" in move.does and not case.awaited


def sees_move(
    role: str, move: Move, actor_role: str, case: Case, at: datetime, *, between: bool, own: bool = False
) -> bool:
    """Whether a line of the timeline is shown: one's own moves, what one is told, nearly everything to the office.

    `between`: it is one of `Procedure.between`. Whoever may have to decide later is not to know what somebody would have
    given for peace, of the one side as little as of the other.
    """
    told = role in move.tells or (role == ALONE and "panel" in move.tells)
    if sees_peer(role, actor_role, move, case, own=own) or told or role in OFFICE:
        return True
    if ASIDE in move.asks or (between and role in PANEL | {ALONE}):  # that somebody wrote aside is not even told
        return False
    if move.opens == RETALIATION:  # people of the other side sit here, too: it would come to whoever punishes
        return False
    if role in INSIDE:
        return sees_moment(role, at, case) and actor_role != "complainant" and "consent" not in move.does
    return False


def sees_text(
    role: str, kept: str, move: Move | None, actor_role: str, case: Case, *, own: bool = False, said: int = 0
) -> bool:
    """Whether a text kept there, written with this move by that role, may be read; positions are asked separately.

    `own`: written from the reader's own seat. `said`: its entry. What was written to the mediator alone was written to a
    person: whoever mediates after them does not read it.
    """
    if kept == "mediation":
        return own or (role == "mediator" and said > case.confided)
    if kept in ("identity", "contact"):  # the office reads these on pages of their own, each time with an entry
        return role == "complainant"
    if kept == "words":
        return role in OWN_WORDS
    if kept == "notes":
        return role in OFFICE
    if kept == "exchange" and move is not None:
        return sees_peer(role, actor_role, move, case, own=own) or role in move.tells or role in INSIDE
    return False


def sees_answers(role: str, case: Case, *, own: bool) -> bool:
    """What one respondent answered to each issue: whoever reads at all, another respondent once all answers are in."""
    if role == "respondent":
        return own or not case.awaited
    return sees_restatement(role, case)


def sees_evidence(role: str, seat: int, piece: Evidence, case: Case) -> bool:
    """The complainant and the office all files; others what a party sent or an officer released, once they read at all.

    Of several respondents none sees what another sent before all answers are in, as with the answers themselves.
    """
    if piece.erased:
        return False
    if role in OWN_WORDS or (piece.shared and seat == piece.seat):
        return True
    if piece.role == "complainant" and SHARE in case.withdrawn:
        return False
    if role in APART and role == piece.role and seat != piece.seat and case.awaited:
        return False
    return piece.shared and sees_restatement(role, case)


def sees_original(role: str, seat: int, piece: Evidence) -> bool:
    """That the original of a file was taken out: the complainant and the office, and whoever sent it."""
    return role in OWN_WORDS or (seat > 0 and seat == piece.seat)


def sees_position(role: str, seat: int, mine: int, case: Case, *, said: int | None = None) -> bool:
    """A panellist's own at once, the panel's when the views are open, the parties' when the panel has decided.

    A settlement is the parties' own: it opens nothing of what the panel thought. Nor does the first decision open what others
    think of it on appeal, before they have decided; nor a later one what was thought of a case that ended without any,
    before it was opened again. `said`: the entry in which it was said; None for what counts now.
    """
    if said is not None and said <= case.unopened:
        return seat == mine
    if case.decided and case.decided != SETTLED and seat not in case.anew:
        return True
    return seat == mine or (role in PANEL and case.views_open)


def sees_count(role: str, case: Case) -> bool:
    """How many still complain together: the office, they themselves, and the panel once it reads the restatement."""
    return role in OWN_WORDS or (role in PANEL and sees_restatement(role, case))


def sees_members(role: str) -> bool:
    """Who sits on the panel, by name: those inside. The parties read sides, so that nobody is leant on."""
    return role in OFFICE | PANEL


def sees_link(role: str, *, seated: bool) -> bool:
    """Another case that belongs to this one: the office, and of the office only who is `seated` in the other too."""
    return role in OFFICE and seated


def sees_pool(role: str, case: Case, pooled: tuple[int, int] | None) -> bool:
    """How many members stand together, and what the largest has: whoever filed; all others where it singles nobody out."""
    return role == "complainant" or (shown_together(pooled) and sees_restatement(role, case))


def sees_orders(role: str, case: Case) -> bool:
    """How orders changed: whoever filed and the office; who is asked about it and the panel once there is an alarm."""
    return role in OWN_WORDS or bool(case.alarm)


def sees_name(role: str, case: Case) -> bool:
    """Who complained: they themselves; and where they chose to be known, and did not take it back, whoever is in the case.

    Others than the office not before it is released and taken: until then there is nobody who would have to know it. Any
    other name the office reads only where two people agreed to it (`casework.words.custody`).
    """
    if role == "complainant":
        return True
    taken = case.released_at is not None and bool(case.seated("respondent", "brand"))
    return case.anonymity == NAMED and case.consents.get(NAME, True) and (taken or role in OFFICE)


def as_it_was_for(case: Case, seats: Iterable[int]) -> Case:
    """The case for whoever holds these seats: a consent that was taken back holds for those who sat there before.

    What they have read stays read; whoever came later gets nothing that rests on it. A case that did not pass here shows
    everybody what it shows those. Whoever of the panel was asked since, and said what they think, has read the text for that.
    """
    mine = frozenset(seats)
    asked = {RELEASE} if mine & set(case.positions) else set()
    late = {
        scope: since
        for scope, since in case.withdrawn.items()
        if scope not in asked and all(seat >= since for seat in mine)
    }
    return case if late == case.withdrawn else changed(case, withdrawn=late)


def sees_party_names(role: str, case: Case) -> bool:
    """The factory and its buyers are named to whoever may read the restatement."""
    return sees_restatement(role, case) or role in OFFICE


def sees_opened_again(role: str, case: Case) -> bool:
    """That a case was opened again: those outside when they are asked something in it, and until then they see its end.

    When they read that it goes on would else be the day, and to whoever looks each minute the minute, at which somebody
    came back to it.
    """
    return role not in OUTSIDE or not case.unsaid


def read_outside(case: Case) -> bool:
    """Whether somebody outside can have read what is released: they sit in the case, and know that it goes on."""
    return bool(case.seated(*OUTSIDE)) and not case.unsaid


def sees_day_of_filing(role: str) -> bool:
    """The others read the week: the day of filing can show who it was."""
    return role in OWN_WORDS


def sees_moment(role: str, at: datetime, case: Case) -> bool:
    """Whether a date may be shown: before the release it tells the day of filing, to the day where the clock moved."""
    if role == CUSTODIAN:
        return False
    return role in OWN_WORDS or (case.released_at is not None and at >= case.released_at)


def sees_side_clock(role: str, side: SideClock) -> bool:
    """A clock beside the stages began before the release: it is shown to those it tells, and to the complainant.

    One that tells after the end is not shown to whom it tells: then they would know before.
    """
    return role in OWN_WORDS or (role in side.tells and not side.after_end)


def sees_end(role: str, case: Case, procedure: Procedure) -> bool:
    """Whether it may be shown how the case ended: while a clock has still to tell of it, to the complainant and the office."""
    waiting = (procedure.clocks.get(clock.name) for clock in case.clocks)
    return role in OWN_WORDS or not any(side and side.after_end for side in waiting)


def sees_mark(role: str, mark: str, case: Case) -> bool:
    """What weighs against the respondent: those who decide, the office, and the respondent, who can still say something.

    That a brand gave no reasons for a fall of orders is told to whoever asked for them as well.
    """
    return role in OFFICE | PANEL | {"respondent"} or (mark == ORDER_REASONS and sees_restatement(role, case))


def hides_actor(actor_role: str) -> bool:
    """The clock and the complainant are never shown by name."""
    return actor_role in (CLOCK, "complainant")
