"""The service as families meet it: two applications, consents, access, paper, a complaint.

Vera has a son in a five-day school and a daughter in a six-day one. What she does, she does on a
phone; the class teacher Anna, the father, the committee's officer and the head sit at a desk.
"""

import io
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response, expect
from pypdf import PdfReader

from tests.browser.stack import (
    DESKTOP,
    PASSWORD,
    PHONE,
    Stack,
    empty_database,
    running_stack,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

DATA = "tests.browser.service_data"
TWO_WEEKS_LATER = "2026-12-04"
VERAS = "тёплый чай с мятой"
PATIENCE = 30_000
EVENTS_SECONDS = 40
# Ten working days after Friday, 20 November 2026, counted by hand. Without Saturdays: 23–27 are
# five, 30 November – 4 December five more. With them: 21 is one, 23–28 six, 30 – 2 December three.
FIVE_DAY, SIX_DAY = "4 декабря", "2 декабря"
WRONG = "Срок ответа на заявление никто не назвал."
REASONS = "Директор не ответил на обращение в срок."


@dataclass(frozen=True)
class Application:
    """What the mother keeps after she applied."""

    school: str
    child: str
    number: str
    code: str
    due: str


class Building:
    """The people of the walk, each with a browser of their own."""

    def __init__(self, browser: Browser, stack: Stack) -> None:
        self.browser, self.stack = browser, stack
        self.contexts: list[BrowserContext] = []

    def open(self, size: dict[str, int]) -> Page:
        """Open a browser nobody has used."""
        context = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            is_mobile=size is PHONE,
            has_touch=size is PHONE,
            locale="ru-RU",
            timezone_id="Europe/Moscow",
            base_url=self.stack.url,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        return context.new_page()

    def sign_in(self, login: str, password: str = PASSWORD, size: dict[str, int] = DESKTOP) -> Page:
        """Open a browser and sign in."""
        page = self.open(size)
        page.goto("/sign-in/")
        page.fill("#login", login)
        page.fill("#password", password)
        page.get_by_role("button", name="Войти").click()
        page.wait_for_url(re.compile(r"^(?!.*sign-in)"))
        return page

    def close(self) -> None:
        """Close every browser."""
        for context in self.contexts:
            context.close()


@pytest.fixture
def serve(browser: Browser) -> Iterator[Callable[..., Building]]:
    """Serve one database day after day: `serve(data=...)`, then `serve(today=...)`."""
    web, admin = empty_database("okrug_service")
    running: list[tuple[Building, Iterator[None]]] = []

    def leave() -> None:
        for building, end in running:
            building.close()
            next(end, None)
        running.clear()

    def begin(**asked: str) -> Building:
        leave()
        started: list[Stack] = []

        def keep() -> Iterator[None]:
            with running_stack(web, admin, **asked) as stack:
                started.append(stack)
                yield

        end = keep()
        next(end)
        building = Building(browser, started[0])
        running.append((building, end))
        return building

    yield begin
    leave()


@pytest.mark.requirement("SRV-016", "SRV-017", "ACC-020")
@pytest.mark.requirement(
    "INF-003",
    "SRV-003",
    "SRV-009",
    "SRV-010",
    "SRV-014",
    "SRV-015",
    "SRV-028",
    "SRV-031",
    "ACC-001",
    "ACC-007",
    "ACC-008",
    part=True,
)
def test_a_family_walks_the_whole_service(serve: Callable[..., Building]) -> None:
    friday = serve(data=DATA)
    ids = friday.stack.ids
    phone, teacher = friday.open(PHONE), friday.sign_in("anna")
    sons = apply(phone, "alpha", "Глебов Глеб", FIVE_DAY)
    daughters = apply(phone, "beta", "Глебова Галина", SIX_DAY)
    for one in (sons, daughters):
        take_consent(teacher, one)
        expect_status(phone, one, "Доступ откроется не позднее", one.due)
        open_access(teacher, one)
    login, code = print_sheet(teacher, sons)
    hand_over(teacher, sons, "напечатайте лист активации и передайте лично")
    activate(phone, login, code)
    hand_over(teacher, daughters, "Войдёт своим прежним логином: нового не нужно.")
    for one in (sons, daughters):
        expect_status(phone, one, "Доступ открыт 20 ноября", "Услуга оказывается")

    mother = friday.sign_in(login, VERAS, PHONE)
    son, daughter = f"/family/alpha/{ids['gleb']}/", f"/family/beta/{ids['galina']}/"
    for address in (son, daughter):
        expect(mother.locator(f"main a[href^='{address}']").first).to_be_visible()
        assert status_of(mother, address) == 200

    withdraw_consent(mother, son)
    until(lambda: status_of(mother, son) == 404)
    assert status_of(mother, daughter) == 200
    father = friday.sign_in("igor")
    assert status_of(father, son) == 200
    expect(father.locator("main")).to_contain_text("Алгебра")

    address = complain(mother)
    officer = friday.sign_in("oleg")
    decide(officer)
    mother.goto(address)
    expect(mother.locator("main")).to_contain_text("Решение: удовлетворена")
    expect(mother.locator("main")).to_contain_text(REASONS)
    expect_head_saw_nothing(friday.sign_in("boris"), officer.url)

    later = serve(data="", today=TWO_WEEKS_LATER)
    expect_paper_is_due(later.sign_in("anna"))
    evening = later.sign_in(login, VERAS, PHONE)
    assert status_of(evening, son) == 404
    assert status_of(evening, daughter) == 200


# --- The mother ----------------------------------------------------------------------------------


def apply(phone: Page, school: str, child: str, due: str) -> Application:
    """Fill in the form without signing in; return what the page tells to keep."""
    phone.goto(f"/p/{school}/apply/")
    phone.fill("#id_child", child)
    phone.fill("#id_birth_date", "05.05.2013")
    phone.fill("#id_class_title", "7А")
    phone.fill("#id_applicant", "Верина Вера")
    phone.select_option("#id_relation", label="мать")
    phone.fill("#id_phone", "8 900 123-45-67")
    phone.get_by_role("button", name="Отправить заявление").click()
    expect(phone.locator("h1")).to_have_text("Заявление зарегистрировано")
    expect(phone.locator(".lead").first).to_contain_text("20 ноября 2026 г.")
    number, code = phone.locator("dl.facts dd").all_inner_texts()
    assert re.fullmatch(r"2026/\d{6}", number)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", code)
    one = Application(school, child, number, code, due)
    expect_status(phone, one, "Зарегистрировано 20 ноября", "Принесите в школу письменное согласие")
    return one


def expect_status(phone: Page, one: Application, *words: str) -> None:
    """Ask by number and code, as anybody who holds the receipt."""
    phone.goto(f"/p/{one.school}/status/")
    phone.get_by_label("Номер заявления").fill(one.number)
    phone.get_by_label("Код проверки").fill(one.code)
    phone.get_by_role("button", name="Показать").click()
    expect(phone.locator("h1")).to_have_text(f"Заявление № {one.number}")
    for text in words:
        expect(phone.locator("main")).to_contain_text(text)
    expect(phone.locator("main")).not_to_contain_text("Срок нарушен")


def activate(phone: Page, login: str, code: str) -> None:
    """Change the code of the sheet for a password; leave the portal again."""
    phone.goto("/activate/")
    phone.get_by_label("Код с листа").fill(code)
    phone.get_by_role("button", name="Дальше").click()
    expect(phone.locator("h1")).to_have_text("Здравствуйте, Вера!")
    expect(phone.locator("#login")).to_have_value(login)
    phone.get_by_label("Придумайте пароль").fill(VERAS)
    phone.get_by_role("button", name="Сохранить пароль и войти").click()
    phone.wait_for_url(re.compile(r"^(?!.*activate)"))


def withdraw_consent(mother: Page, child: str) -> None:
    """Find the consents from the child's page and take this one back."""
    mother.goto(child)
    mother.goto(
        str(mother.locator("a[href='/family/consents/alpha/']").first.get_attribute("href"))
    )
    mother.get_by_role("link", name="Отозвать").click()
    expect(mother.locator("main")).to_contain_text("Для второго родителя ничего не изменится.")
    mother.get_by_label("Понимаю последствия и отзываю согласие").check()
    mother.get_by_role("button", name="Отозвать согласие").click()
    expect(mother.locator("body")).to_contain_text("Согласие отозвано.")


def complain(mother: Page) -> str:
    """Complain of the head of «Бета»; return where the mother reads of it."""
    mother.goto("/family/complaints/")
    mother.get_by_role("link", name="Жалоба: Лицей № 4").click()
    mother.get_by_label("Директор школы или его решение").check()
    mother.get_by_label("Нарушен срок предоставления услуги").check()
    mother.fill("#id_contested", WRONG)
    mother.fill("#id_arguments", "Прошло две недели.")
    mother.fill("#id_applicant", "Верина Вера")
    mother.fill("#id_residence", "Заречный, Садовая, 1")
    mother.fill("#id_phone", "8 900 123-45-67")
    mother.get_by_role("button", name="Отправить жалобу").click()
    expect(mother.locator("body")).to_contain_text("Жалоба принята.")
    row = mother.locator("main tbody tr")
    expect(row).to_have_count(1)
    expect(row).to_contain_text("Комитет")
    return str(row.locator("a").get_attribute("href"))


# --- The class teacher ---------------------------------------------------------------------------


def open_case(teacher: Page, one: Application) -> None:
    """Find the case in the queue."""
    teacher.goto(f"/s/{one.school}/office/service/?state=")
    teacher.get_by_role("link", name=one.child).click()
    expect(teacher.locator("h1")).to_have_text(one.child)


def take_consent(teacher: Page, one: Application) -> None:
    """Recognise the people, write the papers down, register the consent that was signed."""
    open_case(teacher, one)
    expect(teacher.locator("main")).to_contain_text("имя и дата рождения совпали")
    teacher.get_by_role("button", name="Это они").click()
    teacher.get_by_role("link", name="Принять согласие").click()
    teacher.fill("#id_representative-address", "Заречный, Садовая, 1")
    for who, number in (("representative", "0104 556677"), ("subject", "I-АБ 112233")):
        teacher.fill(f"#id_{who}-number", number)
        teacher.fill(f"#id_{who}-issued_on", "2015-06-01")
        teacher.fill(f"#id_{who}-issued_by", "отдел в Заречном")
    teacher.get_by_role("button", name="Дальше: проверить и напечатать").click()
    teacher.get_by_label("Документ проверен, согласие напечатано и подписано").check()
    teacher.get_by_role("button", name="Зарегистрировать согласие").click()
    expect(teacher.locator("h1")).to_contain_text(re.compile(r"Согласие №\s2026/\d{6}"))
    expect(teacher.locator("main")).to_contain_text("20 ноября 2026 г.")


def open_access(teacher: Page, one: Application) -> None:
    """Open the diary when the dispatcher has carried the consent to the case."""
    open_case(teacher, one)
    button = teacher.get_by_role("button", name="Открыть доступ")
    reload_until(teacher, button)
    expect(teacher.locator("main")).to_contain_text(f"Откройте доступ не позднее {one.due}")
    button.click()
    expect(teacher.locator("body")).to_contain_text("Доступ предоставлен.")


def print_sheet(teacher: Page, one: Application) -> tuple[str, str]:
    """Print the mother's sheet and tick its hand-over; return the login and the code on it."""
    open_case(teacher, one)
    reload_until(teacher, teacher.get_by_text("напечатайте лист активации"))
    open_case(teacher, one)
    reload_until(teacher, teacher.get_by_text("напечатайте лист активации и передайте лично"))
    teacher.get_by_role("link", name="К листу активации").click()
    expect(teacher.locator("main input[name=person]:checked")).to_have_count(1)
    with teacher.expect_download() as waiting:
        teacher.get_by_role("button", name="Напечатать листы").click()
    content = waiting.value.path().read_bytes()
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    login = re.search(r"с логином\s+(\S+)\s+получил", text)
    code = re.search(r"([0-9A-Z]{4}-){5}[0-9A-Z]{4}", text)
    assert login is not None, text
    assert code is not None, text
    teacher.reload()
    teacher.get_by_role("button", name="Отметить вручение").click()
    expect(teacher.locator("body")).to_contain_text("Отмечено вручение: 1.")
    return login[1], code[0]


def hand_over(teacher: Page, one: Application, words: str) -> None:
    """Tick that the way in was handed over and rights were explained."""
    open_case(teacher, one)
    reload_until(teacher, teacher.get_by_text(words))
    teacher.get_by_label("права, обязанности и порядок услуги разъяснены").check()
    teacher.get_by_role("button", name="Отметить").click()
    expect(teacher.locator("main")).to_contain_text("Услуга оказывается.")


def expect_paper_is_due(teacher: Page) -> None:
    """See the family that withdrew among those to print for; print, hand over."""
    teacher.goto("/s/alpha/office/printouts/")
    row = teacher.locator("main tbody tr")
    expect(row).to_have_count(1)
    for words in ("Глебов Глеб", "Верина Вера", FIVE_DAY, "сегодня"):
        expect(row).to_contain_text(words)
    with teacher.expect_download() as waiting:
        teacher.get_by_role("button", name="Напечатать отмеченных").click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    teacher.goto("/s/alpha/office/printouts/?state=waiting")
    teacher.get_by_label("Глебов Глеб").check()
    teacher.get_by_role("button", name="Отметить: передано").click()
    expect(teacher.locator("body")).to_contain_text("Отмечено вручение: 1.")


# --- The committee and the head ------------------------------------------------------------------


def decide(officer: Page) -> None:
    """Register the complaint, satisfy it, note that the answer was sent."""
    officer.goto("/district/complaints/")
    row = officer.locator("main tbody tr")
    expect(row).to_have_count(1)
    row.locator("a").first.click()
    expect(officer.locator("main")).to_contain_text(WRONG)
    officer.get_by_role("button", name="Зарегистрировать", exact=True).click()
    expect(officer.locator("body")).to_contain_text("Жалоба зарегистрирована.")
    officer.get_by_label("Удовлетворена", exact=True).check()
    officer.fill("#id_reasons", REASONS)
    officer.fill("#id_measures", "Директору указано на нарушение.")
    officer.fill("#id_next_steps", "Ждите письма школы.")
    officer.get_by_role("button", name="Принять решение").click()
    expect(officer.locator("body")).to_contain_text("Решение принято.")
    officer.get_by_label("В портале", exact=True).check()
    officer.get_by_role("button", name="Ответ направлен").click()
    expect(officer.locator("body")).to_contain_text("Записано: ответ направлен.")


def expect_head_saw_nothing(head: Page, committees: str) -> None:
    """Look where the head could look: no complaint, no letter, no notice, no such page."""
    head.goto("/s/beta/office/complaints/")
    expect(head.locator("main")).to_contain_text("Жалоб нет")
    head.goto("/s/beta/office/committee/")
    expect(head.locator("main")).to_contain_text("Писем нет")
    assert status_of(head, "/notices/") == 200
    expect(head.locator("main")).not_to_contain_text("алоб")
    assert status_of(head, committees) == 404


# --- Waiting -------------------------------------------------------------------------------------


def status_of(page: Page, address: str) -> int:
    """Open an address; return what the server answered."""
    answer: Response | None = page.goto(address)
    assert answer is not None
    return answer.status


def until(holds: Callable[[], bool]) -> None:
    """Wait until the dispatcher has carried what was recorded."""
    deadline = time.monotonic() + EVENTS_SECONDS
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.5)


def reload_until(page: Page, wanted: Locator) -> None:
    """Reload a page until something stands on it."""

    def is_there() -> bool:
        if wanted.count():
            return True
        page.reload()
        return False

    until(is_there)
