"""Read requirement markers from the source of tests: nothing is imported, nothing is run."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

TestNode = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Marking:
    """One requirement id on one test. `part`: the test shows only a part of the row."""

    requirement: str
    part: bool
    test: str
    place: str


@dataclass(frozen=True)
class Scan:
    """What one test file says, and what is wrong with how it says it."""

    markings: tuple[Marking, ...]
    defects: tuple[str, ...]


@dataclass(frozen=True)
class _Claim:
    """A requirement marker as one test carries it."""

    mark: ast.expr
    test: str
    never_passes: bool
    empty: bool


@dataclass(frozen=True)
class _Scope:
    """A module, class or test with the markers it has and inherits."""

    name: str
    marks: tuple[ast.expr, ...]
    skips_itself: bool

    def nested(self, name: str, marks: Iterable[ast.expr], skips_itself: bool) -> "_Scope":
        """Return the scope of a class or a test inside this one."""
        return _Scope(
            f"{self.name}::{name}", (*self.marks, *marks), self.skips_itself or skips_itself
        )


def scan(path: str, source: str) -> Scan:
    """Return the requirement markers of the file `path` and the defects among them."""
    tree = ast.parse(source, filename=path)
    claims = list(_claims(path, tree)) if _is_test_file(path) else []
    carried = {_callee(claim.mark) for claim in claims}
    defects = [
        f"{path}:{node.lineno}: the marker stands on no test"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and _is_requirement(node) and node not in carried
    ]
    markings: list[Marking] = []
    for claim in claims:
        place = f"{path}:{claim.mark.lineno}"
        problem = _problem(claim)
        if problem:
            defects.append(f"{place}: {problem}")
        else:
            part = _says_part(claim.mark)
            markings += [Marking(one, part, claim.test, place) for one in _ids(claim.mark)]
    return Scan(tuple(markings), tuple(dict.fromkeys(defects)))


def _claims(path: str, tree: ast.Module) -> Iterator[_Claim]:
    module = _Scope(path, tuple(_pytestmark(tree.body)), _skips_itself(tree.body))
    for node, scope in _tests(tree.body, module):
        never_passes = scope.skips_itself or any(map(_prevents_passing, scope.marks))
        empty = _is_empty(node.body)
        for mark in scope.marks:
            if _is_requirement(_callee(mark)):
                yield _Claim(mark, scope.name, never_passes, empty)
            for marks in _marks_of_cases(mark):
                prevented = never_passes or any(map(_prevents_passing, marks))
                for one in marks:
                    if _is_requirement(_callee(one)):
                        yield _Claim(one, scope.name, prevented, empty)


def _tests(body: list[ast.stmt], scope: _Scope) -> Iterator[tuple[TestNode, _Scope]]:
    """Yield the tests pytest would collect from these statements, each with its scope."""
    for node in body:
        if isinstance(node, TestNode) and node.name.startswith("test"):
            yield node, scope.nested(node.name, node.decorator_list, _skips_itself(node.body))
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            marks = [*node.decorator_list, *_pytestmark(node.body)]
            yield from _tests(node.body, scope.nested(node.name, marks, skips_itself=False))
        elif isinstance(node, ast.If | ast.Try | ast.With):
            inner = [child for child in ast.iter_child_nodes(node) if isinstance(child, ast.stmt)]
            yield from _tests(inner, scope)


def _marks_of_cases(decorator: ast.expr) -> Iterator[list[ast.expr]]:
    """Yield the markers of each `pytest.param(…, marks=…)` inside a decorator."""
    for call in ast.walk(decorator):
        if isinstance(call, ast.Call) and _dotted(call.func).endswith("param"):
            for word in call.keywords:
                if word.arg == "marks":
                    yield _members(word.value)


def _problem(claim: _Claim) -> str | None:
    """Return what is wrong with the claim, or None."""
    mark = claim.mark
    if not isinstance(mark, ast.Call) or not mark.args:
        return "the marker names no requirement"
    if not all(isinstance(a, ast.Constant) and isinstance(a.value, str) for a in mark.args):
        return "the marker's ids are not plain strings"
    if any(w.arg != "part" or not isinstance(w.value, ast.Constant) for w in mark.keywords):
        return "the marker knows no other word than part=True"
    if claim.never_passes:
        return f"{', '.join(_ids(mark))} on a test that never has to pass"
    if claim.empty:
        return f"{', '.join(_ids(mark))} on a test that does nothing"
    return None


def _ids(mark: ast.expr) -> list[str]:
    arguments = mark.args if isinstance(mark, ast.Call) else []
    return [str(one.value) for one in arguments if isinstance(one, ast.Constant)]


def _says_part(mark: ast.expr) -> bool:
    words = mark.keywords if isinstance(mark, ast.Call) else []
    return any(isinstance(word.value, ast.Constant) and word.value.value for word in words)


def _prevents_passing(mark: ast.expr) -> bool:
    """Return whether the marker skips its test, or lets it fail, under every condition."""
    name = _dotted(_callee(mark))
    if name.endswith(("mark.skip", "unittest.skip")):
        return True
    if not name.endswith(("mark.xfail", "mark.skipif")):
        return False
    conditions: list[ast.expr] = []
    if isinstance(mark, ast.Call):
        conditions += mark.args
        conditions += [word.value for word in mark.keywords if word.arg == "condition"]
    if not conditions:
        return True
    return any(isinstance(one, ast.Constant) and bool(one.value) for one in conditions)


def _skips_itself(body: list[ast.stmt]) -> bool:
    """Return whether `pytest.skip()` or `pytest.xfail()` stands among the statements, unasked."""
    calls = [node.value for node in body if isinstance(node, ast.Expr)]
    return any(
        isinstance(call, ast.Call) and _dotted(call.func) in {"pytest.skip", "pytest.xfail"}
        for call in calls
    )


def _is_empty(body: list[ast.stmt]) -> bool:
    return all(
        isinstance(node, ast.Pass)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for node in body
    )


def _pytestmark(body: list[ast.stmt]) -> list[ast.expr]:
    """Return the markers assigned to `pytestmark` among the statements."""
    assigned = [
        node.value
        for node in body
        if isinstance(node, ast.Assign) and [_dotted(one) for one in node.targets] == ["pytestmark"]
    ]
    return [mark for value in assigned for mark in _members(value)]


def _members(value: ast.expr) -> list[ast.expr]:
    return list(value.elts) if isinstance(value, ast.List | ast.Tuple) else [value]


def _callee(mark: ast.expr) -> ast.expr:
    return mark.func if isinstance(mark, ast.Call) else mark


def _is_requirement(node: ast.expr) -> bool:
    return _dotted(node).endswith("mark.requirement")


def _is_test_file(path: str) -> bool:
    name = path.rpartition("/")[2]
    return name.startswith("test_") or name.endswith("_test.py")


def _dotted(node: ast.expr) -> str:
    """Return `a.b.c` as it is written, or what can be read of it."""
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
