"""A request for own data: ten working days, five more with a reason, nobody else's data."""

import json
import zipfile
from datetime import UTC, date, datetime
from io import BytesIO

import pytest

from foundation.notify.models import Notice
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import Guardian, GuardianLink, SubjectRequest
from services.people.operations import subject_requests as operations
from services.people.queries import own_data
from services.people.queries import subject_requests as queries
from services.people.queries.own_data import Subject
from tests.rooms.people.families import NOW, TODAY

pytestmark = pytest.mark.django_db
YEAR_END = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def vera(make_actor, family):
    Guardian.objects.filter(pk=family.vera.pk).update(account_id=77)
    return make_actor(Role.GUARDIAN, person=family.vera.pk, account_id=77)


@pytest.mark.requirement("PDP-001", part=True)
@pytest.mark.parametrize(
    ("now", "due_on"),
    [(NOW, date(2026, 12, 4)), (YEAR_END, date(2027, 1, 20))],
)
def test_request_is_answered_in_ten_working_days(vera, now, due_on):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=now)

    assert (card.number, card.due_on, card.is_open) == ("2026/000001", due_on, True)
    assert SubjectRequest.objects.get().calendar_edition


def test_term_is_extended_once_by_five_working_days_and_the_person_is_told_why(vera, system):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)
    with pytest.raises(operations.ExtensionNeedsReason):
        operations.extend_request(actor=system, request_id=card.id, reason=" ", now=NOW)

    longer = operations.extend_request(
        actor=system, request_id=card.id, reason="Архив 2019 года на бумаге", now=NOW
    )

    assert longer.due_on == date(2026, 12, 11)
    assert "Архив 2019 года" in Notice.objects.get(account_id=77).text
    with pytest.raises(operations.CannotBeExtended):
        operations.extend_request(actor=system, request_id=card.id, reason="Ещё", now=NOW)


def test_overdue_term_is_not_extended(vera, system):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)

    with pytest.raises(operations.CannotBeExtended):
        operations.extend_request(
            actor=system,
            request_id=card.id,
            reason="Забыли",
            now=datetime(2026, 12, 5, 9, 0, tzinfo=UTC),
        )


def test_parent_asks_about_the_own_child_only(vera, family):
    stranger = family.add_pupil("Чужой", date(2013, 1, 1))

    asked = operations.ask_for_data(actor=vera, pupil_id=family.gleb.pk, now=NOW)

    assert asked.about == "Глебов Глеб"
    with pytest.raises(NotFound):
        operations.ask_for_data(actor=vera, pupil_id=stranger.pk, now=NOW)


def test_parent_whose_rights_were_limited_gets_nothing_about_the_child(vera, family):
    asked = operations.ask_for_data(actor=vera, pupil_id=family.gleb.pk, now=NOW)
    GuardianLink.objects.filter(guardian=family.vera).update(may_read_diary=False)

    with pytest.raises(NotFound):
        queries.get_own_request(actor=vera, request_id=asked.id, on=TODAY)


def test_same_request_waits_once(vera, family):
    operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)

    with pytest.raises(operations.RequestIsThere):
        operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)
    operations.ask_for_data(actor=vera, pupil_id=family.gleb.pk, now=NOW)


def test_answer_is_noted_once_and_the_person_is_told(vera, system):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)

    for digest in ("a" * 64, "b" * 64):
        operations.answer_request(actor=system, request_id=card.id, digest=digest, now=NOW)

    done = queries.get_own_request(actor=vera, request_id=card.id, on=TODAY)
    assert (done.answer_digest, done.is_ready) == ("a" * 64, True)
    assert not queries.get_own_request(
        actor=vera, request_id=card.id, on=date(2026, 12, 21)
    ).is_ready
    assert Notice.objects.filter(account_id=77).count() == 1


@pytest.mark.parametrize("role", [Role.TEACHER, Role.MANAGEMENT, Role.GUARDIAN, Role.NURSE])
def test_others_answer_nothing(vera, make_actor, role):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)

    with pytest.raises(NotFound):
        operations.answer_request(
            actor=make_actor(role, person=1), request_id=card.id, digest="", now=NOW
        )


def test_request_of_another_family_is_not_there(vera, make_actor, family):
    card = operations.ask_for_data(actor=vera, pupil_id=None, now=NOW)
    viktor = make_actor(Role.GUARDIAN, person=family.viktor.pk)

    with pytest.raises(NotFound):
        queries.get_own_request(actor=viktor, request_id=card.id, on=TODAY)


def test_answer_holds_the_own_data_and_no_contacts_of_others(vera, accept, family):
    accept()
    GuardianLink.objects.filter(guardian=family.viktor)

    mine = own_data.collect_own_data(Subject(guardian_id=family.vera.pk))
    child = own_data.collect_own_data(Subject(pupil_id=family.gleb.pk))

    text = json.dumps([part.rows for part in mine], ensure_ascii=False)
    assert "+79000000000" in text
    assert "2026/000001" in text
    assert "Викторов" not in text
    text = json.dumps([part.rows for part in child], ensure_ascii=False)
    assert "Викторов" in text
    assert "+79000000000" not in text
    assert "7А" in text


def test_answer_is_packed_the_same_each_time():
    files = {"данные.json": b"{}", "ответ.pdf": b"%PDF"}

    packed = own_data.pack(files)

    assert packed == own_data.pack(files)
    with zipfile.ZipFile(BytesIO(packed)) as archive:
        assert archive.namelist() == ["данные.json", "ответ.pdf"]
