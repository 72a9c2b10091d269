"""The bench's arithmetic and its words: percentiles, verdicts, the table, the JSON."""

import pytest

from tests.performance.capacity import find_knee, share_of, steadiness
from tests.performance.figures import Fact, Figure, Statements, Verdict, judge, percentile
from tests.performance.goals import GOALS, MIX, Goal
from tests.performance.report import Report, as_json, as_text
from tests.performance.statements import classify
from tests.performance.traffic import Traffic

WHO = [
    'SELECT "django_session"."session_key" FROM "django_session"',
    'SELECT "accounts_account"."id" FROM "accounts_account"',
    'SELECT "accounts_membership"."id" FROM "accounts_membership"',
]
PIN = 'SET LOCAL ROLE "okrug_s1";SET LOCAL search_path = "s1", "ext"'


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        pytest.param(0.5, 5, id="half of ten"),
        pytest.param(0.95, 10, id="95 of 100 is beyond the ninth of ten"),
        pytest.param(0.9, 9, id="exactly nine of ten"),
        pytest.param(0, 1, id="the least"),
        pytest.param(1, 10, id="the greatest"),
    ],
)
def test_percentile_is_a_measured_value(share: float, expected: int) -> None:
    samples = [7, 3, 10, 1, 9, 5, 2, 8, 6, 4]

    assert percentile(samples, share) == expected


def test_percentile_of_one_sample_is_that_sample() -> None:
    assert [percentile([4.2], share) for share in (0.5, 0.95, 0.99)] == [4.2, 4.2, 4.2]


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no samples"):
        percentile([], 0.5)


def test_hundred_samples_have_their_99th() -> None:
    assert percentile(list(range(1, 101)), 0.99) == 99


FAST = Figure("journal", [8.0] * 99 + [30.0], [3.0] * 100, Statements(3, 1, 6), 5000)


@pytest.mark.parametrize(
    ("figure", "goal", "expected"),
    [
        pytest.param(FAST, GOALS["journal"], Verdict(True), id="everything kept"),
        pytest.param(FAST, Goal("no promise"), Verdict(None), id="nothing promised"),
        pytest.param(FAST, Goal("", p50=7.9), Verdict(False, ("p50",)), id="median"),
        pytest.param(FAST, Goal("", p50=8), Verdict(True), id="the limit itself is kept"),
        pytest.param(FAST, Goal("", slowest=29), Verdict(False, ("время",)), id="the slowest"),
        pytest.param(FAST, Goal("", statements=5), Verdict(False, ("запросы",)), id="statements"),
        pytest.param(FAST, Goal("", size=4096), Verdict(False, ("байты",)), id="bytes"),
        pytest.param(FAST, Goal("", ratio=2.5), Verdict(False, ("эталон",)), id="ratio"),
        pytest.param(
            FAST, Goal("", p50=1, p95=1, p99=1), Verdict(False, ("p50", "p95", "p99")), id="all"
        ),
        pytest.param(
            Figure("journal", [1.0]), GOALS["journal"],
            Verdict(False, ("запросы", "байты", "эталон")), id="promised and not measured",
        ),
        pytest.param(
            Figure("journal", missing="404"), GOALS["journal"],
            Verdict(False, ("не измерено",)), id="no page",
        ),
        pytest.param(
            Figure("sign_in", [1.0], failures=2), GOALS["sign_in"],
            Verdict(False, ("ошибок 2",)), id="errors count without a promise",
        ),
    ],
)  # fmt: skip
def test_verdict_names_what_falls_short(figure: Figure, goal: Goal, expected: Verdict) -> None:
    assert judge(figure, goal) == expected


def test_ratio_is_of_the_medians() -> None:
    assert Figure("journal", [8, 9, 100], [3, 2, 90]).ratio == 3


