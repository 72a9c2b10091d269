"""Argon2id with the numbers of OWASP's first choice: 19 MiB, two passes, one lane (~30 ms)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class ModestArgon2PasswordHasher(Argon2PasswordHasher):
    """Django's default of 100 MiB costs 0.25 s a sign-in: too much for 1 September."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
