"""Who measures how long an answer takes learns from it no better than by tossing a coin who has an account here."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import delete

from grievance.casework.desk import Desk
from grievance.casework.house import people
from grievance.store.tables import passes, throttle
from grievance.vault import passwords
from tests.conftest import BASE
from tests.makers import page_token
from tests.trials.sizes import scaled, seed

KNOWN = "officer@demo.test"
COIN = (0.48, 0.52)
"""Between these an attacker's share of right guesses over 10,000 pairs is chance."""

Ask = Callable[[str], tuple[int, bytes, list[tuple[str, str]]]]


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """The chance that one of the first takes longer than one of the second, equal ones by half: 0.5 where nobody can tell."""
    every = sorted([(value, 0) for value in first] + [(value, 1) for value in second])
    ranks, at = 0.0, 0
    while at < len(every):
        upto = at
        while upto < len(every) and every[upto][0] == every[at][0]:
            upto += 1
        ranks += sum(side == 0 for _, side in every[at:upto]) * (at + upto + 1) / 2
        at = upto
    return (ranks - len(first) * (len(first) + 1) / 2) / (len(first) * len(second))


def guesses(desk: Desk, ask: Ask, pairs: int, lot: random.Random) -> float:
    """How often whoever measures is right; what comes back is the same to the byte, but for what is drawn afresh."""
    known, unknown, answers = list[float](), list[float](), set[tuple[int, int, tuple[str, ...]]]()
    for no in range(pairs):
        both = [(known, KNOWN), (unknown, f"{lot.getrandbits(40):x}@demo.test"[-len(KNOWN) :])]
        lot.shuffle(both)
        for times, mail in both:
            began = time.perf_counter()
            status, body, headers = ask(mail)
            times.append(time.perf_counter() - began)
            answers.add((status, len(body.replace(mail.encode(), b"")), tuple(sorted(name for name, _ in headers))))
            with desk.store.write() as tx:  # each is the first try of its address
                tx.execute(delete(throttle))
                tx.execute(delete(passes))
        assert len(answers) == 1, f"the answers of pair {no} differ: {answers}"
    return auc(known, unknown)


def asking(app: Flask, address: str, **more: str) -> Ask:
    """One form, sent with one address or another."""
    client = app.test_client()
    token = page_token(client.get(address, base_url=BASE).text)

    def ask(mail: str) -> tuple[int, bytes, list[tuple[str, str]]]:
        answer = client.post(address, base_url=BASE, data={"page_token": token, "mail": mail, **more})
        return answer.status_code, answer.data, list(answer.headers)

    return ask


def test_the_measure_tells_a_difference_from_none() -> None:
    lot = random.Random(1)
    alike = [lot.gauss(20, 2) for _ in range(4_000)]
    assert 0.48 < auc(alike, [lot.gauss(20, 2) for _ in range(4_000)]) < 0.52
    assert auc(alike, [lot.gauss(18, 2) for _ in range(4_000)]) > 0.7
    assert auc([1, 1], [1, 1]) == 0.5


def test_what_comes_back_is_the_same_for_everybody(app: Flask, desk: Desk) -> None:
    for address, more in (("/account/sign-in", {"password": "wrong"}), ("/account/forgot", {})):
        guesses(desk, asking(app, address, **more), 3, random.Random(1))


def test_planted_a_stranger_that_costs_no_work_is_told_at_once(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fits = passwords.password_fits
    monkeypatch.setattr(people, "password_fits", lambda stored, text: stored is not None and fits(stored, text))
    assert guesses(desk, asking(app, "/account/sign-in", password="wrong"), 15, random.Random(1)) > 0.9


@pytest.mark.trial
@pytest.mark.parametrize("address", ["/account/sign-in", "/account/forgot"])
def test_ten_thousand_pairs(app: Flask, desk: Desk, address: str) -> None:
    begun, pairs = seed(), scaled(10_000)
    more = {"password": "wrong"} if address.endswith("sign-in") else {}
    right = guesses(desk, asking(app, address, **more), pairs, random.Random(begun))
    print(f"{address}: seed {begun}, {pairs} pairs, AUC {right:.4f}")
    assert COIN[0] <= right <= COIN[1]
