"""Numbers of legal entities and entrepreneurs (ИНН, ОГРН): their form and their control digits.

Source: приказ ФНС 29.06.2012 № ММВ-7-6/435@ (ИНН), приказ Минфина 30.10.2017 № 165н (ОГРН).
"""

INN_WEIGHTS = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)


def is_inn(text: str) -> bool:
    """Return whether the text is an ИНН: 10 digits of a legal entity, 12 of a person."""
    if not _is_number(text, (10, 12)):
        return False
    digits = [int(sign) for sign in text]
    checked = (9,) if len(digits) == 10 else (10, 11)
    return all(_inn_control(digits[:place]) == digits[place] for place in checked)


def is_ogrn(text: str) -> bool:
    """Return whether the text is an ОГРН (13 digits) or an ОГРНИП (15)."""
    if not _is_number(text, (13, 15)):
        return False
    return int(text[:-1]) % (len(text) - 2) % 10 == int(text[-1])


def _is_number(text: str, lengths: tuple[int, ...]) -> bool:
    return text.isascii() and text.isdigit() and len(text) in lengths and int(text) > 0


def _inn_control(digits: list[int]) -> int:
    weights = INN_WEIGHTS[-len(digits) :]
    return sum(w * d for w, d in zip(weights, digits, strict=True)) % 11 % 10
