"""`make gallery`: a picture of every page, in each language and width, full, empty and refused, to leaf through."""

from __future__ import annotations

import html
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests import chromium
from tests.browser import tours
from tests.browser.looking import WIDTHS
from tests.browser.serving import ROOT
from tests.browser.touring import Stop
from tests.browser.tours import LANGUAGES, STAFF, TOURS, Shown, Visit

GALLERY = ROOT / "gallery"


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
    main()
