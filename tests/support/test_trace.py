"""The trace tells the truth about what is shown, and refuses a marker that shows nothing."""

from pathlib import Path

import pytest

from tests.support.trace import ROOT, Row, main, read_trace, render

HEADER = "import pytest\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return an empty project that knows two requirements."""
    (tmp_path / "docs/requirements").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    (tmp_path / "docs/requirements/requirements.tsv").write_text(
        "id\tkind\tper_school\ttext\nJRN-001\tN\tyes\tOn the day.\nJRN-002\tF\tno\tSubstitution.\n"
    )
    (tmp_path / "docs/requirements/documents.tsv").write_text("id\tfile\n")
    return tmp_path


def write_test(project: Path, source: str, name: str = "test_journal.py") -> None:
    (project / "tests" / name).write_text(HEADER + source)


def test_every_requirement_of_the_catalogue_has_a_line() -> None:
    trace = read_trace(ROOT)

    assert len(trace.rows) == 368
    assert len({row.requirement for row in trace.rows}) == 368
    assert trace.defects == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\ndef test_a(): assert 1\n",
            Row("JRN-001", "shown", ("tests/test_journal.py::test_a",)),
            id="a test shows it",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001', part=True)\ndef test_a(): assert 1\n",
            Row("JRN-001", "part", ("tests/test_journal.py::test_a",)),
            id="a test shows a part of it",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001', part=True)\ndef test_a(): assert 1\n"
            "@pytest.mark.requirement('JRN-001')\ndef test_b(): assert 1\n",
            Row(
                "JRN-001",
                "shown",
                ("tests/test_journal.py::test_a", "tests/test_journal.py::test_b"),
            ),
            id="a whole test outweighs a partial one",
        ),
        pytest.param(
            "pytestmark = [pytest.mark.requirement('JRN-001')]\ndef test_a(): assert 1\n",
            Row("JRN-001", "shown", ("tests/test_journal.py::test_a",)),
            id="a module's marker",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\nclass TestA:\n  def test_b(self): assert 1\n",
            Row("JRN-001", "shown", ("tests/test_journal.py::TestA::test_b",)),
            id="a class's marker",
        ),
        pytest.param(
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.requirement("
            "'JRN-001'))])\ndef test_a(x): assert x\n",
            Row("JRN-001", "shown", ("tests/test_journal.py::test_a",)),
            id="a case's marker",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\n@pytest.mark.skipif(os.name == 'nt')\n"
            "def test_a(): assert 1\n",
            Row("JRN-001", "shown", ("tests/test_journal.py::test_a",)),
            id="a test skipped on some machines",
        ),
        pytest.param("def test_a(): assert 1\n", Row("JRN-001", "open"), id="nothing shows it"),
    ],
)
def test_marker_gives_the_state(project: Path, source: str, expected: Row) -> None:
    write_test(project, source)

    trace = read_trace(project)

    assert trace.rows == (expected, Row("JRN-002", "open"))
    assert trace.defects == ()


def test_document_shows_a_requirement(project: Path) -> None:
    (project / "docs/guide.md").write_text("")
    (project / "docs/requirements/documents.tsv").write_text("id\tfile\nJRN-002\tdocs/guide.md\n")

    trace = read_trace(project)

    assert trace.rows[1] == Row("JRN-002", "document", ("docs/guide.md",))
    assert trace.defects == ()


