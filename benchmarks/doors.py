"""What a worker's phone meets: the filing form to the receipt, the status page, a first visit, and the server at rest."""

from __future__ import annotations

import queue
import re
from collections.abc import Sequence

from benchmarks.browsing import Browser, Fields, Load, cold, hidden, load
from benchmarks.houses import House
from benchmarks.lists import add_cpu, bare, beside
from benchmarks.making import khmer
from benchmarks.measuring import Table, percentile
from benchmarks.processes import Server

CLIENTS = 8
LETTERS = 600
FORM: Fields = (
    ("workplace", "រោងចក្រ Lotus Stitch"),
    ("unit", "អគារ B ជួរ ៧"),
    ("about", "wages"),
    ("about", "hours"),
    ("about", "osh"),
    ("more", "wages.unpaid"),
    ("urgent", "none"),
    ("words", khmer(LETTERS)),
    ("since", "កញ្ញា ២០២៦"),
    ("many", "few"),
    ("want", khmer(120)),
    ("filer", "worker"),
    ("count", "12"),
    ("mandate", "word"),
    ("mandate_words", khmer(60)),
    ("organisation", "សហជីព"),
    ("anonymity", "confidential"),
    ("name", "ស្រី ម៉ុម"),
    ("restatement", "yes"),
    ("referral", "yes"),
    ("channel", "call"),
    ("phone", "០១២ ៣៤៥ ៦៧៨"),
    ("safe", "sunday"),
    ("safe_words", khmer(30)),
)
"""Every field that the form has, the optional ones as well."""


def measure_filing(table: Table, house: House, ours: Server, floor: Server, *, repeats: int, each: int) -> None:
    """Form to receipt with 8 clients, beside a bare view that commits one row; then its two halves alone."""
    browsers = [Browser(ours.port, "km") for _ in range(CLIENTS)]
    _every_field(browsers[0])
    runs, commits = beside(house, ours, floor, browsers, file, _commit, repeats, each)
    add_cpu(table, house, f"filing of {LETTERS} letters, form to receipt", runs, commits)
    _rate(table, house, runs, commits)
    _waiting(table, house, runs, commits)
    forms, floors = beside(house, ours, floor, browsers, _form, lambda browser: bare(browser, "/"), repeats, each)
    add_cpu(table, house, "  of it the form, beside a bare page", forms, floors)
    halves = [_send_alone(house, ours, browsers, each) for _ in range(repeats)]
    add_cpu(table, house, "  of it the sending, beside one committed row", halves, commits)


def measure_following(table: Table, house: House, ours: Server, floor: Server, *, repeats: int, each: int) -> None:
    """Opening a case by its number, and its status page while the session lasts; each beside a bare page."""
    browsers = [Browser(ours.port, "km") for _ in range(CLIENTS)]
    numbers = {id(browser): file(browser) for browser in browsers}
    tokens = {id(browser): hidden(browser.get("/follow").body, "page_token") for browser in browsers}

    def show(browser: Browser) -> None:
        answer = browser.post("/follow", [("page_token", tokens[id(browser)]), ("number", numbers[id(browser)])])
        assert (answer.status, answer.location) == (303, "/case"), answer.status

    runs, floors = beside(house, ours, floor, browsers, show, lambda browser: bare(browser, "/"), repeats, each)
    add_cpu(table, house, "opening a session with the number", runs, floors)
    runs, floors = beside(house, ours, floor, browsers, _case, lambda browser: bare(browser, "/"), repeats, each * 2)
    add_cpu(table, house, "status page in an open session", runs, floors)
    _rate(table, house, runs, floors)


def measure_first_visit(table: Table, house: House, ours: Server) -> None:
    """What a phone with an empty cache loads to show the filing form."""
    for language, name in (("km", "Khmer"), ("en", "English")):
        size, requests = cold(ours.port, "/file", language)
        table.add(f"filing page, first visit, in {name}", house.kind, "bytes", [size])
        table.add("  asked for", house.kind, "times", [requests])


def measure_rest(table: Table, house: House, *, repeats: int) -> None:
    """From the start of the command to the first answer, and the memory of a server that has answered once."""
    starts, memory, floor_starts, floor_memory = [], [], [], []
    for _ in range(repeats):
        with house.serving() as ours:
            starts.append(ours.started)
            memory.append(ours.memory)
        with house.floor() as floor:
            floor_starts.append(floor.started)
            floor_memory.append(floor.memory)
    table.add("cold start to the first answer", house.kind, "s", starts, floor_starts)
    table.add("idle memory, master and 2 workers", house.kind, "MiB PSS", memory, floor_memory)


def file(browser: Browser) -> str:
    """File a complaint, from the form to the receipt; returns its twenty digits."""
    return _send(browser, _form(browser))


def _form(browser: Browser) -> tuple[str, str]:
    """Where it is sent, and its ticket."""
    answer = browser.get("/file")
    assert answer.status == 200, f"the form answers {answer.status}"
    to = re.search(r'<form[^>]* action="(/[^"]+/file)"', answer.body)
    assert to, "the form is sent nowhere"
    return to[1], hidden(answer.body, "ticket")


def _send(browser: Browser, form: tuple[str, str]) -> str:
    to, ticket = form
    answer = browser.post_parts(to, [("ticket", ticket), *FORM])
    assert answer.status == 200, f"sending answers {answer.status}"
    digits = re.search(r"\d{4}(?:\D{1,60}?\d{4}){4}", re.sub(r"<svg.*?</svg>", "", answer.body, flags=re.DOTALL))
    assert digits, "the receipt shows no number"
    return re.sub(r"\D", "", digits[0])


def _every_field(browser: Browser) -> None:
    """AssertionError where the form asks for something that this filing leaves out."""
    asked = set(re.findall(r'name="([a-z_]+)"', browser.get("/file").body.partition("<form")[2]))
    given = {name for name, _ in FORM} | {"ticket", "files"}  # a file is no field that everybody fills in
    assert asked == given, f"the form and this filing differ in {sorted(asked ^ given)}"


def _send_alone(house: House, ours: Server, browsers: Sequence[Browser], each: int) -> Load:
    """Forms are fetched first; only the sending is measured."""
    tickets: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
    load(ours, house.database_cpu, browsers, lambda browser: tickets.put(_form(browser)), each)
    return load(ours, house.database_cpu, browsers, lambda browser: _send(browser, tickets.get()), each)


def _commit(browser: Browser) -> None:
    assert browser.post("/row", [("words", khmer(LETTERS))]).status == 200


def _case(browser: Browser) -> None:
    answer = browser.get("/case")
    assert answer.status == 200, f"the status page answers {answer.status}"


def _rate(table: Table, house: House, runs: Sequence[Load], floors: Sequence[Load]) -> None:
    table.add("  8 at once", house.kind, "a s", [run.rate for run in runs], [run.rate for run in floors])


def _waiting(table: Table, house: House, runs: Sequence[Load], floors: Sequence[Load]) -> None:
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        ours, bare_ones = ([percentile(run.each, share) * 1000 for run in side] for side in (runs, floors))
        table.add("  each, 8 at once", house.kind, f"ms {name}", ours, bare_ones)
