"""The journal's grid: typing as in a spreadsheet, moving, marks and codes, read-only cells."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.fake_journal import FakeJournal
from tests.browser.journal_grid import CONTROL, SHIFT, JournalGrid

pytestmark = pytest.mark.browser

Open = Callable[..., JournalGrid]
MARKS = "543545345543354455343554345545"


@pytest.mark.requirement("JRN-004", part=True)
def test_thirty_marks_take_at_most_36_keystrokes_without_a_mouse(open_journal: Open) -> None:
    grid = open_journal()

    grid.press(*MARKS)

    grid.expect_saved()
    assert grid.keystrokes <= 36
    assert grid.journal.column(grid.journal.today_lesson) == list(MARKS)
    assert grid.column() == list(MARKS)
    assert grid.errors == []


@pytest.mark.requirement("ATT-001", part=True)
def test_codes_are_typed_in_either_layout(open_journal: Open) -> None:
    russian = {"н": "Н", "у": "УП", "п": "НП", "б": "Б", "Н": "Н", "о": "ОП"}
    latin = {"y": "Н", "e": "УП", "g": "НП", ",": "Б", "Y": "Н", "j": "ОП"}
    grid = open_journal(FakeJournal(pupil_count=12, lesson_count=20))

    grid.press(*russian, "ArrowDown", *latin)

    grid.expect_saved()
    expected = [*russian.values(), *latin.values()]
    assert grid.journal.column(grid.journal.today_lesson) == expected
    assert grid.errors == []


@pytest.mark.parametrize(
    ("keys", "expected", "row"),
    [
        pytest.param(["о", "5"], "5 ОП", 1, id="late, then a mark"),
        pytest.param(["5", "ArrowUp", "о"], "5 ОП", 0, id="a mark, then late"),
        pytest.param(["о", "5", "ArrowUp", "4"], "4 ОП", 1, id="another mark keeps lateness"),
        pytest.param(["5", "ArrowUp", "н"], "Н", 1, id="absence replaces a mark"),
        pytest.param(["н", "ArrowUp", "5"], "5", 1, id="a mark replaces absence"),
        pytest.param(["5", "ArrowUp", "Delete"], "", 0, id="Delete clears"),
        pytest.param(["5", "ArrowUp", "Backspace"], "", 0, id="Backspace clears"),
    ],
)
def test_keys_combine_in_a_cell(
    open_journal: Open, keys: list[str], expected: str, row: int
) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))

    grid.press(*keys)

    assert grid.column() == [expected, "", ""]
    assert grid.where() == (row, grid.today)


def test_mark_outside_the_scale_is_refused_with_a_word(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))

    grid.press("7")

    expect(grid.word).to_have_text("Отметки 7 в шкале нет. Можно: 5, 4, 3, 2, 1.")
    assert grid.column() == ["", "", ""]
    assert grid.where() == (0, grid.today)


MOVES: list[tuple[str, int, int | str]] = [
    ("ArrowRight ArrowDown", 1, +1),
    ("ArrowDown ArrowUp", 0, 0),
    ("Enter Enter Shift+Enter", 1, 0),
    ("Tab Tab Shift+Tab", 0, +1),
    ("Home", 0, "first"),
    ("End", 0, "last"),
    ("End ArrowRight", 0, "average"),
    ("Control+End", 29, "last"),
    ("Control+End Control+Home", 0, "first"),
    ("Control+ArrowDown", 29, 0),
    ("Control+ArrowDown Control+ArrowUp", 0, 0),
    ("PageDown PageUp", 0, 0),
    ("ArrowUp", -1, 0),
    ("ArrowUp ArrowUp ArrowUp", -2, 0),
]


def test_keys_move_as_in_a_spreadsheet(open_journal: Open) -> None:
    grid = open_journal()
    places = {"first": 0, "last": 59, "average": 60}
    today = grid.today

    arrived = {}
    for keys, _, _ in MOVES:
        grid.page.get_by_role("button", name="Сегодня").click()
        grid.press(*keys.split())
        arrived[keys] = grid.where()

    assert arrived == {
        keys: (row, places[column] if isinstance(column, str) else today + column)
        for keys, row, column in MOVES
    }


def test_page_down_moves_by_what_is_seen(open_journal: Open) -> None:
    grid = open_journal()

    grid.press("PageDown")

    assert 10 <= grid.where()[0] <= 20


def test_focus_stands_on_the_first_pupil_of_today_and_is_in_sight(open_journal: Open) -> None:
    grid = open_journal()

    assert grid.where() == (0, grid.today)
    expect(grid.cell(0)).to_be_in_viewport(ratio=1)
    expect(grid.table.locator("th.is-today a")).to_have_accessible_name(
        re.compile(r"^20\sноября, пт, сегодня, урок \d$")
    )


def test_tab_leaves_the_grid_after_escape(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))

    grid.press("Escape", "Tab")

    assert not grid.page.evaluate(
        "() => document.querySelector('[role=grid]').contains(document.activeElement)"
    )


def test_grid_is_one_tab_stop(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))

    grid.press("ArrowRight", "ArrowDown")

    expect(grid.table.locator("[tabindex='0']")).to_have_count(1)
    expect(grid.cell(1, grid.today + 1)).to_have_attribute("tabindex", "0")


def test_block_is_selected_with_shift_copied_and_cleared(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=4, lesson_count=20, empty=True))
    grid.press("5", "4", "о", "3", "ArrowUp", "ArrowUp", "ArrowUp")

    grid.press("Shift+ArrowDown", "Shift+ArrowDown", "Shift+ArrowLeft")
    expect(grid.table.locator("[aria-selected=true]")).to_have_count(6)
    grid.press("Control+c")
    copied = grid.clipboard()
    grid.press("Delete")

    assert copied == "\t5\n\t4\n\t3 ОП"
    assert grid.column() == ["", "", "", ""]


def test_block_is_selected_with_the_mouse(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=6, lesson_count=20))

    grid.cell(1).hover()
    grid.page.mouse.down()
    grid.cell(3, grid.today - 1).hover()
    grid.page.mouse.up()

    expect(grid.table.locator("[aria-selected=true]")).to_have_count(6)
    assert grid.where() == (3, grid.today - 1)


@pytest.mark.parametrize(
    "undo", [pytest.param("Control+z", id="Latin"), pytest.param("я", id="Russian")]
)
def test_undo_takes_back_and_redo_returns(open_journal: Open, undo: str) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))
    grid.press("5", "4")
    grid.expect_saved()

    grid.press(undo, modifiers=CONTROL if undo == "я" else 0)
    assert grid.column() == ["5", "", ""]
    assert grid.where() == (1, grid.today)
    grid.press("Control+y")

    expect(grid.word).to_have_text("Возвращено: 1 ячейка.")
    assert grid.column() == ["5", "4", ""]


def test_undo_leaves_what_another_has_changed(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))
    grid.press("5")
    grid.expect_saved()
    grid.journal.put(grid.journal.today_lesson, 0, "3", "Петрова О. И.")
    grid.press("ArrowUp", "4")
    grid.bar.get_by_role("button", name="Оставить 3").click()

    grid.press("Control+z")

    assert grid.column() == ["3", "", ""]


# Paste


def test_block_of_a_spreadsheet_is_pasted_and_undone_as_one_step(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=4, lesson_count=20, empty=True))

    grid.paste("5\tН\r\n4,0\tу п\r\n3\tуп\r\n")
    expect(grid.bar).to_contain_text("Вставлено: 5 ячеек, не вставлено: 1 ячейка.")
    assert grid.column() == ["5", "4", "3", ""]
    assert grid.column(grid.today + 1) == ["Н", "", "УП", ""]

    grid.bar.get_by_role("button", name="Понятно").click()
    expect(grid.bar).to_be_hidden()
    grid.press("Control+z")
    assert grid.column() == ["", "", "", ""]


def test_pasted_texts_are_understood(open_journal: Open) -> None:
    latin = "H"
    texts = {"5": "5", "5 ОП": "5 ОП", "оп/5": "5 ОП", "4.0": "4", "н": "Н", latin: "Н", "НП": "НП"}
    grid = open_journal(FakeJournal(pupil_count=8, lesson_count=20))

    grid.paste("\n".join([*texts, '"5"']))

    expect(grid.word).to_have_text("Вставлено: 8 ячеек.")
    assert grid.column() == [*texts.values(), "5"]


def test_pasted_texts_are_refused_by_name(open_journal: Open) -> None:
    texts = ["6", "5 Н", "5 4", "хорошо", "-5", "5%", "4.5"]
    grid = open_journal(FakeJournal(pupil_count=7, lesson_count=20))

    grid.paste("\n".join(texts))

    expect(grid.bar).to_contain_text("Вставлено: 0 ячеек, не вставлено: 7 ячеек.")
    expect(grid.bar).to_contain_text("Абрамов Глеб, 20\u00a0ноября: «6». Такого значения нет.")
    expect(grid.bar.get_by_role("listitem")).to_have_text(
        [*(re.compile(f"«{text}»") for text in texts[:4]), "И ещё 3."]
    )
    assert grid.column() == [""] * 7


def test_one_value_fills_the_selected_block(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=4, lesson_count=20))

    grid.press("Shift+ArrowDown", "Shift+ArrowDown")
    grid.paste("Н")

    assert grid.column() == ["Н", "Н", "Н", ""]


def test_block_larger_than_the_sheet_reports_what_did_not_fit(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=2, lesson_count=20))

    grid.paste("5\n4\n3\n2")

    expect(grid.bar).to_contain_text("Вставлено: 2 ячейки, не вставлено: 2 ячейки.")
    expect(grid.bar).to_contain_text("«3». Не поместилось.")


def test_empty_cells_of_a_block_erase_nothing(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))
    grid.press("5", "4", "3", "Control+ArrowUp")

    grid.paste("2\n\n1")

    assert grid.column() == ["2", "4", "1"]


# Where nobody types


def closed_term(journal: FakeJournal) -> None:
    journal.closed = True


def cancelled(journal: FakeJournal) -> None:
    journal.lessons[journal.today_lesson - 500]["state"] = "cancelled"


def of_another_teacher(journal: FakeJournal) -> None:
    lesson = journal.lessons[journal.today_lesson - 500]
    lesson.update({"editable": False, "why": "Урок ведёт Петрова О. И."})


def not_yet_enrolled(journal: FakeJournal) -> None:
    journal.pupils[0]["since"] = "2026-11-21"


def already_left(journal: FakeJournal) -> None:
    journal.pupils[0]["until"] = "2026-11-20"


@pytest.mark.parametrize(
    ("arrange", "word"),
    [
        (closed_term, "Этот период закрыт. Попросите завуча открыть исправление."),
        (cancelled, "Урок отменён."),
        (of_another_teacher, "Урок ведёт Петрова О. И."),
        (not_yet_enrolled, "В этот день не в классе: зачислен с 21 ноября."),
        (already_left, "В этот день не в классе: выбыл 20 ноября."),
    ],
)
def test_closed_cell_takes_no_typing_and_says_why(
    open_journal: Open, arrange: Callable[[FakeJournal], None], word: str
) -> None:
    journal = FakeJournal(pupil_count=3, lesson_count=20)
    arrange(journal)
    grid = open_journal(journal)

    grid.go_to(0)
    grid.press("5")

    expect(grid.cell(0)).to_have_attribute("aria-readonly", "true")
    expect(grid.word).to_have_text(word.replace(" ноября", "\u00a0ноября"))
    assert grid.column()[0] == ""
    assert journal.saves == []


def test_typing_steps_over_a_pupil_who_is_not_in_class_that_day(open_journal: Open) -> None:
    journal = FakeJournal(pupil_count=4, lesson_count=20)
    journal.pupils[1]["since"] = "2026-11-25"
    grid = open_journal(journal)

    grid.press("5", "4")

    assert grid.column() == ["5", "", "4", ""]
    assert grid.where() == (3, grid.today)


def test_journal_open_for_reading_has_no_lists_and_says_so(open_journal: Open) -> None:
    journal = FakeJournal(pupil_count=3, lesson_count=20)
    page = journal.page
    journal.page = lambda: {**page(), "editable": False}  # type: ignore[method-assign]
    grid = open_journal(journal)

    grid.press("5")

    expect(grid.table).to_have_attribute("aria-readonly", "true")
    expect(grid.table.locator("select")).to_have_count(0)
    expect(grid.word).to_have_text("Этот журнал вам открыт только для чтения.")


# Around the cells


@pytest.mark.requirement("JRN-005", "JRN-006", part=True)
def test_kind_of_work_is_chosen_from_the_keyboard(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=3, lesson_count=20))

    grid.press("ArrowUp", "Enter")
    options = grid.page.locator("select:focus option").all_text_contents()
    grid.page.locator("select:focus").select_option("2")

    grid.expect_saved()
    assert options == [
        "не указан",
        "У — устный ответ",
        "КР — контрольная работа",
        "СР — самостоятельная работа",
        "ДЗ — домашняя работа",
    ]
    [save] = grid.journal.kind_saves
    assert (save["lesson"], save["kind"]) == (grid.journal.today_lesson, 2)
    assert grid.where() == (-1, grid.today)
    expect(grid.table.locator(".journal-kinds td.is-today span")).to_have_text("КР")


@pytest.mark.requirement("MRK-019", part=True)
def test_average_follows_the_servers_answer(open_journal: Open) -> None:
    grid = open_journal(FakeJournal(pupil_count=2, lesson_count=20, empty=True))
    average = grid.cell(0, 20)
    expect(average).to_have_text("—")

    grid.press("5", "ArrowUp", "ArrowLeft", "4")

    expect(average).to_have_text("4,50")


@pytest.mark.parametrize(
    ("key", "modifiers"),
    [pytest.param("?", 0, id="Latin"), pytest.param(",", SHIFT, id="the same key in Russian")],
)
def test_help_opens_and_gives_the_focus_back(open_journal: Open, key: str, modifiers: int) -> None:
    grid = open_journal(FakeJournal(pupil_count=2, lesson_count=20))

    grid.press(key, modifiers=modifiers)
    dialog = grid.page.get_by_role("dialog", name="Как заполнять журнал")
    expect(dialog).to_be_visible()
    grid.press("Escape")

    expect(dialog).to_be_hidden()
    assert grid.where() == (0, grid.today)
    assert grid.column() == ["", ""]


def test_finger_has_keys_of_its_own(open_journal: Open) -> None:
    grid = open_journal(
        FakeJournal(pupil_count=3, lesson_count=20), width=360, height=780, touch=True
    )

    grid.cell(0).tap()
    grid.page.get_by_role("button", name="Отметка 5").tap()
    grid.page.get_by_role("button", name="Н — отсутствует").tap()

    grid.expect_saved()
    assert grid.column() == ["5", "Н", ""]


def test_names_and_topics_are_text_and_not_markup(open_journal: Open) -> None:
    journal = FakeJournal(pupil_count=2, lesson_count=20)
    nasty = "<img src=x onerror=alert(1)> \"Г'&"
    journal.pupils[0]["name"] = nasty
    journal.lessons[journal.today_lesson - 500]["topic"] = nasty
    grid = open_journal(journal)

    expect(grid.table.locator("tbody th").first).to_have_text(nasty)
    expect(grid.table.locator("img")).to_have_count(0)
    expect(grid.table.locator("th.is-today a")).to_have_attribute("title", nasty)
    assert grid.errors == []


@pytest.mark.parametrize(
    ("journal", "words"),
    [
        (FakeJournal(pupil_count=0, lesson_count=20), "В этой группе пока нет учеников."),
        (FakeJournal(pupil_count=2, lesson_count=0), "В этом периоде уроков нет."),
    ],
)
def test_empty_journal_says_what_is_missing(
    open_journal: Open, journal: FakeJournal, words: str
) -> None:
    grid = open_journal(journal)

    expect(grid.page.get_by_role("alert")).to_have_text(words)
