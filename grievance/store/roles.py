"""On PostgreSQL two roles: one owns the tables and brings them to their newest form, the program's own works in them.

Whoever owns a table can take its guards off, so the program does not. A superuser passes every policy by.
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import ProgrammingError

from grievance.core.errors import GrievanceError, Refused, say
from grievance.store.migrations import migrate, revision_of
from grievance.store.migrations import newest as newest_form

_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT, UPDATE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
)
_ROLE = text(
    "SELECT rolsuper OR rolbypassrls AS passes, pg_has_role(:role, tableowner, 'MEMBER') AS owns "
    "FROM pg_roles, pg_tables WHERE rolname = :role AND schemaname = 'public' AND tablename = 'cases'"
)


class WrongRole(GrievanceError):
    """The role cannot do this, or could do too much."""


def bring_up(engine: Engine) -> None:
    """The newest form. Raises WrongRole where the role that is signed in owns nothing and the form is an older one."""
    if engine.dialect.name == "postgresql" and revision_of(engine) == newest_form():
        return
    try:
        migrate(engine)
    except ProgrammingError as error:
        if getattr(error.orig, "sqlstate", "") != "42501":  # insufficient privilege
            raise
        raise WrongRole(
            say(
                "The database is not in the newest form, and the program's role may not change it. As the role that owns "
                "it: GRIEVANCE_DATABASE=… grievance database --program ROLE"
            )
        ) from error


def let_in(engine: Engine, role: str) -> None:
    """Grant what the program needs, and no more. Raises WrongRole for one that owns the tables or passes the policies by."""
    if engine.dialect.name != "postgresql":
        raise Refused(say("SQLite knows no roles: its file belongs to the user of the program."))
    with engine.begin() as tx:
        found = tx.execute(_ROLE, {"role": role}).one_or_none()
        if found is None:
            raise WrongRole(say("There is no role {role}. Make it with: createuser {role}", role=role))
        if found.passes or found.owns:
            raise WrongRole(
                say(
                    "{role} owns the tables or is a superuser: the rows of other cases would not be hidden from it. "
                    "Make another one with: createuser NAME",
                    role=role,
                )
            )
        quoted = tx.dialect.identifier_preparer.quote(role)
        for grant in _GRANTS:
            tx.exec_driver_sql(grant.format(role=quoted))


def too_much(tx: Connection) -> bool:
    """Whether the role that is signed in could pass the policies by, or take them off."""
    if tx.dialect.name != "postgresql":
        return False
    me = tx.execute(text("SELECT current_user")).scalar_one()
    found = tx.execute(_ROLE, {"role": me}).one_or_none()
    return found is not None and (found.passes or found.owns)
