import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.lookalikes import CYRILLIC_TWINS, LATIN_TWINS, WordIsOfTwoAlphabets
from kernel.names import (
    TAILS,
    FullName,
    NameIsUnreadable,
    bind_number,
    heal_lookalikes,
    matching_key,
    parse_full_name,
    russian_sort_key,
)

TO_LATIN = str.maketrans(CYRILLIC_TWINS, LATIN_TWINS)
small_letters = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
name_words = (
    st.text(small_letters, min_size=2, max_size=9)
    .filter(lambda word: word not in TAILS)
    .map(str.capitalize)
)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        pytest.param("Иванова Анна Петровна", ("Иванова", "Анна", "Петровна"), id="three words"),
        pytest.param("Иванова Анна", ("Иванова", "Анна", ""), id="no middle name"),
        pytest.param(
            "  Иванова\u00a0 Анна\tПетровна ", ("Иванова", "Анна", "Петровна"), id="odd spaces"
        ),
        pytest.param("ИВАНОВА АННА ПЕТРОВНА", ("Иванова", "Анна", "Петровна"), id="capitals"),
        pytest.param("иванова-петрова анна", ("Иванова-Петрова", "Анна", ""), id="small letters"),
        pytest.param(
            "Иванова – Петрова Анна", ("Иванова-Петрова", "Анна", ""), id="a dash with spaces"
        ),
        pytest.param(
            "Сидорова Анна-Мария Ильинична",
            ("Сидорова", "Анна-Мария", "Ильинична"),
            id="double first name",
        ),
        pytest.param("Мамедов Али Расим оглы", ("Мамедов", "Али", "Расим оглы"), id="a tail"),
        pytest.param(
            "МАМЕДОВА ЛЕЙЛА РАСИМ КЫЗЫ",
            ("Мамедова", "Лейла", "Расим кызы"),
            id="a tail in capitals",
        ),
        pytest.param(
            "Мамедов Али Расим-оглы", ("Мамедов", "Али", "Расим-оглы"), id="a tail with a hyphen"
        ),
        pytest.param("Королёв Пётр Семёнович", ("Королёв", "Пётр", "Семёнович"), id="with ё"),
        pytest.param("Д'Артова Анна", ("Д’Артова", "Анна", ""), id="an apostrophe"),
        pytest.param("Ивaнoва Aннa", ("Иванова", "Анна", ""), id="look-alikes inside"),
        pytest.param("Котова AHHA", ("Котова", "Анна", ""), id="a wholly Latin look-alike word"),
        pytest.param(
            "Бойкии\u0306 Андреи\u0306", ("Бойкий", "Андрей", ""), id="й of two code points"
        ),
        pytest.param("Мак-Грегорян Анна", ("Мак-Грегорян", "Анна", ""), id="mixed case is kept"),
    ],
)
def test_full_name_is_read(text, parts):
    assert parse_full_name(text) == FullName(*parts)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Иванова",
        "Иванова А1на",
        "Smith John",
        "Иванова Анна Петровна Ильинична Львовна",
        "де ла Круз Анна Ивановна",
        "Мамедов оглы",
        "Мамедов Али оглы",
        "Иванова Анна,",
        "- -",
    ],
)
def test_other_texts_are_refused(text):
    with pytest.raises(NameIsUnreadable):
        parse_full_name(text)


def test_name_of_two_alphabets_is_refused():
    with pytest.raises(WordIsOfTwoAlphabets, match="Ивanова"):
        parse_full_name("Ивanова Анна")


@pytest.mark.parametrize(
    ("name", "short", "with_initials"),
    [
        (FullName("Иванова", "Анна", "Петровна"), "Иванова Анна", "Иванова А. П."),
        (FullName("Иванова", "Анна"), "Иванова Анна", "Иванова А."),
        (
            FullName("Сидорова", "Анна-Мария", "Ильинична"),
            "Сидорова Анна-Мария",
            "Сидорова А.-М. И.",
        ),
        (FullName("Мамедов", "Али", "Расим оглы"), "Мамедов Али", "Мамедов А. Р."),
        (FullName("Мамедов", "Али", "Расим-оглы"), "Мамедов Али", "Мамедов А. Р."),
    ],
)
def test_short_forms(name, short, with_initials):
    assert name.short == short
    assert name.with_initials == with_initials


