"""ИНН and ОГРН: form and control digits, on numbers of public bodies."""

import pytest

from kernel.legal_entities import is_inn, is_ogrn


@pytest.mark.parametrize("inn", ["7710474375", "7707083893", "500100732259"])
def test_inn_of_a_body_or_a_person_is_one(inn: str) -> None:
    assert is_inn(inn)


@pytest.mark.parametrize(
    "text",
    ["", "7710474376", "771047437", "77104743755", "500100732258", "0000000000", "٧٧١٠٤٧٤٣٧٥"],
)
def test_anything_else_is_no_inn(text: str) -> None:
    assert not is_inn(text)


@pytest.mark.parametrize("ogrn", ["1047702026701", "1027700132195", "304500116000157"])
def test_ogrn_of_a_body_or_a_person_is_one(ogrn: str) -> None:
    assert is_ogrn(ogrn)


@pytest.mark.parametrize(
    "text", ["", "1047702026702", "104770202670", "304500116000158", "0000000000000"]
)
def test_anything_else_is_no_ogrn(text: str) -> None:
    assert not is_ogrn(text)
