"""One Chromium a test process, one server a file: pages are driven as people drive them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import chromium
from tests.browser.serving import PATIENCE, Served, served
from tests.conftest import fresh


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser; the tests of a file share a house, so one process runs them."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not item.get_closest_marker("xdist_group"):
                item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, f"these packages are missing: {' '.join(chromium.missing())}"
    expect.set_options(timeout=1000 * PATIENCE)
    with sync_playwright() as playwright:
        # Without a sandbox root may start it; it meets our own pages only, and no name is looked up: some networks answer late.
        alone = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"]
        # Nothing is shown, so a process of its own for that costs a tenth more and gives nothing.
        found = playwright.chromium.launch(executable_path=path, args=[*alone, "--disable-gpu", "--in-process-gpu"])
        yield found
        found.close()


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, founded: Path) -> Iterator[Served]:
    """A running house on SQLite, for all tests of a process: to start one takes more than most of them."""
    with served(tmp_path_factory.mktemp("house") / "data", founded) as found:
        yield found


@pytest.fixture(scope="module")
def own_house(tmp_path_factory: pytest.TempPathFactory, founded: Path) -> Iterator[Served]:
    """One for a file whose tests leave something behind that others would meet. Its clock can be moved."""
    with served(tmp_path_factory.mktemp("house") / "data", founded, moving=True) as found:
        yield found


@pytest.fixture(params=["postgresql", pytest.param("sqlite", marks=pytest.mark.trial)])
def open_house(request: pytest.FixtureRequest, tmp_path: Path, founded: Path) -> Iterator[Served]:
    """As `house`, on the database of production; on the other one too in a trial."""
    with (
        fresh(request.param, tmp_path, request) as database,
        served(tmp_path / "data", founded, database, moving=True) as found,
    ):
        yield found


Stack = Callable[[], ExitStack]
