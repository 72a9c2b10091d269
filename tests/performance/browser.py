"""What a browser says: the journal ready for typing, the diary's week on a phone."""

import shutil
from http import HTTPStatus

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from tests.performance.cast import open_session
from tests.performance.figures import Fact, percentile
from tests.performance.goals import (
    FIRST_VISIT,
    LARGEST_PAINT,
    READY_FOR_TYPING,
    REPEAT_VISIT,
)
from tests.performance.measures import Ground

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FAST_3G = {  # what Chromium's own tools call fast 3G
    "offline": False,
    "latency": 562.5,
    "downloadThroughput": 1_440_000 / 8,
    "uploadThroughput": 675_000 / 8,
}
READY = "() => performance.getEntriesByName('journal-ready')[0]?.startTime"
PAINT = """() => new Promise(done => {
    let at = 0;
    new PerformanceObserver(list => { at = list.getEntries().at(-1).startTime; })
        .observe({type: 'largest-contentful-paint', buffered: true});
    setTimeout(() => done(at), 500);
})"""
JOURNAL = "Журнал 30 × 60 готов к вводу, браузер"
DIARY = "Неделя дневника на телефоне"


def measure_in_browser(ground: Ground, times: int) -> list[Fact]:
    """Return what Chromium sees; one fact that says so when it is not installed."""
    teacher, parent = ground.cast.teachers[0], ground.cast.parents[0]
    # Opened first: beside playwright's loop Django asks no database.
    of_teacher, of_parent = open_session(teacher.account_id), open_session(parent.account_id)
    origin = f"http://127.0.0.1:{ground.product}"
    try:
        with sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=shutil.which("chromium"), args=FLAGS
            )
            facts = [_journal(_desktop(chromium, of_teacher), origin + teacher.page, times)]
            facts += _diary(_phone(chromium, of_parent), origin + parent.week)
            chromium.close()
    except Error as error:
        return [Fact("Браузер", f"не измерено: {error.message.splitlines()[0][:80]}")]
    return facts


def _desktop(chromium: Browser, session: dict[str, str]) -> BrowserContext:
    context = chromium.new_context(
        locale="ru-RU", timezone_id="Europe/Moscow", viewport={"width": 1366, "height": 768}
    )
    return _signed_in(context, session)


def _phone(chromium: Browser, session: dict[str, str]) -> BrowserContext:
    context = chromium.new_context(
        locale="ru-RU",
        timezone_id="Europe/Moscow",
        viewport={"width": 360, "height": 740},
        is_mobile=True,
        has_touch=True,
    )
    return _signed_in(context, session)


def _signed_in(context: BrowserContext, session: dict[str, str]) -> BrowserContext:
    for name, value in session.items():
        context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    return context


def _journal(context: BrowserContext, url: str, times: int) -> Fact:
    """Open the page again and again, its files cached as for a teacher at work."""
    page = context.new_page()
    samples: list[float] = []
    for turn in range(times + 1):
        answer = page.goto(url)
        if answer is None or answer.status != HTTPStatus.OK:
            return Fact(JOURNAL, f"не измерено: {answer and answer.status}", holds=False)
        page.wait_for_function(READY)
        if turn:
            samples.append(page.evaluate(READY))
    p50, p95 = percentile(samples, 0.5), percentile(samples, 0.95)
    return Fact(
        JOURNAL,
        f"p50 {p50:.0f} мс, p95 {p95:.0f} мс",
        f"≤ {READY_FOR_TYPING:.0f} мс",
        p50 <= READY_FOR_TYPING,
        {"p50": p50, "p95": p95},
    )


def _diary(context: BrowserContext, url: str) -> list[Fact]:
    """Open the week over fast 3G with a four times slower processor, twice."""
    page = context.new_page()
    tools = context.new_cdp_session(page)
    received: list[float] = []
    tools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    tools.send("Network.enable")
    tools.send("Network.emulateNetworkConditions", FAST_3G)
    tools.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    first = _visit(page, url)
    if first is None:
        return [Fact(DIARY, "не измерено: нет страницы", holds=False)]
    first_bytes = sum(received)
    received.clear()
    repeat = _visit(page, url) or 0.0
    return [
        _weight(f"{DIARY}, первый заход", first_bytes, FIRST_VISIT),
        _weight(f"{DIARY}, повторный заход", sum(received), REPEAT_VISIT),
        Fact(
            f"{DIARY}, крупнейшая отрисовка (fast 3G, процессор ÷ 4)",
            f"первый заход {first:.0f} мс, повторный {repeat:.0f} мс",
            f"≤ {LARGEST_PAINT:.0f} мс",
            first <= LARGEST_PAINT,
            {"first": first, "repeat": repeat},
        ),
    ]


def _visit(page: Page, url: str) -> float | None:
    """Return when the largest piece was painted, or None when there is no such page."""
    answer = page.goto(url, wait_until="networkidle")
    if answer is None or answer.status != HTTPStatus.OK:
        return None
    return float(page.evaluate(PAINT))


def _weight(title: str, size: float, limit: int) -> Fact:
    return Fact(
        title, f"{size / 1024:.1f} КБ", f"≤ {limit / 1024:.0f} КБ", size <= limit, {"bytes": size}
    )
