import pytest

from kernel.absence import DEFAULT_CODES, AbsenceCode, find_code


@pytest.mark.parametrize(
    ("russian", "latin", "code"),
    [("н", "y", "Н"), ("у", "e", "УП"), ("п", "g", "НП"), ("б", ",", "Б"), ("о", "j", "ОП")],
)
def test_one_key_puts_a_code_in_either_layout(russian, latin, code):
    for typed in (russian, russian.upper(), latin, latin.upper()):
        found = find_code(typed)
        assert found is not None
        assert found.code == code


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("УП", "УП"),
        ("нп", "НП"),
        (" Оп ", "ОП"),
        ("осв", "ОСВ"),
        ("eg", "УП"),
        ("YG", "НП"),
        ("jg", "ОП"),
        ("jcd", "ОСВ"),
        ("<", "Б"),
    ],
)
def test_full_code_is_read_in_either_layout(typed, code):
    found = find_code(typed)

    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("typed", ["", " ", "ь", "ннн", "уважительная", "o", "h"])
def test_anything_else_is_no_code(typed):
    assert find_code(typed) is None


def test_keys_and_codes_are_not_used_twice():
    typed = [code.code.lower() for code in DEFAULT_CODES if code.code.lower() != code.key]
    typed += [code.key for code in DEFAULT_CODES if code.key]

    assert len(typed) == len(set(typed))


def test_who_is_late_or_exempt_does_not_count_as_absent():
    present = [code.code for code in DEFAULT_CODES if not code.counts_as_absent]

    assert present == ["ОП", "ОСВ"]


def test_reason_is_not_known_yet_for_a_plain_absence():
    assert {code.code for code in DEFAULT_CODES if not code.reason_known} == {"Н", "ОП"}


@pytest.mark.requirement("ATT-009", part=True)
def test_school_may_keep_its_own_codes():
    contest = AbsenceCode("ОЛ", "на олимпиаде", "л", counts_as_absent=True, reason_known=True)

    assert find_code("k", (*DEFAULT_CODES, contest)) == contest
    assert find_code("k") is None
