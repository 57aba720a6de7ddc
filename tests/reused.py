"""PostgreSQL databases that one test after another uses: put back row by row, which takes a twentieth of a fresh copy.

A database whose form a test changed (a trigger taken off, a policy, a grant, a column) is dropped instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg

from tests import postgres

# The rows of the template lie in a schema of their own, which the program's role may not even look into.
_KEEP = """
CREATE SCHEMA kept;
DO $$ DECLARE
  one record; columns text; put text := '';
BEGIN
  FOR one IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' LOOP
    put := put || format('DELETE FROM public.%1$I; ', one.name);
    EXECUTE format('CREATE TABLE kept.%1$I AS TABLE public.%1$I', one.name);
    SELECT string_agg(quote_ident(attname), ', ') INTO columns FROM pg_attribute
      WHERE attrelid = format('public.%I', one.name)::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '';
    put := put || format(
      'INSERT INTO public.%1$I (%2$s) OVERRIDING SYSTEM VALUE SELECT %2$s FROM kept.%1$I; ', one.name, columns);
  END LOOP;
  FOR one IN SELECT sequencename AS name, last_value FROM pg_sequences WHERE schemaname = 'public' LOOP
    put := put || format('PERFORM setval(%L, %s, %L); ',
      'public.' || quote_ident(one.name), coalesce(one.last_value, 1), one.last_value IS NOT NULL);
  END LOOP;
  EXECUTE format('CREATE FUNCTION kept.put_back() RETURNS void LANGUAGE plpgsql AS %L', 'BEGIN ' || put || 'END');
END $$
"""

# A process that was killed may leave its server's part behind, with locks.
_SEND_AWAY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

# Whatever is done to the form of a database writes a row of these anew.
_FORM = "SELECT hashtext(string_agg(mark, ' ' ORDER BY mark)) FROM ({}) AS marks".format(
    " UNION ALL ".join(
        f"SELECT '{name} ' || oid || ' ' || xmin AS mark FROM {name} WHERE oid >= 16384"
        for name in ("pg_class", "pg_trigger", "pg_policy", "pg_proc", "pg_constraint", "pg_namespace", "pg_extension")
    )
    + " UNION ALL SELECT 'pg_attribute ' || attrelid || ' ' || attnum || ' ' || xmin FROM pg_attribute WHERE attrelid >= 16384"
    + " UNION ALL SELECT 'pg_database ' || coalesce(datacl::text, '') FROM pg_database WHERE datname = current_database()"
    + " UNION ALL SELECT 'settings ' || setdatabase || ' ' || xmin FROM pg_db_role_setting WHERE setdatabase <> 0"
)


class Reused:
    """Databases with the same rows. `template` is the address of the one that they are copies of."""

    def __init__(self, maintenance: str, template: str, kept: ExitStack) -> None:
        self._maintenance, self._template, self._kept = maintenance, template, kept
        self._idle: list[tuple[str, int]] = []
        with _owner(template) as owner:
            owner.execute(_KEEP)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The owner's address of a database as the template is, for one test."""
        url, form = self._idle.pop() if self._idle else self._copied()
        yield url
        postgres.refuse_left_open(url)
        with _owner(url) as owner:
            owner.execute(_SEND_AWAY)
            if _form(owner) != form:
                return
            # Neither triggers nor foreign keys stand in the way.
            owner.execute("SET session_replication_role = replica")
            owner.execute("SELECT kept.put_back()")
        self._idle.append((url, form))

    def _copied(self) -> tuple[str, int]:
        url = self._kept.enter_context(postgres.fresh_database(self._maintenance, self._template))
        with _owner(url) as owner:
            return url, _form(owner)


@contextmanager
def _owner(url: str) -> Iterator[psycopg.Connection[tuple[int]]]:
    with psycopg.connect(postgres.plain(postgres.owners(url)), autocommit=True) as connection:
        yield connection


def _form(owner: psycopg.Connection[tuple[int]]) -> int:
    found = owner.execute(_FORM).fetchone()
    assert found
    return found[0]
