"""What design goals «Speed» promise, as data: milliseconds of the server, None: no promise."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Goal:
    """The promise of one operation; `slowest` binds every single run of a rare one."""

    title: str
    p50: float | None = None
    p95: float | None = None
    p99: float | None = None
    slowest: float | None = None
    statements: int | None = None
    size: int | None = None  # bytes as sent, gzipped
    ratio: float | None = None  # to the p50 of the bare reference

    @property
    def text(self) -> str:
        """Return the promise in a few words."""
        marks = [self.p50, self.p95, self.p99] if self.p99 else [self.p50, self.p95]
        parts = [" / ".join(f"{mark:g}" for mark in marks if mark) + " мс"] if self.p50 else []
        if self.slowest:
            parts.append(f"≤ {self.slowest:g} мс")
        if self.statements:
            parts.append(f"≤ {self.statements} зап.")
        if self.size:
            parts.append(f"≤ {self.size / 1024:g} КБ")
        if self.ratio:
            parts.append(f"≤ ×{self.ratio:g}")
        return ", ".join(parts) or "—"


KB: Final = 1024
GOALS: Final[Mapping[str, Goal]] = MappingProxyType(
    {
        "reference": Goal("Эталон: голая страница, один запрос"),
        "reference_signed_in": Goal("Эталон с сессией и учётной записью"),
        "sign_in_page": Goal("Страница входа", 8, 30),
        "sign_in": Goal("Вход по паролю"),
        "journal": Goal("Журнал, данные 30 × 60", 10, 40, statements=6, size=6 * KB, ratio=3),
        "save_mark": Goal("Сохранить отметку", 10, 40, p99=100, statements=6),
        "save_column": Goal("Сохранить столбец, 30 отметок", 20, 60, statements=8),
        "diary_week": Goal("Дневник, неделя", 8, 30, statements=6),
        "board": Goal("Сводка округа", 30, 80, statements=4),
        "open_school": Goal("Открыть школу", slowest=1000),
        "import_preview": Goal("Импорт 1000 + 1700, проверка", slowest=2000),
        "import_apply": Goal("Импорт 1000 + 1700, загрузка", slowest=3000),
    }
)

# The district's mix, from the load model: 90 000 journal writes a day (one in thirty is a whole
# column), each of 8 000 lessons opens its page twice, 80 000 pupils and guardians look twice a day,
# the committee a few hundred times. Sign-ins (once in twelve hours a person) are measured apart.
MIX: Final[Mapping[str, float]] = MappingProxyType(
    {"save_mark": 0.33, "save_column": 0.01, "journal": 0.06, "diary_week": 0.595, "board": 0.005}
)
MIX_SHARE = 0.6  # of the reference's req/s at the same number of clients
STEADY_RATE = 120  # req/s
SAVES_BEYOND = 1000.0  # milliseconds, p95 of the teachers' saves beyond capacity
STEADY_P95, STEADY_P99 = 200.0, 500.0
SIGN_INS_A_SECOND = 20.0  # 1 September
WORKER_MEMORY = 200.0  # MB
WORKER_GROWTH = 0.05
BACKEND_MEMORY = 120.0  # MB of a PostgreSQL backend's own
READY_FOR_TYPING = 300.0  # ms in a browser
FIRST_VISIT, REPEAT_VISIT = 100 * KB, 25 * KB  # of the diary's week
LARGEST_PAINT = 1500.0  # ms on fast 3G with a four times slower processor
