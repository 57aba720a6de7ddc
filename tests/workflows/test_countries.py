"""Every procedure that we ship beside the first: its days are the lawyers', and a small slip in any of them is refused."""

from __future__ import annotations

from datetime import date

import pytest

from grievance.core.errors import Fault, Faulty
from grievance.core.lawbook import parse_procedure
from grievance.core.proof import faults
from tests.workflows.proofs import WORKFLOWS, proof_of

pytestmark = pytest.mark.xdist_group("proofs")
KEYS = ("bd/worker-1@1", "kh/employer-1@1", "default/process-1@1")


def days(key: str, start: str, lane: str = "U3") -> tuple[int, date, str]:
    """Most days, the worst filing day and where it ends, of one line of the reckoning."""
    found = next(r for r in proof_of(key).reckonings if str(r.label).startswith(start) and r.lane == lane)
    return found.most, found.worst, found.path[-1][0]


def test_the_days_of_a_complaint_about_us() -> None:
    """procedures, s. 4: A, B, B after the account, and D."""
    key, far = "default/process-1@1", "People act on their last day as far as "
    assert days(key, "All are silent") == (55, date(2026, 3, 25), "unheard")
    assert days(key, far + "account")[0] == 99
    assert days(key, far + "comment")[0] == 119
    assert days(key, far + "second_look")[0::2] == (140, "uncorrected")


def test_the_days_of_bangladesh() -> None:
    """procedures, s. 3: A, B and B with the restatement out. B2 is with an answer within the grace: see test_rows."""
    key, far = "bd/worker-1@1", "People act on their last day as far as "
    assert days(key, "All are silent") == (40, date(2026, 2, 17), "unhandled")
    assert days(key, far + "answer")[0::2] == (209, "closed")
    assert days(key, "The same, with the restatement released")[0] == 219
    assert days(key, far + "reply")[0] == 291


def test_the_days_of_a_complaint_about_a_brand() -> None:
    """procedures, s. 2: A and A2. The row B of the table counts a pool that the main line does not have."""
    key = "kh/employer-1@1"
    assert days(key, "All are silent") == (48, date(2026, 4, 1), "unhandled")
    assert days(key, "People act on their last day as far as file_review")[0::2] == (46, "notified")


def test_an_outside_person_is_the_only_one_who_can_bury_a_complaint_about_us() -> None:
    assert set(proof_of("default/process-1@1").buriers) == {frozenset({"outside"}), frozenset({"chair", "operator"})}
    for key in KEYS:
        assert all(len(group) > 1 or group == {"outside"} for group in proof_of(key).buriers)


def found(text: str) -> list[Fault]:
    """What parser and proof say of a text."""
    try:
        return list(faults(parse_procedure(text, "planted.toml")))
    except Faulty as error:
        return list(error.faults)


PLANTED = [
    (
        "default/process-1",
        'to    = "correction"\nby    = ["clock"]',
        'to    = "review"\nby    = ["clock"]',
        "can go round for ever",
    ),
    ("default/process-1", 'late    = "check_missed"', 'late    = "check_mised"', 'There is no move "check_mised"'),
    ("default/process-1", 'needs = ["not_asked_outside"]\n', "", "can go round for ever"),
    ("default/process-1", 'start_without_office = "outside"', 'start_without_office = "outsde"', "There is no stage"),
    ("default/process-1", 'categories = ["delay"', 'categories = ["dely"', 'There is no category "dely"'),
    ("default/process-1", 'grace   = "3 working days"\nlate    = "go_on"', 'late    = "go_on"', "is not the same"),
    ("default/process-1", 'seats   = ["outside"]\n', "", "before one is seated"),
    ("default/process-1", 'seats   = ["chairs"]\n', "", "before one is seated"),
    ("bd/worker-1", 'needs = ["consent_referral", "has_osh_issue", "not_split_before"]\n', "", "can go round for ever"),
    ("bd/worker-1", 'within  = "1 month+"\n', 'within  = "1 lunar month"\n', "Write a limit like"),
    ("bd/worker-1", 'late    = "tell_rsc_address"', 'late    = "rsc_received"', "The clock cannot make rsc_received"),
    ("bd/worker-1", 'name  = "negotiation_over"\n', 'name  = "negotiation_ovr"\n', "did you mean"),
    ("kh/employer-1", 'late    = "hold_back"', 'late    = "release_text"', "The clock cannot make release_text"),
    ("kh/employer-1", 'does  = ["seat_contact"]\n', "", "before one is seated"),
    ("kh/employer-1", 'price_correction    = "60 days+"\n', "", "price_correction"),
    ("kh/employer-1", 'seats   = ["chairs"]  # the chairs', "# the chairs", "before one is seated"),
    ("kh/employer-1", "checked = 2026-11-22\n\n[stages.outside_route]", "\n[stages.outside_route]", "checked"),
]


@pytest.mark.parametrize(
    ("name", "sound", "planted", "told"), PLANTED, ids=[f"{row[0]}-{row[2][:30]}" for row in PLANTED]
)
def test_a_planted_fault_is_refused(name: str, sound: str, planted: str, told: str) -> None:
    text = (WORKFLOWS / f"{name}.toml").read_text()
    assert sound in text
    assert any(told in fault.text for fault in found(text.replace(sound, planted, 1))), found(
        text.replace(sound, planted, 1)
    )


def test_the_sound_files_have_no_fault() -> None:
    for name in ("default/process-1", "bd/worker-1", "kh/employer-1"):
        assert found((WORKFLOWS / f"{name}.toml").read_text()) == []
