"""A form that is sent twice, or whose answer was lost on the way, is one case with one number."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.looking import faults
from tests.browser.people import COMPLAINT, people
from tests.browser.serving import Served
from tests.browser.tours import TOUCH
from tests.trials.test_outages import gone

Cases = Callable[[], int]


@pytest.fixture
def cases(house: Served) -> Cases:
    """How many complaints arrived in this test."""
    before = house.cases()
    return lambda: house.cases() - before


def test_a_double_press_is_one_complaint(browser: Browser, house: Served, cases: Cases) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.page.goto("/file")
        worker.fill_in()
        worker.button("Send").dblclick(no_wait_after=True)
        first = worker.keep()
        assert cases() == 1
        # The page of the receipt is the answer to a form: loaded again, the form is sent again.
        worker.page.reload()
        assert worker.keep() == first
        assert cases() == 1


def test_back_and_send_again(browser: Browser, house: Served, cases: Cases) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant()
        worker.page.goto("/file")
        worker.fill_in()
        worker.press("Send")
        first = worker.keep()
        worker.page.go_back()
        worker.page.evaluate("location.hash = 'p1'")  # question by question back to the first
        expect(worker.page.locator("#p1")).to_be_visible()
        worker.fill_in()  # the browser keeps the story, and gives back no name and no telephone
        worker.press("Send")
        assert worker.keep() == first
        assert cases() == 1

        worker.page.goto("/file")  # from the first page it is a new form
        worker.fill_in()
        worker.press("Send")
        assert worker.keep() != first
        assert cases() == 2


def test_back_without_scripts_asks_again_before_it_files_again(browser: Browser, house: Served, cases: Cases) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant(java_script_enabled=False)
        worker.page.goto("/file")
        worker.fill_in()
        worker.press("Send")
        worker.keep()
        worker.page.go_back()
        worker.press("Send")
        expect(worker.page.locator("#problem")).to_be_visible()
        assert cases() == 1


@pytest.mark.parametrize("tongue", ["km", "en"])
def test_while_the_database_is_gone_what_was_typed_stays_and_one_press_sends_it(
    browser: Browser, house: Served, cases: Cases, tongue: str
) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant(tongue)
        worker.page.goto("/file")
        worker.fill_in()
        with gone(house.desk.store.engine):
            with worker.page.expect_navigation():
                worker.press("Send")
            expect(worker.page.locator("h1")).to_have_text(worker.say("The system cannot be reached just now"))
            expect(worker.page.locator("p.lines").first).to_have_text(COMPLAINT["words"])
            assert worker.page.locator("main a").count() == 0, "whoever follows one loses what is kept"
            worker.complaints.clear()  # the console's word for a 503
            assert faults(worker.page, least=TOUCH) == []
        assert cases() == 0
        worker.press("Send it again")
        worker.keep()
        assert cases() == 1


def test_the_same_form_with_other_words_is_advised_and_kept(browser: Browser, house: Served, cases: Cases) -> None:
    with people(browser, house) as folk:
        worker = folk.complainant(java_script_enabled=False)
        worker.page.goto("/file")
        worker.fill_in()
        ticket = worker.page.locator("[name=ticket]").input_value()
        worker.press("Send")
        worker.keep()
        other = folk.complainant(java_script_enabled=False)
        other.page.goto("/file")
        other.fill_in(words="ពាក្យផ្សេង")
        # A form that stayed open in another tab carries the ticket of the first.
        other.page.locator("[name=ticket]").evaluate("(it, ticket) => { it.value = ticket }", ticket)
        other.press("Send")
        expect(other.page.locator("#problem")).to_contain_text(
            other.say(
                "This form was sent before with other words, and that complaint has arrived. "
                "Open it with its number to add something, or start a new form."
            )
        )
        assert other.page.locator("#words").input_value() == "ពាក្យផ្សេង"
        assert cases() == 1
        other.press("Send")  # having been told, they may: it is a second complaint then
        other.keep()
        assert cases() == 2


def test_an_answer_that_is_lost_on_the_way_is_asked_for_again(browser: Browser, house: Served, cases: Cases) -> None:
    with bad_line(house.address) as line, people(browser, Served(line.address, house.desk)) as folk:
        worker = folk.complainant(java_script_enabled=False)
        worker.page.goto("/file")
        worker.fill_in()
        line.loses = True
        with worker.page.expect_event("requestfailed"):
            worker.button("Send").click(no_wait_after=True)
        worker.page.wait_for_url(re.compile("^chrome-error:"))
        assert line.lost
        assert cases() == 1  # it has arrived, and nobody knows
        line.loses = False
        worker.page.reload()
        worker.keep()
        assert cases() == 1
        worker.show()


class Line:
    """A line between browser and server that can lose answers: the request arrives, and then it goes dead."""

    def __init__(self, to: str) -> None:
        self.loses = False
        self.lost = 0
        parts = urlsplit(to)
        self._to = (str(parts.hostname), int(parts.port or 0))
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._door.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """One request and its answer; then the connection is closed, so that each request comes alone.

        The server is only rung up when there is one: a browser opens connections ahead of what it may want to ask.
        """
        with near, suppress(OSError):
            request = _request(near)
            if not request:
                return
            with socket.create_connection(self._to) as far:
                far.sendall(request.replace(b"\r\nConnection: keep-alive\r\n", b"\r\nConnection: close\r\n", 1))
                answer = b"".join(iter(lambda: far.recv(65_536), b""))
            if self.loses and request.startswith(b"POST"):
                self.lost += 1
                return
            near.sendall(answer)


def _request(near: socket.socket) -> bytes:
    got = b""
    while True:
        more = near.recv(65_536)
        if not more:
            return got
        got += more
        head, end, body = got.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: (\d+)", head, re.IGNORECASE)
        if end and len(body) >= int(length[1] if length else 0):
            return got


@contextmanager
def bad_line(to: str) -> Iterator[Line]:
    line = Line(to)
    try:
        yield line
    finally:
        line.close()
