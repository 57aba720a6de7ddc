"""What must hold while the parties answer, ask for more time, mediate and settle."""

from __future__ import annotations

from grievance.core.errors import say
from grievance.core.rules.rule import PARTIES, Cap, Question, Wants, rule

EXPLICIT_WISH = frozenset({"violence", "child", "forced"})
"""Categories that mediation needs the survivor's express wish for (procedures, s. 1.2, note on `mediation_open`)."""


MEDIATING = frozenset({"start_mediation", "finish_facts"})
"""Moves that lead to mediation, which is tried once."""


@rule(say("No more time can be given here."), wants=Wants(free=True))
def extension_left(q: Question) -> bool:
    extension = q.procedure.stages[q.case.stage].may_extend(q.case.lane)
    clock = q.case.stage_clock
    return extension is not None and clock is not None and clock.extended < extension.times and q.at < clock.due_at


@rule(say("Nobody asked for more time here."), wants=Wants(free=True))
def time_asked(q: Question) -> bool:
    return bool(q.case.said.get("ask_time"))


@rule(say("The other side got no more time, so there is none to match."), wants=Wants(free=True))
def other_had_time(q: Question) -> bool:
    return q.case.moved.get("give_time", 0) > 0


@rule(say("Your answer is in."), wants=Wants(free=True))
def answer_missing(q: Question) -> bool:
    return q.actor.seat not in q.case.answers


@rule(say("Not everybody who was complained about has answered."), wants=Wants(all_of=frozenset({"respondent"})))
def all_answered(q: Question) -> bool:
    return q.case.answered


@rule(say("Nobody who was complained about has answered."), wants=Wants(one_of=frozenset({"respondent"}), free=True))
def somebody_answered(q: Question) -> bool:
    return bool(q.case.answers)


@rule(say("Several are complained about: answer issue by issue, and accept there."), wants=Wants(free=True))
def answers_alone(q: Question) -> bool:
    """Whether it depends on what others answered would tell what they answered, so it does not."""
    return len(q.case.seated("respondent")) <= 1


@rule(
    say("Mediation is not open here: it was tried, a party did not take part, or the matter forbids it."),
    wants=Wants(all_of=PARTIES, free=True),
    cap=Cap(1, MEDIATING),
)
def mediation_open(q: Question) -> bool:
    case = q.case
    touchy = {issue.category for issue in case.issues} & EXPLICIT_WISH
    took_part = case.answered and case.moved.get("submit_reply", 0) > 0
    return (
        took_part
        and not any(case.moved.get(name) for name in MEDIATING)
        and case.consents.get("mediation", True)
        and not (touchy and not case.consents.get("mediation", False))
    )


@rule(say("Every party must name the same mediator."), wants=Wants(all_of=PARTIES, free=True))
def both_agree(q: Question) -> bool:
    named = [q.case.mediators.get(seat.no) for seat in q.case.parties]
    return bool(named) and None not in named and len(set(named)) == 1


@rule(say("Every party must agree to more time."), wants=Wants(all_of=PARTIES, free=True))
def both_agree_extension(q: Question) -> bool:
    return q.case.all_spoke("agree_extension")


@rule(
    say("The panel has read it already."),
    wants=Wants(free=True),
    cap=Cap(1, frozenset({"open_views", "start_mediation", "call_decision"})),
)
def not_yet_reviewed(q: Question) -> bool:
    return not any(q.case.moved.get(name) for name in ("open_views", "start_mediation", "call_decision"))
