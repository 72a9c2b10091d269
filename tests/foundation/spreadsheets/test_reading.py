"""Tables are read with their visible row numbers and types; awkward files get a word."""

from datetime import date, datetime, time

import pytest

from foundation.spreadsheets import Cell, Merge, Severity, UnreadableFile, read_table, write_xlsx
from foundation.spreadsheets.marks import MAX_SAME_REMARKS
from tests.factories import files

HEADER = ["Фамилия", "Имя"]
ROWS = [HEADER, ["Соколова", "Вера"], ["Соколов", "Глеб"]]
TEXT = "Фамилия;Имя\r\nСоколова;Вера\r\nСоколов;Глеб\r\n"


def values(data, filename):
    return [list(row.cells) for row in read_table(data, filename).rows]


@pytest.mark.requirement("XCH-002", part=True)
@pytest.mark.parametrize(
    ("data", "filename"),
    [
        pytest.param(files.xlsx(files.text_rows(ROWS)), "a.xlsx", id="xlsx"),
        pytest.param(files.xlsx(files.text_rows(ROWS)), "A.XLSX", id="capital extension"),
        pytest.param(files.xlsx(files.text_rows(ROWS)), "", id="no name"),
        pytest.param(
            files.ods("".join(files.ods_row(*map(files.ods_text, row)) for row in ROWS)),
            "a.ods",
            id="ods",
        ),
        pytest.param(TEXT.encode(), "a.csv", id="utf-8"),
        pytest.param(TEXT.encode("utf-8-sig"), "a.csv", id="utf-8 with a mark"),
        pytest.param(TEXT.encode("cp1251"), "a.csv", id="windows-1251"),
        pytest.param(TEXT.replace(";", "\t").encode("utf-16"), "a.txt", id="utf-16 with tabs"),
        pytest.param(TEXT.replace(";", ",").encode(), "a.csv", id="commas"),
        pytest.param(TEXT.replace(";", "\t").encode("cp1251"), "a.tsv", id="tabs"),
        pytest.param(("sep=,\r\n" + TEXT.replace(";", ",")).encode(), "a.csv", id="hint"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), "a.csv", id="unix lines"),
        pytest.param(TEXT.replace("\r\n", "\r").encode(), "a.csv", id="old mac lines"),
        pytest.param(TEXT.replace("Имя", '"Имя"').encode(), "a.csv", id="quoted"),
    ],
)
def test_same_rows_come_from_every_format(data, filename):
    assert values(data, filename) == ROWS


def test_row_numbers_are_those_the_person_sees():
    sheet = files.text_rows([["Список"]], first=2) + files.text_rows(ROWS, first=5)

    rows = read_table(files.xlsx(sheet), "a.xlsx").rows

    assert [row.number for row in rows] == [2, 5, 6, 7]


def test_row_numbers_of_text_count_records_not_lines():
    text = 'Список;\r\n\r\n"Соко\r\nлова";Вера\r\nСоколов;Глеб\r\n'

    rows = read_table(text.encode(), "a.csv").rows

    assert [(row.number, row.cells) for row in rows] == [
        (1, ("Список",)),
        (3, ("Соко\r\nлова", "Вера")),
        (4, ("Соколов", "Глеб")),
    ]


def test_rows_and_cells_without_addresses_are_counted():
    sheet = (
        "<row><c t='inlineStr'><is><t>а</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>"
    )

    assert values(files.xlsx(sheet), "a.xlsx") == [["а", 1], [2]]


def test_cells_keep_their_types_in_xlsx():
    row: list[Cell] = [
        "текст",
        "007",
        79151234567,
        1.5,
        True,
        date(2016, 5, 1),
        time(8, 30),
        None,
        0,
    ]
    row.append(datetime.fromisoformat("2016-05-01T08:30"))

    assert values(write_xlsx([row]), "a.xlsx") == [row]


