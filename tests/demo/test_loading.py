"""The demo district in a database of its own: loaded once, then looked at and loaded again."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connections

from config.demo import arranging
from config.demo.accounts import PASSWORD
from config.demo.district import (
    REPUBLIC,
    SMALL,
    TIMEZONE,
    TWO_SHIFTS,
    VILLAGE,
    ClassSpec,
)
from config.demo.loading import Loader, Moment
from foundation.db.door import public_transaction, school_transaction
from foundation.outbox.dispatch import count_waiting
from kernel.actor import Actor, SchoolRef
from kernel.roles import Role
from kernel.school_year import TermKind
from kernel.service_counts import ServiceMeasure as M
from services.cases.queries.cases import count_cases_by_state
from services.diary.models import AccessGrant
from services.journal.models import Absence, Homework, LessonRecord, Mark
from services.monitoring.models import Fact, ServiceFact
from services.people import queries as people
from services.people.models import ClassEnrollment, Consent, Guardian, Pupil
from services.regulation.queries import forget_settings, get_setting
from services.schedule import queries as schedule
from services.schedule.models import Lesson
from tenants.accounts.authentication import PasswordBackend
from tenants.accounts.models import Account, Membership
from tenants.accounts.visitor import get_visitor
from tenants.registry.queries import forget_schools, get_district, get_school, list_schools
from tests.conftest import create_database, drop_database

SUNDAY = date(2026, 11, 22)
FRIDAY = date(2026, 11, 20)
ZONE = ZoneInfo(TIMEZONE)
OTHERS = (
    replace(TWO_SHIFTS, classes=(ClassSpec(6, "А", 4, shift=2), ClassSpec(8, "А", 8))),
    replace(VILLAGE, classes=(ClassSpec(7, "", 5),)),
    replace(REPUBLIC, classes=(ClassSpec(7, "А", 6),)),
)
COUNTED = (Pupil, Guardian, ClassEnrollment, Lesson, LessonRecord, Mark, Absence, Homework)


def moment(day: date, hour: int = 12) -> Moment:
    return Moment(datetime(day.year, day.month, day.day, hour, tzinfo=ZONE), day)


@pytest.fixture(scope="module")
def demo(
    django_db_setup, django_db_blocker, cluster, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The folder of a small demo district that lies in its own database."""
    folder = tmp_path_factory.mktemp("demo")
    usual = settings.DATABASES["default"]["NAME"]
    name = f"{usual}_demo"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        create_database(cluster, name)
        _work_in(name)
        call_command("migrate_public", verbosity=0)
        call_command("sync_roles", verbosity=0)
        patch.setenv("OKRUG_TODAY", SUNDAY.isoformat())
        call_command("load_demo", "--small", "--folder", str(folder), stdout=io.StringIO())
        Loader(moment(SUNDAY), folder, lambda _: None).load(OTHERS)
        yield folder
        _work_in(usual)
        drop_database(cluster, name)


def _work_in(name: str) -> None:
    connections.close_all()
    for alias in ("default", "admin"):
        settings.DATABASES[alias]["NAME"] = name
        connections[alias].settings_dict["NAME"] = name
    forget_schools()
    forget_settings()


@contextmanager
def inside(slug: str) -> Iterator[SchoolRef]:
    ref = get_school(slug)
    with school_transaction(Actor.system(ref), ref.id):
        yield ref


def count_all() -> dict[str, list[int]]:
    found = {}
    for ref in list_schools():
        with inside(ref.slug):
            found[ref.slug] = [model._default_manager.count() for model in COUNTED]
    found["accounts"] = [Account.objects.count(), Membership.objects.count()]
    return found


def truth(folder: Path, kind: str) -> dict[str, Any]:
    found: dict[str, Any]
    [found] = [
        one
        for one in json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        if one["kind"] == kind
    ]
    return found


def test_district_bears_its_name(demo):
    assert get_district().name == "Заречный городской округ"
    assert [ref.slug for ref in list_schools()] == [one.slug for one in (*SMALL, *OTHERS)]


