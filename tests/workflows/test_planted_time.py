"""How time runs is checked too: limits that count from a move, tasks, and what is told after the end; words and line."""

from __future__ import annotations

import pytest

from tests.workflows.test_planted_faults import TEXT, Edit, after, faults_of, move, stage

MEDIATION, TOLD, TASK = stage("mediation"), "[clocks.withdrawal_told]", "[clocks.brand_tasks]"
LIST = 'counts  = ["agree_mediator", "appoint_by_lot"]'

COUNTED: list[Edit] = [
    (
        MEDIATION,
        '"appoint_by_lot"',
        '"apoint_by_lot"',
        'There is no move "apoint_by_lot": did you mean "appoint_by_lot"?',
    ),
    (MEDIATION, LIST, "counts  = []", "counts of stage mediation is empty"),
    (MEDIATION, LIST, 'counts  = ["agree_mediator", "agree_mediator"]', '"agree_mediator" stands twice in counts.'),
    (MEDIATION, LIST, 'counts  = "agree_mediator"', 'There is no way of counting "agree_mediator"'),
    (
        MEDIATION,
        LIST,
        'counts  = ["close"]',
        "mediation counts from close, but no walk makes close before it comes to mediation.",
    ),
    (
        MEDIATION,
        LIST,
        'counts  = ["hold_session", "close_verified"]',
        "no walk makes close_verified before it comes to mediation.",
    ),
    (
        MEDIATION,
        LIST,
        'counts  = ["submit_reply"]\nrungs = [{ name = "half", label = "Half", in = "1 day", tells = ["officer"] }]',
        "mediation does not count from entering, so its rungs have no time of their own.",
    ),
    (
        stage("reply"),
        "remind ",
        'counts  = ["admit"]\nremind ',
        "reply and answer answer each other, but the time given is not the same",
    ),
]

BESIDE: list[Edit] = [
    (
        TOLD,
        "after_end = true\n",
        "",
        "withdraw ends the case, and that stops every clock: withdrawal_told runs on only",
    ),
    (TOLD, "after_end = true", 'after_end = "yes"', "after_end is true or false, without quotes."),
    (
        TOLD,
        '["withdraw"]',
        '["withdraw", "reopen"]',
        "withdrawal_told tells after the end, but reopen does not end a case",
    ),
    (TOLD, "after_end", "after_the_end", 'did you mean "after_end"?'),
    ("[clocks.feedback]", '"acknowledge"', '"close"', "close ends the case, and that stops every clock"),
    (
        TASK,
        'turn    = "brand"\n',
        "",
        "brand_tasks says whose task it is (turn) and which move does it (wants), or neither",
    ),
    (TASK, 'wants   = "protect_instead"\n', "", "brand_tasks says whose task it is (turn)"),
    (TASK, 'turn    = "brand"', 'turn    = "brands"', 'There is no turn "brands": did you mean "brand"?'),
    (TASK, '"protect_instead"', '"protect_insted"', 'did you mean "protect_instead"?'),
    (TASK, '"protect_instead"', '"brand_step"', "brand_step is made wherever it starts, or anywhere"),
    (TASK, '"protect_instead"', '"withdraw"', "withdraw is made wherever it starts, or anywhere"),
    (TASK, '"protect_instead"', '"give_consent"', "brand_tasks is the task of brand, who cannot make give_consent"),
    (
        TASK,
        "within ",
        "after_end = true\nwithin ",
        "brand_tasks tells after the end, but protection_missed does not end",
    ),
    (
        TASK,
        '["protection_missed"]',
        '["protection_missed", "chairs_missed"]',
        "brand_tasks is the task of brand, but chairs_missed can start it before one is seated.",
    ),
]

ELSEWHERE = {
    "the time given is not the same": 'within  = "10 working days"',
    "its rungs have no time of their own": "rungs = [",
    "runs on only": 'starts  = ["withdraw"]',
    "but reopen does not end a case": "after_end = true",
    "or neither": 'wants   = "protect_instead"',
    "brand_tasks says whose task it is (turn)": 'turn    = "brand"',
    "but chairs_missed can start it": TASK,
}


@pytest.mark.parametrize("edit", [*COUNTED, *BESIDE], ids=lambda edit: edit[3][-60:])
def test_a_planted_fault_is_found_where_it_is(edit: Edit) -> None:
    anchor, old, new, words = edit
    text, line = after(anchor, old, new)
    found = [fault for fault in faults_of(text) if words in fault.text]
    assert found, [str(fault) for fault in faults_of(text)]
    place = next((piece for ending, piece in ELSEWHERE.items() if ending in words), "")
    told = {text.splitlines()[fault.line - 1] for fault in found}
    assert any(place in one for one in told) if place else line in {fault.line for fault in found}, (told, line)


def test_a_text_that_is_said_in_the_grace_alone_is_told_to_the_other_side() -> None:
    start = TEXT.index(move("submit_reply"))
    sound = TEXT[start : TEXT.index("[[moves]]", start)]
    text = TEXT.replace(sound, sound.replace('asks  = ["comment"]\n', "").replace('"respondent", ', ""))
    found = [fault for fault in faults_of(text) if "respondent is not told of what complainant writes" in fault.text]
    assert [text.splitlines()[fault.line - 1] for fault in found] == ['tells = ["panel", "officer"]']
