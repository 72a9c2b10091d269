"""Categories of personal data (категории персональных данных) and how long each is kept.

A model names the category of each such field in `personal_data`. Source: 152-ФЗ ст. 5 ч. 7 and
ст. 21 ч. 4 (no longer than the purpose asks), ARC-008…ARC-010 for what a journal needs.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A category as people read it, and its term.

    `years_setting` is the key of the school's regulation that holds the years, counted from
    1 January after the person left; None: erased as soon as the purpose ends.
    """

    title: str
    years_setting: str | None
    clause: str


JOURNAL = "retention.journal_years"
CONSENT = "retention.consent_years"
SUMMARY = "retention.summary_years"
COMPLAINT = "retention.complaint_years"
PURPOSE = "152-ФЗ ст. 5 ч. 7, ст. 21 ч. 4"

CATEGORIES: dict[str, Category] = {
    "identity": Category("вход и опознание: логин, отпечаток СНИЛС", None, PURPOSE),
    "name": Category("фамилия, имя, отчество", SUMMARY, "ARC-010"),
    "birth": Category("дата рождения, пол", JOURNAL, "ARC-008"),
    "contact": Category("телефон, электронная почта, адрес", None, PURPOSE),
    "family": Category("родство и представительство", None, PURPOSE),
    "work": Category("должность, категория, специальность", None, PURPOSE),
    "learning": Category("отметки и задания", JOURNAL, "ARC-008"),
    "complaint": Category("жалоба: доводы, адрес для ответа", COMPLAINT, PURPOSE),
    "attendance": Category("пропуски и их причины", JOURNAL, "ARC-008"),
    "document": Category("заявления, согласия и приложенные файлы", JOURNAL, "ARC-008"),
    "consent": Category(
        "подписанное согласие: адрес, документ, удостоверяющий личность",
        CONSENT,
        "152-ФЗ ст. 9 ч. 3, 4; перечень Росархива 2019 № 236, ст. 441",
    ),
}
