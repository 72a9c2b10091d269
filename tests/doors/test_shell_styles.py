"""The styles keep their promises: contrast, a budget, no unknown name, nothing from outside."""

import re
from functools import cache
from pathlib import Path

import pytest

PORTAL = Path(__file__).resolve().parents[2] / "platform" / "portal"
CSS = PORTAL / "shell" / "static" / "shell" / "css"
BUDGET = 36 * 1024
PROPERTY = re.compile(r"(--[\w-]+):\s*([^;]+);")

TEXT = [
    ("ink", "paper"),
    ("ink", "surface"),
    ("ink", "raised"),
    ("muted", "paper"),
    ("muted", "surface"),
    ("muted", "raised"),
    ("accent", "paper"),
    ("accent", "surface"),
    ("accent", "accent-soft"),
    ("accent-strong", "paper"),
    ("accent-ink", "accent"),
    ("accent-ink", "accent-strong"),
    ("ink", "accent-soft"),
    ("deep-ink", "deep"),
    *((state, ground) for state in ("good", "warn", "bad") for ground in ("paper", "surface")),
    *((state, f"{state}-soft") for state in ("good", "warn", "bad")),
    *(("ink", f"{state}-soft") for state in ("good", "warn", "bad")),
]
LINES = [("line", "paper"), ("focus", "paper"), ("focus", "surface")]
THEMES = ["light", "dark", "contrast", "contrast-dark"]


@cache
def read_theme(theme: str) -> dict[str, str]:
    """Return the tokens as a browser would compute them for a theme chosen by hand."""
    source = (CSS / "tokens.css").read_text()
    tokens = dict(PROPERTY.findall(_block(source, ":root {")))
    if theme == "dark":
        tokens |= PROPERTY.findall(_block(source, ':root[data-theme="dark"] {'))
    if theme.startswith("contrast"):
        tokens |= PROPERTY.findall(_block(source, ':root[data-theme^="contrast"] {'))
        tokens |= PROPERTY.findall(_block(source, f':root[data-theme="{theme}"] {{'))
    return tokens


def _block(source: str, opening: str) -> str:
    start = source.index(opening) + len(opening)
    return source[start : source.index("}", start)]


def _colour(tokens: dict[str, str], name: str) -> tuple[float, ...]:
    value = tokens[f"--{name}"]
    while pointer := re.fullmatch(r"var\((--[\w-]+)\)", value):
        value = tokens[pointer[1]]
    return tuple(int(value[i : i + 2], 16) / 255 for i in (1, 3, 5))


def _luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, one: str, other: str) -> float:
    tokens = read_theme(theme)
    bright, dim = sorted(
        (_luminance(_colour(tokens, one)), _luminance(_colour(tokens, other))), reverse=True
    )
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("text", "ground"), TEXT)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    assert contrast(theme, text, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), LINES)
def test_line_with_meaning_can_be_seen(theme: str, line: str, ground: str) -> None:
    assert contrast(theme, line, ground) >= 3


def test_high_contrast_knows_two_colours_and_thick_borders() -> None:
    for theme in ("contrast", "contrast-dark"):
        assert contrast(theme, "ink", "paper") == pytest.approx(21)
        assert contrast(theme, "bad", "bad-soft") == pytest.approx(21)
        assert read_theme(theme)["--border"] == "2px"


def test_dark_by_choice_and_by_device_are_the_same() -> None:
    source = (CSS / "tokens.css").read_text()

    chosen = PROPERTY.findall(_block(source, ':root[data-theme="dark"] {'))
    wished = PROPERTY.findall(_block(source, ':root[data-theme="auto"] {'))

    assert chosen == wished


def test_styles_of_the_shell_stay_within_their_budget() -> None:
    assert sum(len(file.read_bytes()) for file in CSS.glob("*.css")) <= BUDGET


@pytest.mark.parametrize("file", sorted(PORTAL.rglob("*.css")), ids=lambda file: file.name)
def test_every_custom_property_used_is_defined(file: Path) -> None:
    source = file.read_text()
    styles = [source, *(sheet.read_text() for sheet in CSS.glob("*.css"))]
    defined = {name for text in styles for name, _ in PROPERTY.findall(text)}
    scripted = {
        name
        for script in PORTAL.rglob("*.js")
        for name in re.findall(r"setProperty\([\"'](--[\w-]+)", script.read_text())
    }

    used = set(re.findall(r"var\((--[\w-]+)\)", source))

    assert used - defined - scripted == set()


@pytest.mark.parametrize("file", sorted(PORTAL.rglob("*.css")), ids=lambda file: file.name)
def test_styles_load_nothing_from_outside(file: Path) -> None:
    assert re.findall(r"url\(|@import|https?:", file.read_text()) == []


def test_every_choice_has_a_face() -> None:
    """The radio button lies transparent over the word: without a `<span>` nothing is seen."""
    labels = [
        (file.name, label)
        for file in PORTAL.rglob("*.html")
        for label in re.findall(r'<label class="choice">.*?</label>', file.read_text(), re.DOTALL)
    ]

    assert labels
    assert [one for one in labels if "<span>" not in one[1]] == []
