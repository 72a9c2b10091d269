from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.attainment import Attainment, attainment_of_counts, count_attainment

final_values = st.sampled_from(["5", "4", "3", "2", "1", "Н/А", "ОСВ", None])


def test_vector_of_the_law_sheet():
    pupils = ["5"] * 6 + ["4"] * 9 + ["3"] * 7 + ["2"] + ["Н/А"] + ["ОСВ"]

    assert len(pupils) == 25
    assert count_attainment(pupils) == Attainment(
        assessed=24,
        success_percent=Decimal("91.67"),
        quality_percent=Decimal("62.50"),
        mastery_percent=Decimal("60.46"),
        average=Decimal("3.87"),
    )


@pytest.mark.parametrize("pupils", [[], ["ОСВ", None], [None], [""]])
def test_nobody_assessed_gives_no_numbers(pupils):
    assert count_attainment(pupils) == Attainment(0, None, None, None, None)


def test_only_not_attested_pupils_stay_in_the_count():
    assert count_attainment(["Н/А", "Н/А"]) == Attainment(
        2, Decimal("0.00"), Decimal("0.00"), Decimal("7.00"), None
    )


def test_one_weighs_as_not_attested_and_does_not_pass():
    result = count_attainment(["1", "5"])

    assert result.success_percent == Decimal("50.00")
    assert result.mastery_percent == Decimal("53.50")
    assert result.average == Decimal("3.00")


def test_blank_is_not_assessed():
    assert count_attainment(["5", None]) == count_attainment(["5"])


def test_unknown_value_is_not_dropped_in_silence():
    with pytest.raises(ValueError, match="отл"):
        count_attainment(["5", "отл"])


def test_counts_give_the_same_as_values():
    assert attainment_of_counts({"5": 2, "Н/А": 1, "ОСВ": 4}) == count_attainment(
        ["5", "5", "Н/А", *["ОСВ"] * 4]
    )


@given(st.lists(final_values, min_size=1))
def test_quality_never_exceeds_success(pupils):
    result = count_attainment(pupils)

    if result.success_percent is None or result.quality_percent is None:
        assert result.assessed == 0
    else:
        assert 0 <= result.quality_percent <= result.success_percent <= 100
