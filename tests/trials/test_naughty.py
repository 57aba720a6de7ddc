"""Naughty strings in every field of every form that a person meets: no error of ours, and nothing of them runs in a browser.

The forms are found, not listed: whoever signs in follows every link of their pages, and sends every form that stands there.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from tests.browser.touring import kind_of
from tests.makers import Story
from tests.trials.processes import House
from tests.trials.sizes import scaled, seed
from tests.trials.test_crashes import Server
from tests.trials.wire import Asks, Here, Wire
from tests.web.staff import Staff
from tests.web.test_intake import Phone

MARK = "ranhere"
RUNS = f"document.documentElement.dataset.{MARK}=1"
NAUGHTY = (
    f"<script>{RUNS}</script>", f'"><img src=x onerror={RUNS}>', f"'><svg onload={RUNS}>", f"javascript:{RUNS}",
    f"</textarea><script>{RUNS}</script>", f"</title><script>{RUNS}</script>",
    f"<iframe srcdoc='<script>parent.{RUNS}</script>'>",
    f"<a href=javascript:{RUNS}>x</a>", f"<body onpageshow={RUNS}>", f"<details open ontoggle={RUNS}>",
    "<!--", "]]>", "<![CDATA[",
    "{{ 7 * 7 }}", "{% for x in ().__class__.__bases__ %}{{ x }}{% endfor %}", "${7*7}", "#{7*7}", "%(x)s %s %n %d",
    "{0} {n} {who}",
    "{", "}", "{}", "' OR '1'='1", "'; DROP TABLE cases; --", "\\", "\\'", "%", "_", "%00", "\x00", "a\x00b",
    "\x01\x02\x7f\x85\u2028",
    "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"), "👩‍👩‍👧‍👦🏴‍☠️", "\u202egnp.exe",
    "مرحبا \u2067עולם\u2069", "ខ្មែរ\u200bអក្សរ\u200c\u200d", "្្្រ",
    "\ufeff", "\u00a0", "\u3000", "\u200b", "Z̸͎̈́a̶l̵g̷o̶" * 40, "០១២៣៤៥៦៧៨៩", "٠١٢٣٤", "१२३", "①②③", "1e309",
    "-1", "0", "NaN", "Infinity", "0x10",
    "99999999999999999999999999", "1.5", "1,5", "2026-02-30", "9999-12-31", "0000-00-00", "10000-01-01T00:00",
    "2026-11-27T25:61",
    "../../../../etc/passwd", "file:///etc/passwd", "http://127.0.0.1:1/", "//evil.test",
    "a@b.c\r\nBcc: x@y.z", "\r\nSet-Cookie: a=b", "\n" * 500,
    "x" * 100_000, "ក" * 21_000, "null", "undefined", "None", "true", "[]", '{"a":1}', "=1+1",
    "+cmd|'/c calc'!A0", "()", "\t", " ", "",
)  # fmt: skip
"""Ours: marks of HTML, templates, SQL and formats; what is not seen; directions; digits of others; far too much."""

LONGEST_LINE = 400
"""Characters of a string in an address; three bytes of nine signs each are what gunicorn still reads with a dozen fields."""

OF_A_KIND = 8
"""So many pages of a kind are looked at for forms: the same page of a case that runs, of one that is closed, and so on."""

LEFT_ALONE = {"page_token", "ticket"}
AWAY = re.compile(
    r"sign-out|sign_out|/leave|/export|password|/close|\?lang=|/static/|/record|/steps|/passkey|/sessions/|sarin/sign-ins/|/off/"
)
"""What would end the walk, and what asks the password again for each press."""


@dataclass(slots=True)
class Form:
    """A form of a page: how and where it is sent, and of each field what a browser would send if nobody touched it."""

    method: str
    action: str
    whole: dict[str, str] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    """The fields that somebody types into."""


class Forms(HTMLParser):
    """The forms and links of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[str] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "a" and said.get("href", "").startswith("/"):
            self.links.append(said["href"].partition("#")[0])
        if tag == "form":
            self.forms.append(Form(said.get("method") or "get", said.get("action", "")))
        if not self.forms:
            return
        form, name = self.forms[-1], said.get("name", "")
        if tag == "option" and self._select and (said.get("value") and not form.whole[self._select]):
            form.whole[self._select] = said["value"]
        if tag in ("input", "textarea", "select", "button") and name:
            self._select = name if tag == "select" else ""
            form.whole.setdefault(name, said.get("value", ""))
            if tag == "textarea" or said.get("type", "text" * (tag == "input")) in ("text", "search", "tel", "email"):
                form.typed.add(name)


