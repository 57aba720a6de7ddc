"""However often and from wherever a form is sent, it is one case with one receipt; an old form makes no second one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from grievance.casework import filing
from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.casework.showing import following
from grievance.store import cases
from tests.makers import Clock, complaint


# asvs: 2.3.4
def test_a_form_sent_many_times_at_once_is_one_case(desk: Desk) -> None:
    ticket = following.new_ticket(desk)
    with ThreadPoolExecutor(6) as phones:
        receipts = list(phones.map(lambda _: filing.file(desk, "kh", complaint(), ticket), range(12)))
    assert len(set(receipts)) == 1
    assert verifying.verify(desk) == (1, [])


def test_a_form_sent_again_after_its_week_makes_no_second_case(desk: Desk, clock: Clock) -> None:
    """The ticket is forgotten by then, the case is not."""
    ticket = following.new_ticket(desk)
    receipt = filing.file(desk, "kh", complaint(), ticket)
    clock.pass_days(6)
    assert filing.forget_tickets(desk) == 0
    assert filing.file(desk, "kh", complaint(), ticket) == receipt
    clock.at += timedelta(days=2)
    assert filing.forget_tickets(desk) == 1
    with pytest.raises(filing.SentBefore):
        filing.file(desk, "kh", complaint(), ticket)
    following.show_receipt(desk, receipt.digits)
    assert verifying.verify(desk) == (1, [])


def test_planted_a_ticket_that_is_not_remembered_is_still_one_case(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens a case is unique: behind the ticket stands the receipt."""
    monkeypatch.setattr(cases, "remember_ticket", lambda *_: None)
    ticket = following.new_ticket(desk)
    filing.file(desk, "kh", complaint(), ticket)
    with pytest.raises(filing.SentBefore):
        filing.file(desk, "kh", complaint(), ticket)
    assert verifying.verify(desk) == (1, [])
