"""Joins the rooms, and is the only place that does: settings in, a Flask app with a desk out."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from werkzeug.middleware.proxy_fix import ProxyFix

from grievance import web
from grievance.casework.desk import Desk
from grievance.casework.house.pretending import Offset
from grievance.casework.pressure import Flood
from grievance.core.errors import Faulty
from grievance.core.lawbook import Lawbook, read_lawbook
from grievance.core.proof import faults
from grievance.providers import Provider
from grievance.settings import Settings
from grievance.store import fitness
from grievance.store.journal import Journal
from grievance.store.objects import Objects
from grievance.store.store import Store
from grievance.store.tables import metadata
from grievance.vault import Vault
from grievance.web import answering, counting, errors, gate, probing, speaking
from grievance.web.front import KEY, Front
from grievance.web.receiving import Request
from grievance.web.statics import Statics
from grievance.web.templates import Templates

ROOT = Path(__file__).resolve().parent.parent
LARGEST = 256 * 1024
"""Bytes of a request: five texts of twenty thousand Khmer letters fit, a file does not; who takes files says so."""


def create_app(settings: Settings, now: Callable[[], datetime] | None = None, lawbook: Lawbook | None = None) -> Flask:
    """An app with the doors that the settings name, holding the keys that those doors need.

    `lawbook` is the law where the caller holds it read and proved already: that takes longer than all the rest here.
    """
    app = Flask("grievance", root_path=str(ROOT), template_folder="templates", static_folder=None)
    app.request_class = Request
    app.config.update(
        SQLALCHEMY_DATABASE_URI=settings.database,
        SQLALCHEMY_ENGINE_OPTIONS=_engine_options(settings.database),
        MAX_CONTENT_LENGTH=LARGEST,
        MAX_FORM_MEMORY_SIZE=LARGEST,
        TRUSTED_HOSTS=[*settings.trusted_hosts],
        SESSION_COOKIE_NAME="__Host-session",
        SESSION_COOKIE_SECURE=True,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
    )
    app.jinja_environment = Templates
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    database = SQLAlchemy(metadata=metadata)
    database.init_app(app)
    with app.app_context():
        slips = settings.data / "slips"
        journal = Journal(settings.journal, settings.journal_to, slips) if settings.journal else None
        store = Store(database.engine, Objects(settings.files, journal), journal)
    vault = Vault.open(settings.keys, frozenset(settings.doors))
    app.secret_key = vault.mac("flask", b"session")
    desk = Desk(
        store,
        vault,
        lawbook or shipped_law(),
        now or Offset(store),
        random.SystemRandom(),
        Flood(settings.flood_ask, settings.flood_bulk, settings.flood_work, settings.flood_wait),
        settings.clamd,
        settings.address,
        _providers(settings),
    )
    app.extensions[KEY] = Front(
        desk=desk,
        title=settings.programme,
        helpline=settings.helpline,
        security=settings.security,
        leave_to=settings.leave_to,
        languages=tuple(settings.languages),
        doors=frozenset(settings.doors),
        second_step=settings.second_step,
        tick=settings.tick,
    )
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=0, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]
    statics = Statics(ROOT / "static")
    counting.install(app)
    gate.install(app)
    answering.install(app)
    errors.install(app)
    speaking.install(app, statics.url)
    app.register_blueprint(statics.blueprint())
    app.register_blueprint(probing.pages)
    for door in web.doors(settings.doors):
        app.register_blueprint(door)
    return app


def _providers(settings: Settings) -> dict[str, Provider]:
    """Where the door of accounts is open: the others send nobody anywhere."""
    back = "{}/account/through/{}/back"
    return {
        body: Provider(one.issuer, one.client_id, one.client_secret, back.format(settings.address, body), name=one.name)
        for body, one in settings.oidc.items()
        if "account" in settings.doors
    }


def shipped_law() -> Lawbook:
    """The procedures and calendars of this house, read and proved. Raises Faulty with every fault."""
    return proved(read_lawbook(ROOT / "workflows"))


def proved(lawbook: Lawbook) -> Lawbook:
    """The same law, when every procedure in it comes to an end whoever falls silent. Raises Faulty with every fault."""
    found = [fault for procedure in lawbook.procedures.values() for fault in faults(procedure)]
    if found:
        raise Faulty(found)
    return lawbook


def check_database(app: Flask) -> None:
    """For a server that runs the app without `grievance serve`. Raises WrongDatabase."""
    fitness.check(app.extensions[KEY].desk.store.engine)


NEVER_BY_ITSELF = 1 << 31
"""Times after which psycopg prepares a statement; with None it would prepare none."""


def _engine_options(url: str) -> dict[str, object]:
    """An error of the database never repeats the values that were sent to it: they would stand in a log."""
    if url.startswith("sqlite"):
        return {"hide_parameters": True, "connect_args": {"check_same_thread": False}}
    # Nothing is prepared for being asked often: store.store says what is.
    return {"hide_parameters": True, "connect_args": {"prepare_threshold": NEVER_BY_ITSELF}}
