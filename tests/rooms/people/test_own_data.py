"""Every room that keeps something about a person has its part in the answer."""

import pytest

from foundation.db.door import school_transaction
from kernel.actor import Actor
from services.people.queries.own_data import Subject, collect_own_data, list_registered
from tests.factories.school import make_small_school

pytestmark = pytest.mark.django_db


@pytest.mark.requirement("PDP-001", part=True)
def test_rooms_above_add_what_they_keep(school):
    with school_transaction(Actor.system(school), school.id):
        small = make_small_school(Actor.system(school))

        mother = collect_own_data(Subject(guardian_id=small.vera))
        child = collect_own_data(Subject(pupil_id=small.gleb))
        nobody_else = collect_own_data(Subject(employee_id=small.anna))

    assert [part.title for part in mother] == [
        "Карточка",
        "Родство и представительство",
        "Доступ представителей к дневнику",
    ]
    assert "Классы" in [part.title for part in child]
    assert [part.title for part in nobody_else] == ["Карточка"]


def test_rooms_are_registered_by_name():
    rooms = {collect.__module__.split(".")[1] for collect in list_registered()}

    assert rooms == {"diary", "cases"}
