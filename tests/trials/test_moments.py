"""Whoever is complained about learns the week in which somebody wrote, and nothing nearer, however well they watch.

Filings come in at random moments of some weeks. The office is as quick as can be, which tells most: it acknowledges,
assesses, restates and releases in the very moment, and takes the case in the moment in which the restatement arrives. The
employer and the brand keep all they see: when each letter came and how long it is, every date and number of the page,
of its headers and of the export, how large these are, the reference, and in which order the cases stand in their list.

The attacker is told more than any real one: the moments of every other filing. From each sign by itself, and from all of
them together, two guesses are made, and the best sign counts:

- **The day.** The day of the learned filing whose sign is the nearest. Whoever knows the week alone is right once in seven.
- **The order.** Of two filings of one week the one with the smaller sign was first. Whoever knows the week is right half
  the time.

Both may exceed that by four standard deviations of chance and no more: of 1,000 filings 4.4 of 100 for the day of the
500 that are guessed, with 14.3 + 6.3 as the bound. Of fifty signs one does so by chance in a few houses of a thousand, so
the same sign has to do it again in another house; what is no chance does. Not in it: the urgent lanes, where nothing
waits, and an officer who acts after the week is over; both are said in docs/adr/0027.
"""

from __future__ import annotations

import heapq
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import combinations, count
from math import sqrt
from pathlib import Path

import pytest
from flask import Flask

from grievance.casework import delivering
from grievance.casework.desk import Desk
from grievance.casework.showing import exporting, worklists
from grievance.core.effects import taking
from grievance.demo import cast
from grievance.notices import Notice
from tests.conftest import ON_SQLITE, fresh
from tests.makers import ROLES, Clock, Punctual, Story, desk_of, house, viewer
from tests.remembered import hashed_once
from tests.trials.sizes import scaled, seed
from tests.web.staff import Staff, words

__all__ = ["hashed_once"]

