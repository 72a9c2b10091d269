"""How a change of a row is said to people: «Отметка: 4 → 2»."""

from typing import Any

from foundation.audit.queries import Entry

JOURNAL_TABLES = {
    "journal_mark": ("Отметка", "value"),
    "journal_absence": ("Пропуск", "code"),
    "journal_homework": ("Домашнее задание", "text"),
    "journal_lessonrecord": ("Запись урока", "topic"),
}
TABLES = {
    "people_pupil": "Карточка обучающегося",
    "people_guardian": "Карточка родителя",
    "people_employee": "Карточка работника",
    "people_guardianlink": "Представитель ребёнка",
    "people_classenrollment": "Зачисление в класс",
    "people_groupmember": "Состав группы",
    "people_appointment": "Назначение по приказу",
    "people_rolechange": "Роль работника",
    "people_activationsheet": "Лист с кодом активации",
    "people_importjob": "Загрузка списка",
    "people_consent": "Согласие",
    "people_destructionact": "Акт об уничтожении",
    "people_subjectrequest": "Запрос своих данных",
    "schedule_lesson": "Урок в расписании",
    "diary_accessgrant": "Доступ к дневнику",
    "diary_adultagreement": "Разрешение родителю",
    "regulation_rightrule": "Право",
    "regulation_regulationsetting": "Настройка регламента",
}
# Why a change of such a table does not come back by itself: what to do instead.
REASONS = {
    "people_pupil": "Карточка новая. Если такого ученика нет, отчислите его.",
    "people_guardian": "Карточка новая. Прекратите связь с ребёнком.",
    "people_employee": "Работник новый или увольнение исполнено. Верните роли вручную.",
    "people_classenrollment": "Семья уже получила или потеряла доступ. Зачислите заново.",
    "people_groupmember": "Состав группы связан с зачислением. Проверьте класс и группу.",
    "people_activationsheet": "Код отменён. Если по нему вошли, закройте и этот вход.",
    "people_importjob": "Списком могли внести много карточек. Сверьте классы и работников.",
    "people_consent": "Подписанное и отозванное не стирают. Примите согласие заново.",
    "people_destructionact": "Данные уничтожены. Соберите их у людей заново.",
    "people_subjectrequest": "Ответ могли забрать. Сообщите тому, чьи это данные.",
    "files": "Файл хранится. Проверьте, к чему он приложен.",
    "cases": "Дело идёт по своему порядку. Решите его в разделе услуги.",
    "schedule": "На этом стоит расписание. Исправьте его в разделе расписания.",
}
BY_HAND = "Проверьте и исправьте вручную."
OUTCOMES = {
    "changed": "После этого изменил другой человек. Его слово оставлено.",
    "in-use": "На это опираются другие записи. Исправьте их вручную.",
}
# Other tables by their room: the room of a table stands before its name's first underscore.
ROOMS = {
    "people": "Списки и карточки",
    "schedule": "Расписание",
    "diary": "Доступ к дневнику",
    "regulation": "Настройки регламента",
    "cases": "Дела муниципальной услуги",
    "files": "Файлы",
}
ACTIONS = {"INSERT": "внесено", "UPDATE": "изменено", "DELETE": "удалено"}
LONGEST = 60


def say_table(entry: Entry) -> str:
    """Return what was changed."""
    if entry.table in JOURNAL_TABLES:
        return JOURNAL_TABLES[entry.table][0]
    return TABLES.get(entry.table) or ROOMS.get(entry.table.partition("_")[0], "Прочее")


def say_reason(entry: Entry, outcome: str) -> str:
    """Return why a change stays as it is, "" for one that comes back."""
    if outcome == "reversed":
        return ""
    room = entry.table.partition("_")[0]
    by_hand = REASONS.get(entry.table) or REASONS.get(room, BY_HAND)
    return OUTCOMES.get(outcome, by_hand)


def say_change(entry: Entry) -> str:
    """Return «4 → 2» for the journal, «изменено» for the rest: cards are not told here."""
    if entry.table not in JOURNAL_TABLES:
        return ACTIONS[entry.action]
    word = JOURNAL_TABLES[entry.table][1]
    was, became = _value(entry.before, word), _value(entry.after, word)
    return ACTIONS[entry.action] if was == became else f"{was} → {became}"


def _value(row: dict[str, Any] | None, word: str) -> str:
    text = str((row or {}).get(word) or "пусто")
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
