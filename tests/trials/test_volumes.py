"""A volume that is full, takes nothing or fails: the kernel says so, people file on, nothing is lost or doubled.

Each trial runs as a program of its own (`python -m tests.trials.test_volumes TRIAL SECONDS`) where mounts are its own.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event, Thread

import psycopg
import pytest

from grievance.casework.desk import Desk
from grievance.casework.house import safekeeping, unnoted, verifying
from grievance.casework.showing import following
from grievance.store import files
from tests import makers, postgres
from tests.casework.test_safekeeping import TO, backed_up, opened, restored
from tests.conftest import found
from tests.files import jpeg
from tests.trials.filers import Filers
from tests.trials.processes import House
from tests.trials.sizes import scaled
from tests.trials.test_crashes import Server, check_acknowledged, check_whole
from tests.trials.volumes import Disk, Volume, apart, remove

BEFORE = 3.0
"""Seconds in which people file before an outage and after it."""
MOMENT = 0.1
"""Seconds in which what the kernel says of a disk that fails is not sure: of two processes that wait for the same commit of
ext4, one may be told that it is on the disk although the journal was given up (`docs/trials.md`)."""
SILENT = 15.0
"""Seconds after which whoever watches PostgreSQL takes it for hung."""
PHOTO = jpeg()


class Place:
    """A house in a folder, one part of which lies on a small volume, with its server and people who file."""

    def __init__(
        self, stack: ExitStack, folder: Path, volume: Volume, url: str, *, journal: bool = False, photos: bool = False
    ) -> None:
        self.folder, self.volume = folder, volume
        self.unsure: set[str] = set()
        """The tickets of those who were told of it in the moment in which a disk failed: Linux may have said too much."""
        self.database: Kept | None = None
        found(folder, url)
        self.house = House(folder, url, folder / "keys")
        if journal:
            self.house = replace(self.house, journal=volume.folder, journal_to=TO)
        self._log = stack.enter_context((folder / "log").open("ab"))
        self.server = Server(self.house, log=self._log)
        stack.callback(self._end)
        self.filers = Filers(self.server.port, (PHOTO, PHOTO, b"") if photos else (b"", b"", b""))

    def _end(self) -> None:
        self.server.kill()

    def stop(self) -> None:
        """Whoever holds a file of the volume open ends."""
        (self.database or self.server).kill()

    def start(self) -> None:
        """And begins again."""
        if self.database:
            self.database.start()
            return
        self.server = Server(self.house, log=self._log)
        self.filers.port = self.server.port

    @contextmanager
    def desk(self) -> Iterator[Desk]:
        """For a while: nobody could remount under an engine that stays open."""
        opened = self.house.desk()
        yield opened
        opened.store.engine.dispose()

    def told(self, desk: Desk) -> dict[str, str]:
        """Who was told that it arrived, without those of an unsure moment whose case is not there."""
        there, lost = dict(self.filers.acknowledged), 0
        for ticket in self.unsure & there.keys():
            try:
                following.show_receipt(desk, there[ticket])
            except following.UnknownReceipt:
                lost += bool(there.pop(ticket))
        if self.unsure:
            print(f"{len(self.unsure)} acknowledged in the moment in which the disk failed, {lost} of them not there")
        return there

    def check_said(self) -> None:
        """Nothing broke that the house did not know what to answer to."""
        said = (self.folder / "log").read_text(errors="replace")
        assert "Traceback" not in said, said


class Kept:
    """A PostgreSQL that is begun again whenever it has ended, or answers nobody: after a PANIC it may stay in its recovery."""

    def __init__(self, server: postgres.Server) -> None:
        self._server, self._over = server, Event()
        self.begun = self.ended = 0
        """How often; and how often it had to be ended first."""
        self.start()

    def start(self) -> None:
        self._over.clear()
        self._keeper = Thread(target=self._keep)
        self._keeper.start()

    def kill(self) -> None:
        """For good, until `start`."""
        self._over.set()
        self._keeper.join()
        self._server.stop()

    def _keep(self) -> None:
        answered = time.monotonic()
        while not self._over.wait(0.5):
            with suppress(psycopg.Error):
                psycopg.connect(postgres.plain(self._server.url), connect_timeout=2).close()
                answered = time.monotonic()
            silent = time.monotonic() > answered + SILENT
            if silent:
                self.ended += 1
                self._server.stop()
            if silent or self._server.process is None or self._server.process.poll() is not None:
                self.begun += 1
                with suppress(RuntimeError):  # its log says why
                    self._server.start()
                answered = time.monotonic()

    def others_write(self) -> None:
        """So much that what is written ahead needs another file, if it has room there or not."""
        with suppress(psycopg.Error), psycopg.connect(postgres.plain(self._server.url)) as connection:
            for _ in range(20):
                connection.execute("SELECT pg_logical_emit_message(true, 'others', repeat('x', 1000000))")
                connection.commit()

    def said(self, word: str) -> int:
        """How often its log says this."""
        return self._server.log.read_text(errors="replace").count(word)


Outage = Callable[[Place], AbstractContextManager[None]]

# --- What happens to it -----------------------------------------------------------------------------------------------


@contextmanager
def full(place: Place) -> Iterator[None]:
    with place.volume.full():
        if place.database:
            place.database.others_write()
        yield


@contextmanager
def read_only(place: Place) -> Iterator[None]:
    """Nobody can remount under whoever writes: they end, as with -9, and begin again where nothing can be written."""
    place.stop()
    place.volume.read_only()
    place.start()
    yield
    place.volume.writable()


@contextmanager
def failing(place: Place) -> Iterator[None]:
    """Linux finds a fault and takes no more under open files. Somebody ends the house then, mends the disk and begins again."""
    assert isinstance(place.volume, Disk)
    before = set(place.filers.acknowledged)
    place.volume.fails()
    time.sleep(MOMENT)
    place.unsure = place.filers.acknowledged.keys() - before
    yield
    place.stop()
    place.volume.mended()
    place.start()


OUTAGES: dict[str, tuple[Outage, type[Volume]]] = {
    "full": (full, Volume),
    "read-only": (read_only, Volume),
    "failing": (failing, Disk),
}


# --- What lies on it --------------------------------------------------------------------------------------------------


def sqlite(stack: ExitStack, folder: Path, kind: type[Volume]) -> Place:
    """The database."""
    volume = kind(folder / "small", 32 << 20)
    return Place(stack, folder, volume, f"sqlite:///{folder}/small/house.sqlite")


def journal(stack: ExitStack, folder: Path, kind: type[Volume]) -> Place:
    """Nothing but the journal, on a second volume."""
    return Place(stack, folder, kind(folder / "second", 32 << 20), f"sqlite:///{folder}/house.sqlite", journal=True)


def objects(stack: ExitStack, folder: Path, kind: type[Volume]) -> Place:
    """Nothing but the sealed files."""
    return Place(stack, folder, kind(folder / "files", 32 << 20), f"sqlite:///{folder}/house.sqlite", photos=True)


def postgresql(stack: ExitStack, folder: Path, kind: type[Volume], *, apart: bool = False) -> Place:
    """The data of PostgreSQL, with what it writes ahead or without."""
    home = folder / "pg"
    home.mkdir()
    making, settings = ["--wal-segsize=1"], (*postgres.SAFE, "min_wal_size=2MB", "max_wal_size=8MB")
    if apart:
        (home / "ahead").mkdir()
        making.append(f"--waldir={home}/ahead/wal")
    volume = kind(home / "data", 96 << 20)
    server = postgres.Server(home, settings, making)
    server.start()
    database = Kept(server)
    stack.callback(database.kill)
    place = Place(stack, folder, volume, postgres.furnished(server.url))
    place.database = database
    return place


PARTS: dict[str, Callable[[ExitStack, Path, type[Volume]], Place]] = {
    "sqlite": sqlite,
    "journal": journal,
    "objects": objects,
    "postgresql": postgresql,
    "postgresql-data": partial(postgresql, apart=True),
}


# --- The trial --------------------------------------------------------------------------------------------------------


def run(part: str, outage: str, seconds: float) -> None:
    folder = Path(tempfile.mkdtemp(prefix="volumes-", dir="/tmp"))
    folder.chmod(0o711)  # `nobody` has to reach what PostgreSQL lies in
    try:
        with ExitStack() as stack:
            happens, kind = OUTAGES[outage]
            place = PARTS[part](stack, folder, kind)
            try:
                (through_journal if part == "journal" else through)(place, happens, seconds)
            finally:
                place.check_said()
    finally:
        remove(folder)


def through(place: Place, outage: Outage, seconds: float) -> None:
    """People file before, meanwhile and after; whoever was told that it arrived is right, and nobody else's is there."""
    filers = place.filers
    filers.begin()
    time.sleep(BEFORE)
    with outage(place):
        before = len(filers.acknowledged)
        time.sleep(seconds)
        meanwhile = len(filers.acknowledged) - before
    after = filers.back()
    time.sleep(BEFORE)
    filers.end()
    print(
        f"{len(filers.acknowledged)} acknowledged, {meanwhile} of them meanwhile; {filers.refused} times 503 with what was "
        f"typed, {filers.closed} times no form or nobody there; the first {after:.2f} s after it was over"
    )
    if kept := place.database:
        print(
            f"PostgreSQL: {kept.said('PANIC')} times PANIC, begun again {kept.begun} times, {kept.ended} of them ended first"
        )
    assert filers.refused
    with place.desk() as desk:
        told = place.told(desk)
        check_acknowledged(desk, told)
        assert verifying.verify(desk) == (len(told), [])
        if filers.photographed:
            names = [name for found in desk.store.objects.names() for name in found]
            with desk.store.read() as tx:
                known = files.known(tx, names)
            print(f"{filers.photographed} with a photo; {len(names) - len(known)} files that no entry speaks of")
            assert len(known) == filers.photographed
            assert all(map(desk.store.objects.get, known))
        else:
            assert check_whole(desk) == len(told)


