"""Runs the steps on the connection that `migrate` lends; there is no offline mode."""

from alembic import context

from grievance.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
