"""Which roles a post gives: words of real staffing tables."""

import pytest

from kernel.roles import Role
from services.people.posts import roles_of_post

MANAGEMENT, TEACHER = {Role.MANAGEMENT}, {Role.TEACHER}
PSYCHOLOGIST, SECRETARY = {Role.PSYCHOLOGIST}, {Role.SECRETARY}


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("Директор", MANAGEMENT),
        ("И.о. директора", MANAGEMENT),
        ("Завуч", MANAGEMENT),
        ("Заместитель директора по УВР", MANAGEMENT),
        ("зам.директора по ВР", MANAGEMENT),
        ("Заведующая учебной частью", MANAGEMENT),
        ("Заместитель директора, учитель истории", MANAGEMENT | TEACHER),
        ("Директор, учитель физики", MANAGEMENT | TEACHER),
        ("Заместитель директора по АХЧ", set()),
        ("Заместитель директора по административно-хозяйственной работе", set()),
        ("Советник директора по воспитанию", set()),
        ("Заведующий хозяйством", set()),
        ("Учитель математики", TEACHER),
        ("УЧИТЕЛЬ-ЛОГОПЕД", TEACHER),
        ("Преподаватель-организатор ОБЗР", TEACHER),
        ("Педагог дополнительного образования", TEACHER),
        ("Помощник воспитателя", set()),
        ("Помощник учитель", set()),
        ("Педагог-психолог", PSYCHOLOGIST),
        ("Социальный педагог", PSYCHOLOGIST),
        ("Педагог-библиотекарь", set()),
        ("Секретарь учебной части", SECRETARY),
        ("Делопроизводитель", SECRETARY),
        ("Медицинская сестра", {Role.NURSE}),
        ("Специалист по кадрам", {Role.PERSONNEL}),
        ("Системный администратор", set()),
        ("Уборщик служебных помещений", set()),
        ("", set()),
    ],
)
def test_post_gives_its_roles_and_no_more(post: str, expected: set[Role]) -> None:
    assert roles_of_post(post) == expected
