"""Our models and routes keep the walls between rooms and schemas; planted facts are noticed."""

from collections.abc import Mapping

from django.conf import settings

from config.permissions import MATRIX
from kernel.personal_data import CATEGORIES
from services.regulation.defaults import DEFAULTS
from tests.architecture import facts
from tests.architecture.model_rules import (
    KeyFact,
    ModelFact,
    find_key_across_schemas,
    find_misplaced_app,
    find_row_without_route,
    find_unlisted_route,
    find_unmarked_personal_data,
    find_upward_key,
    find_way_back,
    find_wrong_personal_data,
)

ORDER = ["outbox", "registry", "accounts", "people", "schedule", "journal", "monitoring"]
SHARED = {"outbox", "registry", "accounts", "monitoring"}
SCHOOL = {"outbox", "people", "schedule", "journal"}


def test_every_app_with_models_lives_in_one_schema() -> None:
    names = [app.name for app in facts.own_apps()]

    assert list(find_misplaced_app(names, settings.SHARED_APPS, settings.TENANT_APPS)) == []


def test_keys_point_down() -> None:
    assert list(find_upward_key(facts.keys(), facts.order())) == []


def test_no_key_crosses_schemas() -> None:
    shared, school = facts.shared_labels(), facts.school_labels()

    assert list(find_key_across_schemas(facts.keys(), shared, school)) == []


def test_no_key_gives_a_lower_room_a_way_up() -> None:
    assert list(find_way_back(facts.keys())) == []


def test_personal_data_have_a_category() -> None:
    models = facts.model_facts()

    assert list(find_unmarked_personal_data(models)) == []
    assert list(find_wrong_personal_data(models, CATEGORIES)) == []


def test_every_category_has_a_term() -> None:
    settings_named = {one.years_setting for one in CATEGORIES.values() if one.years_setting}

    assert settings_named <= DEFAULTS.keys()
    assert [code for code, category in CATEGORIES.items() if not category.clause] == []


def test_every_route_has_a_row_in_the_permission_matrix() -> None:
    routes = facts.routes()

    assert list(find_unlisted_route(routes, MATRIX)) == []
    assert list(find_row_without_route(routes, MATRIX)) == []


# --- Planted facts -----------------------------------------------------------------------------


def test_app_in_no_list_or_in_both_is_found() -> None:
    names = ["services.people", "services.lost", "services.torn", "foundation.outbox"]
    shared, school = ["services.torn", "foundation.outbox"], ["services.people", "services.torn"]

    assert list(find_misplaced_app(names, shared, school)) == [
        "services.lost must be in exactly one of SHARED_APPS and TENANT_APPS",
        "services.torn must be in exactly one of SHARED_APPS and TENANT_APPS",
        "foundation.outbox must be in SHARED_APPS and in TENANT_APPS",
    ]


def test_upward_key_is_found() -> None:
    keys = [
        KeyFact("people.Pupil", "last_mark", "journal.Mark"),
        KeyFact("journal.Mark", "pupil", "people.Pupil"),
        KeyFact("people.Pupil", "twin", "people.Pupil"),
    ]

    assert list(find_upward_key(keys, ORDER)) == ["people.Pupil.last_mark → journal.Mark points up"]


def test_key_across_schemas_is_found() -> None:
    keys = [
        KeyFact("people.Pupil", "account", "accounts.Account"),
        KeyFact("monitoring.Fact", "lesson", "schedule.Lesson"),
        KeyFact("people.Pupil", "event", "outbox.OutboxEvent"),
        KeyFact("accounts.Membership", "school", "registry.School"),
        KeyFact("outbox.Delivery", "event", "outbox.OutboxEvent"),
    ]

    assert list(find_key_across_schemas(keys, SHARED, SCHOOL)) == [
        "people.Pupil.account → accounts.Account crosses schemas",
        "monitoring.Fact.lesson → schedule.Lesson crosses schemas",
        "people.Pupil.event → outbox.OutboxEvent crosses schemas",
    ]


def test_way_back_is_found() -> None:
    keys = [
        KeyFact("journal.Mark", "pupil", "people.Pupil", related_name=None),
        KeyFact("journal.Mark", "lesson", "schedule.Lesson", related_name="+"),
        KeyFact("people.Enrollment", "pupil", "people.Pupil", related_name="enrollments"),
    ]

    assert list(find_way_back(keys)) == ['journal.Mark.pupil → people.Pupil needs related_name="+"']


def model(personal_data: Mapping[str, str]) -> ModelFact:
    words = frozenset({"last_name", "birth_date", "phone", "letter"})
    return ModelFact("people.Pupil", words, words | {"id"}, personal_data)


def test_unmarked_personal_data_are_found() -> None:
    assert list(find_unmarked_personal_data([model({"last_name": "name"})])) == [
        "people.Pupil.birth_date has no category in personal_data",
        "people.Pupil.phone has no category in personal_data",
    ]


def test_wrongly_marked_personal_data_are_found() -> None:
    marked = model({"last_name": "nickname", "surname": "name"})

    assert list(find_wrong_personal_data([marked], CATEGORIES)) == [
        "people.Pupil.last_name has the unknown category nickname",
        "people.Pupil.personal_data names surname, which is no field",
    ]


def test_route_without_a_row_is_found() -> None:
    matrix = {"home:home", "teacher:lost"}
    routes = ["home:home", "teacher:journal", "teacher:"]

    assert list(find_unlisted_route(routes, matrix)) == [
        "teacher:journal has no row in config.permissions.MATRIX",
        "an address has no name (teacher:)",
    ]
    assert list(find_row_without_route(routes, matrix)) == [
        "config.permissions.MATRIX names teacher:lost, which is no route"
    ]
