"""Naughty strings that were taken in are shown to everybody in a real browser: nothing of them runs, or even tries to.

They come in through the verbs, as texts of a case at every stage; so they stand on the pages of whoever complained, of the
office, the party and the panel. A browser that meets a script of theirs either runs it, and says so by a mark or a dialog, or
stops it by the policy of the page, and says that. Both are counted, and both have to be nought.
"""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route

from grievance.casework.desk import Desk
from grievance.core.errors import GrievanceError
from tests.browser.serving import PATIENCE
from tests.makers import Story
from tests.trials.processes import House
from tests.trials.sizes import scaled, seed
from tests.trials.test_crashes import Server
from tests.trials.test_naughty import MARK, NAUGHTY, RUNS
from tests.web.staff import Staff
from tests.web.test_intake import Phone

LISTEN = f"""
const tell = what => window.tellTheTest(what);
addEventListener("securitypolicyviolation", event => tell(`stopped: ${{event.violatedDirective}} ${{event.sample}}`));
addEventListener("DOMContentLoaded", () => {{ if (document.documentElement.dataset.{MARK}) tell("ran"); }});
"""


@contextmanager
def listening(browser: Browser, heard: list[str], cookies: list[tuple[str, str]], address: str) -> Iterator[Page]:
    """A browser of its own in which whatever runs, or is stopped by the policy, is heard."""
    context: BrowserContext = browser.new_context(base_url=address, locale="en-US")
    context.add_cookies([
        {"name": name, "value": value, "domain": "localhost", "path": "/", "secure": True, "httpOnly": True,
         "sameSite": "Strict"}
        for name, value in cookies
    ])  # fmt: skip
    context.expose_function("tellTheTest", lambda what: heard.append(str(what)))
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)

    def dialog(one: Any) -> None:
        heard.append(f"dialog: {one.message}")
        one.dismiss()

    page.on("dialog", dialog)
    page.on("console", lambda one: heard.append(one.text) if "Content Security Policy" in one.text else None)
    try:
        yield page
    finally:
        context.close()


def ran(page: Page) -> bool:
    """Whether a string left its mark."""
    return bool(page.evaluate(f"'{MARK}' in document.documentElement.dataset"))


def seen(page: Page, who: str) -> list[str]:
    """One page more of theirs, and whether a script stands on it to be read."""
    return [who, f"{who} reads one"] if RUNS in page.inner_text("body") else [who]


def told_with(desk: Desk, string: str) -> Story | None:
    """A case in which this string is every text; None where no text may be like it."""
    string = string.replace("\0", "")  # no form lets one through, and PostgreSQL keeps none
    if not string.strip():  # a form takes no empty text
        return None
    account = dict.fromkeys(("workplace", "words", "since", "want"), string)
    try:
        story = Story.filed(
            desk, account=account, identity={"name": string}, contact={"phone": string, "safe_words": string}
        )
    except GrievanceError:
        return None
    facts = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
    for role, move, more, texts in (
        ("officer", "acknowledge", {}, ("greeting",)),
        ("officer", "assess", facts, ()),
        ("officer", "restate", {"could_have_written": 60}, ("title", "restatement")),
        ("officer", "release", {}, ()),
        ("officer", "admit", {}, ("reasons",)),
        ("respondent", "submit_answer", {"issue_answers": {"1": "contest"}}, ("statement",)),
        ("complainant", "submit_reply", {}, ("comment",)),
    ):  # fmt: skip
        try:
            story.do(role, move, more, **dict.fromkeys(texts, string))
        except GrievanceError:
            story.do(role, move, more, **dict.fromkeys(texts, "Refused, so something else."))
    return story


def shown(browser: Browser, app: Any, desk: Desk, house: House, strings: list[str]) -> tuple[Counter[str], list[str]]:
    """How many pages were looked at at each door, on how many a script can be read, and what was heard of scripts on them."""
    stories = [(string, story) for string in strings if (story := told_with(desk, string))]
    assert len(stories) >= len(strings) * 0.8, "most strings are texts that somebody may write"
    server, heard, looked = Server(house), list[str](), Counter[str]()
    address = f"http://localhost:{server.port}"
    sits = next(iter(stories[0][1].seated("panel")))
    try:
        workers = server.workers()
        for person, door in (("sophea", "office"), ("lotus-hr", "party"), (sits, "panel")):
            session = Staff(app, person).client.get_cookie("__Host-session", "localhost")
            assert session
            with listening(browser, heard, [("__Host-session", session.value)], address) as page:
                for to in [f"/{door}", *(f"/{door}/cases/{story.ref}" for _, story in stories)]:
                    answer = page.goto(to)
                    assert answer
                    if answer.status == 200:
                        looked.update(seen(page, door))
                        assert not ran(page), (person, to)
                    else:
                        assert (door, answer.status) == ("panel", 404), (person, to, answer.status)
        for _, story in stories:
            phone = Phone(app)
            phone.open(story.receipt)
            session = phone.client.get_cookie("__Host-receipt", "localhost")
            assert session
            with listening(browser, heard, [("__Host-receipt", session.value)], address) as page:
                for to in ("/case", "/case/words"):
                    answer = page.goto(to)
                    assert answer
                    assert answer.status == 200, (to, answer.status)
                    looked.update(seen(page, "complainant"))
                    assert not ran(page), to
        assert server.workers() == workers, "a worker died"
    finally:
        server.kill()
    return looked, heard


@pytest.fixture
def server_house(desk: Desk, database: str, tmp_path: Path, keys: Path) -> House:
    desk.now()
    return House(tmp_path, database, keys)


@pytest.mark.trial
def test_no_naughty_string_runs_or_is_even_stopped(browser: Browser, app: Any, desk: Desk, server_house: House) -> None:
    begun = seed()
    strings = random.Random(begun).sample(NAUGHTY, scaled(len(NAUGHTY)))
    looked, heard = shown(browser, app, desk, server_house, strings)
    print(
        f"naughty in a browser: seed {begun}, {len(strings)} strings, {dict(looked)}, {len(heard)} ran or were stopped"
    )
    assert heard == []
    scripts = sum(RUNS in string for string in strings)
    for who in ("office", "party", "panel", "complainant"):
        assert looked[who] > scripts
        assert looked[f"{who} reads one"] >= scripts or (who == "panel" and looked[f"{who} reads one"])


def test_planted_a_script_that_runs_or_is_stopped_is_heard(browser: Browser) -> None:
    heard: list[str] = []
    with listening(browser, heard, [], "http://localhost:1") as page:

        def planted(route: Route) -> None:
            policy = {"Content-Security-Policy": "script-src 'self'"} if "stopped" in route.request.url else {}
            body = f"<!doctype html><title>x</title><p><script>{RUNS}</script><img src=x onerror=alert(1)>"
            route.fulfill(body=body, content_type="text/html", headers=policy)

        page.route("**/*", planted)
        page.goto("/runs")
        assert ran(page)
        until_told(page, heard, "ran")
        until_told(page, heard, "dialog")
        heard.clear()
        page.goto("/stopped")
        until_told(page, heard, "script-src")
        assert not ran(page)


def until_told(page: Page, heard: list[str], of: str) -> None:
    """What a page tells arrives while it is waited for, and no sooner."""
    end = time.monotonic() + PATIENCE
    while not any(of in one for one in heard):
        assert time.monotonic() < end, heard
        page.wait_for_timeout(20)
