"""A release's migrations leave the code of the release before at work (NFR-006, UPGRADING.md)."""

from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently
from django.db import models
from django.db.migrations import Migration
from django.db.migrations import operations as ops
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from tests.architecture.migration_rules import find_breaking_step
from tests.architecture.tree import ROOT

# Until the tag v1.0 a line may be added here, with `make trace`'s honesty; after it, never.
BEFORE_THE_RULE = Path(__file__).with_name("migrations_before_the_rule.txt")
NOT_NULL = models.IntegerField()


def own_migrations() -> dict[tuple[str, str], Migration]:
    """Return the migrations of our own apps from the disk."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    own = {one.label for one in apps.get_app_configs() if Path(one.path).is_relative_to(ROOT)}
    own = {label for label in own if ".venv" not in apps.get_app_config(label).path}
    return {key: one for key, one in loader.disk_migrations.items() if key[0] in own}


@pytest.mark.requirement("NFR-006", part=True)
def test_migrations_only_widen() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    excused = set(BEFORE_THE_RULE.read_text().split())
    found = [
        trouble
        for key, migration in sorted(own_migrations().items())
        if ".".join(key) not in excused
        for trouble in find_breaking_step(migration, loader.project_state(key, at_end=False))
    ]

    assert found == []


def test_excused_migrations_exist() -> None:
    known = {".".join(key) for key in own_migrations()}

    assert [name for name in BEFORE_THE_RULE.read_text().split() if name not in known] == []


def migration(
    *operations: ops.base.Operation, name: str = "0009_next", is_atomic: bool = True
) -> list[str]:
    """Return what is wrong with a migration of the room with the table Mark(value, note)."""
    fields: list[tuple[str, Any]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("value", models.IntegerField(null=True)),
        ("note", models.CharField(max_length=20)),
    ]
    state = ProjectState()
    state.add_model(ModelState("journal", "Mark", fields))
    planted = Migration(name, "journal")
    vars(planted).update(operations=list(operations), atomic=is_atomic)
    return list(find_breaking_step(planted, state))


INDEX = models.Index(fields=["value"], name="i")
RULE = models.CheckConstraint(condition=models.Q(value__gt=1), name="c")
TABLE = ops.CreateModel("Sheet", [("id", models.BigAutoField(primary_key=True))])


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param([ops.RemoveField("mark", "note")], id="drops a column"),
        pytest.param([ops.DeleteModel("Mark")], id="drops a table"),
        pytest.param([ops.RenameField("mark", "note", "text")], id="renames a column"),
        pytest.param([ops.RenameModel("Mark", "Grade")], id="renames a table"),
        pytest.param([ops.AddField("mark", "n", NOT_NULL)], id="column nobody writes yet"),
        pytest.param([ops.AddField("mark", "n", models.IntegerField(default=1))], id="default"),
        pytest.param([ops.AlterField("mark", "value", NOT_NULL)], id="forbids null"),
        pytest.param(
            [ops.AlterField("mark", "note", models.CharField(max_length=10))], id="shorter"
        ),
        pytest.param([ops.AlterField("mark", "note", models.IntegerField())], id="another type"),
        pytest.param([ops.AddIndex("mark", INDEX)], id="index that holds the table"),
        pytest.param([AddIndexConcurrently("mark", INDEX)], id="index aside in a transaction"),
        pytest.param([ops.AddConstraint("mark", RULE)], id="rule the old code may break"),
        pytest.param([ops.RunPython(ops.RunPython.noop)], id="rows at once"),
        pytest.param([ops.RunSQL("ALTER TABLE x DROP COLUMN y")], id="drops by hand"),
        pytest.param([ops.RunSQL("CREATE INDEX i ON x (y)")], id="index by hand"),
        pytest.param(
            [ops.SeparateDatabaseAndState([ops.RemoveField("mark", "note")], [])],
            id="drops in the same release",
        ),
    ],
)
def test_what_old_code_would_notice_is_refused(operations: list[ops.base.Operation]) -> None:
    assert len(migration(*operations)) == 1


@pytest.mark.parametrize(
    "operations",
    [
        pytest.param([TABLE], id="a table"),
        pytest.param([TABLE, ops.AddField("sheet", "n", NOT_NULL)], id="column of a new table"),
        pytest.param([ops.AddField("mark", "n", models.IntegerField(null=True))], id="null"),
        pytest.param([ops.AddField("mark", "n", models.IntegerField(db_default=1))], id="default"),
        pytest.param(
            [ops.AlterField("mark", "note", models.CharField(max_length=30))], id="longer"
        ),
        pytest.param([ops.AlterField("mark", "note", models.TextField())], id="text"),
        pytest.param([AddConstraintNotValid("mark", RULE)], id="rule for what comes"),
        pytest.param([ops.RunSQL("CREATE TRIGGER t AFTER INSERT ON x")], id="a trigger"),
        pytest.param(
            [ops.SeparateDatabaseAndState([], [ops.RemoveField("mark", "note")])],
            id="code forgets a column",
        ),
    ],
)
def test_what_only_widens_is_let_pass(operations: list[ops.base.Operation]) -> None:
    assert migration(*operations) == []


def test_index_aside_stands_alone_and_outside_a_transaction() -> None:
    index = AddIndexConcurrently("mark", INDEX)

    assert migration(index, is_atomic=False) == []
    assert len(migration(index, TABLE, is_atomic=False)) == 1


def test_column_that_no_code_uses_is_dropped_by_a_contract() -> None:
    drop = ops.SeparateDatabaseAndState([ops.RemoveField("mark", "note")], [])

    assert migration(drop, name="0012_contract_note") == []
