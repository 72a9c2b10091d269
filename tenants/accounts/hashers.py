"""Argon2id with the numbers of OWASP's set of 7 MiB and five passes, one lane (ADR 12)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's default of 100 MiB costs 0.25 s a sign-in: too much for 1 September.

    A password kept at another cost is kept anew when its owner signs in.
    """

    time_cost = 5
    memory_cost = 7 * 1024
    parallelism = 1