WEEK, DAY = timedelta(days=7), timedelta(days=1)
BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday: weeks are told by UTC."""

SIGMAS = 4
FACTS = {"category": "wages", "severity": "serious", "lane": "U3", "respondent": "KH-0412", "issues": ["wages"]}
WATCHING = {"respondent": "lotus-hr", "brand": "north-buyer"}
WATCHERS = {member.mail for member in cast.PEOPLE if member.id in WATCHING.values()}

_DATES = re.compile(
    r"(?P<iso>\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?)"
    r"|(?P<said>\d{1,2} [A-Z][a-z]+ 20\d\d)(?:, (?P<hour>\d\d:\d\d))?"
    r"|(?P<micro>\b1[67]\d{14}\b)|(?P<http>\d\d [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT)"
)


@dataclass
class Seen:
    """One filing: when it was, and every sign that came out of it by name."""

    moment: datetime
    signs: dict[str, float] = field(default_factory=dict)

    @property
    def week(self) -> int:
        return (self.moment - BEGIN) // WEEK

    @property
    def day(self) -> int:
        return (self.moment - BEGIN) // DAY % 7

    def note(self, name: str, value: float) -> None:
        self.signs[name] = value

    def note_instant(self, name: str, at: datetime) -> None:
        """As somebody counts who knows the week."""
        self.signs[name] = (at - (BEGIN + self.week * WEEK)).total_seconds()

    def note_text(self, name: str, text: str) -> None:
        """Its size, and every date in it by its place."""
        self.note(f"{name}: size", len(text))
        for no, found in enumerate(_DATES.finditer(text)):
            self.note_instant(f"{name}: date {no}", _instant(found))


def _instant(found: re.Match[str]) -> datetime:
    if found["iso"]:
        return datetime.fromisoformat(found["iso"]).replace(tzinfo=UTC)
    if found["micro"]:
        return datetime.fromtimestamp(int(found["micro"]) / 1e6, UTC)
    if found["http"]:
        return datetime.strptime(found["http"], "%d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    shape, text = (
        ("%d %B %Y, %H:%M", f"{found['said']}, {found['hour']}") if found["hour"] else ("%d %B %Y", found["said"])
    )
    return datetime.strptime(text, shape).replace(tzinfo=UTC)


class Watch:
    """A house with a quick office, and what is seen of it from outside."""

    def __init__(self, app: Flask, clock: Clock, lot: random.Random) -> None:
        self.app, self.clock = app, clock
        self.desk: Desk = replace(desk_of(app), random=lot)
        self.seen: dict[str, Seen] = {}
        self.todo: list[tuple[datetime, int, Callable[[], None]]] = []
        self.turn = count()

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self.todo, (moment, next(self.turn), act))

    def run(self, moments: Sequence[datetime]) -> list[Seen]:
        for moment in moments:
            self.at(moment, self.filed)
        while self.todo:
            moment, _, act = heapq.heappop(self.todo)
            self.clock.at = max(self.clock.at, moment)
            act()
        self.clock.at += WEEK
        self.look_at_lists_and_exports()
        return list(self.seen.values())

    def filed(self) -> None:
        """The office does all that it can in the same moment."""
        story = Story.filed(self.desk)
        self.seen[story.ref] = Seen(self.clock.at)
        story.do("officer", "acknowledge", greeting="We have read it.")
        story.do("officer", "assess", FACTS)
        story.do("officer", "restate", {"could_have_written": 60}, title="Unpaid", restatement="It is unpaid.")
        story.do("officer", "release")
        self.letters(story)
        arrives = story.view("officer").released_at
        assert arrives
        self.at(arrives, lambda: self.taken(story))

    def taken(self, story: Story) -> None:
        """The office takes it, and whoever is written to looks at once."""
        story.do("officer", "admit", reasons="It can be checked.")
        self.letters(story)
        seen = self.seen[story.ref]
        person = WATCHING["respondent"]
        answer = Staff(self.app, person).get(f"/party/cases/{story.ref}")
        assert answer.status_code == 200
        seen.note_text("page", words(answer.text))
        seen.note_text("marks of the page", re.sub(r'value="[0-9a-f]{40,}"|nonce="[^"]*"', "", answer.text))
        seen.note_text(
            "headers", "\n".join(f"{name}: {value}" for name, value in answer.headers if name != "Set-Cookie")
        )
        seen.note("tag", float(int(answer.headers.get("ETag", '"0"').strip('"W/') or "0", 16)))

    def letters(self, story: Story) -> None:
        """What is sent now, to the second; the office's own letters are no sign."""
        seen, number = self.seen[story.ref], count()

        def send(mail: str, letter: Notice) -> None:
            if mail in WATCHERS:
                no = next(number)
                seen.note_instant(f"letter {no}", self.clock.at)
                seen.note(f"letter {no}: size", len(letter.subject + letter.body))

        while delivering.deliver(self.desk, send):
            pass

    def look_at_lists_and_exports(self) -> None:
        for role, person in WATCHING.items():
            for no, ref in enumerate(self.listed(person)):
                self.seen[ref].note(f"place in the list of the {role}", no)
        for ref, seen in self.seen.items():
            seen.note("reference", float(int(ref.replace("-", ""), 36)))
            for role, person in WATCHING.items():
                raw = exporting.export(self.desk, viewer(person), ref).decode()
                seen.note_text(f"export of the {role}", raw)
                content = json.loads(raw)
                seen.note(f"entries of the {role}", len(content["entries"]))
                seen.note(f"head of the {role}", float(int(content["head"], 16)))

    def listed(self, person: str) -> Iterator[str]:
        page = 1
        while page:
            found = worklists.worklist(self.desk, viewer(person), {}, roles=ROLES["respondent"], page=page)
            yield from (row.ref for row in found.rows)
            page = page + 1 if page < found.pages else 0


@dataclass(frozen=True)
class Guess:
    """How often the attacker is right by one sign, and how often at most by chance."""

    sign: str
    right: float
    chance: float
    bound: float

    @property
    def betrayed(self) -> bool:
        return self.right > self.bound

    def __str__(self) -> str:
        return f"{self.right:.3f} by '{self.sign}' (who knows the week: {self.chance:.3f}, at most {self.bound:.3f})"


def columns(seen: Sequence[Seen]) -> dict[str, list[float]]:
    """Each sign as ranks; what one filing lacks stands below all that the others have."""
    names = sorted({name for one in seen for name in one.signs})
    found = {}
    for name in names:
        values = [one.signs.get(name, float("-inf")) for one in seen]
        places = {value: no for no, value in enumerate(sorted(set(values)))}
        if len(places) > 1:
            found[name] = [places[value] / (len(places) - 1) for value in values]
    return found


