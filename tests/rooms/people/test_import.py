"""Importing lists: the preview tells what the import does, twice is once, errors write nothing."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from foundation.audit.queries import list_changes
from foundation.db.door import school_transaction
from foundation.outbox.models import OutboxEvent
from foundation.spreadsheets import UnreadableFile
from kernel.errors import NotFound
from kernel.roles import Role
from services.people.models import (
    ClassEnrollment,
    Employee,
    Guardian,
    GuardianLink,
    ImportJob,
    Pupil,
    SchoolClass,
    TeachingGroup,
)
from services.people.operations import (
    ImportIsOver,
    ImportIsRefused,
    apply_import,
    apply_import_job,
    drop_import_job,
    preview_import,
    upload_import,
    wipe_stale_imports,
)
from tests.rooms.people.lists import (
    ANNA,
    GLEB,
    HEADER,
    MOTHER,
    STAFF,
    TODAY,
    VERA,
    table,
    with_value,
)

FAMILY = [[*HEADER, *MOTHER], [*GLEB, *VERA]]
YEAR_BEGAN = date(2026, 9, 1)
TABLES = (Pupil, Guardian, Employee, SchoolClass, TeachingGroup, ClassEnrollment, GuardianLink)


def counts(report):
    return {
        name: (count.created, count.changed, count.unchanged)
        for name, count in report.counts.items()
    }


def size_of_school():
    return [model._default_manager.count() for model in TABLES]


def codes(report):
    return [(line.code, line.row) for line in report.lines]


@pytest.mark.requirement("XCH-002", part=True)
@pytest.mark.requirement("ACC-012", "ACC-013")
def test_family_is_imported_with_every_field_of_the_regulation(bring):
    report = bring(FAMILY)

    assert counts(report) == {
        "classes": (1, 0, 0),
        "pupils": (1, 0, 0),
        "enrollments": (1, 0, 0),
        "guardians": (1, 0, 0),
        "links": (1, 0, 0),
    }
    pupil, vera = Pupil.objects.get(), Guardian.objects.get()
    assert (pupil.last_name, pupil.first_name, pupil.middle_name) == ("Соколов", "Глеб", "Петрович")
    assert (pupil.sex, pupil.birth_date) == ("m", date(2013, 5, 1))
    assert (vera.last_name, vera.first_name, vera.middle_name) == ("Соколова", "Вера", "Ильинична")
    assert (vera.sex, vera.birth_date, vera.phone) == ("f", date(1985, 3, 2), "+79000000001")
    link = GuardianLink.objects.get()
    assert (link.pupil_id, link.guardian_id, link.relation) == (pupil.pk, vera.pk, "mother")
    assert (link.may_read_diary, link.until) == (True, None)


@pytest.mark.requirement("JRN-028", part=True)
def test_class_is_made_with_its_group_and_the_pupil_is_in_it_since_the_year_began(bring):
    bring(FAMILY)

    school_class, group = SchoolClass.objects.get(), TeachingGroup.objects.get()
    assert (school_class.start_year, school_class.title) == (2026, "7А")
    assert (group.school_class_id, group.kind, group.title) == (school_class.pk, "class", "7А")
    enrollment = ClassEnrollment.objects.get()
    assert (enrollment.since_on, enrollment.until) == (YEAR_BEGAN, None)


def test_snils_is_kept_only_as_a_digest(bring):
    bring(FAMILY)

    vera = Guardian.objects.get()
    kept = str(list(Guardian.objects.values())) + str(
        [(c.before, c.after) for c in list_changes(table="people_guardian", row_id=vera.pk)]
    )
    assert len(vera.identity_digest) == 64
    assert "11223344595" not in kept


@pytest.mark.requirement("XCH-002", part=True)
def test_second_import_of_the_same_list_changes_nothing(bring):
    bring(FAMILY)
    before, events = size_of_school(), OutboxEvent.objects.count()
    changes = len(list_changes(table="people_pupil", row_id=Pupil.objects.get().pk))

    report = bring(FAMILY)

    assert report.changes_nothing
    assert [c.unchanged for c in report.counts.values()] == [1, 1, 1, 1, 1]
    assert size_of_school() == before
    assert OutboxEvent.objects.count() == events
    assert len(list_changes(table="people_pupil", row_id=Pupil.objects.get().pk)) == changes


def test_preview_counts_the_same_and_writes_nothing(opened, system):
    before = size_of_school()

    report = preview_import(actor=system, kind="pupils", table=table(FAMILY), today=TODAY)

    assert counts(report) == counts(
        apply_import(actor=system, kind="pupils", table=table(FAMILY), today=TODAY)
    )
    assert before == [0] * len(TABLES)
    assert size_of_school() == [1, 1, 0, 1, 1, 1, 1]


@pytest.mark.requirement("XCH-002", part=True)
def test_one_bad_row_refuses_the_whole_list(bring):
    rows = [HEADER, GLEB, with_value(GLEB, 4, "31.02.2013")]

    with pytest.raises(ImportIsRefused) as refusal:
        bring(rows)

    assert codes(refusal.value.report) == [("date-is-impossible", 3)]
    assert size_of_school() == [0] * len(TABLES)
    assert OutboxEvent.objects.count() == 0


def test_events_carry_ids_in_portions_of_two_hundred(bring):
    rows = [HEADER]
    letters = "абвгдежзиклмнопрст"
    for number in range(205):
        name = f"Соколов{letters[number % 18]}{letters[number // 18]}"
        rows.append(["7А", name, "Глеб", "Петрович", date(2013, 5, 1), "м"])

    bring(rows)

    told = [
        (event.name, len(event.payload["pupil_ids"]))
        for event in OutboxEvent.objects.order_by("pk")
    ]
    assert told == [("people.PupilsEnrolled", 200), ("people.PupilsEnrolled", 5)]


def test_events_tell_of_links_and_staff(bring):
    bring(FAMILY)
    bring([STAFF, ANNA], kind="employees")

    told = {event.name: event.payload for event in OutboxEvent.objects.all()}
    assert told["people.GuardiansLinked"] == {"link_ids": [GuardianLink.objects.get().pk]}
    assert told["people.EmployeesHired"] == {"employee_ids": [Employee.objects.get().pk]}


# --- Recognising people ------------------------------------------------------------------------


def test_pupil_is_known_by_another_spelling_of_the_name(bring):
    bring([HEADER, with_value(GLEB, 1, "Соколёв")])

    report = bring([HEADER, with_value(GLEB, 1, "СОКОЛЕВ")])

    assert counts(report)["pupils"] == (0, 0, 1)
    assert Pupil.objects.get().last_name == "Соколёв"


def test_pupil_with_another_birth_date_is_another_pupil_with_a_word(bring):
    bring([HEADER, GLEB])

    report = bring([HEADER, with_value(GLEB, 4, date(2013, 5, 2))])

    assert counts(report)["pupils"] == (1, 0, 0)
    assert codes(report) == [("pupil-has-namesake", 2)]


def test_sex_that_was_unknown_is_filled_in(bring):
    nameless = with_value(with_value(GLEB, 3, None), 5, None)
    bring([HEADER, nameless])

    report = bring([HEADER, with_value(nameless, 5, "м")])

    assert counts(report)["pupils"] == (0, 1, 0)
    assert Pupil.objects.get().sex == "m"


def test_empty_cells_erase_nothing(bring):
    bring(FAMILY)

    report = bring([[*HEADER, "ФИО матери", "Телефон матери"], [*GLEB, VERA[0], None]])

    assert report.changes_nothing
    assert Guardian.objects.get().phone == "+79000000001"


def test_new_phone_of_a_known_mother_is_a_change(bring):
    bring(FAMILY)

    report = bring([[*HEADER, *MOTHER], [*GLEB, *with_value(VERA, 1, "89000000009")]])

    assert counts(report)["guardians"] == (0, 1, 0)
    assert Guardian.objects.get().phone == "+79000000009"


@pytest.mark.parametrize(
    ("mother", "cards"),
    [
        pytest.param(VERA, 1, id="all the same"),
        pytest.param([VERA[0], VERA[1], None, None], 1, id="same phone"),
        pytest.param([VERA[0], None, VERA[2], None], 1, id="same birth date"),
        pytest.param([VERA[0], None, VERA[2], VERA[3]], 1, id="same СНИЛС"),
        pytest.param([VERA[0], None, None, None], 2, id="name only"),
        pytest.param([VERA[0], VERA[1], date(1986, 1, 1), None], 2, id="another birth date"),
    ],
)
def test_mother_of_two_pupils_is_one_card_when_something_besides_the_name_agrees(
    bring, mother, cards
):
    petr = ["5Б", "Соколов", "Пётр", "Петрович", date(2015, 7, 1), "м"]

    report = bring([[*HEADER, *MOTHER], [*GLEB, *VERA], [*petr, *mother]])
    again = bring([[*HEADER, *MOTHER], [*GLEB, *VERA], [*petr, *mother]])

    assert Guardian.objects.count() == cards
    assert GuardianLink.objects.count() == 2
    assert counts(report)["guardians"][0] == cards
    assert again.changes_nothing


def test_snils_of_another_person_is_refused(bring):
    bring(FAMILY)
    petr = ["5Б", "Соколов", "Пётр", "Петрович", date(2015, 7, 1), "м"]

    with pytest.raises(ImportIsRefused) as refusal:
        bring([[*HEADER, *MOTHER], [*petr, *with_value(VERA, 0, "Котова Вера Ильинична")]])

    assert codes(refusal.value.report) == [("snils-of-another", 2)]


def test_relation_that_became_known_is_a_change(bring):
    header = [*HEADER, "Законный представитель", "Родство"]
    bring([header, [*GLEB, "Соколова Вера Ильинична", None]])

    report = bring([header, [*GLEB, "Соколова Вера Ильинична", "мать"]])
    again = bring([header, [*GLEB, "Соколова Вера Ильинична", None]])

    assert counts(report)["links"] == (0, 1, 0)
    assert again.changes_nothing
    assert GuardianLink.objects.get().relation == "mother"


# --- Classes -----------------------------------------------------------------------------------


def test_pupil_who_came_later_is_enrolled_today(bring):
    bring([HEADER, GLEB])
    newcomer = ["7А", "Котов", "Иван", None, date(2013, 2, 2), "м"]

    bring([HEADER, GLEB, newcomer])

    days = ClassEnrollment.objects.order_by("pk").values_list("since_on", "until")
    assert list(days) == [(YEAR_BEGAN, None), (TODAY, None)]


def test_pupil_moves_to_another_class_with_a_word(bring):
    bring([HEADER, GLEB])

    report = bring([HEADER, with_value(GLEB, 0, "7Б")])
    again = bring([HEADER, with_value(GLEB, 0, "7Б")])

    assert codes(report) == [("pupil-moves", 2)]
    assert counts(report)["enrollments"] == (0, 1, 0)
    assert again.changes_nothing
    days = ClassEnrollment.objects.order_by("pk").values_list("since_on", "until")
    assert list(days) == [(YEAR_BEGAN, TODAY), (TODAY, None)]


def test_class_mistaken_today_is_mended_today(bring):
    bring([HEADER, GLEB], today=YEAR_BEGAN)

    bring([HEADER, with_value(GLEB, 0, "7Б")], today=YEAR_BEGAN)

    enrollment = ClassEnrollment.objects.get()
    assert enrollment.school_class == SchoolClass.objects.get(letter="Б")
    assert (enrollment.since_on, enrollment.until) == (YEAR_BEGAN, None)


def test_list_of_the_next_year_ends_the_last_one(bring):
    bring([HEADER, GLEB])

    bring([HEADER, with_value(GLEB, 0, "8А")], today=date(2027, 8, 20), start_year=2027)

    days = ClassEnrollment.objects.order_by("pk").values_list(
        "school_class__level", "since_on", "until"
    )
    assert list(days) == [(7, YEAR_BEGAN, date(2027, 9, 1)), (8, date(2027, 9, 1), None)]


def test_number_of_statements_does_not_grow_with_the_list(bring, django_assert_max_num_queries):
    letters = "абвгдежзиклмнопрст"

    def rows(count, level):
        names = [f"Соколов{letters[n % 18]}{letters[n // 18]}" for n in range(count)]
        born = date(2020 - level, 5, 1)
        return [
            [*HEADER, "Мать"],
            *([f"{level}А", one, "Глеб", None, born, "м", f"{one} Вера"] for one in names),
        ]

    for count, level in ((3, 5), (90, 6)):
        with django_assert_max_num_queries(20):
            bring(rows(count, level))
    with django_assert_max_num_queries(20):
        report = bring([["6Б" if row[0] == "6А" else row[0], *row[1:]] for row in rows(90, 6)])

    assert counts(report)["enrollments"] == (0, 90, 0)


# --- Staff -------------------------------------------------------------------------------------


@pytest.mark.requirement("ACC-011")
def test_staff_are_imported_with_every_field_of_the_regulation(bring):
    header = [*STAFF, "Пол", "Разряд", "Функции", "Специальность по диплому", "Предметы"]
    row = [*ANNA, "ж", "14", "классное руководство", "математика", "алгебра"]

    report = bring([header, row], kind="employees")

    assert counts(report) == {"employees": (1, 0, 0)}
    assert codes(report) == [("column-is-not-used", 1)]
    assert list(
        Employee.objects.values_list(
            "last_name",
            "first_name",
            "middle_name",
            "sex",
            "birth_date",
            "post",
            "grade_rank",
            "category",
            "functions",
            "speciality",
        )
    ) == [
        (
            "Иванова",
            "Анна",
            "Петровна",
            "f",
            date(1980, 2, 3),
            "Учитель математики",
            "14",
            "высшая",
            "классное руководство",
            "математика",
        )
    ]


def test_staff_imported_twice_change_nothing(bring):
    bring([STAFF, ANNA], kind="employees")

    assert bring([STAFF, ANNA], kind="employees").changes_nothing


@pytest.mark.parametrize(
    ("row", "outcome"),
    [
        pytest.param(with_value(ANNA, 3, "первая"), (0, 1, 0), id="another category"),
        pytest.param(with_value(ANNA, 1, "Завуч"), (0, 1, 0), id="another post, same date"),
        pytest.param(with_value(ANNA, 2, None), (0, 0, 1), id="no date, same post"),
        pytest.param(with_value(ANNA, 2, date(1999, 9, 9)), (1, 0, 0), id="a namesake"),
    ],
)
def test_employee_is_known_by_name_and_date_or_post(bring, row, outcome):
    bring([STAFF, ANNA], kind="employees")

    assert counts(bring([STAFF, row], kind="employees")) == {"employees": outcome}


def test_employee_without_date_and_with_another_post_is_ambiguous(bring):
    bring([STAFF, ANNA], kind="employees")

    with pytest.raises(ImportIsRefused) as refusal:
        bring([STAFF, with_value(with_value(ANNA, 2, None), 1, "Завуч")], kind="employees")

    assert codes(refusal.value.report) == [("employee-is-ambiguous", 2)]


# --- Who may, and uploads ----------------------------------------------------------------------

MAY = {
    "pupils": {Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM},
    "employees": {Role.ADMINISTRATOR, Role.SECRETARY, Role.SYSTEM, Role.PERSONNEL},
}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("kind", ["pupils", "employees"])
def test_lists_are_imported_by_those_who_keep_them(opened, make_actor, role, kind):
    rows = FAMILY if kind == "pupils" else [STAFF, ANNA]
    call: dict[str, Any] = {"actor": make_actor(role), "kind": kind, "today": TODAY}
    call["table"] = table(rows)

    if role in MAY[kind]:
        assert preview_import(**call).is_acceptable
        assert apply_import(**call).is_acceptable
        return
    for operation in (preview_import, apply_import):
        with pytest.raises(NotFound):
            operation(**call)
    assert size_of_school() == [0] * len(TABLES)


@pytest.fixture
def upload(opened, make_actor):
    actor = make_actor(Role.SECRETARY)
    content = "ФИО;Класс;Дата рождения\r\nСоколов Глеб Петрович;7А;01.05.2013\r\n".encode("cp1251")
    job_id, _ = upload_import(
        actor=actor, kind="pupils", filename="7А.csv", content=content, today=TODAY
    )
    return actor, job_id


NOW: dict[str, Any] = {"now": datetime(2026, 11, 20, 12, tzinfo=UTC), "today": TODAY}


def test_upload_waits_with_its_preview(upload):
    _, job_id = upload

    job = ImportJob.objects.get(pk=job_id)
    assert (job.state, job.filename, job.created_by) == ("previewed", "7А.csv", 1)
    assert job.report["counts"]["pupils"] == {"created": 1, "changed": 0, "unchanged": 0}
    assert Pupil.objects.count() == 0


def test_upload_is_applied_once_and_its_content_is_wiped(upload):
    actor, job_id = upload

    apply_import_job(actor=actor, job_id=job_id, **NOW)

    job = ImportJob.objects.get(pk=job_id)
    assert (job.state, job.content, job.report["lines"]) == ("applied", None, [])
    assert Pupil.objects.count() == 1
    with pytest.raises(ImportIsOver):
        apply_import_job(actor=actor, job_id=job_id, **NOW)


def test_upload_put_aside_is_wiped(upload):
    actor, job_id = upload

    drop_import_job(actor=actor, job_id=job_id, on=TODAY)

    job = ImportJob.objects.get(pk=job_id)
    assert (job.state, job.content) == ("refused", None)
    assert Pupil.objects.count() == 0


def test_upload_nobody_applied_is_wiped(upload, system):
    _, job_id = upload
    made_at = ImportJob.objects.get(pk=job_id).created_at

    early = wipe_stale_imports(actor=system, before=made_at)
    late = wipe_stale_imports(actor=system, before=made_at + timedelta(seconds=1))

    job = ImportJob.objects.get(pk=job_id)
    assert (early, late, job.state, job.content) == (0, 1, "refused", None)


def test_stranger_finds_no_upload(upload, make_actor):
    _, job_id = upload

    with pytest.raises(NotFound):
        apply_import_job(actor=make_actor(Role.TEACHER), job_id=job_id, **NOW)
    with pytest.raises(NotFound):
        drop_import_job(actor=make_actor(Role.SECRETARY), job_id=job_id + 1, on=TODAY)


def test_unreadable_upload_leaves_no_trace(opened, system):
    with pytest.raises(UnreadableFile):
        upload_import(actor=system, kind="pupils", filename="a.xlsx", content=b"PK", today=TODAY)

    assert ImportJob.objects.count() == 0


def test_import_of_one_school_is_not_seen_in_another(school, other_school, system, make_actor):
    with school_transaction(system, school.id):
        apply_import(actor=system, kind="pupils", table=table(FAMILY), today=TODAY)

    stranger = make_actor(Role.SECRETARY, school=other_school)
    with school_transaction(stranger, other_school.id):
        assert size_of_school() == [0] * len(TABLES)
