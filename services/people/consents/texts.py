"""The texts of the consents as they ship, by kind and edition.

Source: 152-ФЗ ст. 9 ч. 4 (nine requisites: a section each), ст. 9 ч. 1 (a document of its own since
01.09.2025, 156-ФЗ), ст. 21 ч. 5 (withdrawal); SRV-010, SRV-035, PDP-004; law.md §2.1–2.3. A school
writes its own wording of a section by a setting (`consent.text.<kind>`); it cannot leave one out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class ConsentKind(StrEnum):
    """Whose consent it is."""

    PARENT = "parent"
    ADULT_PUPIL = "adult_pupil"
    PUPIL = "pupil"
    EMPLOYEE = "employee"

    @property
    def label(self) -> str:
        """Return whose consent it is as people read it."""
        return KINDS[self]


KINDS = {
    ConsentKind.PARENT: "родитель (законный представитель)",
    ConsentKind.ADULT_PUPIL: "совершеннолетний обучающийся",
    ConsentKind.PUPIL: "обучающийся 14–17 лет",
    ConsentKind.EMPLOYEE: "работник",
}


class Requisite(StrEnum):
    """The sections of a consent: the nine requisites of 152-ФЗ ст. 9 ч. 4, in their order."""

    SUBJECT = "subject"
    REPRESENTATIVE = "representative"
    OPERATOR = "operator"
    PURPOSE = "purpose"
    DATA = "data"
    PROCESSOR = "processor"
    ACTIONS = "actions"
    TERM = "term"
    SIGNATURE = "signature"


HEADINGS = {
    Requisite.SUBJECT: "Чьи персональные данные",
    Requisite.REPRESENTATIVE: "Законный представитель",
    Requisite.OPERATOR: "Кому даётся согласие (оператор)",
    Requisite.PURPOSE: "Цель обработки",
    Requisite.DATA: "Перечень персональных данных",
    Requisite.PROCESSOR: "Кто обрабатывает данные по поручению оператора",
    Requisite.ACTIONS: "Действия с данными и способы обработки",
    Requisite.TERM: "Срок действия и порядок отзыва",
    Requisite.SIGNATURE: "Подпись",
}
# What a section must name, whoever words it.
MUST_NAME: Mapping[Requisite, tuple[str, ...]] = {
    Requisite.SUBJECT: ("subject_name", "subject_address", "subject_paper"),
    Requisite.REPRESENTATIVE: (
        "representative_name",
        "representative_address",
        "representative_paper",
        "authority",
    ),
    Requisite.OPERATOR: ("operator_name", "operator_address"),
    Requisite.PROCESSOR: ("processor",),
    Requisite.TERM: ("destroy_days",),
}


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The text of one kind: its title and its sections, `{…}` where the requisites go."""

    title: str
    sections: Mapping[Requisite, str]


@dataclass(frozen=True, slots=True)
class Edition:
    """The texts that hold from a day on."""

    since_on: date
    texts: Mapping[ConsentKind, ConsentText]


