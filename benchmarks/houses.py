"""Houses to measure: the same people and the same keys on SQLite and on PostgreSQL, each with a floor beside it."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import create_engine, text

from benchmarks.floor import create_floor
from benchmarks.making import FEW_OFFICE
from benchmarks.processes import Server, children, cpu, parent_of, serving
from grievance.casework.desk import Desk, Viewer
from grievance.casework.house import people
from grievance.demo import cast
from grievance.store import ledger, setup
from grievance.store.people import Body, Person
from grievance.vault import hash_password
from tests import makers, postgres
from tests.trials.sizes import CALM

KINDS = ("SQLite", "PostgreSQL")
FIRST, FLOOR_FIRST = "/file", "/"
FEW_PERSON, FEW_MAIL = "officer-of-few", "few@demo.test"


class Cost(NamedTuple):
    """Seconds: of CPU, ours and the database's; of CPU, the database's alone; of time."""

    cpu: float
    database: float
    wall: float


@dataclass(frozen=True)
class House:
    """A database of one kind with everybody in it and no case yet, and how its servers are started."""

    kind: str
    desk: Desk
    environ: dict[str, str]
    database_cpu: Callable[[], float]

    @contextmanager
    def serving(self) -> Iterator[Server]:
        """Our doors."""
        with serving("wsgi:application", FIRST, self.environ) as server:
            yield server

    @contextmanager
    def floor(self) -> Iterator[Server]:
        """The floor on the same database."""
        address = {"FLOOR_DATABASE": postgres.owners(self.environ["GRIEVANCE_DATABASE"])}
        with serving("benchmarks.floor:application", FLOOR_FIRST, address) as server:
            yield server

    def cost(self, act: Callable[[], object]) -> Cost:
        """What it takes to do something in this process."""
        # What is asked of the database's processes is asked outside of our own measure: looking for them takes time.
        database, cpu_before, began = self.database_cpu(), time.process_time(), time.perf_counter()
        act()
        wall, ours = time.perf_counter() - began, time.process_time() - cpu_before
        database = self.database_cpu() - database
        return Cost(ours + database, database, wall)

    def append(self, batch: Sequence[ledger.Change]) -> None:
        """Write cases that were made in bulk."""
        with self.desk.store.write() as tx:
            ledger.append(tx, batch)

    def settle(self) -> None:
        """What a database does by itself sooner or later, done now, so that no run pays for the loading."""
        engine = create_engine(postgres.owners(self.environ["GRIEVANCE_DATABASE"]))
        orders = ("PRAGMA wal_checkpoint(TRUNCATE)",) if self.desk.store.sqlite else ("VACUUM ANALYZE", "CHECKPOINT")
        with closing(engine.raw_connection()) as raw:  # outside of any transaction
            if not self.desk.store.sqlite:
                setattr(raw.driver_connection, "autocommit", True)  # noqa: B010  known to psycopg, not to SQLAlchemy
            for order in orders:
                raw.cursor().execute(order)
            raw.invalidate()
        engine.dispose()


@contextmanager
def houses() -> Iterator[tuple[House, ...]]:
    """One house of each kind, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        # The tests' own is fast because its data may be lost; a figure is worth something only where a commit is kept.
        maintenance = stack.enter_context(postgres.server(postgres.SAFE))
        address = stack.enter_context(postgres.fresh_database(maintenance))
        yield (
            _house(stack, KINDS[0], folder, f"sqlite:///{folder}/bench.sqlite", lambda: 0.0),
            _house(stack, KINDS[1], folder, address, _server_cpu(address)),
        )


@contextmanager
def second(house: House) -> Iterator[House]:
    """Another house of the same kind, empty, for what would disturb the first."""
    folder = Path(tempfile.mkdtemp(prefix="bench-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        address = f"sqlite:///{folder}/bench.sqlite"
        if house.kind == KINDS[1]:
            address = stack.enter_context(postgres.fresh_database(house.environ["GRIEVANCE_DATABASE"]))
        yield _house(stack, house.kind, folder, address, house.database_cpu)


def few(desk: Desk) -> Viewer:
    """The officer of the second office, who is seated in few cases."""
    found = people.whois(desk, people.sign_in(desk, FEW_MAIL, cast.PASSWORD).token)
    if found is None:
        raise LookupError("nobody")
    return found


def _house(stack: ExitStack, kind: str, folder: Path, address: str, used: Callable[[], float]) -> House:
    keys = folder / "keys"
    if kind == KINDS[1]:
        create_floor(address)
        address = postgres.furnished(address)  # as in production: the program owns nothing
    desk = makers.desk_of(makers.house(folder, address, GRIEVANCE_KEYS=str(keys)))
    stack.callback(desk.store.engine.dispose)
    with desk.store.write() as tx:
        setup.add_body(tx, Body(FEW_OFFICE, "office", "", "Second case office"))
        person = Person(FEW_PERSON, FEW_MAIL, "Officer of few", "en", hash_password(cast.PASSWORD), False, True)
        setup.add_person(tx, person)
        setup.add_member(tx, FEW_PERSON, FEW_OFFICE)
    if kind == KINDS[0]:
        create_floor(address)
    environ = {"DATA": str(folder), "GRIEVANCE_DATABASE": address, "GRIEVANCE_KEYS": str(keys), **CALM}
    return House(kind, desk, environ, used)


def _server_cpu(address: str) -> Callable[[], float]:
    """Seconds of CPU of PostgreSQL's processes; always 0 where the server is not on this machine."""
    engine = create_engine(address)
    with engine.connect() as tx:
        backend = tx.execute(text("SELECT pg_backend_pid()")).scalar_one()
        local = tx.execute(text("SELECT inet_server_addr() IS NULL")).scalar_one()
        master = parent_of(backend) if local else None  # while it lives
    engine.dispose()
    if master is None:
        return lambda: 0.0
    return lambda: cpu((master, *children(master)))


def fill(all_houses: Iterable[House], batches: Iterable[list[ledger.Change]]) -> None:
    """The same cases into every house."""
    every = tuple(all_houses)
    for batch in batches:
        for house in every:
            house.append(batch)
    for house in every:
        house.settle()
