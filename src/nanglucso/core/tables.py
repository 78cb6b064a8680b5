"""The tables of an empty database, made at once from the models at the end of the migrations.

Applied one after another, the migrations spend nine tenths of their time on drawing the models anew after every step;
in an empty database only the last drawing matters. `tests/project/test_tables.py` compares both ways, column by column.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.operations import RunSQL
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState


def is_empty(connection: BaseDatabaseWrapper) -> bool:
    """Whether the database holds no table at all."""
    return not connection.introspection.table_names()


def lay_out(connection: BaseDatabaseWrapper) -> int:
    """Make every table and note every migration as applied, in one transaction; returns how many were noted.

    Migrations that carry rows over (`RunPython`) find none in an empty database and are left out. Raises ValueError
    when the database is not empty or a migration runs SQL by hand, which only a real run can do.
    """
    if not is_empty(connection):
        raise ValueError("Tables are laid out at once only in an empty database.")
    executor = MigrationExecutor(connection)
    plan = [migration for migration, _ in executor.migration_plan(executor.loader.graph.leaf_nodes())]
    state = ProjectState(real_apps=executor.loader.unmigrated_apps)
    for migration in plan:
        if any(isinstance(step, RunSQL) for step in migration.operations):
            raise ValueError(f"{migration} runs SQL by hand.")
        migration.mutate_state(state, preserve=False)
    with connection.schema_editor(atomic=True) as editor:
        for model in state.apps.get_models(include_swapped=False):
            if model._meta.managed and not model._meta.proxy:
                editor.create_model(model)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for migration in plan:
            recorder.record_applied(migration.app_label, migration.name)
    return len(plan)
