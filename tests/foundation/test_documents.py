"""Documents: tagged, Russian, the same twice; what people typed stays text."""

import io
import re
from datetime import date
from typing import Any

import pypdf
import pytest

from foundation.documents import rendering
from foundation.documents.codes import qr_svg
from foundation.documents.rendering import UnableToRender, list_templates, render_pdf

HEAD = {
    "above": "Комитет по образованию",
    "name": "МБОУ «Школа № 5»",
    "address": "141100, г. Заречный, ул. Школьная, 1",
    "contacts": "school5@zarechny.example",
}
LETTER = {
    "head": HEAD,
    "title": "Уведомление о предоставлении доступа",
    "number": "2026/000123",
    "on": date(2026, 11, 22),
    "to": ["Вериной Вере Петровне", "ул. Лесная, 5"],
    "paragraphs": ["Доступ к дневнику открыт."],
    "signatures": [["Директор", "Борин Б. Б."], ["Получил", None]],
}


def text_of(pdf: bytes) -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def render(**changed: object) -> bytes:
    return render_pdf(template="documents/letter.typ", data=LETTER | changed)


def test_letter_says_who_what_when_and_to_whom() -> None:
    text = text_of(render())

    for words in (
        "Комитет по образованию",
        "МБОУ «Школа № 5»",
        "22 ноября 2026 г. № 2026/000123",
        "Вериной Вере Петровне",
        "Уведомление о предоставлении доступа",
        "Доступ к дневнику открыт.",
        "Борин Б. Б.",
        "подпись",
    ):
        assert words in text


def lines_of(pdf: bytes) -> list[str]:
    [page] = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return page.extract_text().splitlines()


@pytest.mark.parametrize("filler", range(60, 90, 2))
def test_number_stays_on_the_line_of_its_sign(filler: int) -> None:
    """Whatever stands before it on the line, «№» is never the last."""
    lines = lines_of(render(paragraphs=[f"{'м' * (filler - 20)} {'н' * 18} № 2026/000012."]))

    assert not [line for line in lines if line.rstrip().endswith("№")]


def test_names_are_not_parted_by_hyphens() -> None:
    name = "Заявитель: Константинопольская-Преображенская Апполинария Владиславовна"
    lines = lines_of(render(to=[name], signatures=[["Заявитель", name]]))

    parted = [line for line in lines if re.search(r"[а-я][-\u2010\u00ad]$", line.rstrip())]
    assert [line for line in parted if not line.rstrip().endswith("Константинопольская-")] == []


def test_document_is_tagged_titled_and_russian() -> None:
    reader = pypdf.PdfReader(io.BytesIO(render()))
    root: Any = reader.trailer["/Root"]

    assert bool(root["/MarkInfo"]["/Marked"])
    assert root["/Lang"] == "ru"
    assert bool(root["/ViewerPreferences"]["/DisplayDocTitle"])
    assert reader.metadata is not None
    assert reader.metadata.title == "Уведомление о предоставлении доступа"


def test_fonts_travel_inside() -> None:
    page: Any = pypdf.PdfReader(io.BytesIO(render())).pages[0]
    fonts = page["/Resources"]["/Font"]

    for font in fonts.values():
        inner = font.get_object()["/DescendantFonts"][0].get_object()
        descriptor = inner["/FontDescriptor"].get_object()
        assert any(key.startswith("/FontFile") for key in descriptor)


def test_same_data_give_the_same_bytes() -> None:
    assert render() == render()


def test_long_document_numbers_its_pages() -> None:
    text = text_of(render(paragraphs=["Слово " * 200] * 12))

    assert "стр. 1 из 4" in text
    assert "стр. 4 из 4" in text
    assert "стр. 1 из 1" not in text_of(render())


INJECTIONS = [
    '#image("/etc/passwd")',
    '#read("/etc/passwd")',
    '#eval("1+1")',
    "#pagebreak()",
    "*жирный* и _курсив_ и `код`",
    "$x^2$ @ссылка <метка> = Заголовок",
    "// не комментарий",
    '"кавычка" \\ #import "/documents/base.typ"',
    "]; #panic()",
    "\u202eзадом\x07 наперёд\u2066",
]


@pytest.mark.parametrize("typed", INJECTIONS)
def test_what_people_typed_is_printed_as_it_is(typed: str) -> None:
    pdf = render(
        title=typed,
        to=typed,
        paragraphs=[typed],
        head=HEAD | {"name": typed},
        number=typed,
        signatures=[["Директор", typed]],
    )

    plain = re.sub(r"\s+", "", text_of(pdf))
    expected = re.sub(r"[\s\u202e\u2066\x07]+", "", typed)
    assert "root:" not in plain
    assert plain.count(expected) >= 4
    assert len(pypdf.PdfReader(io.BytesIO(pdf)).pages) == 1


@pytest.mark.parametrize(
    "name", ["documents/none.typ", "../../rendering.py", "/etc/passwd", "", "documents"]
)
def test_only_templates_of_ours_are_rendered(name: str) -> None:
    with pytest.raises(UnableToRender):
        render_pdf(template=name, data={})


def test_failure_names_the_place_and_nobody() -> None:
    with pytest.raises(UnableToRender) as failed:
        render_pdf(template="documents/letter.typ", data=LETTER | {"on": "Верина Вера"})

    assert "documents/base.typ" in str(failed.value)
    assert "Верина" not in str(failed.value)
    assert failed.value.__cause__ is None


def test_templates_read_nothing_but_their_data() -> None:
    """No template evaluates, reads files, fetches packages or asks the clock."""
    banned = re.compile(r"#?\b(eval|read|plugin|csv|yaml|toml|xml|datetime)\s*[(.]|@preview|@local")
    for name, file in list_templates():
        source = re.sub(r"//[^\n]*", "", file.read_text(encoding="utf-8"))

        assert banned.search(source) is None, name
        assert set(re.findall(r"sys\.inputs\.(\w+)", source)) <= {"data"}, name
        assert not re.search(r"""image\(\s*["']""", source), name


def test_every_template_is_gathered_once() -> None:
    root = rendering._gathered()

    for name, file in list_templates():
        assert (root / name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8")


def test_code_is_a_picture_without_style_or_address() -> None:
    svg = qr_svg("okrug:abc")

    assert svg.startswith("<svg ")
    assert "style=" not in svg
    assert "okrug:abc" not in svg
