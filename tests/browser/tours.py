"""Tours of the house: who visits, and at which pages they stop; tests look at each of them, the gallery keeps a picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Browser, Page, expect

from grievance import demo
from grievance.casework.desk import Desk
from grievance.casework.words import custody
from grievance.demo.tales import Tale
from tests import makers
from tests.browser import touring
from tests.browser.people import Complainant, People, Somebody, Staff
from tests.browser.serving import QUICK, Served, empty_house, forget_proof, keep_proofs, running
from tests.browser.touring import Stop, at

LANGUAGES = ("en", "km")
FEW = 4
"""With fewer stops than this a visit of somebody with an account looks at all of them in every language."""
TOUCH = 44  # pixels


@dataclass(frozen=True)
class Shown:
    """A house as it is served, and the receipt of one case at each stage that its cases reach, or of what else it opens."""

    house: Served
    receipts: Mapping[str, str]


@dataclass(frozen=True)
class Visit:
    """Somebody and their stops. `start`: a page on which the language is chosen; `least`: how high a target has to be."""

    somebody: Somebody
    stops: list[Stop]
    start: str = "/"
    least: int = 0


See = Callable[[Visit, Stop], list[str]]
"""What is done at a stop, in the language of the visitor; it returns what is wrong there."""


RECEIPTS = "receipts.json"


def make_demo(folder: Path) -> None:
    """The demo in this folder, and beside it the receipt of one case at each stage: the house itself keeps none."""
    tales: list[Tale] = []
    first_scene = Tale._file

    def remembered(tale: Tale) -> None:
        first_scene(tale)
        tales.append(tale)

    desk = makers.desk_of(empty_house(folder))
    with patch.object(Tale, "_file", remembered):
        demo.load(desk)
    keep_proofs(desk)
    receipts: dict[str, str] = {}
    for tale in tales:
        bearer = makers.following.show_receipt(desk, tale.receipt)
        view, around = makers.following.page(desk, bearer, "", roles=makers.ROLES["complainant"])
        several = "several cases" if around.cases else ""
        receipts.setdefault(around.step or several or (view.stage if view else ""), tale.receipt)
    (folder / RECEIPTS).write_text(json.dumps(receipts))
    desk.store.engine.dispose()


@contextmanager
def the_demo(folder: Path) -> Iterator[Shown]:
    """The demo of this folder, served; made first where there is none yet."""
    if not (folder / RECEIPTS).exists():
        make_demo(folder)
    desk = makers.desk_of(makers.house(folder))
    with running(folder) as address:
        yield Shown(Served(address, desk), json.loads((folder / RECEIPTS).read_text()))
    desk.store.engine.dispose()


@contextmanager
def no_cases(folder: Path) -> Iterator[Shown]:
    """A house with people and not a single case."""
    desk = makers.desk_of(makers.house(folder))
    keep_proofs(desk)
    with running(folder) as address:
        yield Shown(Served(address, desk), {})
    desk.store.engine.dispose()


def walk(visit: Visit, see: See, *, turns: bool) -> list[str]:
    """What is wrong at the stops of a visit, in each language; with `turns`, where a stop has one, in that alone."""
    somebody, wrong = visit.somebody, list[str]()
    for no, tongue in enumerate(LANGUAGES):
        somebody.context.request.get(f"{visit.start}?lang={tongue}")  # the browser remembers it
        somebody.tongue = tongue
        somebody.complaints.clear()
        for stop in visit.stops:
            if turns and stop.turn not in (None, no):
                continue
            stop.go(somebody)
            read = somebody.page.evaluate("document.documentElement.lang")
            found = [] if read == tongue else [f"it is read in {read}"]
            found += see(visit, stop)
            found += [f"console: {complaint}" for complaint in somebody.complaints]
            somebody.complaints.clear()
            wrong += [f"{stop.name} ({tongue}): {one}" for one in found]
    return wrong


def take(tour: str, browser: Browser, shown: Shown, see: See, *, turns: bool = False) -> list[str]:
    """What is wrong on one of the TOURS. `turns`: where stops are many, each is looked at in one language."""
    people = People(browser, shown.house.address)
    try:
        return [one for visit in TOURS[tour](people, shown) for one in walk(visit, see, turns=turns)]
    finally:
        for somebody in people.all:
            somebody.context.close()


def _send(somebody: Somebody, address: str, **answers: object) -> Page:
    """The form of this page with these answers and no other."""
    somebody.page.goto(address)
    return _send_this(somebody, **answers)


def _send_this(somebody: Somebody, **answers: object) -> Page:
    """The form of the page in front of them."""
    somebody.answer(answers)
    with somebody.page.expect_navigation():  # what the browser itself would hold back, other browsers send
        somebody.page.locator("main form button.go:not([type=button])").first.evaluate(
            "it => { it.form.noValidate = true; it.form.requestSubmit(it) }"
        )
    return somebody.page


def _empty(address: str) -> Stop:
    return Stop(f"{address}, empty", lambda somebody: _send(somebody, address))


def _looked_at_and_sent(addresses: list[str], sent: list[str]) -> Iterator[Stop]:
    """Each of these pages, and right after it, where it is to be sent, its form without an answer."""
    for address in addresses:
        yield at(address, before=address in sent)
        if address in sent:
            yield Stop(f"{address}, empty", _send_this)


def _filed(somebody: Somebody, **more: object) -> None:
    assert isinstance(somebody, Complainant)
    somebody.page.goto("/file")
    somebody.fill_in_only({"workplace": "KH-0412", "words": "…", **more})
    with somebody.page.expect_navigation():
        somebody.press("Send")


def _too_old(somebody: Somebody) -> None:
    somebody.page.goto("/follow")
    somebody.page.locator("[name=page_token]").evaluate("it => { it.value = '00' }")
    somebody.page.locator("#number").fill("1")
    with somebody.page.expect_navigation():
        somebody.page.locator("main form button.go").click()


def _not_proved(desk: Desk, somebody: Somebody) -> None:
    forget_proof(desk)
    somebody.page.goto(f"/office/procedures/{QUICK}")


def everybody(people: People, _: Shown) -> Iterator[Visit]:
    """The pages that are open to everybody, filing and its receipt included."""
    open_pages = ("/", "/file", "/s/KH-0412", "/s/KH-9999", "/employer", "/follow", "/follow?again=1", "/nothing/here")
    stops = [
        *map(at, open_pages),
        _empty("/file"),
        Stop("a name beside nobody", lambda it: _filed(it, anonymity="anonymous", name="A")),
        Stop("a receipt", _filed),
        Stop("a receipt of somebody in danger", lambda it: _filed(it, urgent=["danger"], restatement="yes")),
        Stop("a wrong number", lambda it: _send(it, "/follow", number="1234")),
        Stop("a page that was open for too long", _too_old),
    ]
    yield Visit(Complainant(people.context(), "en"), stops, least=TOUCH)


def without_script(people: People, _: Shown) -> Iterator[Visit]:
    """The filing form is one page then, and all of it is looked at; axe is a script itself, so ours alone is left out."""
    plain = Somebody(people.context(), "en")
    plain.context.route("**/static/site.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    yield Visit(plain, [at("/file"), _empty("/file")], least=TOUCH)


def complainants(people: People, shown: Shown) -> Iterator[Visit]:
    """Whoever complains: the case at each stage, and each form once."""
    known: set[str] = set()
    worker = Complainant(people.context(), "en")
    for no, (stage, receipt) in enumerate(shown.receipts.items()):
        _send(worker, "/follow", number=receipt)
        expect(worker.button("Close my case here")).to_be_visible()
        links = worker.page.eval_on_selector_all(
            "main a[href^='/case/']:not([download])", "all => all.map(it => it.getAttribute('href'))"
        )
        forms = list(touring.kinds(links, known))
        sent = [
            form for form in forms if not form.endswith("/words")
        ]  # what they wrote is read there, and nothing is sent
        case = Stop(f"case in {stage}", lambda it: it.page.goto("/case"))
        whole = Stop(f"case in {stage}, with all its parts open", lambda it: it.page.goto("/case?all=1"))
        stops = [case, whole, *_looked_at_and_sent(forms, sent[:2])]
        yield Visit(worker, touring.taking_turns(stops, len(LANGUAGES), no), least=TOUCH)


def somebody_with_an_account(people: People, shown: Shown, *, person: str, door: str, start: str) -> Iterator[Visit]:
    """Every kind of page that links of a door lead to, and each form sent empty."""
    somebody = Staff(people.context(), "en").sign_in(person, door)
    addresses = touring.crawl(somebody.page, start, lambda link: link.startswith(start))
    assert len(addresses) > 1 or door in ("account", "custody") or not shown.receipts
    stops = [*_looked_at_and_sent(addresses, [address for address in addresses if touring.is_move(address)])]
    if door == "office":
        stops.append(Stop("a procedure that is not proved", partial(_not_proved, shown.house.desk)))
    if door == "account":
        stops += map(at, ("/account/nothing", "/office/cases/AAAA-AAAA"))
    yield Visit(somebody, touring.taking_turns(stops, len(LANGUAGES)) if len(stops) >= FEW else stops, start)


def signing_in(people: People, _: Shown) -> Iterator[Visit]:
    """Before anybody is known."""
    wrong = {"mail": "nobody@demo.test", "password": "wrong wrong"}
    page = "/account/sign-in"
    stops = [at(page), _empty(page), Stop("a wrong password", lambda it: _send(it, page, **wrong))]
    yield Visit(Somebody(people.context(), "en"), stops)


def names(people: People, shown: Shown) -> Iterator[Visit]:
    """Who complained: an officer asks, a custodian is asked, two agree, and the name is read; and how to reach them."""
    desk = shown.house.desk
    story = makers.Story.filed(desk)
    page = f"/custody/cases/{story.ref}"
    officer, custodian = (Staff(people.context(), "en").sign_in(one, "custody") for one in ("sophea", CUSTODIAN))
    yield Visit(officer, [*_looked_at_and_sent([page], [page])], "/custody")
    custody.ask(desk, makers.viewer("sophea"), story.ref, "danger", "…", seen=0)
    refused = Stop("a no without a reason", lambda it: _press(it, page, "refused"))
    yield Visit(custodian, [at("/custody"), at(page), refused], "/custody")
    for person in ("rith", CUSTODIAN):
        seen = custody.look(desk, makers.viewer(person), story.ref).seq
        custody.answer(desk, makers.viewer(person), story.ref, 1, "agreed", "", seen=seen)
    case = f"/office/cases/{story.ref}"
    reads = [
        Stop("a name", lambda it: _press(it, page, "name")),
        Stop("how to reach them", lambda it: _press(it, case, "contact")),
        Stop("how to reach them, in the other language and back", lambda it: _there_and_back(it, case)),
    ]
    yield Visit(officer, [at(page), *reads], "/custody")


def _there_and_back(somebody: Somebody, case: str) -> None:
    """The switch of a page that answers a press keeps what it shows."""
    _press(somebody, case, "contact")
    for _ in LANGUAGES:
        with somebody.page.expect_navigation():
            somebody.page.locator(".tongues button").click()
        expect(somebody.page.get_by_text("012345678")).to_be_visible()


def _press(somebody: Somebody, address: str, step: str) -> None:
    somebody.page.goto(address)
    with somebody.page.expect_navigation():
        somebody.page.locator(f'main form[action$="/{step}"] button').click()


CUSTODIAN = "o3"
STAFF = {
    "administrator": ("sarin", "account", "/account"),
    "officer": ("sophea", "office", "/office"),
    "factory": ("lotus-hr", "party", "/party"),
    "another factory": ("mekong-hr", "party", "/party"),
    "brand": ("north-buyer", "party", "/party"),
    "panellist": ("w1", "panel", "/panel"),
    "neutral": ("n1", "panel", "/panel"),
    "mediator": ("m1", "panel", "/panel"),
    "coordinator": ("chan", "account", "/account"),
    "custodian": (CUSTODIAN, "custody", "/custody"),
}
TOURS: Mapping[str, Callable[[People, Shown], Iterator[Visit]]] = {
    "everybody": everybody,
    "without script": without_script,
    "complainants": complainants,
    "signing in": signing_in,
    "names": names,
    **{
        name: partial(somebody_with_an_account, person=person, door=door, start=start)
        for name, (person, door, start) in STAFF.items()
    },
}