OPERATOR = "{operator_name}. Адрес: {operator_address} (далее — Школа)."
ACTIONS = (
    "Сбор, запись, систематизация, накопление, хранение, уточнение (обновление, изменение), "
    "извлечение, использование, передача (предоставление, доступ) лицам, названным в этом "
    "согласии, блокирование, удаление и уничтожение. Обработка смешанная: с использованием "
    "средств автоматизации и без них, с передачей по внутренней сети Школы и по сети Интернет по "
    "защищённому каналу. Базы данных находятся на территории Российской Федерации, трансграничной "
    "передачи нет. Данные не распространяются неопределённому кругу лиц. Решений, которые влекут "
    "юридические последствия, на основании только автоматизированной обработки Школа не принимает."
)
WITHDRAWAL = (
    "Согласие можно отозвать в любое время: подать в Школу письменный отзыв лично или отозвать "
    "его в личном кабинете электронного дневника, если вход в него подтверждён Школой. Школа "
    "прекратит обработку и уничтожит данные не позднее {destroy_days} дней со дня получения отзыва "
    "(ч. 5 ст. 21 Федерального закона от 27.07.2006 № 152-ФЗ). "
)
KEPT_BY_LAW = (
    "Отзыв не касается сведений, которые Школа обязана хранить по закону без согласия: "
    "индивидуального учёта результатов освоения образовательных программ (п. 11 ч. 3 ст. 28 "
    "Федерального закона от 29.12.2012 № 273-ФЗ). "
)
ON_PAPER = (
    "После отзыва доступ к электронному дневнику закрывается, а сведения об успеваемости Школа "
    "выдаёт на бумаге. На обучение и на отметки отзыв не влияет."
)
FREELY = (
    "Согласие даётся свободно, своей волей и в своём интересе, отдельно от заявления о "
    "предоставлении услуги. Содержание согласия, последствия его отзыва и право получать сведения "
    "об обработке (ст. 14 Федерального закона от 27.07.2006 № 152-ФЗ) подписавшему разъяснены."
)
SERVICE = (
    "Предоставление информации о текущей успеваемости обучающегося, ведение электронного дневника "
    "и электронного журнала успеваемости"
)
CHILD_DATA = (
    "фамилия, имя, отчество; пол; дата рождения; класс и учебные группы; расписание; домашние "
    "задания; отметки и итоги аттестации; пропуски уроков и вид их причины (без сведений о "
    "состоянии здоровья); логин и сведения о входах в электронный дневник"
)
PARENT_DATA = (
    "фамилия, имя, отчество; пол; дата рождения; адрес; вид, номер, дата выдачи документа, "
    "удостоверяющего личность, и орган, выдавший его; сведения о родстве или опеке и о документе, "
    "который подтверждает полномочия; номер телефона и адрес электронной почты; контрольный "
    "отпечаток СНИЛС и даты рождения (сам номер СНИЛС не хранится); логин и сведения о входах в "
    "электронный дневник"
)
PAPER_DATA = (
    "адрес; вид, номер, дата выдачи документа, удостоверяющего личность, и орган, выдавший его"
)
SUBJECT = (
    "{subject_name}. Адрес: {subject_address}. Документ, удостоверяющий личность: {subject_paper}"
)

