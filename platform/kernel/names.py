"""Names of people (ФИО): reading a full name, short forms, sorting and matching.

A full name is written surname first: «Иванова Анна Петровна». The middle name may be missing, the
surname or first name may be double, and «оглы» or «кызы» belongs to the middle name.
"""

import re
import unicodedata
from dataclasses import dataclass

from kernel.errors import DomainError
from kernel.lookalikes import WORD, Healed, as_cyrillic, heal_lookalikes

__all__ = [
    "FullName",
    "Healed",
    "NameIsUnreadable",
    "bind_number",
    "heal_lookalikes",
    "matching_key",
    "parse_full_name",
    "russian_sort_key",
]

DASHES = re.compile(r"\s*[-‐‑‒–—−]\s*")
APOSTROPHES = str.maketrans({"'": "’", "`": "’", "ʼ": "’", "‘": "’"})
NAME_WORD = re.compile(r"[\u0400-\u04ff]+(?:[-’][\u0400-\u04ff]+)*")
# Endings of a Turkic middle name, with the spelling they are matched by.
TAILS = {"оглы": "оглы", "оглу": "оглы", "кызы": "кызы", "гызы": "кызы"}


class NameIsUnreadable(DomainError):
    """A text that is not a surname, a first name and perhaps a middle name."""

    code = "name-is-unreadable"
    message = "Напишите фамилию, имя и отчество (если есть) русскими буквами через пробел."


@dataclass(frozen=True, slots=True)
class FullName:
    """The parts of a person's name; `middle` is "" when there is none."""

    last: str
    first: str
    middle: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.last, self.first, self.middle) if part)

    @property
    def short(self) -> str:
        """Return «Иванова Анна»."""
        return f"{self.last} {self.first}"

    @property
    def with_initials(self) -> str:
        """Return «Иванова А. П.»; a double first name gives «Иванова А.-М. П.»."""
        names = (self.first, self.middle.split(" ")[0])
        return " ".join([self.last, *(_initial(name) for name in names if name)])


def parse_full_name(text: str) -> FullName:
    """Return the parts of a name written surname first, look-alike letters healed.

    Words wholly in capitals or small letters get a capital. Raises NameIsUnreadable,
    and WordIsOfTwoAlphabets for a word that mixes alphabets.
    """
    words = [_read_word(word) for word in _clean(text).split()]
    tail = words.pop().lower() if words and words[-1].lower() in TAILS else ""
    if not 2 <= len(words) <= 3 or (tail and len(words) < 3):
        raise NameIsUnreadable
    last, first, *rest = words
    return FullName(last, first, " ".join([*rest, tail]).strip())


def russian_sort_key(text: str) -> tuple[str, str]:
    """Return a key that sorts as the alphabet does: «ё» is «е», case does not matter.

    The same order as `translate(lower(name), 'ё', 'е'), name` in the database.
    """
    return text.lower().replace("ё", "е"), text


def matching_key(name: FullName) -> str:
    """Return a key equal for two spellings of one name: case, «ё», hyphens, «оглу» for «оглы»."""
    return "|".join(_matching_part(part) for part in (name.last, name.first, name.middle))


def _clean(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    return DASHES.sub("-", composed).strip()


def _read_word(word: str) -> str:
    """Return one word of a name in Cyrillic: a wholly Latin one may consist of look-alikes."""
    healed = WORD.sub(lambda found: as_cyrillic(found[0]) or found[0], word)
    healed = heal_lookalikes(healed).text
    if not NAME_WORD.fullmatch(healed):
        raise NameIsUnreadable
    if healed.isupper() or healed.islower():
        return WORD.sub(lambda found: _capitalized(found[0]), healed)
    return healed


def _capitalized(word: str) -> str:
    return word.lower() if word.lower() in TAILS else word.capitalize()


def _initial(name: str) -> str:
    return "-".join(f"{part[0]}." for part in name.split("-") if part.lower() not in TAILS)


def _matching_part(part: str) -> str:
    words = part.lower().replace("ё", "е").replace("-", " ").replace("’", "").split()
    return " ".join(TAILS.get(word, word) for word in words)


def bind_number(name: str) -> str:
    """Return the name of an organisation whose «№» no line parts from its number."""
    return re.sub(r"№\s+", "№\N{NO-BREAK SPACE}", name)
