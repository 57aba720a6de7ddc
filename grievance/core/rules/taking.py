"""What must hold while the office takes a case in hand: the restatement, the release, consents, attempts."""

from __future__ import annotations

from grievance.core import panel
from grievance.core.calendar import due
from grievance.core.errors import say
from grievance.core.procedure import SIDES, URGENT
from grievance.core.rules.rule import COMPLAINANT, Cap, Question, Wants, attempts_suffice, rule
from grievance.core.visibility import OFFICE, RELEASE

TWICE = 2
MANY = 10
"""So many people must have been able to write a restatement that one officer alone releases it. A proposal of ours."""


@rule(say("Write the restatement first."), wants=Wants(one_of=OFFICE))
def restated(q: Question) -> bool:
    return q.case.restated > 0


@rule(say("The restatement has not been released yet."), wants=Wants(one_of=OFFICE | COMPLAINANT, consent=True))
def restatement_released(q: Question) -> bool:
    return q.case.released_at is not None


@rule(
    say(
        "The restatement is on its way: it goes out at a moment drawn by lot, within two days or in the first two days of "
        "next week. Take the case after that."
    ),
    wants=Wants(one_of=OFFICE | COMPLAINANT, consent=True, free=True),
)
def release_arrived(q: Question) -> bool:
    return q.case.released_at is not None and q.at >= q.case.released_at


@rule(
    say("Fewer than ten people could have written it: a second officer has to confirm the release. Ask for one."),
    wants=Wants(free=True),
)
def many_could_have_written(q: Question) -> bool:
    return q.case.could_have_written >= MANY


@rule(say("Ten people or more could have written it: release it without a second officer."), wants=Wants(free=True))
def few_could_have_written(q: Question) -> bool:
    return q.case.could_have_written < MANY


@rule(say("A second officer is asked already."), wants=Wants(free=True))
def second_not_asked(q: Question) -> bool:
    return not q.case.second_asked


@rule(say("Nobody asked for a second officer."), wants=Wants(one_of=OFFICE))
def second_was_asked(q: Question) -> bool:
    return bool(q.case.second_asked)


@rule(
    say(
        "You asked for a second officer, so somebody else answers. If you are the only one, ask an administrator to add "
        "an officer, or write the restatement so that ten people or more could have written it."
    ),
    wants=Wants(free=True),
)
def asked_by_another(q: Question) -> bool:
    return q.case.second_asked != q.actor.person


@rule(say("Somebody else asked for a second officer."), wants=Wants(free=True))
def asked_by_me(q: Question) -> bool:
    return q.case.second_asked == q.actor.person


@rule(say("The restatement is released; it does not change any more."), wants=Wants(free=True))
def not_released(q: Question) -> bool:
    return q.case.released_at is None or q.case.reopened


@rule(
    say("No respondent is named. Do the triage and choose the site first."),
    wants=Wants(one_of=OFFICE | frozenset({*SIDES, "chair"})),
)
def respondent_named(q: Question) -> bool:
    return bool(q.case.respondents) and bool(q.case.issues)


@rule(say("The complainant has not agreed that the factory learns what happened."), wants=Wants(consent=True))
def consent_to_release(q: Question) -> bool:
    return q.case.consents.get(RELEASE, False)


@rule(say("The complainant agreed to the release: take the case instead."), wants=Wants(consent=False))
def no_consent_to_release(q: Question) -> bool:
    return not q.case.consents.get(RELEASE, False)


@rule(say("The complainant has not agreed that you act at once."), wants=Wants(free=True))
def consent_urgent(q: Question) -> bool:
    return q.case.consents.get("urgent", False)


@rule(say("Without the complainant’s consent only where life is in danger."), wants=Wants(free=True))
def consent_or_danger(q: Question) -> bool:
    return q.case.consents.get("urgent", False) or q.case.lane == "U1"


@rule(say("Protection was not missed here."), wants=Wants(free=True))
def protection_was_missed(q: Question) -> bool:
    return "protection" in q.case.marks


@rule(say("The complainant has not agreed to a joint case."), wants=Wants(free=True))
def consent_join(q: Question) -> bool:
    return q.case.consents.get("join", False)


@rule(say("The complainant has not agreed that the state gets the file."), wants=Wants(free=True))
def consent_statutory(q: Question) -> bool:
    return q.case.consents.get("statutory", False)


@rule(
    say("It was made urgent twice already. Write to the officer."),
    wants=Wants(free=True),
    cap=Cap(2, frozenset({"raise_urgent"})),
)
def raised_less_than_twice(q: Question) -> bool:
    return q.case.moved.get("raise_urgent", 0) < TWICE


@rule(say("The complainant has not agreed to a referral."), wants=Wants(free=True))
def consent_referral(q: Question) -> bool:
    return q.case.consents.get("referral", False)


@rule(say("Three attempts on different days and by two channels are not recorded."), wants=Wants(one_of=OFFICE))
def attempts_made(q: Question) -> bool:
    return attempts_suffice(q.case.attempts)


@rule(
    say("The complainant was asked twice already."), wants=Wants(free=True), cap=Cap(2, frozenset({"ask_information"}))
)
def asked_less_than_twice(q: Question) -> bool:
    return q.case.moved.get("ask_information", 0) < TWICE


@rule(say("In an urgent case nothing waits for an answer. Write a message, and go on."), wants=Wants(free=True))
def standard_lane(q: Question) -> bool:
    return q.case.lane not in URGENT


@rule(say("This was taken back once already."), wants=Wants(free=True), cap=Cap(1, frozenset({"take_back"})))
def not_taken_back_before(q: Question) -> bool:
    return q.case.moved.get("take_back", 0) < 1


@rule(say("Two sides have not agreed."), wants=Wants(sides=2, free=True))
def two_sides_agree(q: Question) -> bool:
    return panel.sides_agreeing(q.case, "propose_rejection") >= panel.TWO_SIDES


@rule(say("It is too late to open it again. You can file a new complaint."), wants=Wants(free=True))
def reopen_window(q: Question) -> bool:
    ended = q.case.ended_at
    return ended is not None and q.at < due(q.procedure.reopen_within, ended, q.calendar)
