"""The floor: the least that a Flask page can do on the same database; what ours cost more is what they do more."""

from __future__ import annotations

import os

from flask import Flask, render_template_string, request
from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text, create_engine, insert, select

from grievance.store.store import Store

metadata = MetaData()
rows = Table(
    "floor_rows",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("body", Text, nullable=False),
)
clocks = Table(
    "floor_clocks",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("rung", Integer, nullable=False),
    Column("rings_at", BigInteger, nullable=False),
    Index("ix_floor_clocks_rings_at", "rings_at"),
)
PAGE = """<!doctype html><title>Rows</title><table>
{% for row in rows %}<tr><td>{{ row.id }}</td><td>{{ row.body }}</td></tr>
{% endfor %}</table>"""


def create_floor(address: str) -> Flask:
    """A bare app: `/` says a word, `POST /row` commits one row, `/rows` renders 25 of them."""
    app = Flask("floor")
    store = Store(create_engine(address))  # the same settings of the connection as ours: both commit equally safely
    metadata.create_all(store.engine)
    with store.write() as tx:
        if tx.execute(select(rows.c.id).limit(1)).first() is None:
            tx.execute(insert(rows), [{"body": f"Row {no}"} for no in range(25)])
    store.engine.dispose()

    @app.get("/")
    def word() -> str:
        return "ok"

    @app.post("/row")
    def commit() -> str:
        with store.write() as tx:
            tx.execute(insert(rows).values(body=request.form["words"]))
        return "ok"

    @app.get("/rows")
    def render() -> str:
        with store.read() as tx:
            found = tx.execute(select(rows).order_by(rows.c.id).limit(25)).all()
        return render_template_string(PAGE, rows=found)

    return app


def __getattr__(name: str) -> Flask:
    """`application` is built when a server asks for it."""
    if name == "application":
        return create_floor(os.environ["FLOOR_DATABASE"])
    raise AttributeError(name)
