"""Look-alike letters (буквы-двойники): a Latin «a» inside «Ивaнова» that no search ever finds.

Spreadsheets and hurried hands bring them. Inside a Cyrillic word the look-alikes become Cyrillic;
a word that is really of two alphabets is refused, for nobody can tell what was meant.
"""

import re
import unicodedata
from dataclasses import dataclass

from kernel.errors import DomainError

LATIN_TWINS = "ABCEHKMOPTXYËaceopxykë"
CYRILLIC_TWINS = "АВСЕНКМОРТХУЁасеорхукё"
TO_CYRILLIC = str.maketrans(LATIN_TWINS, CYRILLIC_TWINS)
WORD = re.compile(r"[^\W\d_]+")
CYRILLIC_LETTER = re.compile(r"[\u0400-\u04ff]")
CYRILLIC_WORD = re.compile(r"[\u0400-\u04ff]+")


class WordIsOfTwoAlphabets(DomainError):
    """A word mixes Cyrillic with Latin letters that look like no Cyrillic ones."""

    code = "word-is-of-two-alphabets"
    message = "В слове смешаны русские и латинские буквы."


@dataclass(frozen=True, slots=True)
class Healed:
    """The text with Cyrillic letters in place of look-alikes; `words` are those that changed."""

    text: str
    changed: bool
    words: tuple[str, ...]


def heal_lookalikes(text: str) -> Healed:
    """Return the text with Latin look-alikes inside Cyrillic words replaced.

    Wholly Latin words stay as they are. Raises WordIsOfTwoAlphabets.
    """
    words: list[str] = []

    def heal(found: re.Match[str]) -> str:
        word = found[0]
        if not CYRILLIC_LETTER.search(word) or CYRILLIC_WORD.fullmatch(word):
            return word
        healed = as_cyrillic(word)
        if healed is None:
            raise WordIsOfTwoAlphabets(f"В слове «{word}» смешаны русские и латинские буквы.")
        words.append(healed)
        return healed

    composed = unicodedata.normalize("NFC", text)  # «й» of two code points is one letter
    healed_text = WORD.sub(heal, composed)
    return Healed(healed_text, changed=healed_text != text, words=tuple(words))


def as_cyrillic(word: str) -> str | None:
    """Return the word in Cyrillic letters only, or None when a letter has no Cyrillic twin."""
    healed = word.translate(TO_CYRILLIC)
    return healed if CYRILLIC_WORD.fullmatch(healed) else None
