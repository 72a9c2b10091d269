"""How many passwords two cores check in a second: what 1 September and a guesser both cost."""

import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from django.contrib.auth.hashers import check_password, make_password

from tests.performance.figures import Fact

CORES = 2
CHECKS_A_SECOND = 60.0


def measure_passwords(seconds: float) -> Fact:
    """Return the checks a second of the product's own hasher; Argon2 lets the other thread run."""
    encoded = make_password("три зелёных чайника")
    until = time.perf_counter() + seconds

    def check(_: int) -> int:
        for done in count():
            if time.perf_counter() >= until:
                return done
            check_password("три зелёных чайника", encoded)
        return 0

    began, spent = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(CORES) as pool:
        done = sum(pool.map(check, range(CORES)))
    rate = done / (time.perf_counter() - began)
    each = (time.process_time() - spent) * 1000 / done
    return Fact(
        f"Проверка паролей, {CORES} ядра",
        f"{rate:.0f} в секунду",
        f"≥ {CHECKS_A_SECOND:.0f} в секунду",
        rate >= CHECKS_A_SECOND,
        {"rate": rate, "processor_ms": each},
        f"{each:.0f} мс процессора на проверку",
    )