@pytest.mark.parametrize(
    ("source", "defect"),
    [
        pytest.param(
            "@pytest.mark.requirement('JRN-999')\ndef test_a(): assert 1\n",
            "tests/test_journal.py:2: no such requirement: JRN-999",
            id="unknown id",
        ),
        pytest.param(
            "@pytest.mark.skip(reason='later')\n@pytest.mark.requirement('JRN-001')\n"
            "def test_a(): assert 1\n",
            "tests/test_journal.py:3: JRN-001 on a test that never has to pass",
            id="skipped",
        ),
        pytest.param(
            "@pytest.mark.xfail(strict=True)\n@pytest.mark.requirement('JRN-001')\n"
            "def test_a(): assert 1\n",
            "tests/test_journal.py:3: JRN-001 on a test that never has to pass",
            id="expected to fail",
        ),
        pytest.param(
            "@pytest.mark.skipif(True, reason='later')\n@pytest.mark.requirement('JRN-001')\n"
            "def test_a(): assert 1\n",
            "tests/test_journal.py:3: JRN-001 on a test that never has to pass",
            id="skipped on a condition that always holds",
        ),
        pytest.param(
            "pytestmark = pytest.mark.skip\n@pytest.mark.requirement('JRN-001')\n"
            "def test_a(): assert 1\n",
            "tests/test_journal.py:3: JRN-001 on a test that never has to pass",
            id="in a skipped module",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\ndef test_a():\n  pytest.skip('later')\n",
            "tests/test_journal.py:2: JRN-001 on a test that never has to pass",
            id="skipping itself",
        ),
        pytest.param(
            "@pytest.mark.parametrize('x', [pytest.param(1, marks=[pytest.mark.xfail, "
            "pytest.mark.requirement('JRN-001')])])\ndef test_a(x): assert x\n",
            "tests/test_journal.py:2: JRN-001 on a test that never has to pass",
            id="a case expected to fail",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\ndef test_a():\n  '''Later.'''\n",
            "tests/test_journal.py:2: JRN-001 on a test that does nothing",
            id="empty",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001')\ndef check_a(): assert 1\n",
            "tests/test_journal.py:2: the marker stands on no test",
            id="not a test",
        ),
        pytest.param(
            "ID = 'JRN-001'\n@pytest.mark.requirement(ID)\ndef test_a(): assert 1\n",
            "tests/test_journal.py:3: the marker's ids are not plain strings",
            id="id not written out",
        ),
        pytest.param(
            "@pytest.mark.requirement\ndef test_a(): assert 1\n",
            "tests/test_journal.py:2: the marker names no requirement",
            id="no id",
        ),
        pytest.param(
            "@pytest.mark.requirement('JRN-001', partly=True)\ndef test_a(): assert 1\n",
            "tests/test_journal.py:2: the marker knows no other word than part=True",
            id="unknown word",
        ),
    ],
)
def test_marker_that_shows_nothing_is_a_defect(project: Path, source: str, defect: str) -> None:
    write_test(project, source)

    trace = read_trace(project)

    assert trace.defects == (defect,)
    assert main(["--check", "--root", str(project)]) == 1


def test_marker_outside_a_test_file_is_a_defect(project: Path) -> None:
    write_test(project, "@pytest.mark.requirement('JRN-001')\ndef test_a(): pass\n", "journal.py")

    assert read_trace(project).defects == ("tests/journal.py:2: the marker stands on no test",)


def test_missing_document_is_a_defect(project: Path) -> None:
    (project / "docs/requirements/documents.tsv").write_text(
        "id\tfile\nJRN-001\tdocs/lost.md\nJRN-999\tdocs/requirements/requirements.tsv\n"
    )

    assert read_trace(project).defects == (
        "documents.tsv: no such requirement: JRN-999",
        "documents.tsv: JRN-001 is shown by docs/lost.md, which is not there",
    )


def test_trace_ends_with_the_totals() -> None:
    rows = [Row("JRN-001", "shown", ("t.py::test_a", "t.py::test_b")), Row("JRN-002", "open")]

    assert render(rows).splitlines() == [
        "JRN-001  shown     t.py::test_a, t.py::test_b",
        "JRN-002  open",
        "2 requirements: 1 shown, 0 part, 0 document, 1 open",
    ]


def test_check_of_a_clean_project_is_silent(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--check", "--root", str(project)]) == 0
    assert capsys.readouterr().out == ""
