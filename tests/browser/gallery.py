"""`make gallery`: a picture of every page, in each language and width, full, empty and refused, to leaf through.

`make pictures`: the three of them that the README shows.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests import chromium
from tests.browser import tours
from tests.browser.looking import WIDTHS
from tests.browser.people import DESK, PHONE, Complainant, People, Staff
from tests.browser.serving import ROOT
from tests.browser.touring import Stop
from tests.browser.tours import LANGUAGES, STAFF, TOURS, Shown, Visit

GALLERY = ROOT / "gallery"
PICTURES = ROOT / "docs" / "pictures"
MOST = 150_000  # bytes of a picture of the README


def shoot(folder: Path, visit: Visit, stop: Stop) -> list[str]:
    """Keep the page as it stands, at each width."""
    for width in WIDTHS:
        visit.somebody.page.set_viewport_size({"width": width, "height": 800})
        name = re.sub(r"[^a-z0-9]+", "-", stop.name.lower()).strip("-") or "front"
        place = folder / f"{name}.{visit.somebody.tongue}.{width}.png"
        visit.somebody.page.screenshot(path=place, full_page=True)
    return []


def leaf(folder: Path) -> None:
    """One page that shows what was kept, a row a stop."""
    rows = []
    for first in sorted(folder.rglob(f"*.{LANGUAGES[0]}.{WIDTHS[0]}.png")):
        name = first.relative_to(folder).as_posix().removesuffix(f".{LANGUAGES[0]}.{WIDTHS[0]}.png")
        pictures = [f"{name}.{tongue}.{width}.png" for tongue in LANGUAGES for width in WIDTHS]
        shown = "".join(
            f'<a href="{picture}"><img src="{picture}" alt="{html.escape(picture)}" loading="lazy" height="400"></a> '
            for picture in pictures
        )
        rows.append(f"<h2>{html.escape(name)}</h2>\n<p>{shown}</p>")
    head = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><h1>Gallery</h1>\n'
    (folder / "index.html").write_text(head + "\n".join(rows), encoding="utf-8")


@contextmanager
def _browser() -> Iterator[Browser]:
    path = chromium.find()
    if not path:
        sys.exit(f"these packages are missing: {' '.join(chromium.missing())}")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield found
        found.close()


def _hang(name: str, browser: Browser, shown: Shown, wanted: list[str]) -> None:
    for tour in wanted:
        folder = GALLERY / name / tour.replace(" ", "-")
        folder.mkdir(parents=True)
        for wrong in tours.take(tour, browser, shown, partial(shoot, folder)):
            sys.stdout.write(f"{name}, {tour}: {wrong}\n")


def pictures() -> None:
    """Take the pictures of the README from a demo of today."""
    with tempfile.TemporaryDirectory() as home, _browser() as browser:
        folder = Path(home) / "demo"
        folder.mkdir(mode=0o700)
        with tours.the_demo(folder) as shown:
            people = People(browser, shown.house.address)
            worker = Complainant(people.context(), "km")
            worker.go("/file?lang=km")
            _keep(worker.page, "file.km-360", {**PHONE, "height": 900})
            officer = Staff(people.context(), "en").sign_in("sophea", "office")
            officer.go("/office?lang=en")
            _keep(officer.page, "office-1280", {**DESK, "height": 900})
            panellist = Staff(people.context(), "en").sign_in("w1", "panel")
            _open_views(panellist)
            _keep(panellist.page, "panel-1280", {**DESK, "height": 900})


def _open_views(panellist: Staff) -> None:
    """The first case of the list in which the panel decided, so that all three sides can be read."""
    links = panellist.go("/panel?lang=en").locator("table.list tbody a")
    for address in links.evaluate_all("all => all.map(it => it.getAttribute('href'))"):
        if panellist.go(address).locator(".sides .lines, .result .facts, .result b").count() > 2:
            return
    sys.exit("in no case of the demo did the panel decide")


def _keep(page: Page, name: str, size: dict[str, int]) -> None:
    """The top of the page: lossless, and as WebP a fifth of what it would be as PNG."""
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    place = PICTURES / f"{name}.webp"
    with Image.open(io.BytesIO(page.screenshot())) as taken:
        taken.convert("RGB").save(place, lossless=True, quality=100, method=6)
    bytes_ = place.stat().st_size
    sys.stdout.write(f"{place.relative_to(ROOT)}: {bytes_} bytes\n")
    if bytes_ > MOST:
        sys.exit(f"a picture of the README has at most {MOST} bytes")


def main() -> None:
    """Take every tour, with a full house and with an empty one."""
    shutil.rmtree(GALLERY, ignore_errors=True)
    with tempfile.TemporaryDirectory() as home, _browser() as browser:
        for name, house, wanted in (("full", tours.the_demo, [*TOURS]), ("empty", tours.no_cases, [*STAFF])):
            folder = Path(home) / name
            folder.mkdir(mode=0o700)
            with house(folder) as shown:
                _hang(name, browser, shown, wanted)
    leaf(GALLERY)
    sys.stdout.write(f"{len(list(GALLERY.rglob('*.png')))} pictures: {GALLERY / 'index.html'}\n")


if __name__ == "__main__":
    pictures() if "pictures" in sys.argv else main()
