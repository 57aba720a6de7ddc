"""Tours: every page that each door has, found by following its links through the demo's cases, one of each kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from itertools import count
from urllib.parse import parse_qsl, urlsplit

from playwright.sync_api import Page

from tests.browser.people import Somebody

Go = Callable[[Somebody], object]


@dataclass(frozen=True)
class Stop:
    """One page to look at: what it is called in messages, and how to get there.

    `before`: the next stop is this very page with what is wrong in it, so whoever has little time asks more about that one.
    `turn`: which of the languages whoever has little time looks at it in; None for each of them.
    """

    name: str
    go: Go
    before: bool = False
    turn: int | None = None


def taking_turns(stops: Sequence[Stop], languages: int, first: int = 0) -> list[Stop]:
    """These stops, one in one of so many languages and the next in the next; a page stays with what is sent from it."""
    turns, found = count(first), list[Stop]()
    for stop in stops:
        turn = found[-1].turn if found and found[-1].before else next(turns) % languages
        found.append(replace(stop, turn=turn))
    return found


def at(address: str, *, before: bool = False) -> Stop:
    """A page that an address leads to."""
    return Stop(address, lambda somebody: somebody.page.goto(address), before)


def kinds(addresses: Iterator[str] | list[str], known: set[str]) -> Iterator[str]:
    """Those whose kind was not seen before: moves by their name, lists by their filters, cases each."""
    for address in addresses:
        kind = kind_of(address)
        if kind not in known:
            known.add(kind)
            yield address


def kind_of(address: str) -> str:
    """The same form is asked for in many cases: /office/cases/R8VD-05JW/assess and its like are one kind."""
    parts = urlsplit(address)
    query = sorted(name for name, _ in parse_qsl(parts.query, keep_blank_values=True) if name != "lang")
    path = re.sub(r"/cases/[^/]+/", "/cases/*/", parts.path)
    # So are the pages of administrators: /account/people/sophea/close, /account/rosters/kh/off/w1/panel.
    path = re.sub(r"^(/account/(?:people|bodies|sites|programmes|rosters))/(?!new$)[^/]+", r"\1/*", path)
    path = re.sub(r"/(leave|off)/.*", r"/\1/*", path)
    return path + "?" * bool(query) + "&".join(query)


CASES = 10
"""So many cases are looked at from each door: the first that its lists name, and not every one of a demo of sixty."""


class Links(HTMLParser):
    """The addresses in `found` that links of a page's head and main part lead to within the house, downloads left out."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.within, self.found = 0, list[str]()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        self.within += tag in ("main", "header")
        address = told.get("href") or ""
        if tag == "a" and self.within and address.startswith("/") and "download" not in told:
            self.found.append(address)

    def handle_endtag(self, tag: str) -> None:
        self.within -= tag in ("main", "header")


def crawl(page: Page, start: str, wanted: Callable[[str], bool]) -> list[str]:
    """Every address under `start` that links lead to, one of each kind, in the order in which they were met."""
    known = {kind_of(start)}
    cases = 0
    found, waiting = [start], [start]
    while waiting:
        # Read, not shown: who only wants the links needs no layout, no fonts and no scripts.
        answer = page.context.request.get(waiting.pop(0))
        links = [link.partition("#")[0] for link in Links(answer.text()).found]
        fresh = []
        for link in kinds([link for link in links if wanted(link)], known):
            if is_case(link):
                cases += 1
                if cases > CASES:
                    continue
            fresh.append(link)
        found += fresh
        waiting += fresh
    return found


def is_case(address: str) -> bool:
    """Whether it is the page of a case."""
    return re.fullmatch(r"/\w+/cases/[^/]+", address) is not None


def is_move(address: str) -> bool:
    """Whether it is the form of a move on a case."""
    return re.fullmatch(r"/\w+/cases/[^/]+/\w+", address) is not None
