"""The work list and the search, from a thousand cases on: for an officer seated in all, and for one seated in few."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from sqlalchemy import func, select

from benchmarks.browsing import Action, Browser, Load, hidden, load
from benchmarks.houses import FEW_MAIL, House, few
from benchmarks.making import COMMON, FEW, RARE
from benchmarks.measuring import Table, percentile
from benchmarks.processes import Server
from grievance.casework.desk import Viewer
from grievance.casework.rows import ListView
from grievance.casework.showing import worklists
from grievance.demo import cast
from grievance.language import search_key
from grievance.store.tables import restatements
from tests import makers

ROLES = frozenset({"officer", "relief"})
LIST = "/office"
CLIENTS = 4


def measure_lists(
    table: Table, house: House, ours: Server, floor: Server, size: int, *, repeats: int, each: int
) -> None:
    """The page of 25 rows as it comes over the line, beside a bare view that renders 25 rows."""
    officers = {"all": "officer@demo.test", str(FEW): FEW_MAIL}
    for seated, mail in officers.items():
        browsers = [signed_in(ours, mail) for _ in range(CLIENTS)]
        runs, floors = beside(house, ours, floor, browsers, show_list, _rows, repeats, each)
        what = f"work list of {size:,} cases, seated in {seated}"
        add_cpu(table, house, what, runs, floors)
        add_waiting(table, house, f"  each, {CLIENTS} at once", [run.each for run in runs])
        alone, _ = beside(house, ours, floor, browsers[:1], show_list, _rows, repeats, each * 2)
        add_waiting(table, house, "  each, one at a time", [run.each for run in alone])


def _rows(browser: Browser) -> None:
    bare(browser, "/rows")


def add_waiting(table: Table, house: House, what: str, runs: Sequence[Sequence[float]]) -> None:
    """The lines of how long somebody waits: the middle one and the slowest of a hundred, of each run."""
    for name, share in (("p50", 0.5), ("p99", 0.99)):
        table.add(what, house.kind, f"ms {name}", [percentile(run, share) * 1000 for run in runs])


def measure_search(table: Table, house: House, size: int, *, repeats: int) -> None:
    """The verb alone, beside a scan of every search key; what it finds must be what the scan finds, case by case."""
    everybody, rare = makers.viewer("sophea"), f"1 % of {size:,}"
    for seated, viewer, word, share in (
        ("all", everybody, RARE, rare),
        ("all", everybody, COMMON, f"half of {size:,}"),
        (str(FEW), few(house.desk), RARE, rare),
    ):
        runs = [house.cost(partial(_search, house, viewer, word)) for _ in range(repeats + 1)][1:]
        scans = [house.cost(partial(_scan, house, word)) for _ in range(repeats + 1)][1:]
        what = f"search of a word in {share}, seated in {seated}"
        table.add(
            what,
            house.kind,
            "ms CPU",
            [run.cpu * 1000 for run in runs],
            [scan.cpu * 1000 for scan in scans],
            [run.database * 1000 for run in runs],
        )
        add_waiting(table, house, "  each, one at a time", [[run.wall for run in runs]])
    _equal(house, everybody, RARE)


def _search(house: House, viewer: Viewer, word: str, page: int = 1) -> ListView:
    return worklists.worklist(house.desk, viewer, {"q": word}, roles=ROLES, page=page)


def _scan(house: House, word: str) -> int:
    """One statement that looks into every key, by a function that no index serves."""
    place = func.instr if house.desk.store.sqlite else func.strpos
    with house.desk.store.read() as tx:
        query = select(func.count()).select_from(restatements).where(place(restatements.c.key, search_key(word)) > 0)
        return tx.execute(query).scalar_one()


def _equal(house: House, viewer: Viewer, word: str) -> None:
    """What the search finds on all of its pages, against every title whose key holds the word. AssertionError."""
    with house.desk.store.read() as tx:
        rows = tx.execute(select(restatements.c.title, restatements.c.key)).all()
    wanted = sorted(title for title, key in rows if search_key(word) in key)
    first = _search(house, viewer, word)
    pages = [first, *(_search(house, viewer, word, page) for page in range(2, first.pages + 1))]
    found = sorted(row.title for page in pages for row in page.rows)
    assert found == wanted, f"the search finds {len(found)} cases and the scan {len(wanted)}"


def signed_in(server: Server, mail: str) -> Browser:
    """A browser in which this person has signed in."""
    browser = Browser(server.port)
    token = hidden(browser.get("/account/sign-in").body, "page_token")
    answer = browser.post("/account/sign-in", [("page_token", token), ("mail", mail), ("password", cast.PASSWORD)])
    assert answer.status == 303, f"signing in answers {answer.status}"
    return browser


def show_list(browser: Browser) -> None:
    """The work list, full."""
    answer = browser.get(LIST)
    assert answer.status == 200, f"the work list answers {answer.status}"
    assert answer.body.count("<tr") > 25, "the work list shows too few rows"


def bare(browser: Browser, path: str) -> None:
    """A page of the floor."""
    assert browser.get(path).status == 200


def beside(
    house: House,
    ours: Server,
    floor: Server,
    browsers: Sequence[Browser],
    action: Action,
    floor_action: Action,
    repeats: int,
    each: int,
) -> tuple[list[Load], list[Load]]:
    """Runs of ours and of the floor in turn, after one of each that does not count; the floor does twice as many."""
    plain = [Browser(floor.port) for _ in browsers]
    pairs = [
        (
            load(ours, house.database_cpu, browsers, action, each if repeat else 3),
            load(floor, house.database_cpu, plain, floor_action, each * 2 if repeat else 10),
        )
        for repeat in range(repeats + 1)
    ]
    return [run for run, _ in pairs[1:]], [run for _, run in pairs[1:]]


def add_cpu(table: Table, house: House, what: str, runs: Sequence[Load], floors: Sequence[Load]) -> None:
    """The line that counts: CPU of everything that served it, and what of it the database's processes took."""
    table.add(
        what,
        house.kind,
        "ms CPU",
        [run.cpu_ms for run in runs],
        [run.cpu_ms for run in floors],
        [run.database_ms for run in runs],
    )
