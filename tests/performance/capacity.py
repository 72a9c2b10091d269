"""How much the whole holds: the district's mix beside the reference, a steady rate, memory."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from tests.performance.actions import signing_in
from tests.performance.clients import Client
from tests.performance.figures import Fact, percentile
from tests.performance.goals import (
    BACKEND_MEMORY,
    GOALS,
    MIX,
    MIX_SHARE,
    SAVES_BEYOND,
    SIGN_INS_A_SECOND,
    STEADY_P95,
    STEADY_P99,
    STEADY_RATE,
    WORKER_GROWTH,
    WORKER_MEMORY,
)
from tests.performance.measures import Ground
from tests.performance.stand import Web
from tests.performance.traffic import LATE, Pick, Traffic, flow, mixed_pick, press, reference_pick
from tests.performance.usage import children_of, own, processor, resident

CLIENTS = 8
CROWD = 64
CROWD_RATE = 240
REFUSED = ": 503"
WARM_SECONDS = 1.0
RATES = (20, 30, 40, 50, 60, 75, 90, 105, 120, 140, 160, 180, 200, 240, 280, 320)


@dataclass(frozen=True, slots=True)
class Servers:
    """The processes whose memory is looked at."""

    product: Web
    postmaster: int

    def worker_memory(self) -> float:
        """Return the largest web worker's resident megabytes."""
        return max(resident(self.product.workers).values())

    def backend_memory(self) -> float:
        """Return what the largest PostgreSQL backend holds alone, in megabytes."""
        return max(own(children_of(self.postmaster)).values())

    def processor(self) -> tuple[float, float]:
        """Return the processor seconds the web and the database have used."""
        return processor(self.product.workers), processor(children_of(self.postmaster))


def measure_capacity(
    ground: Ground, servers: Servers, there: Iterable[str], seconds: float, steady_seconds: float
) -> list[Fact]:
    """Return throughput, the steady rate, memory after it, and the rush of sign-ins.

    `there` names the operations the product has.
    """
    names = [name for name in MIX if name in set(there)]
    press([reference_pick(ground) for _ in range(CLIENTS)], WARM_SECONDS)
    bare = press([reference_pick(ground) for _ in range(CLIENTS)], seconds)
    picks = [mixed_pick(ground, names, thread, CLIENTS) for thread in range(CLIENTS)]
    press(picks, WARM_SECONDS)
    before = servers.worker_memory()
    mixed = press(picks, seconds)
    knee = find_knee(partial(flow, picks, seconds=seconds / 3))
    steady = flow(picks, STEADY_RATE, steady_seconds)
    requests = len(mixed.samples) + len(steady.samples)
    return [
        share_of(mixed, bare),
        Fact(
            "Излом: частота, которую держит",
            f"{knee} зап./с" if knee else f"ниже {RATES[0]} зап./с",
            f"≥ {STEADY_RATE} зап./с",
            knee >= STEADY_RATE,
            {"rate": float(knee)},
        ),
        steadiness(steady, steady_seconds),
        *_memory(servers, before, requests),
        *(_cost(ground, servers, name, seconds / 5) for name in names),
        measure_crowd(ground, names, seconds),
        _rush(ground, seconds / 3),
    ]


def find_knee(send: Callable[[float], Traffic]) -> int:
    """Return the last rate that was borne within the steady goal; 0 when the first was not."""
    borne = 0
    for rate in RATES:
        seen = send(rate)
        if seen.errors or not seen.samples or percentile(seen.samples, 0.95) > STEADY_P95:
            break
        borne = rate
    return borne


def share_of(mixed: Traffic, bare: Traffic) -> Fact:
    """Return the mix's throughput as a share of the reference's with as many clients."""
    share = mixed.rate / bare.rate if bare.rate else 0.0
    value = f"{mixed.rate:.0f} зап./с из {bare.rate:.0f}, {share:.0%}{_errors(mixed)}"
    return Fact(
        f"Смешанная нагрузка, {CLIENTS} клиентов",
        value,
        f"≥ {MIX_SHARE:.0%} эталона",
        share >= MIX_SHARE and not mixed.errors,
        {"rate": mixed.rate, "reference_rate": bare.rate, "share": share},
        _first_error(mixed),
    )