def through_journal(place: Place, outage: Outage, seconds: float) -> None:
    """Nobody is refused, and what was acknowledged meanwhile is on the second volume, too, soon after it is back."""
    filers, house = place.filers, place.house
    with place.desk() as desk:
        empty = backed_up(desk)
    filers.begin()
    time.sleep(BEFORE)
    with outage(place):
        before = len(filers.acknowledged)
        time.sleep(seconds)
        meanwhile = len(filers.acknowledged) - before
        well = filers.ask("GET", "/healthz")
    filers.back()
    time.sleep(BEFORE)
    filers.end()
    print(f"{len(filers.acknowledged)} acknowledged, {meanwhile} of them meanwhile, {filers.refused} times 503; {well}")
    assert meanwhile > seconds
    assert not filers.refused
    with place.desk() as desk:
        noted = unnoted.note(desk)
        assert check_whole(desk) == len(filers.acknowledged)
    there = safekeeping.Place(
        f"sqlite:///{place.folder / 'elsewhere.sqlite'}", str(place.folder / "other"), place.folder / "others"
    )
    kept = restored(there, empty, makers.Clock(), journal=place.volume.folder)
    print(f"{noted} noted by the clock; restored: {kept.replayed}")
    back = opened(there, makers.Clock(), house.keys)
    told = place.told(back)
    check_acknowledged(back, told)
    assert verifying.verify(back) == (len(told), [])
    back.store.engine.dispose()


@pytest.mark.trial
@pytest.mark.parametrize("outage", OUTAGES)
@pytest.mark.parametrize("part", PARTS)
def test_a_minute_of_a_volume_that_takes_nothing(part: str, outage: str) -> None:
    print(apart("tests.trials.test_volumes", part, outage, str(scaled(60))))


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], float(sys.argv[3]))
