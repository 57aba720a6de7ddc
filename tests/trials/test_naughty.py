"""Naughty strings in every field of every form that a person meets: no error of ours, and nothing of them runs in a browser.

The forms are found, not listed: whoever signs in follows every link of their pages, and sends every form that stands there.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from tests.makers import Story
from tests.trials.sizes import scaled, seed
from tests.web.staff import BASE, Staff
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

LEFT_ALONE = ("page_token", "ticket")
AWAY = re.compile(r"sign-out|sign_out|/leave|/export|password|/close|\?lang=|/static/|/record|/steps|/passkey")
"""What would end the walk, and what asks the password again for each press."""


class Forms(HTMLParser):
    """The forms and links of a page: method, action, and names with what stood in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, str, dict[str, str]]] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and (said.get("href") or "").startswith("/"):
            self.links.append(str(said["href"]).partition("#")[0])
        if tag == "form":
            self.forms.append((said.get("method") or "get", said.get("action") or "", {}))
        if tag in ("input", "textarea", "select", "button") and said.get("name") and self.forms:
            self.forms[-1][2].setdefault(str(said["name"]), said.get("value") or "")


def send_all(client: Any, address: str, page: str, strings: list[str], statuses: Counter[int]) -> None:
    for method, action, names in Forms(page).forms:
        to = action or address
        if AWAY.search(to):
            continue
        for string in strings:
            answers = {name: was if name in LEFT_ALONE else string for name, was in names.items()}
            if method == "post":
                answer = client.post(to, base_url=BASE, data=answers, headers={"Sec-Fetch-Site": "same-origin"})
            else:
                answer = client.get(to, base_url=BASE, query_string=answers)
            statuses[answer.status_code] += 1
            assert answer.status_code < 500, (to, string[:60], answer.status_code)
            assert f"<script>{RUNS}" not in answer.text, (to, string)
            answer.request.environ["wsgi.input"].close()


def walk(client: Any, first: str, lot: random.Random, each: int, most: int) -> Counter[int]:
    """Every page that can be reached, and every form on it with some of the strings."""
    statuses: Counter[int] = Counter()
    known, open_pages = {first}, [first]
    shapes: set[tuple[str, frozenset[str]]] = set()
    while open_pages and len(known) < most:
        address = open_pages.pop(0)
        answer = client.get(address, base_url=BASE, headers={"Accept-Language": "en"})
        statuses[answer.status_code] += 1
        assert answer.status_code < 500, address
        if "html" not in (answer.content_type or "") or answer.status_code != 200:
            continue
        shape = (re.sub(r"[A-Z0-9]{4}-[A-Z0-9]{4}|\?.*", "#", address), frozenset(Forms(answer.text).links))
        if shape not in shapes:
            shapes.add(shape)
            send_all(client, address, answer.text, lot.sample(NAUGHTY, min(each, len(NAUGHTY))), statuses)
        for link in Forms(answer.text).links:
            if link not in known and not AWAY.search(link) and "?" not in link:
                known.add(link)
                open_pages.append(link)
    return statuses


def everywhere(app: Flask, desk: Desk, begun: int, each: int, most: int) -> None:
    lot = random.Random(begun)
    story = Story.filed(desk).taken()
    phone = Phone(app)
    phone.open(story.receipt)
    found = {
        "receipt": walk(phone.client, "/case", lot, each, most),
        "anybody": walk(Phone(app).client, "/", lot, each, most),
    }
    for who, first in (("sophea", "/office"), ("lotus-hr", "/party"), ("w1", "/panel"), ("sarin", "/account")):
        found[who] = walk(Staff(app, who).client, first, lot, each, most)
    print(f"naughty: seed {begun}; { ({who: sum(counted.values()) for who, counted in found.items()}) }")
    assert all(sum(counted.values()) > each for counted in found.values()), found
    assert verifying.verify(desk)[1] == []


def test_some_naughty_strings_in_every_form(app: Flask, desk: Desk) -> None:
    everywhere(app, desk, seed(), 2, 25)


@pytest.mark.trial
def test_all_naughty_strings_in_every_form(app: Flask, desk: Desk) -> None:
    everywhere(app, desk, seed(), scaled(len(NAUGHTY)), 200)