SHIPPED = (
    Edition(
        date(2025, 9, 1),
        {
            ConsentKind.PARENT: ConsentText(
                "Согласие родителя (законного представителя) на обработку персональных данных "
                "своих и ребёнка",
                {
                    Requisite.SUBJECT: (
                        f"Ребёнок: {SUBJECT} (далее — ребёнок). Законный представитель назван в "
                        "пункте 2."
                    ),
                    Requisite.REPRESENTATIVE: (
                        "{representative_name}. Адрес: {representative_address}. Документ, "
                        "удостоверяющий личность: {representative_paper}. Полномочия законного "
                        "представителя подтверждает: {authority}. Даю согласие от своего имени на "
                        "обработку моих персональных данных и от имени ребёнка на обработку его "
                        "персональных данных."
                    ),
                    Requisite.OPERATOR: OPERATOR,
                    Requisite.PURPOSE: (
                        f"{SERVICE}: создание учётных записей, доступ законного представителя и "
                        "ребёнка к электронному дневнику, извещение законного представителя об "
                        "учёбе ребёнка, ответы на его обращения по этой услуге."
                    ),
                    Requisite.DATA: (
                        f"Ребёнка: {CHILD_DATA}; {PAPER_DATA}. "
                        f"Законного представителя: {PARENT_DATA}."
                    ),
                    Requisite.PROCESSOR: "{processor}",
                    Requisite.ACTIONS: ACTIONS,
                    Requisite.TERM: (
                        "Согласие действует со дня подписания до окончания обучения ребёнка в "
                        "Школе, а в части данных ребёнка — не дольше чем до дня, когда ему "
                        f"исполнится 18 лет. {WITHDRAWAL}Отзыв одного родителя прекращает доступ "
                        f"только этого родителя. {KEPT_BY_LAW}{ON_PAPER}"
                    ),
                    Requisite.SIGNATURE: FREELY,
                },
            ),
            ConsentKind.ADULT_PUPIL: ConsentText(
                "Согласие совершеннолетнего обучающегося на обработку персональных данных",
                {
                    Requisite.SUBJECT: f"{SUBJECT}.",
                    Requisite.OPERATOR: OPERATOR,
                    Requisite.PURPOSE: (
                        f"{SERVICE}: создание учётной записи, доступ к электронному дневнику, "
                        "извещение об учёбе, ответы на обращения по этой услуге."
                    ),
                    Requisite.DATA: (
                        f"{CHILD_DATA[0].upper()}{CHILD_DATA[1:]}; {PAPER_DATA}; номер телефона и "
                        "адрес электронной почты."
                    ),
                    Requisite.PROCESSOR: "{processor}",
                    Requisite.ACTIONS: ACTIONS,
                    Requisite.TERM: (
                        "Согласие действует со дня подписания до окончания обучения в Школе. "
                        f"{WITHDRAWAL}{KEPT_BY_LAW}{ON_PAPER}"
                    ),
                    Requisite.SIGNATURE: FREELY,
                },
            ),
            ConsentKind.PUPIL: ConsentText(
                "Согласие обучающегося в возрасте от 14 до 18 лет на обработку персональных данных "
                "с письменным согласием законного представителя",
                {
                    Requisite.SUBJECT: f"{SUBJECT}.",
                    Requisite.REPRESENTATIVE: (
                        "{representative_name}. Адрес: {representative_address}. Документ, "
                        "удостоверяющий личность: {representative_paper}. Полномочия законного "
                        "представителя подтверждает: {authority}. С обработкой персональных данных "
                        "обучающегося на условиях этого согласия законный представитель согласен."
                    ),
                    Requisite.OPERATOR: OPERATOR,
                    Requisite.PURPOSE: (
                        f"{SERVICE}: создание учётной записи обучающегося, его доступ к "
                        "электронному дневнику, извещение об учёбе, ответы на обращения по этой "
                        "услуге."
                    ),
                    Requisite.DATA: (
                        f"Обучающегося: {CHILD_DATA}; {PAPER_DATA}; номер телефона и адрес "
                        "электронной почты. Законного представителя: фамилия, имя, отчество; "
                        f"{PAPER_DATA}; сведения о документе, который подтверждает полномочия."
                    ),
                    Requisite.PROCESSOR: "{processor}",
                    Requisite.ACTIONS: ACTIONS,
                    Requisite.TERM: (
                        "Согласие действует со дня подписания до окончания обучения в Школе, но не "
                        "дольше чем до дня, когда обучающемуся исполнится 18 лет. "
                        f"{WITHDRAWAL}Отозвать его может обучающийся или законный представитель. "
                        f"{KEPT_BY_LAW}{ON_PAPER}"
                    ),
                    Requisite.SIGNATURE: FREELY,
                },
            ),
            ConsentKind.EMPLOYEE: ConsentText(
                "Согласие работника на обработку персональных данных в системе электронных "
                "журналов и дневников",
                {
                    Requisite.SUBJECT: f"{SUBJECT}.",
                    Requisite.OPERATOR: OPERATOR,
                    Requisite.PURPOSE: (
                        "Ведение электронного классного журнала и электронного дневника: создание "
                        "учётной записи работника, указание его авторства в записях журнала, "
                        "составление расписания, сообщения семьям обучающихся и администрации."
                    ),
                    Requisite.DATA: (
                        "Фамилия, имя, отчество; пол; дата рождения; должность, разряд, "
                        "квалификационная категория, функции, специальность по диплому; учебная "
                        f"нагрузка и замены; {PAPER_DATA}; номер телефона и адрес электронной "
                        "почты; логин, сведения о входах и о действиях в системе."
                    ),
                    Requisite.PROCESSOR: "{processor}",
                    Requisite.ACTIONS: ACTIONS,
                    Requisite.TERM: (
                        "Согласие действует со дня подписания до прекращения трудового договора. "
                        "Согласие можно отозвать в любое время: подать в Школу письменный отзыв "
                        "лично. Школа прекратит обработку и уничтожит данные не позднее "
                        "{destroy_days} дней со дня получения отзыва (ч. 5 ст. 21 Федерального "
                        "закона от 27.07.2006 № 152-ФЗ). Отзыв не касается данных, которые "
                        "работодатель обрабатывает по трудовому законодательству и для хранения "
                        "классных журналов: авторство сделанных записей сохраняется."
                    ),
                    Requisite.SIGNATURE: FREELY.replace(
                        ", отдельно от заявления о предоставлении услуги", ""
                    ),
                },
            ),
        },
    ),
)


def get_edition(on: date) -> Edition:
    """Return the shipped texts that hold on a day; before the first one, the first."""
    held = [edition for edition in SHIPPED if edition.since_on <= on]
    return held[-1] if held else SHIPPED[0]
