"""No source file of ours breaks a wall, and each wall notices a planted breach."""

from collections.abc import Callable, Iterable, Iterator

import pytest

from tests.architecture import rules
from tests.architecture.rules import Finding, Key
from tests.architecture.tree import page_files, python_files, template_files

Rule = Callable[[str, str], Iterable[Finding]]

KEYS = frozenset(
    {
        Key("journal", "lesson", "schedule"),
        Key("journal", "pupil", "people"),
        Key("journal", "record", "journal"),
    }
)
APPS = frozenset({"people", "schedule", "journal", "accounts"})
QUERIES = "services/journal/queries.py"


def find_traversal(path: str, source: str) -> Iterator[Finding]:
    return rules.find_traversal(path, source, KEYS)


def find_foreign_table(path: str, source: str) -> Iterator[Finding]:
    return rules.find_foreign_table(path, source, APPS)


@pytest.mark.parametrize(
    "rule",
    [
        rules.find_banned_module,
        rules.find_model_lookup_by_name,
        rules.find_import_by_string,
        rules.find_extension,
        rules.find_clock,
        rules.find_hidden_verb,
        rules.find_way_out,
    ],
)
def test_python_keeps_the_walls(rule: Rule) -> None:
    assert report(rule, python_files()) == ""


def test_day_of_a_moment_is_of_a_time_zone() -> None:
    files = python_files("services", "tenants", "api", "platform/portal")

    assert report(rules.find_day_of_utc, files) == ""


def test_names_of_tests_and_tools_say_what_they_hold() -> None:
    assert report(rules.find_banned_module, python_files("tests", "infra")) == ""


def test_rooms_do_not_reach_into_each_other() -> None:
    files = list(python_files("services"))
    keys = rules.read_keys(files)
    rooms = frozenset(path.split("/")[1] for path, _ in files) | {"registry", "accounts"}

    found = report(lambda path, source: rules.find_traversal(path, source, keys), files)
    found += report(lambda path, source: rules.find_foreign_table(path, source, rooms), files)

    assert found == ""


def test_pages_fetch_nothing_from_another_host() -> None:
    assert report(rules.find_external_address, page_files()) == ""


def test_templates_hold_no_inline_code() -> None:
    assert report(rules.find_inline_code, template_files()) == ""


def report(rule: Rule, files: Iterable[tuple[str, str]]) -> str:
    return "\n".join(str(found) for path, source in files for found in rule(path, source))


# --- Planted breaches --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "path", "source", "line", "message"),
    [
        pytest.param(
            rules.find_banned_module,
            "services/people/utils.py",
            "",
            1,
            "the name «utils» says nothing: name what it holds",
            id="a drawer for everything",
        ),
        pytest.param(
            rules.find_way_out,
            QUERIES,
            "import httpx\nhttpx.get(address)",
            1,
            "httpx: only foundation.transport goes out",
            id="a request past the list",
        ),
        pytest.param(
            rules.find_way_out,
            QUERIES,
            "from django.core.mail import send_mail",
            1,
            "django.core.mail.send_mail: only foundation.transport goes out",
            id="a letter past the list",
        ),
        pytest.param(
            rules.find_way_out,
            QUERIES,
            "import urllib.parse\nfrom urllib.request import urlopen",
            2,
            "urllib.request.urlopen: only foundation.transport goes out",
            id="an old way out",
        ),
        pytest.param(
            rules.find_way_out,
            QUERIES,
            "from socket import create_connection",
            1,
            "socket.create_connection: only foundation.transport goes out",
            id="a bare socket",
        ),
        pytest.param(
            rules.find_way_out,
            "tenants/external/providers/signers.py",
            "import subprocess\nimport smtplib",
            2,
            "smtplib: only foundation.transport goes out",
            id="another way out of a file that has one",
        ),
        pytest.param(
            rules.find_banned_module,
            "platform/foundation/common/dates.py",
            "",
            1,
            "the name «common» says nothing: name what it holds",
            id="a folder for everything",
        ),
        pytest.param(
            rules.find_model_lookup_by_name,
            QUERIES,
            "from django.apps import apps\nPupil = apps.get_model('people', 'Pupil')\n",
            2,
            "get_model outside a migration",
            id="a model by its name",
        ),
        pytest.param(
            rules.find_import_by_string,
            QUERIES,
            "from importlib import import_module\nx = import_module('services.people.models')\n",
            2,
            "services.people.models is imported by its name",
            id="an import by a string",
        ),
        pytest.param(
            rules.find_extension,
            "services/people/migrations/0001_initial.py",
            "operations = [\n    RunSQL('create extension if not exists citext'),\n]\n",
            2,
            "CREATE EXTENSION in an app of the schools",
            id="an extension in SQL",
        ),
        pytest.param(
            rules.find_extension,
            "platform/foundation/outbox/migrations/0001_initial.py",
            "operations = [BtreeGistExtension()]\n",
            1,
            "CREATE EXTENSION in an app of the schools",
            id="an extension as an operation, in an app of both schemas",
        ),
        pytest.param(
            rules.find_clock,
            "services/journal/operations.py",
            "from django.utils import timezone\nat = timezone.now()\n",
            2,
            "timezone.now() instead of foundation.clock",
            id="the clock",
        ),
        pytest.param(
            rules.find_day_of_utc,
            "services/people/operations.py",
            "gone_on = card.withdrawn_at.date()\n",
            1,
            "date() of a moment: kernel.days.local_day",
            id="the day of UTC",
        ),
        pytest.param(
            rules.find_hidden_verb,
            "services/journal/models/mark.py",
            "class Mark(Model):\n    def save(self):\n        pass\n",
            2,
            "save() is overridden: write an operation",
            id="an overridden save",
        ),
        pytest.param(
            rules.find_hidden_verb,
            "services/journal/apps.py",
            "from django.db.models.signals import post_save\n",
            1,
            "the signal post_save: call the operation",
            id="a signal",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.filter(\n    pupil__last_name='Ива')\n",
            2,
            "pupil__last_name reaches into people: ask its queries",
            id="a filter",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.order_by('-record__lesson__date', 'pk')\n",
            1,
            "-record__lesson__date reaches into schedule: ask its queries",
            id="an order through a table of the room",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.values_list(F('lesson__group_id'))\n",
            1,
            "lesson__group_id reaches into schedule: ask its queries",
            id="a key of the other room's table",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.select_related('record__lesson')\n",
            1,
            'select_related("record__lesson") reaches into schedule: ask its queries',
            id="select_related",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.prefetch_related(Prefetch('pupil'))\n",
            1,
            'Prefetch("pupil") reaches into people: ask its queries',
            id="prefetch_related",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.select_related()\n",
            1,
            "select_related() without names follows every key",
            id="select_related of everything",
        ),
        pytest.param(
            find_foreign_table,
            QUERIES,
            "cursor.execute(\n    'SELECT 1 FROM journal_mark m JOIN people_pupil p ON true')\n",
            2,
            "SQL names a table of people",
            id="a join in SQL",
        ),
        pytest.param(
            rules.find_external_address,
            "platform/portal/shell/templates/shell/base.html",
            '<link\n href="https://fonts.example.org/a.css">',
            2,
            "an external address",
            id="an address",
        ),
        pytest.param(
            rules.find_external_address,
            "platform/portal/shell/static/shell/a.css",
            "a { background: url(//cdn.example.org/a.png) }",
            1,
            "an external address",
            id="an address without a scheme",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            '{# two\nlines #}<p {% if a %}style="color: red"{% endif %}>',
            2,
            "a style attribute",
            id="a style attribute",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            "<script>alert(1)</script>",
            1,
            "an inline script",
            id="a script",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            "<style>a {}</style>",
            1,
            "an inline style sheet",
            id="a style sheet",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            '<a onclick="go()">',
            1,
            "an inline handler",
            id="a handler",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            "<a hx-on:click='go()'>",
            1,
            "an inline handler",
            id="a handler of htmx",
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            '<a href="javascript:go()">',
            1,
            "a javascript: address",
            id="an address that runs",
        ),
    ],
)
def test_planted_breach_is_found(
    rule: Rule, path: str, source: str, line: int, message: str
) -> None:
    assert list(rule(path, source)) == [Finding(path, line, message)]