def test_lists_lie_beside_the_database_as_files(demo):
    names = sorted(path.name for path in demo.rglob("*") if path.is_file())

    assert {"Ученики и родители.xlsx", "spisok_16.csv", "дети луговая.ods", "truth.json"} <= set(
        names
    )
    assert len(names) == 11


def test_second_load_changes_nothing(demo):
    before = count_all()

    said: list[str] = []
    Loader(moment(SUNDAY), demo, said.append).load((*SMALL, *OTHERS))

    assert count_all() == before
    assert said == []


def test_rules_of_each_school_are_its_own(demo):
    with inside("school-5"):
        assert get_setting(key="homework.anchor", on=SUNDAY).value == "pupils"
        assert get_setting(key="school.week", on=SUNDAY).value == 5
    with inside("school-16"):
        assert get_setting(key="school.week", on=SUNDAY).value == 6
    with inside("lugovaya"):
        assert get_setting(key="mark.correction_policy", on=SUNDAY).value == "forbidden"
    with inside("klyuchi"):
        days = get_setting(key="calendar.regional_days", on=SUNDAY)
        assert days.value == {"2026-10-05": "off", "2027-03-22": "off"}
        assert schedule.list_day_lessons(day=date(2026, 10, 5)) == []


@pytest.mark.requirement("JRN-025")
def test_lyceum_has_quarters_and_half_years(demo):
    with inside("lyceum-1"):
        kinds = {
            level: {term.kind for term in schedule.list_terms(level=level, start_year=2026)}
            for level in (9, 10)
        }

    assert kinds == {9: {TermKind.QUARTER}, 10: {TermKind.HALF_YEAR}}


def test_second_shift_begins_after_noon(demo):
    with inside("school-16"):
        lessons = schedule.list_day_lessons(day=FRIDAY)

    starts = {card.level: card.starts_at.astimezone(ZONE).hour for card in reversed(lessons)}
    assert starts == {6: 13, 8: 8}


@pytest.mark.requirement("NFR-008", part=True)
def test_lessons_begin_by_the_local_clock(demo):
    with inside("school-5"):
        lessons = schedule.list_day_lessons(day=FRIDAY)

    assert lessons[0].starts_at.astimezone(ZONE).strftime("%H:%M") == "08:30"


def test_sign_ins_open_with_the_known_password(demo):
    out = io.StringIO()
    call_command("demo_accounts", "--json", stdout=out)

    rows = json.loads(out.getvalue())
    assert [row["login"] for row in rows] == [
        "lebedeva.anna",
        "kuznetsova.olga",
        "sokolov.boris",
        "zhuravleva.galina",
        "krylova.elena",
        "orlova.vera",
        "orlov.gleb",
        "volkov.dmitry",
        "pokrovskaya.irina",
        "tropinin.maksim",
    ]
    assert set(rows[0]) == {"login", "password", "name", "role", "school", "what_to_see"}
    for row in rows:
        account = PasswordBackend().authenticate(None, login=row["login"], password=PASSWORD)
        assert account is not None


@pytest.mark.parametrize(
    ("login", "roles"),
    [
        ("lebedeva.anna", {("school-5", "teacher"), ("lyceum-1", "teacher")}),
        ("sokolov.boris", {("school-5", "management"), ("school-5", "teacher")}),
        ("zhuravleva.galina", {("school-5", "administrator")}),
        ("krylova.elena", {("school-5", "secretary")}),
        ("orlova.vera", {("school-5", "guardian"), ("lyceum-1", "guardian")}),
        ("orlov.gleb", {("school-5", "pupil")}),
        ("volkov.dmitry", {("school-16", "guardian")}),
    ],
)
def test_roles_of_the_known(demo, login, roles):
    visitor = get_visitor(Account.objects.get(login=login))

    assert {(place.school.slug, place.role.value) for place in visitor.memberships} == roles


def test_committee_has_its_roles(demo):
    for login, role in (
        ("pokrovskaya.irina", Role.DISTRICT_OFFICER),
        ("tropinin.maksim", Role.DISTRICT_ADMIN),
    ):
        assert get_visitor(Account.objects.get(login=login)).district_roles == {role}


