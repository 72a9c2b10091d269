"""Nothing typed into the journal is lost: conflicts, broken connections, closed pages, refusals."""

import re
from collections import Counter
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.fake_journal import FakeJournal
from tests.browser.journal_grid import JournalGrid, wait_until

pytestmark = pytest.mark.browser

Open = Callable[..., JournalGrid]
PETROVA = "Петрова О. И."
SHOW_OR_HIDE = """hidden => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
}"""


def small() -> FakeJournal:
    """A journal that opens fast."""
    return FakeJournal(pupil_count=4, lesson_count=20)


def keys_of(journal: FakeJournal) -> list[str]:
    """Return the idempotency key of every save that reached the server, in order."""
    return [save["key"] for save in journal.saves]


# Two teachers in one cell


def conflict(open_journal: Open) -> JournalGrid:
    """Another teacher has put a 4 where this one now types a 5."""
    grid = open_journal(small())
    grid.journal.put(grid.journal.today_lesson, 0, "4", PETROVA)
    grid.press("5")
    expect(grid.bar).to_be_visible()
    return grid


def test_conflict_names_the_other_and_asks(open_journal: Open) -> None:
    grid = conflict(open_journal)

    expect(grid.bar.locator("p")).to_have_text(
        "Абрамов Глеб, 20\u00a0ноября. Петрова О. И. уже поставила 4 в 10:41. "
        "Оставить её 4 или поставить вашу 5?"
    )
    expect(grid.cell(0)).to_have_attribute("data-state", "conflict")
    expect(grid.cell(0)).to_have_attribute("title", "Изменено другим: решите, что оставить")
    assert grid.column()[0] == "5"
    assert grid.journal.value(grid.journal.today_lesson, 0) == "4"


@pytest.mark.parametrize(
    ("keys", "left"),
    [
        pytest.param(["F6", "Enter"], "4", id="theirs"),
        pytest.param(["F6", "Tab", "Enter"], "5", id="mine"),
    ],
)
def test_conflict_is_decided_from_the_keyboard(
    open_journal: Open, keys: list[str], left: str
) -> None:
    grid = conflict(open_journal)

    grid.press(*keys)

    expect(grid.bar).to_be_hidden()
    expect(grid.cell(0)).to_have_text(left)
    wait_until(lambda: grid.journal.value(grid.journal.today_lesson, 0) == left, "decided")
    assert grid.where() == (0, grid.today)


def test_typing_goes_on_beside_an_open_conflict(open_journal: Open) -> None:
    grid = conflict(open_journal)

    grid.press("4", "3")

    wait_until(lambda: grid.journal.column(grid.journal.today_lesson)[1:3] == ["4", "3"], "saved")
    expect(grid.bar).to_be_visible()
    expect(grid.status).to_have_text("Сохранено в 10:42. Ждёт решения: 1\u00a0ячейка")


