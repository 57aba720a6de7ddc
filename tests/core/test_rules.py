"""Rules hold when they should: each is asked of a case that was played there, and each reason is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from grievance.core.case import Case
from grievance.core.lawbook import read_lawbook
from grievance.core.matters import Actor, Issue, Remedy, Seat
from grievance.core.rules import RULES, Question, why_not

LAWBOOK = read_lawbook(Path(__file__).parents[2] / "workflows")
WORKER = LAWBOOK.procedure("kh/worker-1@1")
NOON = datetime(2026, 3, 2, 5, tzinfo=UTC)
EMPTY = Case(id="case", stage="triage", lane="U3")


def holds(name: str, case: Case, at: datetime = NOON) -> bool:
    return RULES[name].holds(Question(case, WORKER, LAWBOOK.calendar_of(WORKER), Actor("officer", 2), at))


@pytest.mark.parametrize("name", RULES)
def test_every_rule_can_be_asked_of_an_empty_case_and_says_why(name: str) -> None:
    assert holds(name, EMPTY) in (True, False)
    assert str(RULES[name].reason).endswith(".")


TOOK_PART = replace(
    EMPTY,
    seats=(Seat(3, "respondent", "body", "factory"),),
    answers={3: {1: "contest"}},
    moved={"submit_reply": 1},
    consents={},
    issues=(Issue(1, "wages"),),
)


@pytest.mark.parametrize(
    ("case", "open_"),
    [
        (TOOK_PART, True),
        (replace(TOOK_PART, answers={}), False),
        (replace(TOOK_PART, moved={}), False),
        (replace(TOOK_PART, moved={"submit_reply": 1, "start_mediation": 1}), False),
        (replace(TOOK_PART, consents={"mediation": False}), False),
        (replace(TOOK_PART, issues=(Issue(1, "violence"),)), False),
        (replace(TOOK_PART, issues=(Issue(1, "child"),), consents={"mediation": True}), True),
        (replace(TOOK_PART, issues=(Issue(1, "wages"), Issue(2, "forced")), consents={}), False),
    ],
)
def test_mediation_is_open_only_where_it_may_be(case: Case, open_: bool) -> None:
    assert holds("mediation_open", case) is open_


@pytest.mark.parametrize(
    ("attempts", "made"),
    [
        ((("2026-03-01", "phone"), ("2026-03-02", "page"), ("2026-03-03", "page")), True),
        ((("2026-03-01", "phone"), ("2026-03-01", "page"), ("2026-03-03", "page")), False),
        ((("2026-03-01", "page"), ("2026-03-02", "page"), ("2026-03-03", "page")), False),
    ],
)
def test_three_attempts_on_three_days_by_two_channels(attempts: tuple[tuple[str, str], ...], made: bool) -> None:
    assert holds("attempts_made", replace(EMPTY, attempts=attempts)) is made


# asvs: 2.3.2
@pytest.mark.parametrize(
    ("rule", "move", "most"),
    [
        ("asked_less_than_twice", "ask_information", 2),
        ("not_taken_back_before", "take_back", 1),
        ("disputed_less_than_twice", "dispute_remedy", 2),
    ],
)
def test_caps_cap(rule: str, move: str, most: int) -> None:
    assert [holds(rule, replace(EMPTY, moved={move: times})) for times in range(4)] == [n < most for n in range(4)]


def test_silence_about_consent_is_no() -> None:
    assert not holds("consent_to_release", EMPTY)
    assert holds("no_consent_to_release", EMPTY)
    assert not holds("consent_referral", EMPTY)
    assert holds("consent_to_release", replace(EMPTY, consents={"restatement_to_respondent": True}))


def test_an_upheld_issue_needs_a_remedy_with_a_date() -> None:
    from tests.core.test_panel import UP, sides  # the same bench

    case = sides(UP, UP, UP, UP)
    assert not holds("remedies_dated", case)
    assert holds("remedies_dated", replace(case, remedies=(Remedy(1, 1, "apology", 1, due="2026-05-01"),)))
    assert not holds("remedies_dated", replace(case, remedies=(Remedy(1, 1, "apology", 1),)))


def test_reopening_ends_with_its_last_day() -> None:
    ended = replace(EMPTY, ended_at=datetime(2026, 5, 4, 2, tzinfo=UTC))
    assert holds("reopen_window", ended, datetime(2027, 5, 4, 16, 59, tzinfo=UTC))
    assert not holds("reopen_window", ended, datetime(2027, 5, 4, 17, tzinfo=UTC))
    assert not holds("reopen_window", EMPTY)


# asvs: 2.3.1
def test_the_first_reason_is_the_stage_then_the_role_then_the_rules() -> None:
    admit = WORKER.moves["admit"]
    question = Question(EMPTY, WORKER, LAWBOOK.calendar_of(WORKER), Actor("respondent", 3), NOON)
    elsewhere = replace(question, case=replace(EMPTY, stage="remedy"))
    assert str(why_not(elsewhere, admit)) == "The case is not at a stage where this can be done."
    assert str(why_not(question, admit)) == "This is for somebody else to do."
    question = replace(question, actor=Actor("officer", 2))
    assert str(why_not(question, admit)) == "The restatement has not been released yet."


def test_attempts_to_confirm_count_from_the_report() -> None:
    made = (("2026-03-01", "phone"), ("2026-03-02", "page"), ("2026-03-03", "page"))
    assert not holds("confirmation_attempted", replace(EMPTY, attempts=made, entered_at=NOON))
    assert holds("confirmation_attempted", replace(EMPTY, attempts=(*made, ("2026-03-04", "visit")), entered_at=NOON))
