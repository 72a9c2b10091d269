"""Codes people copy from paper: letters and digits that cannot be taken for one another.

Crockford's base 32: no I, L, O, U. What is typed is read as it was meant: small letters, the
Russian layout's look-alikes, O for 0, I and L for 1.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, GROUP = 24, 4  # 120 bits in six groups
LOOK_ALIKES = str.maketrans("OILАВЕЗКМНОРСТУХЅ", "011ABE3KMH0PCTYXS")


def make_code(length: int = LENGTH) -> str:
    """Return a new code in groups: «7K2M-…»; every sign is worth five bits."""
    return group("".join(secrets.choice(ALPHABET) for _ in range(length)))


def draw_code(digest: bytes, length: int) -> str:
    """Return the code of a keyed digest, in groups: the same for the same digest."""
    number = int.from_bytes(digest)
    signs = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return group("".join(signs))


def group(signs: str) -> str:
    """Return signs in groups of four."""
    return "-".join(signs[at : at + GROUP] for at in range(0, len(signs), GROUP))


def read_code(text: str) -> str:
    """Return the code somebody typed without groups, as it was printed."""
    letters = text.upper().replace("Ё", "Е").translate(LOOK_ALIKES)
    return "".join(sign for sign in letters if sign in ALPHABET)
