"""Which roles a post (должность) gives (ROL-001): decided from the words of the staffing table.

Somebody with two posts has both words: «директор, учитель истории». Only a post in the nominative
counts: «советник директора» manages nothing. Rights over lists and accounts (администратор) no
word gives: they are given by hand.
"""

import re

from kernel.roles import Role

POSTS: tuple[tuple[Role, re.Pattern[str]], ...] = (
    (Role.MANAGEMENT, re.compile(r"\bдиректор\b|\bи\. ?о\. директора\b|\bзавуч\b")),
    (Role.MANAGEMENT, re.compile(r"\bзам(\.|еститель)? ?директора\b(?!.*(хоз|\bах[рч]\b))")),
    (Role.MANAGEMENT, re.compile(r"\bзаведующ(ий|ая) (учебн|филиал|отделени)")),
    (Role.SECRETARY, re.compile(r"\b(секретарь|делопроизводитель)\b")),
    (Role.TEACHER, re.compile(r"(?<!помощник )\b(учитель|преподаватель|воспитатель|тьютор)\b")),
    (Role.TEACHER, re.compile(r"(?<!социальный )\bпедагог\b(?!-(психолог|библиотекарь))")),
    (Role.PSYCHOLOGIST, re.compile(r"психолог\b|\bсоциальный педагог\b")),
    (Role.NURSE, re.compile(r"\b(медсестра|медицинск(ая|ий)|фельдшер|врач)\b")),
    (Role.PERSONNEL, re.compile(r"\b(специалист|инспектор) (по кадрам|отдела кадров)\b")),
)


def roles_of_post(post: str) -> frozenset[Role]:
    """Return the roles of a post; a post of no known word gives none."""
    words = " ".join(post.lower().replace("ё", "е").split())
    return frozenset(role for role, words_of_post in POSTS if words_of_post.search(words))
