"""Absence codes (коды посещаемости): what stands in a journal cell when a pupil was not there.

No act lists them (ATT-009): these are the district's defaults from law.md §5.4, and a school may
keep its own list of the same shape.
"""

from collections.abc import Sequence
from dataclasses import dataclass

# What a Latin keyboard sends for a Russian key, lower row and upper row (Shift) alike.
LATIN_KEYS = "`qwertyuiop[]asdfghjkl;'zxcvbnm,.~{}:\"<>"
RUSSIAN_KEYS = "ёйцукенгшщзхъфывапролджэячсмитьбюёхъжэбю"
RUSSIAN_LAYOUT = str.maketrans(LATIN_KEYS, RUSSIAN_KEYS)


@dataclass(frozen=True, slots=True)
class AbsenceCode:
    """One code: `key` is its single key in the grid, "" when it is only typed in full."""

    code: str
    title: str
    key: str
    counts_as_absent: bool
    reason_known: bool


NOT_PRESENT = AbsenceCode("Н", "отсутствует", "н", counts_as_absent=True, reason_known=False)
VALID_REASON = AbsenceCode(
    "УП", "по уважительной причине", "у", counts_as_absent=True, reason_known=True
)
NO_VALID_REASON = AbsenceCode(
    "НП", "по неуважительной причине", "п", counts_as_absent=True, reason_known=True
)
ILLNESS = AbsenceCode("Б", "болеет", "б", counts_as_absent=True, reason_known=True)
LATE = AbsenceCode("ОП", "опоздание", "о", counts_as_absent=False, reason_known=False)
EXEMPT = AbsenceCode(
    "ОСВ", "освобождение от занятия", "", counts_as_absent=False, reason_known=True
)

DEFAULT_CODES = (NOT_PRESENT, VALID_REASON, NO_VALID_REASON, ILLNESS, LATE, EXEMPT)


def find_code(typed: str, codes: Sequence[AbsenceCode] = DEFAULT_CODES) -> AbsenceCode | None:
    """Return the code meant by a key or a full code typed in either layout, or None.

    «Н», «н» and "y" (the Latin letter on the same key) are one code; so are «НП» and "yg".
    """
    word = typed.strip().lower().translate(RUSSIAN_LAYOUT)
    if not word:
        return None
    for code in codes:
        if word in (code.key, code.code.lower()):
            return code
    return None