def test_everybody_else_has_no_password(demo):
    with_password = Account.objects.exclude(password__startswith="!").count()

    assert with_password == 10
    assert Account.objects.count() > 100


def test_vera_reads_a_child_in_each_school(demo):
    visitor = get_visitor(Account.objects.get(login="orlova.vera"))
    children = {}
    for actor in visitor.family_actors():
        with school_transaction(actor, actor.school.id):
            guardian = actor.persons[Role.GUARDIAN]
            [grant] = AccessGrant.objects.filter(guardian_id=guardian, revoked_at=None)
            card = people.get_pupil_card(pupil_id=grant.pupil_id, on=SUNDAY)
            children[actor.school.slug] = (card.name.first, card.class_title)

    assert children == {"school-5": ("Глеб", "7А"), "lyceum-1": ("Майя", "5А")}


def test_nothing_waits_after_the_load(demo):
    for ref in list_schools():
        with inside(ref.slug):
            assert count_waiting() == 0


def test_last_weeks_are_dense_and_the_sunday_has_a_friday(demo):
    with inside("school-5"):
        records = LessonRecord.objects.filter(date=FRIDAY).count()
        lessons = Lesson.objects.filter(date=FRIDAY, state="planned").count()
        lately = Mark.objects.filter(record__date__gte=SUNDAY - timedelta(weeks=3)).count()
        early = Mark.objects.filter(record__date__lt=date(2026, 9, 22)).count()
        first_graders = Lesson.objects.filter(load__level=1).values("group")
        assert Mark.objects.filter(record__group__in=first_graders).count() == 0
        homework = Homework.objects.filter(due_on__gt=SUNDAY).count()

    assert lessons * 0.8 <= records <= lessons
    assert lately > 2 * early > 0
    assert homework > 0


def test_next_school_day_of_seven_a_begins_with_a_substitute(demo):
    with inside("school-5"):
        groups = {one.title: one.id for one in people.list_groups(start_year=2026)}
        monday = date(2026, 11, 23)
        lessons = schedule.list_group_lessons(group_ids=[groups["7А"]], since=monday, until=monday)

    assert lessons[0].is_substituted


def test_district_sees_numbers(demo):
    with public_transaction():
        schools = Fact.objects.filter(day__gte=FRIDAY - timedelta(days=4)).values("school_id")

        assert schools.distinct().count() == 5


def test_service_has_come_to_every_kind_of_end(demo):
    """No page of the service is empty: refusals, terminations, consents that were withdrawn."""
    with inside("school-5"):
        ends = count_cases_by_state()
        withdrawn = Consent.objects.exclude(withdrawn_at=None).count()

    assert {"not_accepted", "refused", "terminated"} <= set(ends)
    assert ends["terminated"] == 2  # asked for by the family; the consent withdrawn
    assert withdrawn == 1


@pytest.mark.requirement("SRV-023", part=True)
def test_district_sees_who_reads_the_diary(demo):
    with public_transaction():
        served = ServiceFact.objects.filter(measure=M.PUPILS_SERVED).values("school_id")

        assert served.distinct().count() == 5


# --- Anomalies and their truth -------------------------------------------------------------------


def test_rounded_up_pupils_are_those_of_the_truth(demo):
    planted = truth(demo, "rounded-up")

    with inside(planted["school"]):
        for pupil in planted["pupils"]:
            marks = Mark.objects.filter(
                pupil_id=pupil["pupil_id"],
                record__group_id=planted["group_id"],
                record__subject_id=planted["subject_id"],
                record__date__lte=date.fromisoformat(planted["until"]),
            )
            values = list(marks.values_list("value", flat=True))
            added = marks.filter(record_id__in=pupil["lessons"])
            assert round(sum(values) / len(values), 2) == pupil["after"]
            assert pupil["before"] % 1 < 0.5 <= pupil["after"] % 1 or pupil["after"] % 1 == 0
            assert set(added.values_list("value", flat=True)) == {5}
            assert len(added) == len(pupil["lessons"])


