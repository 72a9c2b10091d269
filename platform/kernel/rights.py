"""Rights (права) of people at work in a school, and the hats (обязанности) that give them.

Source: ROL-004…010, ROL-014…020, ROL-028, ROL-029. A right says what may be done at all; the access
functions of the rooms add to what: whose lesson, whose class, whose child. A hat is no role of an
account: the class teacher is a fact of a class, the others are appointments by order (ROL-030).
Rights of pupils and parents stand in no matrix: they see their own and nothing else (ROL-023).
"""

from dataclasses import dataclass
from enum import StrEnum


class Hat(StrEnum):
    """What makes a person more than the roles do, while it lasts."""

    CLASS_TEACHER = "class_teacher"
    WORKING_GROUP = "working_group"
    TECHNICAL = "technical"

    @property
    def label(self) -> str:
        """Return the hat's name as people read it."""
        return HAT_TITLES[self]


HAT_TITLES = {
    Hat.CLASS_TEACHER: "Классный руководитель (свой класс)",
    Hat.WORKING_GROUP: "Рабочая группа по контролю журналов",
    Hat.TECHNICAL: "Технический специалист",
}


class Right(StrEnum):
    """Something a person at work may do. Each is checked by an access function of a room."""

    JOURNAL_READ_OWN = "journal.read_own"
    JOURNAL_WRITE_OWN = "journal.write_own"
    JOURNAL_READ_CLASS = "journal.read_class"
    JOURNAL_READ_ALL = "journal.read_all"
    JOURNAL_WRITE_ALL = "journal.write_all"
    FINALS_SET_OWN = "finals.set_own"
    FINALS_SET_CLASS = "finals.set_class"
    SCHEDULE_ARRANGE = "schedule.arrange"

    REPORTS_READ_CLASS = "reports.read_class"
    REPORTS_READ_SCHOOL = "reports.read_school"

    PUPILS_LIST = "pupils.list"
    CARDS_READ = "cards.read"
    CARDS_WRITE = "cards.write"
    CONTACTS_READ = "contacts.read"
    PEOPLE_KEEP = "people.keep"
    PEOPLE_IMPORT = "people.import"
    FAMILY_CONFIRM = "family.confirm"
    STAFF_LIST = "staff.list"
    STAFF_KEEP = "staff.keep"
    APPOINTMENTS_KEEP = "appointments.keep"

    ACCOUNTS_READ = "accounts.read"
    SHEETS_PRINT = "sheets.print"
    SHEETS_HAND = "sheets.hand"
    ACCOUNTS_BLOCK = "accounts.block"
    DIARY_OPEN = "diary.open"

    CONSENTS_READ = "consents.read"
    CONSENTS_ACCEPT = "consents.accept"
    SUBJECTS_ANSWER = "subjects.answer"
    DATA_DESTROY = "data.destroy"
    CASES_READ = "cases.read"
    CASES_ACCEPT = "cases.accept"
    CASES_GRANT = "cases.grant"
    CASES_REFUSE = "cases.refuse"
    COMPLAINTS_READ = "complaints.read"
    COMPLAINTS_DECIDE = "complaints.decide"
    PRINTOUTS_HAND = "printouts.hand"
    REGISTERS_EXPORT = "registers.export"

    RIGHTS_READ = "rights.read"
    REGULATION_CHANGE = "regulation.change"
    LOOKS_READ = "looks.read"

    @property
    def label(self) -> str:
        """Return what the right lets do, as people read it."""
        return RIGHT_TITLES[self]


@dataclass(frozen=True, slots=True)
class RightGroup:
    """Rights that stand together in the matrix."""

    title: str
    rights: dict[Right, str]


GROUPS = (
    RightGroup(
        "Журнал",
        {
            Right.JOURNAL_READ_OWN: "Читать журнал своих классов и групп",
            Right.JOURNAL_WRITE_OWN: "Вести журнал своих уроков и замен",
            Right.JOURNAL_READ_CLASS: "Читать все предметы своего класса",
            Right.JOURNAL_READ_ALL: "Читать все страницы журнала",
            Right.JOURNAL_WRITE_ALL: "Править все страницы журнала",
            Right.FINALS_SET_OWN: "Выставлять итоговые по своему предмету",
            Right.FINALS_SET_CLASS: "Выставлять итоговые по всем предметам своего класса",
            Right.SCHEDULE_ARRANGE: "Вести учебный год, звонки и расписание",
        },
    ),
    RightGroup(
        "Отчёты",
        {
            Right.REPORTS_READ_CLASS: "Видеть отчёты по классам, где работает",
            Right.REPORTS_READ_SCHOOL: "Видеть отчёты по школе",
        },
    ),
    RightGroup(
        "Люди",
        {
            Right.PUPILS_LIST: "Видеть список обучающихся",
            Right.CARDS_READ: "Видеть личные карты",
            Right.CARDS_WRITE: "Править личные карты",
            Right.CONTACTS_READ: "Видеть телефоны, почту и адреса",
            Right.PEOPLE_KEEP: "Заводить карты и классы, зачислять и отчислять",
            Right.PEOPLE_IMPORT: "Загружать списки",
            Right.FAMILY_CONFIRM: "Подтверждать представителей и ограничивать их права",
            Right.STAFF_LIST: "Видеть список работников",
            Right.STAFF_KEEP: "Вести карты работников, принимать и увольнять",
            Right.APPOINTMENTS_KEEP: "Вести реестр назначений",
        },
    ),
    RightGroup(
        "Учётные записи",
        {
            Right.ACCOUNTS_READ: "Видеть, кому не выдан вход",
            Right.SHEETS_PRINT: "Печатать листы активации",
            Right.SHEETS_HAND: "Отмечать вручение листов",
            Right.ACCOUNTS_BLOCK: "Блокировать учётные записи",
            Right.DIARY_OPEN: "Открывать и закрывать доступ семьи к дневнику",
        },
    ),
    RightGroup(
        "Услуга",
        {
            Right.CONSENTS_READ: "Видеть реестр согласий",
            Right.CONSENTS_ACCEPT: "Принимать согласия и их отзыв",
            Right.SUBJECTS_ANSWER: "Отвечать на запросы о своих данных",
            Right.DATA_DESTROY: "Уничтожать данные по отозванным согласиям",
            Right.CASES_READ: "Видеть заявления",
            Right.CASES_ACCEPT: "Принимать заявления",
            Right.CASES_GRANT: "Предоставлять доступ по заявлению",
            Right.CASES_REFUSE: "Отказывать по заявлению и прекращать услугу",
            Right.COMPLAINTS_READ: "Видеть жалобы",
            Right.COMPLAINTS_DECIDE: "Решать жалобы",
            Right.PRINTOUTS_HAND: "Печатать и выдавать бумажные распечатки",
            Right.REGISTERS_EXPORT: "Печатать и выгружать реестры",
        },
    ),
    RightGroup(
        "Порядок и контроль",
        {
            Right.RIGHTS_READ: "Видеть права и их историю",
            Right.REGULATION_CHANGE: "Менять регламент школы",
            Right.LOOKS_READ: "Видеть, кто смотрел личные данные",
        },
    ),
)
RIGHT_TITLES = {right: title for group in GROUPS for right, title in group.rights.items()}