def test_ratio_needs_both() -> None:
    assert Figure("journal", [8.0]).ratio is None


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        pytest.param(
            [*WHO, "BEGIN", PIN, "SELECT 1", "SELECT 2", "COMMIT"],
            Statements(3, 1, 2),
            id="a page of a school",
        ),
        pytest.param(
            [*WHO, "BEGIN", PIN, 'SELECT "accounts_account"', "COMMIT"],
            Statements(3, 1, 1),
            id="whatever comes after the pin is work",
        ),
        pytest.param(
            [*WHO, "BEGIN", PIN, "SELECT 1", "COMMIT", "BEGIN", PIN, "SELECT 1", "COMMIT"],
            Statements(3, 2, 2),
            id="children of two schools",
        ),
        pytest.param(
            [*WHO, "BEGIN", "SELECT set_config('okrug.actor', '1', true)", "SELECT 1", "COMMIT"],
            Statements(3, 1, 1),
            id="a page of the district",
        ),
        pytest.param(
            [*WHO, PIN, "SAVEPOINT x", "SELECT 1", "RELEASE SAVEPOINT x"],
            Statements(3, 1, 1),
            id="words of the transaction are not counted",
        ),
        pytest.param([], Statements(0, 0, 0), id="nothing asked"),
    ],
)
def test_statements_are_counted_by_what_they_are_for(
    statements: list[str], expected: Statements
) -> None:
    assert classify(statements) == expected


def test_columns_of_the_table_stand_under_each_other() -> None:
    text = as_text(Report([FAST, Figure("diary_week", missing="404")]))

    head, rule, journal, diary, *_ = text.splitlines()
    assert head.index("цель") == journal.index("10 / 40 мс") == diary.index("8 / 30 мс")
    assert head.index("p50") == journal.index("8.0")
    assert rule.split("  ")[1] == "───"
    assert diary.endswith("НЕТ: 404")


def test_facts_and_notes_follow_the_table() -> None:
    fact = Fact("Память", "90 МБ", "≤ 200 МБ", True, remark="после 10 запросов")

    lines = as_text(Report([FAST], [fact], ["коротко"])).splitlines()

    assert lines[-4:] == [
        "Память      90 МБ     ≤ 200 МБ  да",
        "",
        "* Память: после 10 запросов",
        "* коротко",
    ]


def test_json_holds_what_the_table_shows() -> None:
    report = Report([FAST], [Fact("Память", "90 МБ", "≤ 200 МБ", True, {"megabytes": 90.0})])

    written = as_json(report, {"schools": 3})

    assert written == {
        "about": {"schools": 3},
        "figures": {
            "journal": {
                "title": "Журнал, данные 30 × 60",
                "samples": 100,
                "p50": 8.0,
                "p95": 8.0,
                "p99": 8.0,
                "slowest": 30.0,
                "statements": 6,
                "statements_actor": 3,
                "statements_pin": 1,
                "bytes": 5000,
                "ratio": 2.67,
                "failures": 0,
                "missing": "",
                "goal": "10 / 40 мс, ≤ 6 зап., ≤ 6 КБ, ≤ ×3",
                "holds": True,
                "falls_short": [],
            }
        },
        "facts": [
            {
                "title": "Память",
                "value": "90 МБ",
                "goal": "≤ 200 МБ",
                "holds": True,
                "remark": "",
                "megabytes": 90.0,
            }
        ],
        "notes": [],
        "holds": True,
    }


def test_one_figure_falling_short_spoils_the_whole() -> None:
    assert not Report([FAST], [Fact("Память", "300 МБ", "≤ 200 МБ", False)]).holds


def test_mix_adds_up_to_one_and_names_figures() -> None:
    assert round(sum(MIX.values()), 9) == 1
    assert set(MIX) <= set(GOALS)


def test_mixed_load_is_a_share_of_the_reference() -> None:
    fact = share_of(Traffic(2.0, [5.0] * 300), Traffic(2.0, [3.0] * 400))

    assert (fact.value, fact.holds) == ("150 зап./с из 200, 75%", True)


def test_an_error_under_load_is_no_success() -> None:
    fact = share_of(Traffic(1.0, [5.0] * 9, errors=["save_mark: 503"]), Traffic(1.0, [3.0] * 10))

    assert (fact.value, fact.holds) == ("9 зап./с из 10, 90%, ошибок 1", False)
    assert fact.remark == "save_mark: 503"


def test_knee_is_the_last_rate_that_was_borne() -> None:
    assert find_knee(lambda rate: Traffic(1.0, [rate * 2.0])) == 90
    assert find_knee(lambda rate: Traffic(1.0, [1.0], errors=["503"] if rate > 50 else [])) == 50
    assert find_knee(lambda rate: Traffic(1.0)) == 0


def test_steady_rate_without_a_single_answer_does_not_hold() -> None:
    assert steadiness(Traffic(1.0), 1.0).holds is False
