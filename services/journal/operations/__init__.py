"""Writing the journal. Each function is one use case inside the door's transaction."""

from services.journal.operations.void import VoidReport, describe_void, void_changes
from services.journal.operations.writing import (
    CellConflict,
    CellInput,
    CellsAnswer,
    CellState,
    HomeworkInput,
    UnknownWorkKind,
    fill_dictionaries,
    put_cells,
    set_work_kind,
    write_record,
)
from services.journal.rules import RecordHasChanged

__all__ = [
    "CellConflict",
    "CellInput",
    "CellState",
    "CellsAnswer",
    "HomeworkInput",
    "RecordHasChanged",
    "UnknownWorkKind",
    "VoidReport",
    "describe_void",
    "fill_dictionaries",
    "put_cells",
    "set_work_kind",
    "void_changes",
    "write_record",
]