def send_all(asks: Asks, to: str, form: Form, strings: list[str], statuses: Counter[int]) -> None:
    """Each string in every field at once, choices and marks too; and in those alone that somebody types into."""
    for string in strings:
        for names in (form.whole.keys() - LEFT_ALONE, form.typed):
            answers = form.whole | dict.fromkeys(names, string)
            if form.method != "post" and len(string) > LONGEST_LINE:
                continue  # gunicorn reads no longer address: the house never meets it
            answer = asks.post(to, answers) if form.method == "post" else asks.get(to, answers)
            statuses[answer.status] += 1
            assert answer.status < 500, (to, string[:60], answer.status)
            assert f"<script>{RUNS}" not in answer.text, (to, string)


def numberless(address: str) -> str:
    """Two cases are of one kind, and so are two entries or two files of a case."""
    return re.sub(r"/cases/[^/]+$", "/cases/*", re.sub(r"/\d+(?=/|$)", "/*", kind_of(address)))


def walk(asks: Asks, first: str, lot: random.Random, each: int, most: int) -> Counter[int]:
    """Every page that can be reached, and every form on it with some of the strings.

    The same form is sent once, on however many pages and of however many cases it stands, and a few pages of a kind are looked
    at: what is sent makes cases grow, and with them their links and the time of each page.
    """
    statuses: Counter[int] = Counter()
    kinds: Counter[str] = Counter()
    known, open_pages = {first}, [first]
    sent: set[tuple[str, str, frozenset[str]]] = set()
    while open_pages and len(sent) < most:
        address = open_pages.pop(0)
        kinds[numberless(address)] += 1
        if kinds[numberless(address)] > OF_A_KIND:
            continue
        answer = asks.get(address)
        statuses[answer.status] += 1
        assert answer.status < 500, address
        if "html" not in answer.kind or answer.status != 200:
            continue
        seen = Forms(answer.text)
        for form in seen.forms:
            to = form.action or address
            shape = (form.method, numberless(to), frozenset(form.whole))
            if shape not in sent and not AWAY.search(to):
                sent.add(shape)
                send_all(asks, to, form, lot.sample(NAUGHTY, min(each, len(NAUGHTY))), statuses)
        for link in seen.links:
            if link not in known and not AWAY.search(link) and "?" not in link:
                known.add(link)
                open_pages.append(link)
    assert asks.get(first).status == 200, f"whoever began at {first} was sent away: what came after met no form"
    return statuses


def everywhere(
    app: Flask, desk: Desk, begun: int, each: int, most: int, asks: Callable[[FlaskClient], Asks] = Here
) -> None:
    """Everybody at their pages: whoever complained, whoever is nobody yet, office, parties, panel, administrator."""
    lot = random.Random(begun)
    story = Story.filed(desk).taken()
    sits = next(iter(Story.filed(desk).taken().answered().reviewed().seated("panel")))
    phone = Phone(app)
    phone.open(story.receipt)
    people = {"sophea": "/office", "lotus-hr": "/party", "north-buyer": "/party", sits: "/panel", "sarin": "/account"}
    found = {
        "receipt": walk(asks(phone.client), "/case", lot, each, most),
        "anybody": walk(asks(Phone(app).client), "/", lot, each, most),
    } | {who: walk(asks(Staff(app, who).client), first, lot, each, most) for who, first in people.items()}
    every = sum(found.values(), Counter[int]())
    print(f"naughty: seed {begun}; { ({who: sum(counted.values()) for who, counted in found.items()}) }; {dict(every)}")
    assert every[400] * 10 < every.total(), "forms that are not ours try nothing"
    assert all(sum(counted.values()) > each for counted in found.values()), found
    assert verifying.verify(desk)[1] == []


def test_some_naughty_strings_in_every_form(app: Flask, desk: Desk) -> None:
    everywhere(app, desk, seed(), 1, 12)


@pytest.mark.trial
def test_all_naughty_strings_in_every_form(app: Flask, desk: Desk, database: str, tmp_path: Path, keys: Path) -> None:
    """Through gunicorn, whose workers have to be the same afterwards."""
    server = Server(House(tmp_path, database, keys))
    try:
        workers = server.workers()
        everywhere(app, desk, seed(), scaled(len(NAUGHTY)), 1_000, partial(Wire, server.port))
        assert len(workers) == 2
        assert server.workers() == workers, "a worker died"
    finally:
        server.kill()