def test_journal_of_the_truth_has_topics_and_no_marks(demo):
    planted = truth(demo, "marks-missing")

    with inside(planted["school"]):
        records = LessonRecord.objects.filter(
            group_id=planted["group_id"],
            subject_id=planted["subject_id"],
            date__gte=planted["since"],
            date__lte=planted["until"],
        )
        assert records.count() >= 4
        assert Mark.objects.filter(record__in=records).count() == 0


def test_silent_week_has_lessons_and_no_records(demo):
    planted = truth(demo, "silent-week")

    with inside(planted["school"]):
        span = {"date__gte": planted["since"], "date__lt": planted["until"]}
        assert Lesson.objects.filter(**span).count() > 20
        assert LessonRecord.objects.filter(**span).count() == 0
        assert LessonRecord.objects.filter(date__gte=planted["until"]).count() > 20


def test_backdated_marks_were_put_on_the_day_of_the_truth(demo):
    planted = truth(demo, "backdated")

    with inside(planted["school"]):
        marks = Mark.objects.filter(record_id__in=planted["lessons"]).select_related("record")
        late = {
            mark.record_id
            for mark in Mark.objects.select_related("record")
            if (mark.put_at.date() - mark.record.date).days >= 14
        }
        assert marks.count() > 0
        for mark in marks:
            assert mark.put_at.astimezone(ZONE).date().isoformat() == planted["put_on"]
            assert (mark.put_at.date() - mark.record.date).days >= 14
        assert late == set(planted["lessons"])


def test_teacher_of_the_truth_puts_fives_only(demo):
    planted = truth(demo, "only-fives")

    with inside(planted["school"]):
        lessons = Lesson.objects.filter(employee_id=planted["employee_id"]).values("pk")
        values = Mark.objects.filter(record_id__in=lessons).values_list("value", flat=True)
        assert len(values) > 5
        assert set(values) == {5}


# --- Later days: these go last, they add to the district -----------------------------------------


def test_later_day_adds_only_what_has_come(demo):
    before = count_all()

    Loader(moment(date(2026, 11, 24), 20), demo, lambda _: None).load(SMALL)

    with inside("school-5"):
        later = LessonRecord.objects.filter(date__gt=SUNDAY)
        assert set(later.values_list("date", flat=True)) == {
            date(2026, 11, 23),
            date(2026, 11, 24),
        }
        place = COUNTED.index(LessonRecord)
        assert LessonRecord.objects.count() == before["school-5"][place] + later.count()
    assert truth(demo, "rounded-up")["made_for"] == "2026-11-22"


def test_in_july_the_year_that_ended_is_full(demo):
    Loader(moment(date(2027, 7, 15)), demo, lambda _: None).load(SMALL[1:])

    with inside("lyceum-1"):
        assert schedule.last_study_day(level=9, day=date(2027, 7, 15)) == date(2027, 5, 26)
        assert LessonRecord.objects.filter(date=date(2027, 5, 26)).count() > 0


def test_new_school_year_leaves_the_loaded_one_alone(demo):
    before = count_all()
    said: list[str] = []

    Loader(moment(date(2027, 9, 5)), demo, said.append).load(SMALL)

    assert count_all() == before
    assert [line.partition(": ")[2] for line in said] == [
        "загружен 2026/27 учебный год, он остаётся как есть"
    ] * 2


def test_interrupted_load_goes_on_where_it_stopped(demo, monkeypatch: pytest.MonkeyPatch):
    far = replace(VILLAGE, slug="dalnyaya", classes=(ClassSpec(2, "", 3), ClassSpec(5, "", 4)))
    loader = Loader(moment(SUNDAY), demo, lambda _: None)

    with monkeypatch.context() as patch:
        patch.setattr(arranging, "change_lessons", _fall)
        with pytest.raises(PowerCut):
            loader.load([far])
    with inside("dalnyaya"):
        assert (Pupil.objects.count(), Lesson.objects.count()) == (7, 0)
    loader.load([far])

    with inside("dalnyaya"):
        assert Pupil.objects.count() == 7
        assert Lesson.objects.count() > 1000
        assert LessonRecord.objects.filter(date=FRIDAY).count() > 0


class PowerCut(Exception):
    """The machine went off."""


def _fall(**_: object) -> None:
    raise PowerCut