def test_cells_keep_their_types_in_ods():
    cells = [
        '<table:table-cell office:value-type="float" office:value="79151234567"/>',
        '<table:table-cell office:value-type="percentage" office:value="0.5"/>',
        '<table:table-cell office:value-type="date" office:date-value="2016-05-01"/>',
        '<table:table-cell office:value-type="date" office:date-value="2016-05-01T08:30:00"/>',
        '<table:table-cell office:value-type="date" office:date-value="0016-99-01">'
        "<text:p>01.99.16</text:p></table:table-cell>",
        '<table:table-cell office:value-type="boolean" office:boolean-value="false"/>',
        '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"/>',
        '<table:table-cell table:number-columns-repeated="2"/>',
        '<table:table-cell office:value-type="string"><office:annotation><text:p>прим.</text:p>'
        "</office:annotation><text:p>7<text:s text:c='2'/>«<text:span>А</text:span>»<text:tab/>"
        "</text:p><text:p>б</text:p></table:table-cell>",
    ]

    assert values(files.ods(files.ods_row(*cells)), "a.ods") == [
        [
            79151234567,
            0.5,
            date(2016, 5, 1),
            datetime.fromisoformat("2016-05-01T08:30"),
            "01.99.16",
            False,
            time(8, 30),
            None,
            None,
            "7  «А»\t\nб",
        ]
    ]


def test_long_tail_of_empty_formatted_rows_is_not_read():
    xlsx_tail = "".join(f'<row r="{n}"><c r="A{n}" s="1"/></row>' for n in range(4, 5000))
    ods_tail = '<table:table-cell table:number-columns-repeated="16384"/>'
    ods_rows = "".join(files.ods_row(*map(files.ods_text, row)) for row in ROWS)

    wide = files.xlsx(files.text_rows(ROWS) + xlsx_tail)
    tall = files.ods(
        ods_rows + files.ods_row(ods_tail, attributes='table:number-rows-repeated="1048573"')
    )

    assert values(wide, "a.xlsx") == values(tall, "a.ods") == ROWS


def test_repeated_rows_and_cells_of_ods_are_unfolded():
    cell = files.ods_text("7А", 'table:number-columns-repeated="2"')
    data = files.ods(
        files.ods_row(files.ods_text("Класс"))
        + files.ods_row(cell, attributes='table:number-rows-repeated="2"')
        + files.ods_row(files.ods_text("конец"))
    )

    rows = read_table(data, "a.ods").rows

    assert [(row.number, row.cells) for row in rows] == [
        (1, ("Класс",)),
        (2, ("7А", "7А")),
        (3, ("7А", "7А")),
        (4, ("конец",)),
    ]


def test_hidden_sheet_is_passed_over_and_other_sheets_are_named():
    sheets = [("Служебный", "hidden"), ("7А", "visible"), ("7Б", "visible")]

    table = read_table(files.xlsx(files.text_rows(ROWS), sheets=sheets), "a.xlsx")

    assert table.sheet == "7А"
    assert [(p.severity, p.code, p.value) for p in table.problems] == [
        (Severity.WARNING, "other-sheets", "7Б")
    ]


def test_hidden_sheet_of_ods_is_passed_over():
    hidden = '<style:table-properties table:display="false"/>'
    styles = f'<style:style style:name="ta1">{hidden}</style:style>'
    tables = (
        '<table:table table:name="Скрыт" table:style-name="ta1">'
        f"{files.ods_row(files.ods_text('тайна'))}</table:table>"
        f'<table:table table:name="Список">{files.ods_row(files.ods_text("ФИО"))}</table:table>'
        '<table:table table:name="Ещё"></table:table>'
    )

    table = read_table(files.archive(files.ods_parts(tables, styles=styles)), "a.ods")

    assert (table.sheet, table.rows[0].cells) == ("Список", ("ФИО",))
    assert [(p.code, p.value) for p in table.problems] == [("other-sheets", "Ещё")]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            '<c r="B2"><f>1+1</f><v>2</v></c>',
            (Severity.WARNING, "formula", 2, "B", "B2"),
            id="formula with its value",
        ),
        pytest.param(
            '<c r="B2"><f>1+1</f><v></v></c>',
            (Severity.ERROR, "formula-without-value", 2, "B", ""),
            id="formula never calculated",
        ),
        pytest.param(
            '<c r="B2"><f>1+1</f></c>',
            (Severity.ERROR, "formula-without-value", 2, "B", ""),
            id="formula without a value element",
        ),
        pytest.param(
            '<c r="B2" t="e"><f>VLOOKUP(1,A:A,1)</f><v>#N/A</v></c>',
            (Severity.ERROR, "cell-error", 2, "B", "#N/A"),
            id="formula that failed",
        ),
        pytest.param(
            '<c r="B2" t="e"><v>#REF!</v></c>',
            (Severity.ERROR, "cell-error", 2, "B", "#REF!"),
            id="pasted error",
        ),
    ],
)
def test_formulas_of_xlsx_get_a_word_with_their_address(cells, expected):
    sheet = files.text_rows([HEADER]) + f'<row r="2">{cells}</row>'

    problems = read_table(files.xlsx(sheet), "a.xlsx").problems

    assert [(p.severity, p.code, p.row, p.column, p.value) for p in problems] == [expected]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        pytest.param(
            'table:formula="of:=1+1" office:value-type="float" office:value="2"',
            (Severity.WARNING, "formula", 2, "B", "B2"),
            id="formula with its value",
        ),
        pytest.param(
            'table:formula="of:=1+1"',
            (Severity.ERROR, "formula-without-value", 2, "B", ""),
            id="formula never calculated",
        ),
        pytest.param(
            'table:formula="of:=1/0" office:value-type="string" office:string-value="" '
            'calcext:value-type="error"',
            (Severity.ERROR, "cell-error", 2, "B", ""),
            id="formula that failed",
        ),
    ],
)
def test_formulas_of_ods_get_a_word_with_their_address(cell, expected):
    rows = files.ods_row(files.ods_text("Фамилия")) + files.ods_row(
        files.ods_text("Соколова"), f"<table:table-cell {cell}/>"
    )

    problems = read_table(files.ods(rows), "a.ods").problems

    assert [(p.severity, p.code, p.row, p.column, p.value) for p in problems] == [expected]


