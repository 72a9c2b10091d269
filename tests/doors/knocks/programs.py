"""Programs."""

from tests.doors.knocks.knock import (
    DISTRICT,
    EVERYBODY,
    FAMILY,
    JOURNAL,
    TEACHING,
    Knock,
    a_save,
    answers,
    child,
    credentials,
    page,
    school,
)

KNOCKS = (
    Knock("api:schema", EVERYBODY, is_open=True),
    Knock(
        "api:token", EVERYBODY, body=credentials, is_json=True, answers=answers(201), is_open=True
    ),
    Knock("api:me", EVERYBODY),
    Knock("api:journals", JOURNAL, school),
    Knock("api:journal", JOURNAL, page),
    Knock("api:save-cells", TEACHING, school, a_save, is_json=True),
    Knock("api:week", FAMILY, child),
    Knock("api:indicators", DISTRICT),
)
