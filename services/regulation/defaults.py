"""District defaults as they ship: key → value and the clause it rests on.

Source: requirements.md part A (the proposal where the five regulations are silent or differ),
law.md §5.4 for codes. `None` means the norm is off.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

SHIPPED_SINCE = date(2025, 9, 1)


@dataclass(frozen=True, slots=True)
class Default:
    """A default value, its clause, and the title people read."""

    value: Any
    clause: str
    title: str


A = "Требования к регламенту, ч. A"

DEFAULTS: dict[str, Default] = {
    "lesson.record_due": Default("day", f"{A}; JRN-001", "Запись урока: срок"),
    "homework.anchor": Default("class", f"{A}; HWK-002", "Домашнее задание: от чего срок"),
    "homework.offset_minutes": Default(90, f"{A}; HWK-002", "Домашнее задание: минут"),
    "homework.none_allowed": Default(True, f"{A}; HWK-007", "Можно «не задано»"),
    "mark.oral_due": Default("day", f"{A}; MRK-004", "Устный ответ: срок отметки"),
    "mark.written_due_days.2-9": Default(7, f"{A}; MRK-009", "Письменная, 2–9: дней"),
    "mark.written_due_days.10-11": Default(7, f"{A}; MRK-009", "Письменная, 10–11: дней"),
    "mark.day_kind": Default("calendar", A, "Срок отметки в днях"),
    "mark.correction_policy": Default("allowed-with-log", f"{A}; AUD-002", "Исправления"),
    "mark.first_grade_without_marks": Default(True, "MRK-010", "1 класс без отметок"),
    "mark.values": Default([5, 4, 3, 2, 1], "law.md §5.4", "Значения отметок"),
    "mark.weighted_average": Default(True, "MRK-031", "Средний балл с весом работ"),
    "final.due_days_before_end": Default(3, f"{A}; MRK-014", "Итоговые: дней до конца"),
    "final.special_values": Default(["ОСВ", "Н/А"], f"{A}; MRK-011", "Особые итоговые"),
    "final.defer_on_illness": Default(True, f"{A}; MRK-018", "Отсрочка при болезни"),
    "final.lower_notice_lessons": Default(3, f"{A}; MRK-020", "Уведомление о снижении: уроков"),
    "final.publish_hours": Default(24, f"{A}; MRK-021", "Итоговые видны: часов"),
    "final.set_by_class_teacher": Default(False, f"{A}; MRK-017", "Итоговые ставит кл. рук."),
    "forecast.mode": Default("on", f"{A}; MRK-023", "Прогноз итога"),
    "absence.reason_fix_workdays": Default(2, f"{A}; ATT-005", "Причина пропуска: раб. дней"),
    "absence.codes": Default(
        ["Н", "УП", "НП", "Б", "ОП"], "ATT-009; law.md §5.4", "Коды посещаемости"
    ),
    "print.parent_interval_days": Default(7, f"{A}; INF-004", "Распечатка родителю: дней"),
    "parent.views_per_week_min": Default(None, f"{A}; INF-008", "Просмотров родителя в неделю"),
    "parent.ack_final": Default(True, f"{A}; INF-009", "Ознакомление с итоговыми"),
    "access.parent_due_workdays": Default(10, f"{A}; SRV-009", "Доступ семье: раб. дней"),
    "access.account_due_workdays": Default(3, f"{A}; ACC-004", "Учётная запись: раб. дней"),
    "access.staff_revoke_days": Default(2, f"{A}; ACC-006", "Отзыв доступа: дней"),
    "security.compromise_notice_workdays": Default(1, f"{A}; ACC-009", "Компрометация"),
    "setup.school_due": Default("09-05", f"{A}; TTC-007", "Разделы школы: к дню"),
    "setup.people_due": Default("09-01", f"{A}; ACC-016", "Контингент: к дню"),
    "curriculum.due": Default("09-15", f"{A}; CUR-001", "Учебный план: к дню"),
    "ktp.due": Default("10-15", f"{A}; CUR-004", "КТП: к дню"),
    "timetable.due": Default("09-15", f"{A}; TTC-001", "Расписание: к дню"),
    "event.school_lead_days": Default(14, f"{A}; TTC-002", "Школьное событие: за дней"),
    "event.class_lead_days": Default(7, f"{A}; TTC-004", "Событие класса: за дней"),
    "day_transfer_lead_workdays": Default(3, f"{A}; TTC-003", "Перенос дня: за раб. дней"),
    "retention.journal_years": Default(5, f"{A}; ARC-008", "Журналы хранятся: лет"),
    "retention.summary_years": Default(25, f"{A}; ARC-010", "Сводные ведомости: лет"),
    "support.staff_days": Default(3, f"{A}; HLP-005", "Ответ сотруднику: дней"),
    "support.parent_days": Default(5, f"{A}; HLP-006", "Ответ родителю: дней"),
    "hours.availability_pct": Default(99, f"{A}; NFR-003", "Доступность, %"),
    "perf.single_op_seconds": Default(5, f"{A}; NFR-001", "Операция: секунд"),
    "deadline.week": Default(5, "law.md §3", "Неделя для сроков: дней"),
    "school.week": Default(5, "СП 2.4.3648-20", "Учебная неделя: дней"),
    "calendar.regional_days": Default({}, "law.md §3", "Региональные дни"),
    "periods.by_level": Default(
        {"1-9": "quarter", "10-11": "half_year"}, f"{A}; JRN-025", "Периоды по уровням"
    ),
    "import.age_bounds": Default([5, 20], "XCH-002", "Возраст обучающихся при загрузке"),
    "monitoring.smallest_cell": Default(5, "PDP-005", "Наименьшая группа в своде"),
}
