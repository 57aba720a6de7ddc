"""PostgreSQL's base backup and archived WAL give the house of any moment between: `operations/postgresql.sh`, for real."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import delete, text

from grievance.casework.desk import Desk
from grievance.casework.house import verifying
from grievance.store.tables import wraps
from tests import makers, postgres
from tests.casework.test_restoring import words
from tests.makers import Story

SCRIPT = Path(__file__).resolve().parents[2] / "operations/postgresql.sh"
TURNED = "LC_ALL=C tr 'A-Za-z' 'N-ZA-Mn-za-m'"
"""Stands for age, which is no package of ours: what it has not turned is found in clear."""


@dataclass
class Cluster:
    """PostgreSQL with an archive, as whoever runs it has it; `nobody` where we are root."""

    home: Path
    programs: Path
    who: postgres._Nobody
    environ: dict[str, str] = field(default_factory=dict)

    def run(self, *command: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            cwd=self.home,
            env=self.environ | more,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
            **self.who,
        )

    def script(self, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
        return self.run(self.home / SCRIPT.name, *arguments, **more)

    @contextmanager
    def serving(self, data: str) -> Iterator[str]:
        """The address of its database; the socket lies in a folder of its own, as that of another machine would."""
        socket = self.home / f"at-{data}"
        self.run("mkdir", "-p", socket)
        options = ("-c", "listen_addresses=", "-c", "max_connections=30")
        with (self.home / f"{data}.log").open("wb") as log:
            command: list[str | Path] = [self.programs / "postgres", "-D", self.home / data, "-k", socket, *options]
            process = subprocess.Popen(command, cwd=self.home, env=self.environ, stdout=log, stderr=log, **self.who)
        try:
            url = f"postgresql+psycopg://postgres@/postgres?host={socket}"
            postgres._wait(url, process, self.home / f"{data}.log")
            yield url.replace("/postgres?", "/house?")
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(60)


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    home = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    who: postgres._Nobody = {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        os.chown(home, nobody.pw_uid, nobody.pw_gid)
    try:
        programs = postgres._programs(home, who)
        shutil.copy(SCRIPT, home)
        (home / SCRIPT.name).chmod(0o755)
        environ = {"PATH": f"{programs}:{os.environ['PATH']}", "SEAL": TURNED, "OPEN": TURNED, "PGUSER": "postgres"}
        made = Cluster(home, programs, who, environ)
        made.run("mkdir", home / "wal")
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--lc-ctype=C.UTF-8"]
        assert made.run(programs / "initdb", "--no-sync", "-D", home / "data", *options).returncode == 0
        archive = f"{home / SCRIPT.name} archive {home / 'wal'} %p %f"
        made.run("sh", "-c", f"echo \"archive_mode = on\narchive_command = '{archive}'\" >> data/postgresql.conf")
        yield made
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextmanager
def house(url: str, folder: Path, keys: Path) -> Iterator[Desk]:
    desk = makers.desk_of(makers.house(folder, url, makers.Clock(), GRIEVANCE_KEYS=str(keys)))
    try:
        yield desk
    finally:
        desk.store.engine.dispose()


def archived(cluster: Cluster, desk: Desk) -> str:
    """This moment, and everything before it is in the archive."""
    with desk.store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as tx:
        moment = str(tx.execute(text("SELECT now()::text")).scalar_one())
        name = str(tx.execute(text("SELECT pg_walfile_name(pg_current_wal_lsn())")).scalar_one())
        tx.execute(text("SELECT pg_switch_wal()"))
    end = time.monotonic() + 60
    while not (cluster.home / f"wal/{name}.wal.age").exists():
        assert time.monotonic() < end, (cluster.home / "data.log").read_text(errors="replace")[-2000:]
        time.sleep(0.1)
    return moment


def test_a_base_backup_and_the_archive_give_any_moment_between(cluster: Cluster, tmp_path: Path, keys: Path) -> None:
    with cluster.serving("data") as url:
        with psycopg.connect(postgres.plain(url).replace("/house?", "/postgres?"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE house")
        with house(url, tmp_path, keys) as desk:
            first = Story.filed(desk)
            based = cluster.script("base", cluster.home / "wal", PGHOST=str(cluster.home / "at-data"))
            assert based.returncode == 0, based.stderr
            second = Story.filed(desk).taken()
            time.sleep(0.1)
            moment = archived(cluster, desk)
            time.sleep(0.1)
            third = Story.filed(desk)
            with desk.store.write() as tx:
                tx.execute(delete(wraps).where(wraps.c.name == "account"))
            archived(cluster, desk)
    shutil.rmtree(cluster.home / "data")
    kept = [file.read_bytes() for file in (cluster.home / "wal").iterdir() if file.suffix == ".age"]
    assert kept
    assert not any(b"Overtime" in body for body in kept), "what was archived went through the seal"

    for data, *more in (("then", moment), ("now",)):
        unpacked = cluster.script("restore", cluster.home / "wal", cluster.home / data, *more)
        assert unpacked.returncode == 0, unpacked.stderr
        with cluster.serving(data) as url, house(url, tmp_path, keys) as desk:
            wait_until_it_writes(desk)
            looked_at, found = verifying.verify(desk)
            assert looked_at == (2 if more else 3)
            assert {one.what for one in found} == (
                set() if more else {"the sealed text account has no key for box, words"}
            )
            # Whoever keeps the archive can go back behind an erasure: so it lives no longer than a key backup.
            assert [bool(words(desk, story)) for story in (first, second)] == [bool(more)] * 2
            if not more:
                assert not words(desk, third)
            # Else it would archive a time line of its own beside the true one, and the next restore would follow that.
            with desk.store.read() as tx:
                assert tx.execute(text("SHOW archive_mode")).scalar_one() == "off"


def wait_until_it_writes(desk: Desk) -> None:
    end = time.monotonic() + 60
    while True:
        with desk.store.read() as tx:
            if not tx.execute(text("SELECT pg_is_in_recovery()")).scalar_one():
                return
        assert time.monotonic() < end
        time.sleep(0.1)


def test_it_refuses_what_would_lose_something(cluster: Cluster) -> None:
    folder = cluster.home / "wal"
    cluster.run("sh", "-c", "echo one > segment; mkdir full; echo x > full/x")
    assert cluster.script("archive", folder, "segment", "0001").returncode == 0
    assert cluster.script("archive", folder, "segment", "0001").returncode == 1, "never overwritten"
    assert cluster.script("archive", cluster.home / "unmounted", "segment", "0002").returncode == 1
    assert cluster.script("archive", folder, "segment", "0002", SEAL="false").returncode != 0
    assert not (folder / "0002.wal.age").exists()
    assert cluster.script("base", folder, PGHOST="/nowhere").returncode == 1
    assert not list(folder.glob("*.base.age"))
    assert cluster.script("restore", folder, cluster.home / "full").returncode == 1, "not over another"
    assert cluster.script("restore", folder, cluster.home / "new").returncode == 1, "no base backup"
    assert cluster.script("fetch", folder, "0001", "back").returncode == 0
    assert (cluster.home / "back").read_text() == "one\n"
    assert cluster.script("fetch", folder, "0003", "back").returncode == 1
    cluster.run("touch", "-d", "16 days ago", folder / "0001.wal.age")  # the day of summer time has 23 hours
    cluster.run("sh", "-c", f"echo young > {folder}/0004.wal.age")
    assert cluster.script("forget", folder, "14").returncode == 0
    assert sorted(file.name for file in folder.glob("*.wal.age")) == ["0004.wal.age"]


def test_it_starts_from_the_newest_base_backup_that_had_ended_by_then(cluster: Cluster) -> None:
    folder = cluster.home / "wal"
    cluster.run("sh", "-c", "mkdir data2; tar -C data2 -cf - . | gzip | " + f'sh -c "{TURNED}" > base')
    # The first was named when seconds were fine enough.
    for ended in ("2026-11-27T060000Z", "2026-11-27T090000.250Z", "2026-11-27T090000.750Z"):
        cluster.run("cp", "base", folder / f"{ended}.base.age")
    for number, (moment, base) in enumerate(
        [
            ("2026-11-27 05:59:59+00", None),
            ("2026-11-27 08:00:00+00", "060000Z"),
            ("2026-11-27 16:00:00.2+07", "060000Z"),
            ("2026-11-27 09:00:00.500000+00", "090000.250Z"),
            ("2026-11-27 09:00:00.9+00", "090000.750Z"),
        ]
    ):
        unpacked = cluster.script("restore", folder, cluster.home / f"then-{number}", moment)
        assert (unpacked.returncode == 0) is (base is not None), unpacked.stderr
        assert f"{base}.base.age is unpacked" in unpacked.stdout or base is None