def day_guesses(seen: Sequence[Seen], lot: random.Random) -> Iterator[Guess]:
    """By each sign, and by all: the day of the learned filing that is the nearest; of several as near one by lot."""
    order = list(range(len(seen)))
    lot.shuffle(order)
    learned, asked = order[: len(order) // 2], order[len(order) // 2 :]
    bound = 1 / 7 + SIGMAS * sqrt(6 / 49 / len(asked))
    by_sign = columns(seen)
    for name, values in (*by_sign.items(), ("all together", [])):
        used = [values] if values else list(by_sign.values())
        right = 0
        for one in asked:
            far = {other: sum(abs(value[one] - value[other]) for value in used) for other in learned}
            nearest = min(far.values())
            like = lot.choice([other for other in learned if far[other] == nearest])
            right += seen[like].day == seen[one].day
        yield Guess(name, right / len(asked), 1 / 7, bound)


def order_guesses(seen: Sequence[Seen]) -> Iterator[Guess]:
    """By each sign, forwards or backwards: which of two of one week was filed first."""
    weeks: dict[int, list[int]] = {}
    for no, one in enumerate(seen):
        weeks.setdefault(one.week, []).append(no)
    pairs = [(a, b) for held in weeks.values() for a, b in combinations(held, 2)]
    variance = sum(n * (n - 1) * (2 * n + 5) / 72 for n in map(len, weeks.values()))  # of Kendall's count of pairs
    bound = 0.5 + SIGMAS * sqrt(variance) / len(pairs)
    for name, values in columns(seen).items():
        right = 0.0
        for a, b in pairs:
            first, second = (a, b) if seen[a].moment < seen[b].moment else (b, a)
            right += 0.5 if values[first] == values[second] else values[first] < values[second]
        share = right / len(pairs)
        yield Guess(name, max(share, 1 - share), 0.5, bound)


def betrayals(
    app: Flask, clock: Clock, begun: int, filings: int, weeks: int, *, wait: random.Random | None = None
) -> tuple[list[Guess], str]:
    """What tells more than the week, and the best guesses in words. `wait`: another lot than the production's draw."""
    lot = random.Random(begun)
    moments = [BEGIN + weeks * WEEK * lot.random() for _ in range(filings)]
    seen = Watch(app, clock, wait or random.Random(begun + 1)).run(moments)
    assert len(seen) == filings
    days, orders = list(day_guesses(seen, lot)), list(order_guesses(seen))
    best = [max(found, key=lambda one: one.right) for found in (days, orders)]
    told = (
        f"seed {begun}, {filings} filings in {weeks} weeks, {len(columns(seen))} signs: day {best[0]}; order {best[1]}"
    )
    print(told)
    return [one for one in (*days, *orders) if one.betrayed], told


House = tuple[Flask, Clock]


@pytest.fixture
def another(database: str, tmp_path: Path, keys: Path, request: pytest.FixtureRequest) -> Iterator[Callable[[], House]]:
    """Begins a second house on a database of the same kind."""
    with ExitStack() as stack:

        def begin() -> House:
            folder, clock = tmp_path / "another", Clock()
            folder.mkdir(mode=0o700)
            kind = "sqlite" if database.startswith("sqlite") else "postgresql"
            url = stack.enter_context(fresh(kind, folder, request))
            app = house(folder, url, clock, GRIEVANCE_KEYS=str(keys))
            stack.callback(desk_of(app).store.engine.dispose)
            return app, clock

        yield begin


def betrayals_twice(
    first: House, another: Callable[[], House], begun: int, filings: int, weeks: int, wait: random.Random | None = None
) -> list[str]:
    """What tells more than the week in this house, and by the same sign in another one, in words."""
    found, told = betrayals(*first, begun, filings, weeks, wait=wait)
    if not found:
        return []
    suspected = {(one.sign, one.chance) for one in found}
    again, more = betrayals(*another(), begun + 2, filings, weeks, wait=wait)
    return [f"{told}; {more}; {one}" for one in again if (one.sign, one.chance) in suspected]


def test_what_an_employer_sees_tells_the_week_and_no_more(
    app: Flask, clock: Clock, another: Callable[[], House]
) -> None:
    assert betrayals_twice((app, clock), another, seed(), 40, 3) == []


@ON_SQLITE
def test_planted_without_the_wait_the_day_is_told(app: Flask, clock: Clock, another: Callable[[], House]) -> None:
    found = betrayals_twice((app, clock), another, 7, 24, 1, wait=Punctual())
    assert any(" by 'letter" in one for one in found)


@ON_SQLITE
def test_planted_a_lot_that_begins_with_the_act_tells_the_day(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two days drawn from the act on are not enough: whoever sees a restatement arrive on a Tuesday knows who was early."""
    monkeypatch.setattr(taking, "_week_over", lambda _: BEGIN)
    found, _ = betrayals(app, clock, 7, 24, 1)
    assert any(one.sign.startswith("letter") for one in found)


@ON_SQLITE
def test_planted_a_date_from_before_the_release_tells_the_day(
    app: Flask, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wait is there, and the export says when each entry was made."""
    monkeypatch.setattr(exporting, "sees_when", lambda *_: True)
    found, _ = betrayals(app, clock, 7, 24, 1)
    assert found
    assert all(one.sign.startswith("export") for one in found)


@pytest.mark.trial
def test_a_thousand_filings(app: Flask, clock: Clock, another: Callable[[], House]) -> None:
    assert betrayals_twice((app, clock), another, seed(), scaled(1_000), max(4, scaled(12))) == []
