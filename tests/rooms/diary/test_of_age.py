"""At 18 a parent's access ends unless the pupil agrees; the pupil may change the mind."""

from datetime import date, datetime, timedelta

import pytest

from kernel.actor import Actor
from kernel.errors import NotFound
from services.diary.models import AccessGrant, AdultAgreement
from services.diary.operations import (
    PupilIsOfAge,
    agree_to_parent,
    close_to_parents_of_adults,
    grant_access,
    grant_by_lists,
    take_agreement_back,
)
from services.diary.queries.parents import list_parent_access
from services.people.models import GuardianLink, Pupil
from tests.rooms.diary.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def adult(diary):
    """Gleb is 18 today."""
    Pupil.objects.filter(pk=diary.small.gleb).update(birth_date=date(2008, 11, 18))
    return diary


def close(diary, on: date) -> int:
    system = Actor.system(diary.school)
    now = datetime.combine(on, NOW.timetz())
    return close_to_parents_of_adults(actor=system, on=on, now=now)


def readers(diary) -> set[int]:
    rows = AccessGrant.objects.live().filter(pupil_id=diary.small.gleb)
    return set(rows.values_list("guardian_id", flat=True))


@pytest.mark.parametrize(
    ("birth", "day", "ended"),
    [
        pytest.param(date(2008, 11, 19), date(2026, 11, 18), 0, id="tomorrow"),
        pytest.param(date(2008, 11, 18), date(2026, 11, 18), 1, id="today"),
        pytest.param(date(2008, 2, 29), date(2026, 2, 28), 0, id="29 February: not yet"),
        pytest.param(date(2008, 2, 29), date(2026, 3, 1), 1, id="29 February: the day after"),
        pytest.param(None, date(2026, 11, 18), 0, id="no birth date: nothing is guessed"),
    ],
)
def test_access_ends_on_the_birthday(diary, birth, day, ended):
    Pupil.objects.filter(pk=diary.small.gleb).update(birth_date=birth)

    assert close(diary, day) == ended
    assert close(diary, day) == 0

    assert readers(diary) == (set() if ended else {diary.small.vera})
    if ended:
        grant = AccessGrant.objects.get(pupil_id=diary.small.gleb)
        assert grant.revoked_ground == AccessGrant.EndGround.OF_AGE
    assert AccessGrant.objects.live().filter(pupil_id=diary.small.yegor).exists()


def test_agreement_keeps_the_access_and_taken_back_ends_it(adult):
    agree_to_parent(actor=adult.gleb, guardian_id=adult.small.vera, now=NOW)
    assert close(adult, TODAY) == 0
    [vera] = list_parent_access(actor=adult.gleb, on=TODAY)
    assert (str(vera.name), vera.is_open) == ("Верина Вера", True)

    take_agreement_back(actor=adult.gleb, guardian_id=adult.small.vera, now=NOW)

    assert readers(adult) == set()
    assert close(adult, TODAY + timedelta(days=1)) == 0


def test_agreement_opens_what_the_birthday_closed(adult):
    close(adult, TODAY)

    agree_to_parent(actor=adult.gleb, guardian_id=adult.small.vera, now=NOW)
    agree_to_parent(actor=adult.gleb, guardian_id=adult.small.vera, now=NOW)

    assert readers(adult) == {adult.small.vera}
    assert AdultAgreement.objects.count() == 1
    assert AccessGrant.objects.live().get(pupil_id=adult.small.gleb).ground == "agreement"


def test_neither_school_nor_lists_open_an_adults_diary(adult):
    close(adult, TODAY)
    AccessGrant.objects.filter(pupil_id=adult.small.gleb).delete()
    link = GuardianLink.objects.get(guardian_id=adult.small.vera)
    system = Actor.system(adult.school)

    with pytest.raises(PupilIsOfAge):
        grant_access(
            actor=system,
            pupil_id=adult.small.gleb,
            guardian_id=adult.small.vera,
            ground="case",
            now=NOW,
        )

    assert grant_by_lists(actor=system, link_ids=[link.pk], now=NOW) == []


def test_only_an_adult_pupil_decides_and_only_about_his_own_parents(adult):
    for actor in (adult.vera, adult.dmitry):
        with pytest.raises(NotFound):
            agree_to_parent(actor=actor, guardian_id=adult.small.vera, now=NOW)
        with pytest.raises(NotFound):
            list_parent_access(actor=actor, on=TODAY)
    with pytest.raises(NotFound):
        agree_to_parent(actor=adult.gleb, guardian_id=adult.small.dmitry, now=NOW)
    with pytest.raises(NotFound):
        take_agreement_back(actor=adult.gleb, guardian_id=adult.small.dmitry, now=NOW)
    Pupil.objects.filter(pk=adult.small.gleb).update(birth_date=date(2008, 11, 19))
    with pytest.raises(NotFound):
        agree_to_parent(actor=adult.gleb, guardian_id=adult.small.vera, now=NOW)

    assert not AdultAgreement.objects.exists()
