"""What must hold while the panel reads, takes positions and decides."""

from __future__ import annotations

from grievance.core import panel
from grievance.core.errors import say
from grievance.core.procedure import SIDES
from grievance.core.rules.rule import NEUTRALS, Cap, Question, Wants, rule


@rule(say("The first views are open already."), wants=Wants(free=True))
def views_still_closed(q: Question) -> bool:
    return not q.case.views_open


@rule(say("A view is missing."), wants=Wants(sides=3))
def all_views_in(q: Question) -> bool:
    return panel.all_in(q.case, "panel")


@rule(say("The three sides do not agree on every issue."), wants=Wants(sides=3, free=True))
def all_sides_agree(q: Question) -> bool:
    # A stage is entered with the first views on the table: agreeing means that somebody of each side said so here.
    return panel.sides_agreeing(q.case, "change_view") == len(q.procedure.sides) and panel.together(q.case) is not None


@rule(say("A position is missing."), wants=Wants(all_of=NEUTRALS, sides=3))
def all_positions_in(q: Question) -> bool:
    here = set(q.case.said.get("vote", ()))
    return panel.all_in(q.case, "panel", "neutral") and {s.no for s in q.case.seated("panel", "neutral")} <= here


@rule(say("It needs the neutral and at least one side."), wants=Wants(all_of=NEUTRALS, sides=1))
def decision_quorum(q: Question) -> bool:
    return bool(q.case.issues) and all(
        panel.NEUTRAL in cast and len(cast) >= panel.QUORUM
        for cast in (panel.votes(q.case, issue.no) for issue in q.case.issues)
    )


@rule(say("There is no majority that the neutral is part of."), wants=Wants(all_of=NEUTRALS, sides=1, free=True))
def majority_with_neutral(q: Question) -> bool:
    return panel.majority(q.case) is not None


@rule(say("The neutral has not taken a position yet."), wants=Wants(all_of=NEUTRALS))
def neutral_voted(q: Question) -> bool:
    return q.case.spoke("vote", "neutral") and panel.alone(q.case) is not None


@rule(say("An issue has no outcome."), wants=Wants(one_of=frozenset({*SIDES, "neutral"})))
def outcome_per_issue(q: Question) -> bool:
    return bool(q.case.issues) and any((panel.together(q.case), panel.majority(q.case), panel.alone(q.case)))


@rule(say("Nothing was upheld."), wants=Wants(free=True))
def something_upheld(q: Question) -> bool:
    return any(remedy.status == "ordered" for remedy in q.case.remedies)


@rule(say("Two sides have not asked for more time."), wants=Wants(sides=2, free=True))
def two_sides_ask_time(q: Question) -> bool:
    return panel.sides_agreeing(q.case, "ask_more_time_together") >= panel.TWO_SIDES


@rule(say("Two sides have not asked to send it back."), wants=Wants(sides=2, free=True))
def two_sides_send_back(q: Question) -> bool:
    return panel.sides_agreeing(q.case, "ask_to_send_back") >= panel.TWO_SIDES


@rule(say("It was sent back once already."), wants=Wants(free=True), cap=Cap(1, frozenset({"send_back"})))
def not_sent_back_before(q: Question) -> bool:
    return q.case.moved.get("send_back", 0) < 1


@rule(say("Nothing is upheld: decide without a remedy."), wants=Wants(free=True))
def votes_uphold(q: Question) -> bool:
    return any(outcome != "not_upheld" for outcome in (panel.majority(q.case) or {}).values())


@rule(say("Something is upheld: decide with a remedy."), wants=Wants(free=True))
def votes_uphold_nothing(q: Question) -> bool:
    return all(outcome == "not_upheld" for outcome in (panel.majority(q.case) or {}).values())
