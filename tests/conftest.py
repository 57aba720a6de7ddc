"""One suite, two databases: whatever asks for `database`, `app` or `desk` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from grievance import catalogues
from grievance.casework.desk import Desk
from grievance.web.templates import Templates
from tests import makers, postgres
from tests.reused import Reused
from tests.sharing import once

BASE = "https://localhost"
ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
"""For what is long and would be the same on PostgreSQL."""


SEED = "20261128"


def pytest_configure(config: pytest.Config) -> None:
    """Dice fall the same in each run of the suite, so that no release is refused by chance; `make trials` throws them anew.

    No example has a time limit: what is slow is the machine.
    """
    trials = config.option.markexpr.startswith("trial")
    if not trials:
        os.environ.setdefault("SEED", SEED)
    slow = [HealthCheck.too_slow]
    settings.register_profile(
        "ours", derandomize=not trials, deadline=None, print_blob=True, suppress_health_check=slow
    )
    settings.load_profile("ours")


@pytest.fixture(scope="session", autouse=True)
def compiled_catalogues() -> None:
    """Pages are tested in the languages that people read."""
    catalogues.compile_all()


@pytest.fixture(scope="session", autouse=True)
def compiled_rules() -> Iterator[None]:
    """An address is read and compiled once a process, not once an app: every test has an app of its own, with 140 of them."""
    compiled: dict[Any, Any] = {}
    compile_anew = Rule.compile

    def compile_once(rule: Rule) -> None:
        where = (rule.rule, rule.subdomain, rule.host, rule.merge_slashes, rule.map.host_matching)
        key = (*where, repr(rule.defaults), *rule.map.converters.values())
        if not (first := compiled.get(key)):
            compile_anew(rule)
            compiled[key] = rule
            return
        rule._parts, rule._trace, rule._converters = first._parts, first._trace, first._converters
        rule.arguments = set(first.arguments)
        for name in ("_build", "_build_unknown"):  # they are bound to the rule whose they are
            setattr(rule, name, getattr(first, name).__func__.__get__(rule, None))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "compile", compile_once)
        yield


@pytest.fixture(scope="session")
def pg_server() -> Iterator[str]:
    with postgres.server() as url:
        yield url


class Kept(BytecodeCache):
    """Templates that were compiled in this process, by language, name and text."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType | None] = {}

    def get_bucket(self, environment: Environment, name: str, _filename: str | None, source: str) -> Bucket:
        bucket = Bucket(environment, f"{getattr(environment, 'language', '')} {name}", self.get_source_checksum(source))
        bucket.code = self.codes.get((bucket.key, bucket.checksum))
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        self.codes[bucket.key, bucket.checksum] = bucket.code


@pytest.fixture(scope="session", autouse=True)
def compiled_templates() -> Iterator[None]:
    """A template is compiled once a process and language, not once an app: it took four fifths of what a page costs here."""
    kept = Kept()
    begin = Templates.__init__

    def begin_with_what_is_kept(self: Templates, *args: Any, **options: Any) -> None:
        begin(self, *args, **options, bytecode_cache=kept)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Templates, "__init__", begin_with_what_is_kept)
        yield


@pytest.fixture(scope="session", autouse=True)
def compiled_statements() -> Iterator[None]:
    """A statement is compiled once a process and kind of database, not once an engine: a quarter of what a test of pages costs.

    SQLAlchemy keeps them by dialect, of which every engine has one; those of a kind are the same here.
    """
    kept: LRUCache[Any, Any] = LRUCache(5000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Engine, "_compiled_cache", property(lambda _: kept, lambda _, _own: None), raising=False)
        patch.setattr(DefaultDialect, "__hash__", lambda one: hash(type(one)))
        patch.setattr(DefaultDialect, "__eq__", lambda one, other: type(one) is type(other))
        yield


def found(folder: Path, database: str = "", **more: str) -> None:
    """A house with its people and no case."""
    makers.desk_of(makers.house(folder, database, None, **more)).store.engine.dispose()


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house on SQLite with keys, people and no case, to be copied: no test migrates or hashes passwords for that."""
    return once(tmp_path_factory, "founded", found)


@pytest.fixture(scope="session")
def pg_template(pg_server: str, keys: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same people on PostgreSQL: the database that the others are copied from."""
    with postgres.fresh_database(pg_server) as empty:
        url = postgres.furnished(empty)
        found(tmp_path_factory.mktemp("founded"), url, GRIEVANCE_KEYS=str(keys))
        yield url


@pytest.fixture(scope="session")
def pg_reused(pg_server: str, pg_template: str) -> Iterator[Reused]:
    with ExitStack() as kept:
        yield Reused(pg_server, pg_template, kept)


@contextmanager
def fresh(kind: str, folder: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a fresh database of this kind, with people and no case."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("founded") / "grievance.sqlite", folder / "test.sqlite")
        yield f"sqlite:///{folder / 'test.sqlite'}"
        return
    with request.getfixturevalue("pg_reused").database() as url:
        yield postgres.programs(url)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    tmp_path.chmod(0o700)
    with fresh(request.param, tmp_path, request) as url:
        yield url


@pytest.fixture
def clock() -> makers.Clock:
    return makers.Clock()


@pytest.fixture(scope="session")
def keys(founded: Path) -> Path:
    """One key folder for the whole run: making keys is not what most tests are about."""
    return founded / "keys"


@pytest.fixture
def app(database: str, tmp_path: Path, clock: makers.Clock, keys: Path) -> Iterator[Flask]:
    made = makers.house(tmp_path, database, clock, GRIEVANCE_KEYS=str(keys))
    yield made
    makers.desk_of(made).store.engine.dispose()


@pytest.fixture
def desk(app: Flask) -> Desk:
    return makers.desk_of(app)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that keeps cookies, over HTTPS as in production."""
    return app.test_client()
