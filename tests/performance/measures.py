"""Measuring one operation at a time: one client, each request in turn with the reference."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.performance.actions import Action, Troupe, UnexpectedAnswer, reading, signing_in
from tests.performance.cast import Cast
from tests.performance.clients import Browser, Client
from tests.performance.figures import Figure, Statements
from tests.performance.statements import InProcess, classify

OVER_HTTP = (
    "sign_in_page",
    "sign_in",
    "journal",
    "save_mark",
    "save_column",
    "diary_week",
    "board",
)
WARM_UP = 24  # every thread of both workers opens its connection


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the measuring happens: ports of the product and the reference, and who acts."""

    product: int
    reference: int
    cast: Cast
    reference_cookies: Mapping[str, str]

    @property
    def bare(self) -> Action:
        """Return the reference without session and account."""
        return reading(Client(self.reference), "/bare/")

    @property
    def signed_in(self) -> Action:
        """Return the reference with both."""
        return reading(Client(self.reference, dict(self.reference_cookies)), "/signed-in/")


def measure_reference(ground: Ground, requests: int) -> list[Figure]:
    """Return the reference's own figures."""
    bare = ground.bare
    return [
        measure("reference", ground.bare, bare, requests),
        measure("reference_signed_in", ground.signed_in, bare, requests),
    ]


def measure_over_http(ground: Ground, name: str, requests: int) -> Figure:
    """Return the figure of an operation of the product, with its statements."""
    troupe = Troupe(lambda cookies: Client(ground.product, cookies), ground.cast)
    figure = measure(name, action_of(troupe, name, Client(ground.product)), ground.bare, requests)
    if figure.missing:
        return figure
    return Figure(
        name,
        figure.samples,
        figure.reference,
        count_statements(ground.cast, name)[0],
        figure.size,
        figure.failures,
    )


def measure(name: str, action: Action, reference: Action, requests: int) -> Figure:
    """Return the milliseconds of an action and of the reference, asked in turns."""
    try:
        for _ in range(WARM_UP):
            action()
            reference()
    except UnexpectedAnswer as answer:
        return Figure(name, missing=str(answer))
    samples, references, sizes, failures = [], [], [], 0
    for _ in range(requests):
        try:
            reply = action()
        except UnexpectedAnswer:
            failures += 1
            continue
        samples.append(reply.seconds * 1000)
        sizes.append(reply.size)
        references.append(reference().seconds * 1000)
    size = sorted(sizes)[len(sizes) // 2] if sizes else None
    return Figure(name, samples, references, size=size, failures=failures)


def count_statements(cast: Cast, name: str) -> tuple[Statements, list[str]]:
    """Return how many statements the operation takes in process with warm caches, and them."""
    browsers: list[InProcess] = []

    def open_browser(cookies: dict[str, str]) -> InProcess:
        browsers.append(InProcess(cookies))
        return browsers[-1]

    action = action_of(Troupe(open_browser, cast), name, open_browser({}))
    for _ in range(2):
        action()
    told = browsers[0 if name.startswith("sign_in") else -1].told
    return classify(told), told


def action_of(troupe: Troupe, name: str, stranger: Browser) -> Action:
    """Return an operation as the first teacher, the first parent or a stranger does it."""
    if name == "sign_in_page":
        return reading(stranger, "/sign-in/")
    if name == "sign_in":
        return signing_in(stranger)
    return troupe.action(name, troupe.cast.teachers[0], troupe.cast.parents[0])
