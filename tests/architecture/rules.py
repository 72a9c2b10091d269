"""The walls of docs/architecture.md §6 that only source text shows, as pure functions.

Each rule takes a path from the root and the source and yields findings, so that a planted sample
is as easy to check as the tree. Walls between imports stand in `.importlinter`.
"""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import pairwise

OWN_PACKAGES = ("kernel", "foundation", "portal", "config", "tenants", "services", "api")
BANNED_MODULES = {"utils", "helpers", "common", "misc", "manager"}
SCHOOL_APPS = (
    "services/",
    *(f"platform/foundation/{one}/" for one in ("outbox", "audit", "registers", "files", "notify")),
)
SAFE_MOMENTS = {"astimezone", "strptime"}
CLOCKS = {
    ("timezone", "now"),
    ("timezone", "localdate"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
}
# Modules that open connections. Celery and psycopg speak to our own servers, which the residency
# manifest lists; everything else goes through `foundation.transport`.
WAYS_OUT = (
    *("httpx", "requests", "urllib3", "aiohttp", "websockets", "redis", "authlib.integrations"),
    *("socket", "socketserver", "ssl", "asyncio", "smtplib", "ftplib", "imaplib", "poplib"),
    *("telnetlib", "nntplib", "xmlrpc", "http.client", "urllib.request", "django.core.mail"),
    *("sentry_sdk", "subprocess"),
)
HAS_A_WAY_OUT = {
    "platform/config/tracker.py": "sentry_sdk",  # over a wire of foundation.transport
    "tenants/provisioning/schema.py": "subprocess",  # pg_dump
    "tenants/external/providers/signers.py": "subprocess",  # the operator's means of signing
}
MODEL_SIGNALS = {"pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"}
RELATIONS = {"ForeignKey", "OneToOneField", "ManyToManyField"}
FETCHES = {"select_related", "prefetch_related", "Prefetch"}
# What may stand behind a key without leaving the table that holds it.
OWN_COLUMN = {"pk", "id", "exact", "in", "isnull", "gt", "gte", "lt", "lte", "range"}
LOOKUP = re.compile(r"^[-+]?[a-z][a-z0-9_]*?(__[a-z0-9_]+)+$")
TABLE = re.compile(r"\b(?:from|join|into|update|table|references)\s+\"?([a-z]+)_[a-z]", re.I)


@dataclass(frozen=True, order=True)
class Finding:
    """A place where a wall is broken."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Key:
    """A relation field of a room's model, and the app it points into."""

    room: str
    field: str
    target: str


# --- Names and calls ---------------------------------------------------------------------------


def find_banned_module(path: str, source: str) -> Iterator[Finding]:
    """Find a file or folder whose name says nothing."""
    parts = path.removesuffix(".py").split("/")
    for part in BANNED_MODULES.intersection(parts):
        yield Finding(path, 1, f"the name «{part}» says nothing: name what it holds")


def find_model_lookup_by_name(path: str, source: str) -> Iterator[Finding]:
    """Find `get_model` outside migrations: it leaves no import that a contract could see."""
    if "/migrations/" in path:
        return
    for call in _calls(source):
        if _last_name(call.func) == "get_model":
            yield Finding(path, call.lineno, "get_model outside a migration")


def find_import_by_string(path: str, source: str) -> Iterator[Finding]:
    """Find an import of our own module spelt as a string."""
    for call in _calls(source):
        if _last_name(call.func) not in {"import_module", "import_string", "__import__"}:
            continue
        for text in _strings(call.args):
            if text.split(".")[0] in OWN_PACKAGES:
                yield Finding(path, call.lineno, f"{text} is imported by its name")


def find_extension(path: str, source: str) -> Iterator[Finding]:
    """Find an extension made by an app of the schools: extensions live in `ext`, made once."""
    if not path.startswith(SCHOOL_APPS):
        return
    for node in ast.walk(ast.parse(source)):
        spelt = isinstance(node, ast.Constant) and "create extension" in str(node.value).lower()
        operation = isinstance(node, ast.Call) and _last_name(node.func).endswith("Extension")
        if spelt or operation:
            assert isinstance(node, ast.expr)
            yield Finding(path, node.lineno, "CREATE EXTENSION in an app of the schools")


def find_clock(path: str, source: str) -> Iterator[Finding]:
    """Find a look at the clock outside `foundation.clock`, which a test or the demo can set."""
    if path == "platform/foundation/clock.py":
        return
    for call in _calls(source):
        if isinstance(call.func, ast.Attribute):
            asked = (_last_name(call.func.value), call.func.attr)
            if asked in CLOCKS:
                yield Finding(path, call.lineno, f"{'.'.join(asked)}() instead of foundation.clock")


def find_day_of_utc(path: str, source: str) -> Iterator[Finding]:
    """Find the day of a moment taken without a time zone: until three at night it is yesterday.

    A cell of a spreadsheet bears no zone.
    """
    if path == "services/people/imports/days.py":
        return
    for call in _calls(source):
        if _last_name(call.func) == "date" and not call.args and not call.keywords:
            assert isinstance(call.func, ast.Attribute)
            made_by = call.func.value
            if not (isinstance(made_by, ast.Call) and _last_name(made_by.func) in SAFE_MOMENTS):
                yield Finding(path, call.lineno, "date() of a moment: kernel.days.local_day")


def find_hidden_verb(path: str, source: str) -> Iterator[Finding]:
    """Find work done behind a save: a signal of models, an overridden `save` or `delete`."""
    models = re.match(r"(services|tenants|platform/foundation)/.*\bmodels\b", path)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and models and node.name in {"save", "delete"}:
            yield Finding(path, node.lineno, f"{node.name}() is overridden: write an operation")
        if isinstance(node, ast.ImportFrom):
            for name in MODEL_SIGNALS.intersection(alias.name for alias in node.names):
                yield Finding(path, node.lineno, f"the signal {name}: call the operation")


def find_way_out(path: str, source: str) -> Iterator[Finding]:
    """Find a way to the outside beside `foundation.transport`, which asks the list of hosts."""
    if path.startswith("platform/foundation/transport/"):
        return
    allowed = HAS_A_WAY_OUT.get(path)
    for node in ast.walk(ast.parse(source)):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        for name in names:
            way = next((one for one in WAYS_OUT if f"{name}.".startswith(f"{one}.")), allowed)
            if way != allowed:
                assert isinstance(node, ast.stmt)
                yield Finding(path, node.lineno, f"{name}: only foundation.transport goes out")


# --- Across rooms ------------------------------------------------------------------------------


def read_keys(files: Iterable[tuple[str, str]]) -> frozenset[Key]:
    """Return the relation fields of the models in `services/`, read from their source."""
    return frozenset(
        Key(path.split("/")[1], field, _target(call, path.split("/")[1]))
        for path, source in files
        if re.match(r"services/\w+/models(/|\.py$)", path)
        for field, call in _assigned_calls(source)
        if _last_name(call.func) in RELATIONS
    )


def find_traversal(path: str, source: str, keys: frozenset[Key]) -> Iterator[Finding]:
    """Find a lookup or a fetch that follows a key into another room.

    The model a query starts from is not known here, so a field counts as foreign when any model
    of the room has it pointing outside. `mark.pupil.last_name` looks like any attribute of a
    dataclass: `tests.support.walls` refuses it while tests run.
    """
    foreign = _foreign_fields(path, keys)
    if not foreign or "/migrations/" in path:
        return
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _find_fetch(path, node, foreign)
            for word in node.keywords:
                yield from _find_lookup(path, word.value.lineno, word.arg or "", foreign)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield from _find_lookup(path, node.lineno, node.value, foreign)


def find_foreign_table(path: str, source: str, apps: frozenset[str]) -> Iterator[Finding]:
    """Find SQL of a room that names a table of another app."""
    if not path.startswith("services/") or "/migrations/" in path:
        return
    own = path.split("/")[1]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            for app in TABLE.findall(node.value):
                if app.lower() in apps - {own}:
                    yield Finding(path, node.lineno, f"SQL names a table of {app.lower()}")


def _find_fetch(path: str, call: ast.Call, foreign: Mapping[str, str]) -> Iterator[Finding]:
    name = _last_name(call.func)
    if name not in FETCHES:
        return
    if name == "select_related" and not call.args:
        yield Finding(path, call.lineno, "select_related() without names follows every key")
    for text in _strings(call.args):
        for part in text.split("__"):
            if part in foreign:
                yield _crossing(path, call.lineno, f'{name}("{text}")', foreign[part])


def _find_lookup(path: str, line: int, text: str, foreign: Mapping[str, str]) -> Iterator[Finding]:
    if not LOOKUP.match(text):
        return
    parts = text.lstrip("-+").split("__")
    for key, following in pairwise(parts):
        if key in foreign and following not in OWN_COLUMN:
            yield _crossing(path, line, text, foreign[key])


def _crossing(path: str, line: int, text: str, room: str) -> Finding:
    return Finding(path, line, f"{text} reaches into {room}: ask its queries")


def _foreign_fields(path: str, keys: frozenset[Key]) -> dict[str, str]:
    room = path.split("/")[1] if path.startswith("services/") else ""
    return {key.field: key.target for key in keys if key.room == room != key.target}


def _target(call: ast.Call, room: str) -> str:
    """Return the app a relation points into; a bare name or class is of the same room."""
    words = [word.value for word in call.keywords if word.arg == "to"]
    to = (call.args[:1] or words)[0]
    if isinstance(to, ast.Constant) and "." in str(to.value):
        return str(to.value).split(".")[0]
    return room


def _assigned_calls(source: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield (name, call) of every `name = Call(…)`, annotated or not."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                yield _last_name(target), node.value


# --- Pages -------------------------------------------------------------------------------------

NAMESPACE = re.compile(r"https?://www\.w3\.org/[\w/#.-]*")
ADDRESS = re.compile(r"""https?:/{2}[\w\[{%]|["'(=]\s*/{2}[\w-]+\.[\w-]""", re.I)
TEMPLATE_COMMENT = re.compile(r"{% comment[^%]*%}.*?{% endcomment %}|{#.*?#}", re.S)
TEMPLATE_TAG = re.compile(r"{%.*?%}", re.S)
TEMPLATE_VALUE = re.compile(r"{{.*?}}", re.S)


def find_external_address(path: str, source: str) -> Iterator[Finding]:
    """Find an address of another host in a page or an asset; namespaces of w3.org are names."""
    without_names = NAMESPACE.sub(_blank, source)
    for found in ADDRESS.finditer(without_names):
        line = without_names.count("\n", 0, found.start()) + 1
        yield Finding(path, line, "an external address")


def find_inline_code(path: str, source: str) -> Iterator[Finding]:
    """Find what the content security policy would refuse: inline styles, scripts, handlers."""
    markup = TEMPLATE_TAG.sub(_blank, TEMPLATE_COMMENT.sub(_blank, source))
    reader = _InlineCode()
    reader.feed(TEMPLATE_VALUE.sub(lambda found: "_" + _blank(found), markup))
    yield from (Finding(path, line, what) for line, what in reader.found)


class _InlineCode(HTMLParser):
    """Notes the line of every inline style, script and handler."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style":
            self._note("an inline style sheet")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self._note("an inline script")
        for name, value in attrs:
            if name == "style":
                self._note("a style attribute")
            if name.startswith("on") or name.removeprefix("data-").startswith("hx-on"):
                self._note("an inline handler")
            if value and value.strip().lower().startswith("javascript:"):
                self._note("a javascript: address")

    def _note(self, what: str) -> None:
        self.found.append((self.getpos()[0], what))


def _blank(found: re.Match[str]) -> str:
    """Return white space of the same lines, so that the numbers of later lines stay true."""
    return " " + "\n" * found[0].count("\n")


# --- Reading Python ----------------------------------------------------------------------------


def _calls(source: str) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _strings(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
