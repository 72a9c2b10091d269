"""What knocks at the doors have in common: two schools on Friday, 20 November 2026."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoDbBlocker

from foundation.db.door import school_transaction
from kernel.actor import Actor, SchoolRef
from tenants.accounts.operations import set_password
from tenants.registry.queries import list_schools
from tests.factories.complaints import file_complaints
from tests.factories.consents import sign_papers
from tests.factories.district import (
    PASSWORD,
    TwoSchools,
    make_two_schools,
    open_account,
    take_application,
    upload_list,
)
from tests.factories.printouts import print_for_vera

FRIDAY = "2026-11-20"


@pytest.fixture
def friday(monkeypatch: pytest.MonkeyPatch) -> str:
    """The day it is: the fifth algebra lesson of the week has begun."""
    monkeypatch.setenv("OKRUG_TODAY", FRIDAY)
    return FRIDAY


@pytest.fixture
def two(schools: dict[str, SchoolRef], friday: str) -> TwoSchools:
    """Schools «Альфа» and «Бета» with their people."""
    return make_two_schools(schools)


@pytest.fixture
def inside(two: TwoSchools) -> Callable[[], AbstractContextManager[None]]:
    """Open «Альфа» as the system: `with inside(): …`."""
    school = two.refs["alpha"]
    return lambda: school_transaction(Actor.system(school), school.id)


@pytest.fixture
def full(two: TwoSchools) -> TwoSchools:
    """Both schools with a list waiting in each, and an account with a known password."""
    return fill(two)


def fill(two: TwoSchools) -> TwoSchools:
    """Put into both schools what every door may be knocked at with."""
    two.jobs = {slug: upload_list(school) for slug, school in two.refs.items()}
    two.cases = {slug: take_application(ref, two.small[slug]) for slug, ref in two.refs.items()}
    two.complaints = {slug: file_complaints(ref) for slug, ref in two.refs.items()}
    two.papers = {slug: sign_papers(ref, two.small[slug]) for slug, ref in two.refs.items()}
    two.printouts = {slug: print_for_vera(ref, two.small[slug]) for slug, ref in two.refs.items()}
    for slug in two.refs:
        two.note_account_of_anna(slug)
    set_password(account_id=open_account(login="knocker").pk, password=PASSWORD)
    return two


@pytest.fixture(scope="module")
def filled_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[TwoSchools]:
    """What `full` has, built once for a module of many tests: each of them undoes its own part."""
    whole = transaction.atomic()
    # Durable blocks may stand in it, as in a test of Django's own.
    whole._from_testcase = True  # type: ignore[attr-defined]
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as day:
        day.setenv("OKRUG_TODAY", FRIDAY)
        whole.__enter__()
        filled = fill(make_two_schools({one.slug: one for one in list_schools()}))
    yield filled
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture
def columns(two: TwoSchools) -> dict[str, Any]:
    """The address of the journal page of 7А in «Альфа»."""
    small = two.alpha
    return {"group": small.group_id, "subject": small.subject_id, "term": small.term_id}
