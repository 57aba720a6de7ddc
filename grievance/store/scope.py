"""Which cases a transaction has found: PostgreSQL shows it the sealed texts, keys and texts of these alone (migration 0017).

What finds a case opens it in the same statement, which costs no journey. What looks at every case says so with `whole`.
SQLite knows no roles and no such rows: there the views stand alone (docs/adr/0027).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Text, text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

WHOLE = "*"

_EVERYTHING = text("SELECT set_config('grievance.cases', :whole, true)")


class opening(FunctionElement[str]):  # noqa: N801  stands in a statement, as func.now() does
    """A column that opens each case whose id stands in the row, until the transaction ends."""

    inherit_cache = True
    type = Text()


@compiles(opening, "postgresql")
def _opens(element: opening, compiler: SQLCompiler, **more: Any) -> str:
    found = compiler.process(element.clauses, **more)
    return f"set_config('grievance.cases', concat(current_setting('grievance.cases', true), ' ', {found}), true)"


@compiles(opening)
def _opens_nothing(_: opening, __: SQLCompiler, **___: Any) -> str:
    return "''"


def see_everything(tx: Connection) -> None:
    """For migrations and for `Store.whole`, and for nobody else."""
    if tx.dialect.name == "postgresql":
        tx.execute(_EVERYTHING, {"whole": WHOLE})
