"""What a password must be: ASVS 5.0 §6.2. Long enough, not common, not the person's own name.

No rule of composition, no rotation; spaces and Russian letters are welcome.
"""

import unicodedata
from collections.abc import Collection
from itertools import pairwise

from kernel.errors import DomainError

SHORTEST, LONGEST = 8, 128
TELLING = 4  # shorter parts of a name stand in too many good passwords
FEWEST_SIGNS = 4


class UnsuitablePassword(DomainError):
    """The password cannot be taken; the message says why and what to do."""

    code = "unsuitable-password"
    message = "Такой пароль не подходит."


def fold(text: str) -> str:
    """Return the text as it is compared: one form of letters, small, «е» for «ё»."""
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


def check_password(
    password: str, *, login: str, name: str, common: Collection[str], words: Collection[str] = ()
) -> None:
    """Raise `UnsuitablePassword` with the first thing that is wrong.

    `common` are folded passwords many people have, `words` what the place itself is called.
    """
    if len(password) < SHORTEST:
        raise UnsuitablePassword(f"Пароль короче {SHORTEST} знаков. Возьмите три-четыре слова.")
    if len(password) > LONGEST:
        raise UnsuitablePassword(f"Пароль длиннее {LONGEST} знаков.")
    folded = fold(password)
    if len(set(folded)) < FEWEST_SIGNS:
        raise UnsuitablePassword("В пароле повторяются одни и те же знаки.")
    if is_common(folded, common):
        raise UnsuitablePassword("Такой пароль подбирают первым. Возьмите три-четыре слова.")
    own = [fold(part) for part in (login, *login.split("."), *name.split())]
    if any(len(part) >= TELLING and part in folded for part in own):
        raise UnsuitablePassword("В пароле есть ваш логин или имя: их знают все.")
    if any(
        len(word) >= TELLING and fold(word) == folded.strip("0123456789 !._-") for word in words
    ):
        raise UnsuitablePassword("Такой пароль подбирают первым. Возьмите три-четыре слова.")


def is_common(folded: str, common: Collection[str]) -> bool:
    """Return whether many people have this password, also with digits or signs around it."""
    bare = folded.strip("0123456789 !?.,*_-+@#$%^&()")
    return folded in common or bare in common or _is_run(folded)


def _is_run(text: str) -> bool:
    """Return whether the signs follow one another: 12345678, абвгдежз, 87654321."""
    steps = {ord(b) - ord(a) for a, b in pairwise(text)}
    return len(steps) == 1 and steps <= {-1, 0, 1}
