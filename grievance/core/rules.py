"""What must hold before a move: each rule is a name, a question with yes or no, and the reason people read when it is no."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from grievance.core import panel
from grievance.core.calendar import Calendar, due
from grievance.core.case import Case
from grievance.core.errors import Said, say
from grievance.core.matters import Actor
from grievance.core.procedure import Move, Procedure

EXPLICIT_WISH = frozenset({"violence", "child", "forced"})
"""Categories that mediation needs the survivor's express wish for (procedures, s. 1.2, note on `mediation_open`)."""

ATTEMPTS, CHANNELS = 3, 2
"""Attempts to reach the complainant: three, on different days, by two channels (procedures, rule 11)."""


TWICE, TWO_SIDES = 2, 2


@dataclass(frozen=True, slots=True)
class Question:
    """A rule is asked about a case as it stands, the one who wants to move, and the moment."""

    case: Case
    procedure: Procedure
    calendar: Calendar
    actor: Actor
    at: datetime


@dataclass(frozen=True, slots=True)
class Rule:
    """`caps` marks a rule that can hold only a limited number of times in a case, so that a loop through it ends."""

    holds: Callable[[Question], bool]
    reason: Said
    caps: bool = False


RULES: dict[str, Rule] = {}


def rule(reason: Said, *, caps: bool = False) -> Callable[[Callable[[Question], bool]], Callable[[Question], bool]]:
    """Enter a function into the vocabulary under its own name."""

    def enter(holds: Callable[[Question], bool]) -> Callable[[Question], bool]:
        RULES[holds.__name__] = Rule(holds, reason, caps)
        return holds

    return enter


def why_not(question: Question, move: Move) -> Said | None:
    """None when the one who asks may make this move now, else the first reason why not."""
    case, procedure = question.case, question.procedure
    if move not in procedure.moves_from[case.stage]:
        return say("The case is not at a stage where this can be done.")
    if question.actor.role not in move.by:
        return say("This is for somebody else to do.")
    for name in move.needs:
        if not RULES[name].holds(question):
            return RULES[name].reason
    return None


@rule(say("Write the restatement first."))
def restated(q: Question) -> bool:
    return q.case.restated > 0


@rule(say("The restatement has not been released yet."))
def restatement_released(q: Question) -> bool:
    return q.case.released_at is not None


@rule(say("The restatement is released; it does not change any more."))
def not_released(q: Question) -> bool:
    return q.case.released_at is None


@rule(say("No respondent is named. Do the triage and choose the site first."))
def respondent_named(q: Question) -> bool:
    return bool(q.case.respondent) and bool(q.case.issues)


@rule(say("The complainant has not agreed that the factory learns what happened."))
def consent_to_release(q: Question) -> bool:
    return q.case.consents.get("restatement_to_respondent", False)


@rule(say("The complainant agreed to the release: take the case instead."))
def no_consent_to_release(q: Question) -> bool:
    return not q.case.consents.get("restatement_to_respondent", False)


@rule(say("The complainant has not agreed to a referral."))
def consent_referral(q: Question) -> bool:
    return q.case.consents.get("referral", False)


@rule(say("Three attempts on different days and by two channels are not recorded."))
def attempts_made(q: Question) -> bool:
    days = {day for day, _ in q.case.attempts}
    channels = {channel for _, channel in q.case.attempts}
    return len(days) >= ATTEMPTS and len(channels) >= CHANNELS


@rule(say("The complainant was asked twice already."), caps=True)
def asked_less_than_twice(q: Question) -> bool:
    return q.case.moved.get("ask_information", 0) < TWICE


@rule(say("This was taken back once already."), caps=True)
def not_taken_back_before(q: Question) -> bool:
    return q.case.moved.get("take_back", 0) < 1


@rule(say("The remedy was disputed twice already. Write to the officer."), caps=True)
def disputed_less_than_twice(q: Question) -> bool:
    return q.case.moved.get("dispute_remedy", 0) < TWICE


@rule(say("No more time can be given here."), caps=True)
def extension_left(q: Question) -> bool:
    extension = q.procedure.stages[q.case.stage].may_extend(q.case.lane)
    clock = q.case.stage_clock
    return extension is not None and clock is not None and clock.extended < extension.times and q.at < clock.due_at


@rule(say("Two sides have not agreed."))
def two_sides_agree(q: Question) -> bool:
    return panel.sides_agreeing(q.case, "propose_rejection") >= TWO_SIDES


@rule(say("The first views are open already."))
def views_still_closed(q: Question) -> bool:
    return not q.case.views_open


@rule(say("Your answer is in."))
def answer_missing(q: Question) -> bool:
    return not q.case.answered


@rule(say("A view is missing."))
def all_views_in(q: Question) -> bool:
    return panel.all_in(q.case, "panel")


