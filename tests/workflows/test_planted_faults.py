"""Every check of the parser and of the proof bites: one small edit of the shipped file, the words and the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from grievance.core.effects import EFFECTS
from grievance.core.errors import Fault, Faulty
from grievance.core.lawbook import parse_procedure, read_lawbook
from grievance.core.proof import prove

WORKFLOWS = Path(__file__).parents[2] / "workflows"
TEXT = (WORKFLOWS / "kh/worker-1.toml").read_text()
CALENDAR = read_lawbook(WORKFLOWS).calendars["kh-factory"]

Edit = tuple[str, str, str, str]
"""A piece of the file after which to look, what stands there, what to plant instead, and the words of the fault."""


def after(anchor: str, old: str, new: str) -> tuple[str, int]:
    """The file with one piece replaced, and the line of the planted piece."""
    start = TEXT.index(anchor)
    at = TEXT.index(old, start)
    line = TEXT[:at].count("\n") + 1 + (len(old) - len(old.lstrip("\n")) if old.startswith("\n") else 0)
    return TEXT[:at] + new + TEXT[at + len(old) :], line


def faults_of(text: str) -> tuple[Fault, ...]:
    try:
        procedure = parse_procedure(text, "worker.toml")
    except Faulty as error:
        return error.faults
    return prove(procedure, CALENDAR).faults


def stage(name: str) -> str:
    return f"[stages.{name}]"


def move(name: str) -> str:
    return f'name  = "{name}"'


GRAMMAR: list[Edit] = [
    ("name ", '"kh/worker-1"', "kh", "This is not TOML"),
    ("country", "country", "land", 'Nothing reads "land" in the procedure'),
    ("[retention]", "after ", "aftr ", 'Nothing reads "aftr" in retention of the procedure: did you mean "after"?'),
    ("[retention]", '"24 months"', '"two years"', "Write a limit like"),
    (
        "[retention]",
        '"24 months"',
        '"12 months"',
        "A case can be opened again within 12 months, so its words are kept longer",
    ),
    ("[retention]", '"contact", ', "", "add contact."),
    ("[retention]", '"mediation"', '"exchange"', 'There is no compartment that can be erased "exchange"'),
    ("[retention]", "source ", "sorce ", 'No citation, no clock: retention of the procedure has no "source"'),
    (stage("triage"), "turn ", "trun ", 'Nothing reads "trun" in stage triage: did you mean "turn"?'),
    (move("admit"), "tells", "tell", 'Nothing reads "tell" in move admit: did you mean "tells"?'),
    (stage("triage"), '"officer"', '"oficer"', 'There is no turn "oficer": did you mean "officer"?'),
    (stage("triage"), '"officer"', '"nobody"', "stage triage is open, so it is somebody's turn"),
    (move("admit"), '"answer"', '"anser"', 'There is no stage "anser": did you mean "answer"?'),
    (move("admit"), '"triage"', '"triaage"', 'There is no stage "triaage": did you mean "triage"?'),
    ("start ", '"received"', '"recieved"', 'There is no stage "recieved": did you mean "received"?'),
    ("start ", '"received"', '"closed"', "A case cannot begin where it ends."),
    ("set_aside ", '"reject"', '"rejct"', 'There is no move "rejct": did you mean "reject"?'),
    ("set_aside ", '"reject"', '"pass_on"', "An officer sets aside, so pass_on must be an officer's move."),
    ("path ", '"reply"', '"replay"', 'There is no stage "replay"'),
    (
        "path ",
        '"verification", "aftercare", "closed"',
        '"verification", "aftercare"',
        "The path has one final stage, and it is the last.",
    ),
    ("path ", '"received", ', "", "The path begins where a case begins: received."),
    (move("admit"), '"officer"', '"oficer"', 'There is no role "oficer"'),
    (move("admit"), '"respondent", "brand"', '"clock", "brand"', 'There is no role that can be told "clock"'),
    (move("admit"), '"respondent_named"', '"os.system"', 'There is no rule "os.system"'),
    (move("admit"), '"restatement_released"', '"restatement_relased"', 'did you mean "restatement_released"?'),
    (move("admit"), '"reasons"', '"reason"', 'There is no ask "reason": did you mean "reasons"?'),
    (
        move("admit"),
        '"name_parties"',
        '"name_partys"',
        'There is no effect "name_partys": did you mean "name_parties"?',
    ),
    ("lanes ", '"U4"', '"U5"', 'There is no lane "U5"'),
    (stage("received"), "U1", "U7", 'There is no lane of this procedure "U7"'),
    ("sides ", ', "brands"', "", "The sides are equal parties, so all of them sit"),
    ("sides ", '"brands"', '"bands"', 'There is no side "bands": did you mean "brands"?'),
    (stage("decision"), '"neutral"]', '"nuetral"]', 'There is no seat "nuetral": did you mean "neutral"?'),
    (stage("answer"), '"presume"', '"presumed"', 'There is no consequence "presumed": did you mean "presume"?'),
    (stage("closed"), '"ended"', '"end"', 'There is no kind of final stage "end"'),
    ("[remedies]", "back_pay ", "bck_pay ", 'There is no remedy "bck_pay": did you mean "back_pay"?'),
    (stage("reply"), '"10 working days"', '"10 workdays"', 'Write a limit like "10 working days"'),
    (stage("reply"), '"1 working day before"', '"1 working day after"', 'Write it like "5 working days before"'),
    (stage("reply"), '"1 working day before"', '"8 days+ before"', "take the + away"),
    (move("pass_on"), '"pass_on"', '"acknowledge"', "There is a move acknowledge already, in line"),
    (move("pass_on"), '"pass_on"', '"pass.on"', '"pass.on" is no name'),
    (stage("closed"), 'final = "ended"', 'final = "ended"\nwithin = "3 days"', "is final: nothing is awaited there"),
    (stage("triage"), "late ", "# late ", 'stage triage has no "late"'),
    (stage("triage"), "within  =", "# within =", 'stage triage has no "within"'),
    (stage("triage"), "label ", "# label ", 'stage triage has no "label"'),
    (move("admit"), "by ", "# by ", 'move admit has no "by"'),
    (stage("panel_triage"), ', "end_unhandled"]', "]", "so it needs nothing: not"),
    (
        stage("panel_triage"),
        '["admit_by_clock", "end_unhandled"]',
        '["end_unhandled", "admit_by_clock"]',
        "are never made",
    ),
    (stage("reply"), '"go_on_without_reply"', '"submit_reply"', "The clock cannot make submit_reply"),
    (stage("reply"), '"go_on_without_reply"', '"presume_as_claimed"', "presume_as_claimed cannot start in reply"),
    (stage("reply"), '"go_on_without_reply"', '"go_on_without"', 'did you mean "go_on_without_reply"?'),
    (move("admit_by_clock"), '["name_parties"]', '["release"]', "The clock may not cause release"),
    (move("hand_to_panel"), 'by    = ["clock"]', 'by    = ["clock", "officer"]', "so it is by nobody else"),
    (move("end_unhandled"), 'by    = ["clock"]', 'by    = ["clock"]\nasks = ["reasons"]', "The clock answers nothing"),
    (move("confirm_remedy"), '["complainant"]', '["clock"]', "the clock speaks for nobody"),
    (move("extend"), '["triage"]', '["triage", "decision"]', "extend extends, but decision cannot be extended"),
    (move("extend"), '["officer"]', '["respondent"]', "is not by officer, who extends triage"),
    (move("take_view"), 'by    = ["panel"]', 'by    = ["panel"]\nwithin = "3 days"', "enters no stage that waits"),
    (move("open_views"), 'needs = ["all_views_in"]', "", "it would happen at once for ever"),
    (move("open_views"), 'needs = ["all_views_in"]', 'needs = ["all_views_in"]\nasks = ["reasons"]', "nobody answers"),
    (move("take_view"), '"outcomes", ', "", "take_view does position, so it has to ask outcomes"),
    ("[remedies]", "policy_change       =", "# policy_change =", "needs one here: policy_change"),
    ("[clocks.feedback]", '"pass_on",', '"pass",', 'There is no move "pass"'),
    ("[clocks.feedback]", "clocks.feedback", "clocks.triage", "A stage is called triage already."),
    (stage("triage"), 'who = "officer"', 'who = "oficer"', 'There is no role that extends "oficer"'),
    (stage("answer"), 'turn    = "respondent"', "turn    = 7", "turn is a text between quotes"),
    ("seats_per_side", "2", '"two"', "seats_per_side is a whole number"),
    ("in_force", "2025-01-01", '"2025-01-01"', "in_force is a date without quotes"),
]

LANGUAGE: list[Edit] = [
    (
        stage("urgent"),
        '"4 hours"',
        '"5 days"',
        "gives lane U1 5 days, and the standard 12 hours: an urgent lane is never",
    ),
    (stage("triage"), '"3 working days", U2', '"4 working days", U2', "an urgent lane is never slower"),
    (stage("triage"), 'in = "2 working days"', 'in = "2 working days before"', "Write a limit like"),
    (stage("triage"), 'tells = ["chair"]', 'tells = ["chairs"]', 'There is no role that can be told "chairs"'),
    (stage("triage"), ', in = "2 working days"', "", 'has no "in"'),
    (
        stage("reply"),
        "remind ",
        'rungs = [{ name = "late", label = "Late", in = "11 working days", tells = ["officer"] }]\nremind ',
        "late would ring after reply is due (10 working days)",
    ),
    (
        stage("reply"),
        "remind ",
        'rungs = [{ name = "late", label = "Late", in = "30 days", tells = ["officer"] }]\nremind ',
        "write it in the same unit, or as after",
    ),
    (
        stage("reply"),
        "remind ",
        'rungs = [{ name = "out", label = "Out", in = "1 day", tells = ["officer"], does = ["release"] }]\nremind ',
        "The clock may not cause release: out only tells.",
    ),
    (
        stage("remedy"),
        "remind ",
        'rungs = [{ name = "half", label = "Half", in = "1 day", tells = ["officer"] }]\nremind ',
        "does not count from entering",
    ),
    (stage("triage"), '{ info_wanted = "5', '{ info_wnted = "5', 'There is no stage "info_wnted"'),
    (
        stage("triage"),
        '{ info_wanted = "5',
        '{ rejected = "5',
        "The pause never ends: silence at rejected does not lead back to triage.",
    ),
    (
        stage("triage"),
        '{ info_wanted = "5',
        '{ info_wanted = "11',
        "gives 11 working days, more than the 10 working days of triage",
    ),
    (stage("info_wanted"), 'turn    = "complainant"', 'turn    = "officer"', "nobody pauses their own clock"),
    (move("ask_information"), ', "standard_lane"', "", "ask_information would pause an urgent case"),
    (
        "start_lane",
        'U1 = "urgent"',
        'U1 = "triage"',
        "An urgent case runs on real time: triage counts in hours in lane U1",
    ),
    ("start_lane", 'U1 = "urgent"', 'U1 = "urgnt"', 'There is no stage "urgnt": did you mean "urgent"?'),
    ("start_lane", 'U1 = "urgent"', 'U1 = "closed"', "A case cannot begin where it ends."),
    ("start_lane", 'U1 = "urgent"', 'U5 = "urgent"', 'There is no lane of this procedure "U5"'),
    ("path ", "path ", 'respondent = "employer"\npath ', 'did you mean "employers"?'),
    (
        stage("reply"),
        "source ",
        'consequence = "presume"\nsource ',
        "promises presume, but go_on_without_reply does not do presume",
    ),
    (move("presume_as_claimed"), 'from  = ["answer"]', 'from  = ["reply", "answer"]', "reply does not promise that"),
    (move("void_to_review"), 'does  = ["void"]', "", "promises void, but void_to_review does not do void"),
    (move("accept_claim"), 'asks  = ["settlement_text"]', "", "leads there without a text that could be"),
    (stage("mediation"), 'who = "parties"', 'who = "complainant"', "the parties do not extend it together"),
    (move("extend_mediation"), ', "both_agree_extension"', "", "it needs a rule that both agree"),
    (
        stage("verification"),
        'late    = "close_unverified"',
        'late    = "close_missed"',
        'There is no move "close_missed"',
    ),
    (
        move("close_unverified"),
        "by    =",
        'does = ["miss_remedies"]\nby    =',
        "promises only to tell, but close_unverified does",
    ),
    ("[clocks.feedback]", "within ", 'late = "pass_on"\nwithin ', "it tells, and never moves a case. Take late away."),
    (
        "[clocks.feedback]",
        "within ",
        'does = ["presume"]\nwithin ',
        "feedback is nobody's task, so nothing comes of silence",
    ),
    (
        "[clocks.brand_tasks]",
        "within ",
        'does = ["decide_alone"]\nwithin ',
        "The clock may not cause decide_alone: brand_tasks only tells",
    ),
    ("[clocks.brand_tasks]", 'wants   = "protect_instead"', 'wants   = "refuse"', 'There is no move "refuse"'),
    (
        "[clocks.court]",
        "within ",
        'wants = "record_attempt"\nturn = "officer"\nwithin ',
        "court is a task of ours, while a case is open",
    ),
    ("[clocks.feedback]", "within ", "statutory = true\nwithin ", "it counts from a date that is asked"),
    ("[clocks.feedback]", "within ", 'statutory = "yes"\nwithin ', "statutory is true or false"),
    (move("admit"), "by    =", 'opens = "proces"\nby    =', 'did you mean "process"?'),
]
"""What the words promise is what the moves do."""

CITATIONS: list[Edit] = [
    (stage("triage"), "source ", "# source ", 'No citation, no clock: stage triage has no "source"'),
    (stage("triage"), "checked ", "# checked ", 'does not say when its source was "checked"'),
    ("[clocks.feedback]", "source ", "# source ", 'No citation, no clock: clock feedback has no "source"'),
]

PROOF: list[Edit] = [
    (
        move("call_decision"),
        'to    = "decision"',
        'to    = "reply"',
        "Silence goes round for ever: reply → joint_review",
    ),
    (move("ask_information"), '"asked_less_than_twice", ', "", "officer and complainant can go round for ever"),
    (
        move("take_back"),
        'needs = ["not_taken_back_before"]',
        "",
        "can go round for ever: triage → rejected → panel_triage → referral",
    ),
    (
        move("dispute_remedy"),
        ', "disputed_less_than_twice"',
        "",
        "brand can go round for ever: verification → aftercare → leverage",
    ),
    (move("dispute_remedy"), '"disputed_less_than_twice"', '"asked_less_than_twice"', "caps nothing on dispute_remedy"),
    (move("extend"), 'needs = ["extension_left"]', "", "extend extends without end"),
    (move("withdraw"), 'from  = ["*"]', 'from  = ["received"]', "The complainant cannot withdraw at triage."),
    (move("reject_final"), 'to    = "not_admitted"', 'to    = "withdrawn"', "Only the complainant withdraws"),
    (move("reject_final"), 'to    = "not_admitted"', 'to    = "unhandled"', "Only the clock ends as our failure"),
    (move("reopen"), 'from  = ["final"]', 'from  = ["closed"]', "cannot open a case again that ended at unhandled"),
    (stage("reply"), "grace ", "# grace ", "reply and answer answer each other, but the time given is not the same"),
    (stage("reply"), '"5 working days", times = 1', '"5 working days", times = 2', "the time given is not the same"),
    (move("submit_reply"), 'by    = ["complainant"]', 'by    = ["brand"]', "there is no move for complainant"),
    (move("name_mediator"), '"complainant", ', "", "at mediator_choice, but there is no move for complainant"),
    (move("appeal"), '"complainant", ', "", "at appeal_window the complainant cannot ask other people to look again"),
    (
        stage("appeal"),
        '["fresh_panel", "fresh_neutral"]',
        '["panel", "neutral"]',
        "the respondent cannot ask other people",
    ),
    (
        move("ask_review"),
        'to    = "panel_triage"',
        'to    = "triage"',
        "the complainant cannot ask others than the office",
    ),
    (
        move("submit_answer"),
        '"complainant", ',
        "",
        "complainant is not told of what respondent writes with submit_answer",
    ),
    (move("plan_remedy"), '"complainant", ', "", "complainant is not told of what respondent writes with plan_remedy"),
    (
        move("remedied_in_part"),
        '"nothing_missed", "more_to_come"',
        '"nothing_missed"',
        "clock and respondent and brand can go round for ever: remedy → leverage",
    ),
    (
        move("raise_urgent"),
        'needs = ["raised_less_than_twice"]',
        "",
        "can go round for ever: triage → urgent → interim → triage",
    ),
    (move("send_back"), ', "not_sent_back_before"', "", "can go round for ever"),
    (
        move("end_undecided"),
        'to    = "statutory"',
        'to    = "decision"',
        "Silence goes round for ever: decision → neutral_decision",
    ),
    (
        stage("verification"),
        'seats   = ["panel"]',
        "",
        "(panel) has the turn at verification, but a case can come there",
    ),
    (move("turn_to_notice"), 'to    = "notified"', "", "No walk from received ever comes to notified."),
]

# Where the words stand elsewhere than at the planted piece, or at the head of its stage or move: a piece of that line.
ELSEWHERE = {
    "nobody pauses their own clock": 'paused_by = { info_wanted = "5 working days" }',
    "reply does not promise that": 'does  = ["presume"]',
    "promises void, but void_to_review does not do void": 'consequence = "void"',
    "leads there without a text that could be": 'consequence = "void"',
    "the parties do not extend it together": 'consequence = "consent"',
    "promises only to tell, but close_unverified does": 'consequence = "tell"',
    "is final: nothing is awaited there": 'within = "3 days"',
    "The clock answers nothing": 'asks = ["reasons"]',
    "enters no stage that waits": 'within = "3 days"',
    "it would happen at once for ever": 'at_once = ["open_views"]',
    "nobody answers": 'at_once = ["open_views"]',
    "Silence goes round for ever: reply → joint_review": 'late    = "go_on_without_reply"',
    "officer and complainant can go round for ever": 'to    = "triage"',
    "can go round for ever: triage → rejected → panel_triage → referral": 'to    = "triage"',
    "brand can go round for ever: verification → aftercare → leverage": 'to    = "',
    "extend extends without end": 'does  = ["extend"]',
    "The complainant cannot withdraw at triage.": "[stages.triage]",
    "Only the complainant withdraws": 'by    = ["panel"]',
    "Only the clock ends as our failure": 'by    = ["panel"]',
    "cannot open a case again that ended at unhandled": "[stages.unhandled]",
    "reply and answer answer each other, but the time given is not the same": 'within  = "10 working days"',
    "the time given is not the same": 'within  = "10 working days"',
    "there is no move for complainant": 'turn    = "complainant"',
    "at mediator_choice, but there is no move for complainant": 'turn    = "parties"',
    "at appeal_window the complainant cannot ask other people to look again": 'to    = "appeal_window"',
    "the respondent cannot ask other people": 'to    = "appeal_window"',
    "the complainant cannot ask others than the office": 'to    = "rejected"',
    "complainant is not told of what respondent writes with submit_answer": "tells = [",
    "complainant is not told of what respondent writes with plan_remedy": "tells = [",
    "clock and respondent and brand can go round for ever: remedy → leverage": 'to    = "remedy"',
    "can go round for ever: triage → urgent → interim → triage": 'to    = "',
    "can go round for ever": 'to    = "',
    "Silence goes round for ever: decision → neutral_decision": 'late    = "to_second_neutral"',
    "(panel) has the turn at verification, but a case can come there": 'turn    = "panel"',
    "No walk from received ever comes to notified.": "[stages.notified]",
}


@pytest.mark.parametrize("edit", [*GRAMMAR, *LANGUAGE, *CITATIONS, *PROOF], ids=lambda edit: edit[3][:60])
def test_a_planted_fault_is_found_where_it_is(edit: Edit) -> None:
    anchor, old, new, words = edit
    text, line = after(anchor, old, new)
    faults = faults_of(text)
    found = [fault for fault in faults if words in fault.text]
    assert found, [str(fault) for fault in faults]
    told = {text.splitlines()[fault.line - 1] for fault in found}
    if words in ELSEWHERE:
        assert any(ELSEWHERE[words] in one for one in told), told
    else:
        head = TEXT[: TEXT.index(anchor)].count("\n") + 1
        assert {line, head, head - anchor.startswith("name  =")} & {fault.line for fault in found}, (told, line)


UNDECIDED = (move("end_undecided"), 'to    = "statutory"', 'to    = "unhandled"')
"""As it would be if two silent neutrals were our failure: then others could bring a case there, too."""


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        (
            [UNDECIDED, (move("set_remedy"), 'by    = ["neutral"]', 'by    = ["respondent"]')],
            "(respondent) alone can bring a case to unhandled",
        ),
        (
            [UNDECIDED, (move("drop_remedy"), 'by    = ["neutral"]', 'by    = ["neutral", "panel"]')],
            "Workers (workers) alone can bring",
        ),
        (
            [UNDECIDED, (stage("neutral_decision"), '["second_neutral"]', '["neutral"]')],
            "Neutral person (neutral) alone can bring a case to",
        ),
        (
            [
                (stage("panel_triage"), '["admit_by_clock", "end_unhandled"]', '["end_unhandled"]'),
                (move("admit"), '"officer", "relief", "panel"', '"officer"'),
            ],
            "Case officer (officer) alone can bring a case to unhandled",
        ),
    ],
)
def test_whoever_could_bury_a_case_alone_is_named(edits: list[tuple[str, str, str]], words: str) -> None:
    text = TEXT
    for anchor, old, new in edits:
        at = text.index(old, text.index(anchor))
        text = text[:at] + new + text[at + len(old) :]
    found = [fault for fault in faults_of(text) if words in fault.text]
    assert found
    assert text.splitlines()[found[0].line - 1] == "[stages.unhandled]"


def test_all_faults_are_told_at_once() -> None:
    text = TEXT.replace('turn    = "respondent"', 'turn    = "respondant"').replace(
        '"answer_missing"', '"answr_missing"'
    )
    assert len(faults_of(text)) == 7  # four turns and three rules


def test_the_clock_discloses_and_decides_nothing() -> None:
    allowed = {name for name, effect in EFFECTS.items() if effect.clock}
    assert allowed == {
        "void",
        "name_parties",
        "presume",
        "open_views",
        "renew_dates",
        "miss_remedies",
        "mark_protection",
        "seat_alternates",
        "mark_adverse",
    }