def test_formula_that_gives_empty_text_is_an_empty_cell():
    sheet = files.text_rows([HEADER]) + '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c></row>'

    table = read_table(files.xlsx(sheet), "a.xlsx")

    assert table.problems == ()
    assert len(table.rows) == 1


def test_column_of_formulas_gets_one_word():
    sheet = "".join(
        f'<row r="{n}"><c r="A{n}"><f>1</f><v>1</v></c><c r="C{n}"><f>1</f><v>1</v></c></row>'
        for n in (2, 3, 4, 6)
    )

    problems = read_table(files.xlsx(sheet), "a.xlsx").problems

    assert [p.value for p in problems] == ["A2:A4", "C2:C4", "A6", "C6"]


def test_flood_of_broken_formulas_is_cut_short():
    sheet = "".join(f'<row r="{n}"><c r="A{n}"><f>1</f></c></row>' for n in range(1, 500))

    assert len(read_table(files.xlsx(sheet), "a.xlsx").problems) == MAX_SAME_REMARKS


def test_hidden_rows_are_read_with_a_word():
    sheet = files.text_rows(ROWS).replace('<row r="3">', '<row r="3" hidden="1">')

    table = read_table(files.xlsx(sheet), "a.xlsx")

    assert len(table.rows) == 3
    assert [(p.code, p.row, p.value) for p in table.problems] == [("hidden-rows", 3, "3")]


def test_merged_cells_are_told():
    ods_rows = files.ods_row(
        files.ods_text("Список", 'table:number-columns-spanned="3" table:number-rows-spanned="2"'),
        '<table:covered-table-cell table:number-columns-repeated="2"/>',
        files.ods_text("дальше"),
    )

    by_xlsx = read_table(
        files.xlsx(files.text_rows(ROWS), after=files.merged("A1:C2", "B7")), "a.xlsx"
    )
    by_ods = read_table(files.ods(ods_rows), "a.ods")

    assert by_xlsx.merges == (Merge(1, 1, 2, 3), Merge(7, 2, 7, 2))
    assert by_ods.merges == (Merge(1, 1, 2, 3),)
    assert by_ods.rows[0].cells == ("Список", None, None, "дальше")


def test_prefixed_tags_of_other_programs_are_understood():
    parts = files.xlsx_parts("")
    parts["xl/worksheets/sheet1.xml"] = (
        f'<x:worksheet xmlns:x="{files.MAIN}"><x:sheetData><x:row r="1"><x:c r="A1"><x:v>5</x:v>'
        "</x:c></x:row></x:sheetData></x:worksheet>"
    )

    assert values(files.archive(parts), "a.xlsx") == [[5]]


def test_every_refusal_has_a_code_a_sentence_and_a_cure():
    refusals: list[type[UnreadableFile]] = [UnreadableFile, *UnreadableFile.__subclasses__()]

    assert len({one.code for one in refusals}) == len(refusals) == 15
    assert all(one.message.endswith(".") and one.cure.endswith(".") for one in refusals)