@rule(say("The three sides do not agree on every issue."))
def all_sides_agree(q: Question) -> bool:
    # A stage is entered with the first views on the table: agreeing means that somebody of each side said so here.
    return panel.sides_agreeing(q.case, "change_view") == len(q.procedure.sides) and panel.together(q.case) is not None


@rule(say("A position is missing."))
def all_positions_in(q: Question) -> bool:
    here = set(q.case.said.get("vote", ()))
    return panel.all_in(q.case, "panel", "neutral") and {s.no for s in q.case.seated("panel", "neutral")} <= here


@rule(say("It needs the neutral and at least one side."))
def decision_quorum(q: Question) -> bool:
    return bool(q.case.issues) and all(
        panel.NEUTRAL in cast and len(cast) >= panel.QUORUM
        for cast in (panel.votes(q.case, issue.no) for issue in q.case.issues)
    )


@rule(say("There is no majority that the neutral is part of."))
def majority_with_neutral(q: Question) -> bool:
    return panel.majority(q.case) is not None


@rule(say("The neutral has not taken a position yet."))
def neutral_voted(q: Question) -> bool:
    return q.case.spoke("vote", "neutral") and panel.alone(q.case) is not None


@rule(say("An issue has no outcome."))
def outcome_per_issue(q: Question) -> bool:
    return bool(q.case.issues) and any((panel.together(q.case), panel.majority(q.case), panel.alone(q.case)))


@rule(say("An issue that is upheld has no remedy on the table, or a remedy has no date."))
def remedies_dated(q: Question) -> bool:
    outcomes = panel.majority(q.case) or panel.together(q.case) or panel.alone(q.case) or {}
    upheld = {no for no, outcome in outcomes.items() if outcome != "not_upheld"}
    return upheld <= {remedy.issue for remedy in q.case.remedies} and all(remedy.due for remedy in q.case.remedies)


@rule(say("Put at least one remedy with a date on the table first."))
def table_dated(q: Question) -> bool:
    return bool(q.case.remedies) and all(remedy.due for remedy in q.case.remedies)


@rule(say("There is no remedy on the table."))
def remedy_on_table(q: Question) -> bool:
    return any(remedy.status == "proposed" for remedy in q.case.remedies)


@rule(say("Mediation is not open here: it was tried, a party did not take part, or the matter forbids it."), caps=True)
def mediation_open(q: Question) -> bool:
    case = q.case
    touchy = {issue.category for issue in case.issues} & EXPLICIT_WISH
    took_part = case.answered and case.moved.get("submit_reply", 0) > 0
    return (
        took_part
        and case.moved.get("start_mediation", 0) == 0
        and case.consents.get("mediation", True)
        and not (touchy and not case.consents.get("mediation", False))
    )


@rule(say("Both must name the same mediator."))
def both_agree(q: Question) -> bool:
    named = q.case.mediators
    return bool(named.get("complainant")) and named.get("complainant") == named.get("respondent")


@rule(say("Both must agree to more time."))
def both_agree_extension(q: Question) -> bool:
    return q.case.spoke("agree_extension", "complainant") and q.case.spoke("agree_extension", "respondent")


@rule(say("Both must agree to the text."))
def both_agree_settlement(q: Question) -> bool:
    return q.case.spoke("agree_settlement", "complainant") and q.case.spoke("agree_settlement", "respondent")


@rule(say("The panel has read it already."), caps=True)
def not_yet_reviewed(q: Question) -> bool:
    return not any(q.case.moved.get(name) for name in ("open_views", "start_mediation", "call_decision"))


@rule(say("Nothing was upheld."))
def something_upheld(q: Question) -> bool:
    return any(remedy.status == "ordered" for remedy in q.case.remedies)


@rule(say("Every remedy is reported already."))
def remedy_open(q: Question) -> bool:
    return any(remedy.status in ("ordered", "missed") for remedy in q.case.remedies)


@rule(say("A remedy is still open."))
def all_items_reported(q: Question) -> bool:
    owed = [remedy for remedy in q.case.remedies if remedy.status != "proposed"]
    return bool(owed) and all(remedy.status == "reported" for remedy in owed)


@rule(say("Two sides have not verified every remedy."))
def two_sides_verified(q: Question) -> bool:
    return panel.sides_that_saw(q.case) >= TWO_SIDES


@rule(say("The complainant has not confirmed it."))
def complainant_confirmed(q: Question) -> bool:
    return q.case.spoke("confirm_remedy", "complainant")


@rule(say("The time in which it can be opened again is over. You can file a new complaint."))
def reopen_window(q: Question) -> bool:
    ended = q.case.ended_at
    return ended is not None and q.at < due(q.procedure.reopen_within, ended, q.calendar)
