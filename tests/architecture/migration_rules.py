"""What a migration may do while the code of the release before it serves every school.

Expand, fill, contract (UPGRADING.md): old code works on the new schema, nobody's table is held.
"""

import re
from collections.abc import Iterator

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
)
from django.db import connection, models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.operations.base import Operation
from django.db.migrations.operations.fields import FieldOperation
from django.db.migrations.operations.models import IndexOperation
from django.db.migrations.state import ProjectState

CONTRACT = "contract"  # in the name of a migration that drops what no code has used for a release
DROPS = (ops.RemoveField, ops.DeleteModel)
RENAMES = (ops.RenameField, ops.RenameModel, ops.AlterModelTable, ops.RenameIndex)
ASIDE = (AddIndexConcurrently, RemoveIndexConcurrently)
NARROWING_SQL = re.compile(
    r"\b(DROP\s+COLUMN|RENAME|SET\s+NOT\s+NULL|TYPE\s+\w|CREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONC))",
    re.IGNORECASE,
)
VARCHAR = re.compile(r"varchar\((\d+)\)")


def find_breaking_step(migration: Migration, state: ProjectState) -> Iterator[str]:
    """Find operations that the code of the release before would notice; `state` is moved along."""
    where = f"{migration.app_label}.{migration.name}"
    made: set[str] = set()
    aside = [one for one in migration.operations if isinstance(one, ASIDE)]
    if (aside or not migration.atomic) and (migration.atomic or len(migration.operations) != 1):
        yield f"{where}: an index built aside stands alone, with atomic = False"
    for operation in migration.operations:
        for step, is_separate in _database_steps(operation):
            for trouble in _troubles(step, state, migration, made, is_separate):
                yield f"{where}: {trouble}"
        if isinstance(operation, ops.CreateModel):
            made.add(operation.name_lower)
        operation.state_forwards(migration.app_label, state)


def _database_steps(operation: Operation) -> Iterator[tuple[Operation, bool]]:
    if isinstance(operation, ops.SeparateDatabaseAndState):
        yield from ((one, True) for one in operation.database_operations)
    else:
        yield operation, False


def _troubles(
    step: Operation, state: ProjectState, migration: Migration, made: set[str], is_separate: bool
) -> Iterator[str]:
    if isinstance(step, DROPS):
        if not (is_separate and CONTRACT in migration.name):
            yield f"{step.describe()}: the code before still uses it"
    elif isinstance(step, RENAMES):
        yield f"{step.describe()}: the code before knows the old name"
    elif isinstance(step, ops.RunPython):
        yield "RunPython: rows are filled by a task of the school, in batches"
    elif isinstance(step, ops.RunSQL):
        if NARROWING_SQL.search(str(step.sql)) and CONTRACT not in migration.name:
            yield "RunSQL drops, renames, narrows or locks"
    elif isinstance(step, FieldOperation):
        if step.model_name_lower not in made:
            yield from _field_troubles(step, state, migration.app_label)
    elif isinstance(step, IndexOperation) and step.model_name_lower not in made:
        yield from _index_troubles(step)


def _index_troubles(step: IndexOperation) -> Iterator[str]:
    if isinstance(step, ops.AddIndex) and not isinstance(step, ASIDE):
        yield f"{step.describe()}: a table at work gets an index by AddIndexConcurrently"
    if isinstance(step, ops.AddConstraint) and not isinstance(step, AddConstraintNotValid):
        yield f"{step.describe()}: the code before may break it; AddConstraintNotValid first"


def _field_troubles(step: FieldOperation, state: ProjectState, app: str) -> Iterator[str]:
    if isinstance(step, ops.AddField) and not _may_be_missing(step.field):
        yield f"{step.describe()}: the code before writes no such column; null or db_default"
    if isinstance(step, ops.AlterField):
        model = state.models[app, step.model_name_lower]
        if _is_narrower(model.fields[step.name], step.field):
            yield f"{step.describe()}: narrower than before"


def _may_be_missing(field: models.Field) -> bool:
    has_default = field.db_default is not models.NOT_PROVIDED
    return (
        field.null or has_default or field.many_to_many or isinstance(field, models.GeneratedField)
    )


def _is_narrower(old: models.Field, new: models.Field) -> bool:
    if old.null and not new.null:
        return True
    was, becomes = old.db_type(connection), new.db_type(connection)
    before, after = VARCHAR.fullmatch(was or ""), VARCHAR.fullmatch(becomes or "")
    if before and (after or becomes == "text"):
        return after is not None and int(after[1]) < int(before[1])
    return was != becomes