def steadiness(steady: Traffic, seconds: float) -> Fact:
    """Return how a steady rate was borne."""
    p95, p99 = _at(steady.samples, 0.95), _at(steady.samples, 0.99)
    saves = _at(steady.saves, 0.95)
    value = f"p95 {p95:.0f}, p99 {p99:.0f} мс, запись p95 {saves:.0f} мс{_errors(steady)}"
    return Fact(
        f"{STEADY_RATE} зап./с, {seconds:.0f} с",
        value,
        f"p95 ≤ {STEADY_P95:.0f}, p99 ≤ {STEADY_P99:.0f} мс, 0 ошибок",
        p95 <= STEADY_P95 and p99 <= STEADY_P99 and not steady.errors,
        {"p95": p95, "p99": p99, "saves_p95": saves, "errors": float(len(steady.errors))},
        _first_error(steady),
    )


def measure_crowd(ground: Ground, names: Sequence[str], seconds: float) -> Fact:
    """Return what happens beyond capacity: who is refused, how quickly teachers still save."""
    picks = [mixed_pick(ground, names, thread, CROWD) for thread in range(CROWD)]
    press(picks, WARM_SECONDS)
    crowd = flow(picks, CROWD_RATE, seconds)
    refused = [error for error in crowd.errors if REFUSED in error]
    others = [error for error in crowd.errors if error not in refused and error != LATE]
    of_saves = sum(error.startswith("save") for error in refused)
    saves = _at(crowd.saves, 0.95)
    return Fact(
        f"Сверх предела: {CROWD_RATE} зап./с, {CROWD} клиента",
        f"запись p95 {saves:.0f} мс, ответов {crowd.rate:.0f}/с, отказов 503 {len(refused)}, "
        f"из них записи {of_saves}, ошибок {len(others)}",
        f"запись p95 ≤ {SAVES_BEYOND:.0f} мс, остальным 503",
        saves <= SAVES_BEYOND and not others,
        {"saves_p95": saves, "refused": float(len(refused)), "errors": float(len(others))},
        others[0] if others else "",
    )


def _cost(ground: Ground, servers: Servers, name: str, seconds: float) -> Fact:
    """Return what one operation costs when nothing else is asked: this decides the throughput."""
    picks = [mixed_pick(ground, [name], thread, CLIENTS) for thread in range(CLIENTS)]
    press(picks, WARM_SECONDS / 2)
    web, database = servers.processor()
    seen = press(picks, seconds)
    web_after, database_after = servers.processor()
    number = max(1, len(seen.samples))
    of_web = (web_after - web) * 1000 / number
    of_database = (database_after - database) * 1000 / number
    return Fact(
        f"Процессор на запрос: {GOALS[name].title}",
        f"портал {of_web:.1f} + база {of_database:.1f} мс, {seen.rate:.0f} зап./с",
        numbers={"web": of_web, "database": of_database, "rate": seen.rate},
        remark=_first_error(seen),
    )


def _memory(servers: Servers, before: float, requests: int) -> list[Fact]:
    after, backend = servers.worker_memory(), servers.backend_memory()
    growth = after / before - 1
    return [
        Fact(
            f"Память процесса портала после {requests} запросов",
            f"{after:.0f} МБ, рост {growth:+.1%}",
            f"≤ {WORKER_MEMORY:.0f} МБ, рост ≤ {WORKER_GROWTH:.0%}",
            after <= WORKER_MEMORY and growth <= WORKER_GROWTH,
            {"before": before, "after": after, "requests": float(requests)},
        ),
        Fact(
            "Собственная память процесса PostgreSQL",
            f"{backend:.0f} МБ",
            f"≤ {BACKEND_MEMORY:.0f} МБ",
            backend <= BACKEND_MEMORY,
            {"megabytes": backend},
        ),
    ]


def _rush(ground: Ground, seconds: float) -> Fact:
    """Return how many parents can sign in at once: the morning of 1 September."""

    def pick(login: str) -> Pick:
        action = signing_in(Client(ground.product), login)
        return lambda: ("sign_in", action)

    rush = press([pick(login) for login in ground.cast.logins[:CLIENTS]], seconds)
    return Fact(
        f"Входы одновременно, {CLIENTS} клиентов",
        f"{rush.rate:.0f} входов/с{_errors(rush)}",
        f"≥ {SIGN_INS_A_SECOND:.0f} входов/с",
        rush.rate >= SIGN_INS_A_SECOND and not rush.errors,
        {"rate": rush.rate},
        _first_error(rush),
    )


def _at(samples: Sequence[float], share: float) -> float:
    return percentile(samples, share) if samples else float("inf")


def _errors(traffic: Traffic) -> str:
    return f", ошибок {len(traffic.errors)}" if traffic.errors else ""


def _first_error(traffic: Traffic) -> str:
    return traffic.errors[0] if traffic.errors else ""
