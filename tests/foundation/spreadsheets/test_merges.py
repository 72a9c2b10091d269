"""Merged cells are harmless above the data, repeated down a column, refused across columns."""

import pytest

from foundation.spreadsheets import read_table, resolve_merges
from tests.factories import files


def resolved(rows, header_row, *ranges):
    table = read_table(files.xlsx(files.text_rows(rows), after=files.merged(*ranges)), "a.xlsx")
    return resolve_merges(table, header_row)


def cells(table):
    return [list(row.cells) for row in table.rows]


def test_title_merged_over_the_table_is_left_alone():
    table = resolved([["Список 7А"], ["ФИО", "Класс"], ["Соколов Глеб", "7А"]], 2, "A1:B1")

    assert cells(table)[0] == ["Список 7А"]
    assert table.problems == ()


def test_header_merged_downwards_reaches_the_header_row():
    rows = [["Класс", "ФИО"], ["", "Фамилия", "Имя"], ["7А", "Соколов", "Глеб"]]

    table = resolved(rows, 2, "A1:A2", "B1:C1")

    assert cells(table)[1] == ["Класс", "Фамилия", "Имя"]
    assert table.problems == ()


def test_value_merged_down_the_column_is_repeated_with_a_word():
    rows = [["Класс", "Имя"], ["7А", "Глеб"], ["", "Вера"], ["7Б", "Анна"]]

    table = resolved(rows, 1, "A2:A3")

    assert cells(table) == [["Класс", "Имя"], ["7А", "Глеб"], ["7А", "Вера"], ["7Б", "Анна"]]
    assert [(p.severity, p.code, p.row, p.column, p.value) for p in table.problems] == [
        ("healed", "merged-down", 2, "A", "7А")
    ]


@pytest.mark.parametrize(
    "merge", [pytest.param("A2:B2", id="across"), pytest.param("A2:B3", id="block")]
)
def test_data_merged_across_columns_is_refused(merge):
    rows = [["Фамилия", "Имя"], ["Соколов Глеб"], ["Соколова", "Вера"]]

    table = resolved(rows, 1, merge)

    assert [(p.severity, p.code, p.row, p.column, p.value) for p in table.problems] == [
        ("error", "merged-across", 2, "A", "Соколов Глеб")
    ]


def test_merge_from_the_header_into_the_data_is_refused():
    table = resolved([["Класс", "Имя"], ["7А", "Глеб"]], 1, "A1:A2")

    assert [(p.code, p.row) for p in table.problems] == [("merged-across", 1)]


def test_merge_of_a_whole_sheet_does_not_invent_rows():
    rows = [["Класс", "Имя"], ["7А", "Глеб"]]

    table = resolved(rows, 1, "C2:C1048576")

    assert len(table.rows) == 2