@pytest.mark.parametrize(
    ("rule", "path", "source"),
    [
        pytest.param(rules.find_banned_module, "platform/manage.py", "", id="manage.py"),
        pytest.param(
            rules.find_model_lookup_by_name,
            "services/people/migrations/0002_fill.py",
            "apps.get_model('people', 'Pupil')",
            id="a model by its name in a migration",
        ),
        pytest.param(
            rules.find_import_by_string,
            "platform/foundation/outbox/registry.py",
            "import_string(settings.WIRING)",
            id="an import that the settings name",
        ),
        pytest.param(
            rules.find_extension,
            "tenants/provisioning/schema.py",
            "'CREATE EXTENSION btree_gist SCHEMA ext'",
            id="the migrator's extension",
        ),
        pytest.param(
            rules.find_clock,
            "platform/foundation/clock.py",
            "at = timezone.now()",
            id="the clock itself",
        ),
        pytest.param(
            rules.find_day_of_utc,
            "services/people/rules.py",
            "on = at.astimezone(zone).date()\nday = datetime.strptime(text, '%d.%m.%Y').date()",
            id="the day of a zone, and one that was typed",
        ),
        pytest.param(
            find_traversal,
            QUERIES,
            "Mark.objects.filter(pupil_id=1, lesson__in=[1], record__topic='а', pupil__pk=2)",
            id="own columns",
        ),
        pytest.param(
            find_traversal,
            "services/schedule/queries.py",
            "Lesson.objects.filter(lesson__date=None)",
            id="another room's own field",
        ),
        pytest.param(
            find_foreign_table,
            QUERIES,
            "'SELECT 1 FROM journal_mark'",
            id="an own table",
        ),
        pytest.param(
            rules.find_external_address,
            "a.svg",
            '<svg xmlns="http://www.w3.org/2000/svg"><a href="/a"/></svg>',
            id="a namespace",
        ),
        pytest.param(
            rules.find_external_address, "a.js", "const a = 1; // see base.css\n", id="a remark"
        ),
        pytest.param(
            rules.find_inline_code,
            "a.html",
            '{% chart style="bar" %}<script src="{{ a }}"></script>'
            '<script type="application/json">{}</script><a title="style = once">{{ b }}</a>',
            id="own scripts, data, words",
        ),
    ],
)
def test_what_is_allowed_is_not_reported(rule: Rule, path: str, source: str) -> None:
    assert list(rule(path, source)) == []


def test_keys_are_read_from_the_models() -> None:
    source = (
        "class Mark(models.Model):\n"
        "    pupil: Any = models.ForeignKey('people.Pupil', models.CASCADE)\n"
        "    lesson = models.OneToOneField(to='schedule.Lesson', on_delete=models.CASCADE)\n"
        "    record = models.ForeignKey(LessonRecord, models.CASCADE)\n"
        "    value = models.IntegerField()\n"
    )

    assert rules.read_keys([("services/journal/models/mark.py", source)]) == KEYS
    assert rules.read_keys([(QUERIES, source)]) == frozenset()
