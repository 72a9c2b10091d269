"""A week drawn as a string: what people wrote is escaped, what they did not is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time

from portal.guardian.spread import draw_spread
from services.diary.queries import DiaryDay, DiaryLesson, Task

DAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 9, tzinfo=UTC)
EVIL = "<script>\"&'"
TASK = Task(EVIL, f"{EVIL}\nвторая строка", EVIL, DAY, DAY, is_personal=True)
LESSON = DiaryLesson(
    id=1,
    date=DAY,
    number=2,
    starts_at=NOON,
    ends_at=NOON,
    begins=time(12),
    ends=time(13),
    subject_id=1,
    subject=EVIL,
    room=EVIL,
    teacher=EVIL,
    instead_of=EVIL,
    is_cancelled=False,
    is_substituted=True,
    topic=EVIL,
    work_kind=EVIL,
    mark=5,
    code=EVIL,
    code_title=EVIL,
    tasks=(TASK,),
)


def draw(*lessons: DiaryLesson, tasks: tuple[Task, ...] = ()) -> str:
    """Draw a single day."""
    return str(draw_spread([DiaryDay(DAY, lessons, tasks)], today=DAY, day_url=f"/x/{EVIL}"))


def test_whatever_people_wrote_is_escaped():
    drawn = draw(LESSON, tasks=(TASK,))

    assert "<script" not in drawn
    assert drawn.count("&lt;script&gt;&quot;&amp;&#x27;") == 8
    assert "<br>вторая строка" in drawn


def test_cancelled_lesson_and_a_substitution_are_named():
    assert "отменён" in draw(replace(LESSON, is_cancelled=True))
    assert "замена" in draw(LESSON)
    assert "замена" not in draw(replace(LESSON, is_substituted=False))


def test_day_without_lessons_says_so():
    assert "Уроков нет" in draw()
    assert "сегодня" in draw()