def test_same_value_of_two_teachers_is_no_conflict(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.put(grid.journal.today_lesson, 0, "5", PETROVA)

    grid.press("5")

    grid.expect_saved()
    expect(grid.bar).to_be_hidden()
    expect(grid.cell(0)).to_have_attribute("data-state", "saved")


def test_several_conflicts_are_decided_at_once(open_journal: Open) -> None:
    grid = open_journal(small())
    for row in range(3):
        grid.journal.put(grid.journal.today_lesson, row, "3", PETROVA)
    grid.press("5", "5", "5")

    grid.bar.get_by_role("button", name="Поставить все мои").click()

    grid.expect_saved()
    assert grid.journal.column(grid.journal.today_lesson) == ["5", "5", "5", ""]


def test_undecided_conflict_outlives_the_page(open_journal: Open) -> None:
    grid = conflict(open_journal)

    grid.reload()

    expect(grid.bar).to_contain_text("Оставить её 4 или поставить вашу 5?")
    expect(grid.cell(0)).to_have_text("5")


def test_own_correction_right_after_a_mark_is_no_conflict(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.delay = 1.5

    grid.press("5")
    wait_until(lambda: is_on_its_way(grid), "on its way")
    grid.press("ArrowUp", "4")

    grid.expect_saved()
    expect(grid.bar).to_be_hidden()
    assert grid.journal.value(grid.journal.today_lesson, 0) == "4"
    first, second = grid.journal.saves
    assert [first["cells"][0]["seen"], second["cells"][0]["seen"]] == [0, grid.journal.revision - 1]


def is_on_its_way(grid: JournalGrid) -> bool:
    """Return true when a batch of this very journal is kept on disk as sent and not answered.

    Tests share one profile: another journal may have left its own batch there.
    """
    kept = """() => {
      const cells = document.querySelector("#journal").dataset.cellsUrl;
      const path = new URL(cells, location.href).pathname;
      return Object.entries(localStorage).some(
        ([name, text]) => name.includes(path) && text.includes('"sealed":true'));
    }"""
    return bool(grid.page.evaluate(kept))


# A bad road


@pytest.mark.parametrize(
    "moment", [pytest.param("before", id="request lost"), pytest.param("after", id="answer lost")]
)
@pytest.mark.requirement("NFR-008", part=True)
def test_lost_connection_is_repeated_once_with_the_same_key(
    open_journal: Open, moment: str
) -> None:
    grid = open_journal(small())
    grid.journal.drops.append(moment)

    grid.press("5", "4")
    expect(grid.status).to_have_text(
        "Нет связи. Введённое не потеряно: сохранится, как только связь вернётся (2\u00a0ячейки)"
    )
    expect(grid.cell(0)).to_have_attribute("data-state", "waiting")
    assert grid.column() == ["5", "4", "", ""]

    grid.expect_saved()
    grid.page.wait_for_timeout(1500)
    first, second = grid.journal.saves
    assert first == second
    assert grid.journal.column(grid.journal.today_lesson) == ["5", "4", "", ""]


def test_input_without_connection_is_kept_and_saved_when_it_returns(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.page.context.set_offline(True)
    grid.press("5", "4", "3")
    expect(grid.status).to_contain_text("Нет связи. Введённое не потеряно")
    expect(grid.status).to_contain_text("(3\u00a0ячейки)")

    grid.page.context.set_offline(False)

    grid.expect_saved()
    assert grid.journal.column(grid.journal.today_lesson) == ["5", "4", "3", ""]


def test_busy_server_is_asked_again_when_it_said(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.answers.append((503, {"Retry-After": "1"}, {"title": "Занято"}))

    grid.press("5")
    expect(grid.status).to_have_text(
        "Сервер занят. Введённое не потеряно: сохранится само (1\u00a0ячейка)"
    )

    grid.expect_saved()
    assert len(set(keys_of(grid.journal))) == 1


def test_ended_session_keeps_the_input_and_asks_to_sign_in(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.signed_out = True
    grid.press("5")
    expect(grid.bar).to_contain_text("Вход закончился. Войдите снова")

    grid.journal.signed_out = False
    grid.bar.get_by_role("button", name="Войти").click()

    grid.expect_saved()
    assert grid.journal.column(grid.journal.today_lesson) == ["5", "", "", ""]


# The page is closed


def test_reload_with_unsaved_input_loses_nothing_and_doubles_nothing(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.drops.extend(["after"] * 3)
    grid.press("5", "4")
    wait_until(lambda: len(grid.journal.saves) == 1, "sent")
    expect(grid.status).to_contain_text("Нет связи")
    grid.press("3")

    grid.journal.drops.clear()
    grid.reload()

    expect(grid.word).to_have_text("Восстановлено несохранённое: 3\u00a0ячейки.")
    grid.expect_saved()
    assert grid.column() == ["5", "4", "3", ""]
    wait_until(lambda: grid.journal.value(grid.journal.today_lesson, 2) == "3", "all saved")
    cells = Counter(cell["pupil"] for save in grid.journal.saves for cell in save["cells"])
    keys = {save["key"] for save in grid.journal.saves if save["cells"][0]["pupil"] == 100}
    assert len(keys) == 1
    assert cells[102] == 1
    expect(grid.bar).to_be_hidden()


def test_closing_right_after_typing_loses_nothing(open_journal: Open) -> None:
    grid = open_journal(small())
    desktop = grid.page.context
    grid.press("5")
    grid.page.close()

    again = JournalGrid(desktop.new_page(), grid.journal, grid.address)
    again.open()

    expect(again.cell(0)).to_have_text("5")
    wait_until(lambda: grid.journal.value(grid.journal.today_lesson, 0) == "5", "saved")
    assert len(set(keys_of(grid.journal))) == 1


def test_unsaved_input_of_another_teacher_is_not_sent(open_journal: Open) -> None:
    grid = open_journal(small(), owner="anna")
    grid.page.context.set_offline(True)
    grid.press("5")
    expect(grid.status).to_contain_text("Нет связи")
    grid.page.close()
    desktop = grid.page.context
    desktop.set_offline(False)

    other = JournalGrid(desktop.new_page(), grid.journal, grid.address)
    other.open(owner="boris")
    other.page.wait_for_timeout(700)

    assert grid.journal.saves == []
    assert other.column() == ["", "", "", ""]


def test_input_of_a_tab_still_open_is_left_to_it(open_journal: Open) -> None:
    grid = open_journal(small())
    grid.journal.drops.extend(["before"] * 2)
    grid.press("5")
    expect(grid.status).to_contain_text("Нет связи")

    other = grid.another_tab()

    grid.expect_saved()
    expect(other.word).to_have_text("")
    assert len(set(keys_of(grid.journal))) == 1


@pytest.mark.parametrize(
    ("storage", "asked"), [(True, []), (False, ["beforeunload"])], ids=["kept", "not kept"]
)
def test_leaving_warns_only_when_nothing_can_be_kept(
    open_journal: Open, storage: bool, asked: list[str]
) -> None:
    grid = open_journal(small())
    if not storage:
        grid.page.add_init_script("Storage.prototype.setItem = () => { throw new Error('full'); };")
        grid.reload()
    grid.answer_dialogs()
    grid.journal.drops.extend(["before"] * 9)
    grid.press("5")
    expect(grid.status).to_contain_text("Нет связи")

    with grid.page.expect_event("close"):
        grid.page.close(run_before_unload=True)

    assert grid.dialogs == asked


# Refusals


def refused_term(grid: JournalGrid) -> None:
    """The term was closed after the page had been opened."""
    grid.journal.closed = True
    grid.press("5", "4")
    expect(grid.bar).to_contain_text(
        "Не сохранено: 2\u00a0ячейки. Этот период закрыт 28 октября. "
        "Попросите завуча открыть исправление."
    )


def test_refused_cells_stay_with_the_reason_until_dropped(open_journal: Open) -> None:
    grid = open_journal(small())
    refused_term(grid)
    assert grid.column() == ["5", "4", "", ""]
    expect(grid.cell(0)).to_have_attribute("data-state", "failed")

    grid.bar.get_by_role("button", name="Убрать несохранённое").click()

    expect(grid.bar).to_be_hidden()
    assert grid.column() == ["", "", "", ""]


def test_refused_cells_are_saved_when_the_cause_is_gone(open_journal: Open) -> None:
    grid = open_journal(small())
    refused_term(grid)

    grid.journal.closed = False
    grid.bar.get_by_role("button", name="Повторить").click()

    grid.expect_saved()
    assert grid.journal.column(grid.journal.today_lesson) == ["5", "4", "", ""]
    assert len(set(keys_of(grid.journal))) == 2


def test_one_refused_pupil_does_not_hold_the_others(open_journal: Open) -> None:
    journal = small()
    journal.refusals[101] = "Ученик выбыл 19 ноября."
    grid = open_journal(journal)

    grid.press("5", "4", "3")

    expect(grid.bar).to_contain_text("Не сохранено: 1\u00a0ячейка. Ученик выбыл 19 ноября.")
    expect(grid.bar.get_by_role("listitem")).to_have_text("Агафонова Вера, 20\u00a0ноября: 4")
    assert journal.column(journal.today_lesson) == ["5", "", "3", ""]


# Coming back


def test_tab_that_comes_back_takes_newer_cells_and_keeps_the_typed(open_journal: Open) -> None:
    grid = open_journal(small())
    lesson = grid.journal.today_lesson
    grid.journal.answers.extend([(503, {"Retry-After": "3"}, {})] * 3)
    grid.press("ArrowDown", "5")
    expect(grid.status).to_contain_text("Сервер занят")
    grid.page.evaluate(SHOW_OR_HIDE, True)
    grid.journal.put(lesson, 0, "3", PETROVA)
    grid.journal.put(lesson, 1, "2", PETROVA)
    grid.page.evaluate("() => { const now = Date.now; Date.now = () => now() + 61_000; }")

    grid.page.evaluate(SHOW_OR_HIDE, False)

    expect(grid.cell(0)).to_have_text("3")
    expect(grid.cell(0)).to_have_attribute("title", "Изменено не здесь: было пусто")
    assert grid.journal.loads == 2
    assert grid.column() == ["3", "5", "", ""]
    grid.press("Control+Home", "End")
    grid.go_to(0)
    grid.press("ArrowDown")
    expect(grid.cell(0)).not_to_have_attribute("title", re.compile("."))
    assert grid.errors == []


def test_short_absence_asks_for_nothing(open_journal: Open) -> None:
    grid = open_journal(small())

    grid.page.evaluate(SHOW_OR_HIDE, True)
    grid.page.evaluate(SHOW_OR_HIDE, False)
    grid.page.wait_for_timeout(300)

    assert grid.journal.loads == 1