@pytest.mark.parametrize(
    ("text", "healed", "words"),
    [
        pytest.param("Ивaнова", "Иванова", ("Иванова",), id="one small a"),
        pytest.param("Ивaнова и Пeтров", "Иванова и Петров", ("Иванова", "Петров"), id="two words"),
        pytest.param("Иванова", "Иванова", (), id="nothing to heal"),
        pytest.param("Windows и Linux", "Windows и Linux", (), id="Latin words stay"),
        pytest.param("7A класс", "7A класс", (), id="a lone Latin letter stays"),
        pytest.param("Kоролëв", "Королёв", ("Королёв",), id="a Latin ё"),
        pytest.param("", "", (), id="nothing"),
    ],
)
def test_lookalikes_are_healed_inside_cyrillic_words(text, healed, words):
    result = heal_lookalikes(text)

    assert (result.text, result.words) == (healed, words)
    assert result.changed == (text != healed)


@pytest.mark.parametrize("text", ["Иваnов", "Zайцев", "приvет всем"])
def test_word_of_two_alphabets_is_not_guessed(text):
    with pytest.raises(WordIsOfTwoAlphabets):
        heal_lookalikes(text)


def test_ё_sorts_as_е_and_not_after_я():
    names = ["Яшина Вера", "Ёлкина Вера", "Елкина Анна", "Жуков Борис", "ежова Дарья"]

    assert sorted(names, key=russian_sort_key) == [
        "ежова Дарья",
        "Елкина Анна",
        "Ёлкина Вера",
        "Жуков Борис",
        "Яшина Вера",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Королёв Пётр Семёнович", "КОРОЛЕВ ПЕТР СЕМЕНОВИЧ"),
        ("Иванова-Петрова Анна", "Иванова – Петрова Aннa"),
        ("Мамедов Али Расим оглы", "Мамедов Али Расим-оглу"),
        ("Мамедова Лейла Расим кызы", "Мамедова Лейла Расим Гызы"),
        ("Д’Артова Анна", "Д'артова Анна"),
    ],
)
def test_two_spellings_of_one_name_match(one, other):
    assert matching_key(parse_full_name(one)) == matching_key(parse_full_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Иванова Анна Петровна", "Иванова Анна"),
        ("Иванова Анна Петровна", "Иванова Анна Павловна"),
        ("Иванов Пётр", "Петров Иван"),
    ],
)
def test_different_names_do_not_match(one, other):
    assert matching_key(parse_full_name(one)) != matching_key(parse_full_name(other))


@given(st.lists(name_words, min_size=2, max_size=3))
def test_written_name_is_read_back(words):
    name = FullName(*words)

    assert parse_full_name(str(name)) == name


@given(name_words, st.sets(st.integers(0, 8)))
def test_healing_undoes_any_lookalikes(word, places):
    spoiled = "".join(
        letter.translate(TO_LATIN) if place in places else letter
        for place, letter in enumerate(word)
    )

    assert parse_full_name(f"{spoiled} Анна").last == word


@given(st.text(max_size=20))
def test_healing_twice_changes_nothing_more(text):
    try:
        once = heal_lookalikes(text)
    except WordIsOfTwoAlphabets:
        return

    assert not heal_lookalikes(once.text).changed


@pytest.mark.parametrize(
    ("name", "bound"),
    [
        ("Школа № 16", "Школа №\N{NO-BREAK SPACE}16"),
        (
            "МБОУ «СОШ №  5», корпус № 2",
            "МБОУ «СОШ №\N{NO-BREAK SPACE}5», корпус №\N{NO-BREAK SPACE}2",
        ),
        ("Луговская школа", "Луговская школа"),
        ("Гимназия №4", "Гимназия №4"),
    ],
)
def test_number_of_a_school_stays_with_its_sign(name, bound):
    assert bind_number(name) == bound
    assert bind_number(bound) == bound
