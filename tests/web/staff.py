"""Somebody with an account at their browser: signs in, reads pages, and sends forms with the token of the page."""

from __future__ import annotations

import html
import re

import pyotp
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from grievance.casework.house import steps
from grievance.demo import cast
from grievance.store.tables import factors
from tests.makers import ADMINISTRATOR, APP, desk_of, page_token, viewer

BASE = "https://localhost"
INVALID = 422
TROUBLED = re.compile("<title>(Error: |Some answers need another look)")


class Staff:
    """A browser of its own, signed in as one of the demo's people."""

    def __init__(self, app: Flask, person: str) -> None:
        self.client, self._desk, self._person = app.test_client(), desk_of(app), person
        mail = next(member.mail for member in cast.PEOPLE if member.id == person)
        entered = self.send("/account/sign-in", mail=mail, password=cast.PASSWORD)
        if person == ADMINISTRATOR and entered.location == "/account/second":
            entered = self.send("/account/second", proof="1", proof_code=self.proof())
            self._wait_for_the_next_code()
        self.landed = entered.location

    def proof(self) -> str:
        """What shows that it is they: the code of the administrator's app, good again; the password of anybody else."""
        if self._person != ADMINISTRATOR or not steps.has_step(self._desk, viewer(self._person)):
            return cast.PASSWORD
        self._wait_for_the_next_code()
        return pyotp.TOTP(APP).at(self._desk.now())

    def _wait_for_the_next_code(self) -> None:
        with self._desk.store.write() as tx:
            mine = factors.c.person == self._person
            tx.execute(update(factors).where(mine).values(count=0, used_at=None))

    def get(self, address: str) -> TestResponse:
        return self._proved(self.client.get(address, base_url=BASE, headers={"Accept-Language": "en"}))

    def _proved(self, answer: TestResponse, **answers: str) -> TestResponse:
        """Whoever is asked again who they are shows it, as the page asks, and goes on from there."""
        to, headers = answer.location or "", {"Accept-Language": "en"}
        if not to.startswith("/account/prove?"):
            return answer
        ask = self.client.post if answer.status_code == 307 else self.client.get
        page = ask(to, base_url=BASE, data=answers).text
        sent = {**fields(page), "page_token": page_token(page), "proof_code": self.proof()}
        on = self.client.post(to, base_url=BASE, data=sent)
        if on.status_code == 307:
            return self.client.post(on.location, base_url=BASE, data=sent, headers=headers)
        return self.client.get(on.location, base_url=BASE, headers=headers)

    def read(self, address: str) -> str:
        """The words of a page that must be there, without its marks."""
        response = self.get(address)
        assert response.status_code == 200, (address, response.status_code)
        return words(response.text)

    def send(self, address: str, on: str = "", **answers: str) -> TestResponse:
        """Send a form to `address` as it stands on the page `on` (the same one unless named).

        Whatever page comes back with answers that do not fit has to say so in its title, which is heard first.
        """
        token = page_token(self.get(on or address).text)
        sent = {"page_token": token, **answers}
        answer = self.client.post(address, base_url=BASE, data=sent, headers={"Accept-Language": "en"})
        answer = self._proved(answer, **sent)
        assert answer.status_code != INVALID or TROUBLED.search(answer.text), (address, answer.text[:300])
        return answer


def words(page: str) -> str:
    """What somebody reads: no marks, one blank between words."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page))).strip()


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found, f"the page has no {name}"
    return html.unescape(found[1])


def fields(page: str) -> dict[str, str]:
    """Every hidden field of a page, by name."""
    found = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', page)
    return {name: html.unescape(value) for name, value in found}


def dates(page: str) -> set[str]:
    """Every date that is written out, such as 2 March 2026."""
    return set(re.findall(r"\b\d{1,2} [A-Z][a-z]+ \d{4}\b", page))
