"""The journal of a demo school as rows: topics, homework, marks and absences of held lessons.

Dense in the last six weeks, thin before. Every day is drawn from its own seed, so that a day added
tomorrow is the same day on every machine.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from random import Random
from zoneinfo import ZoneInfo

from config.demo.anomalies import Anomalies, Journal, journal_of
from config.demo.names import read_rows
from config.demo.pupils_life import Life
from services.journal.bulk import AbsenceRow, HomeworkRow, Load, MarkRow, RecordRow
from services.schedule.queries import LessonCard

DENSE = timedelta(weeks=6)
WRITTEN_EVERY = 8
SHARE_ORAL_DENSE, SHARE_ORAL_THIN = 0.2, 0.04
SHARE_WRITTEN_THIN = 0.4
SHARE_NOT_RECORDED = 0.03
SHARE_LATE = 0.06
HOMEWORK_DENSE, HOMEWORK_THIN = 0.75, 0.25
SINGLE_MISSES = 0.13  # per lesson of a class, beside illness
MISS_CODES = ("Н", "Н", "Н", "УП", "УП", "НП", "ОП", "ОП")
LATE_CODE, ILL_CODE = "ОП", "Б"
WRITTEN_KINDS = {
    "russian": ("Д", "СР", "КР"),
    "literature": ("СОЧ", "Т"),
    "physics": ("ЛР", "СР", "КР"),
    "chemistry": ("ЛР", "ПР", "КР"),
    "biology": ("ЛР", "Т"),
    "geography": ("ПР", "Т"),
    "informatics": ("ПР", "Т"),
}
ANY_WRITTEN = ("СР", "КР", "Т")
MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class School:
    """What the drawing needs to know of the school that is open."""

    slug: str
    zone: ZoneInfo
    members: Mapping[int, Sequence[int]]  # group → pupils
    accounts: Mapping[int, int | None]  # employee → account
    work_kinds: Mapping[str, int]
    life: Life
    anomalies: Anomalies
    dense_since: date
    recorded: Collection[int] = ()


@dataclass(slots=True)
class Drawing:
    """Draws day by day; `places` counts the lessons of each journal, in order."""

    school: School
    now: datetime
    rows: Load = field(default_factory=Load)
    places: dict[Journal, int] = field(default_factory=lambda: defaultdict(int))
    backdated: list[int] = field(default_factory=list)

    def draw_day(
        self, day: date, lessons: Sequence[LessonCard], next_days: Mapping[Journal, date]
    ) -> None:
        """Draw the lessons of a day that are over; `next_days` tell when homework is due."""
        random = Random(f"{self.school.slug} {day}")  # noqa: S311
        for lesson in lessons:
            self.places[journal_of(lesson)] += 1
            is_over = lesson.ends_at <= self.now and not lesson.is_cancelled
            if is_over and lesson.id not in self.school.recorded:
                self._draw_lesson(random, lesson, next_days.get(journal_of(lesson)))

    def pass_over(self, lessons: Sequence[LessonCard]) -> None:
        """Only count the lessons of a day that was drawn before."""
        for lesson in lessons:
            self.places[journal_of(lesson)] += 1

    def _draw_lesson(self, random: Random, lesson: LessonCard, due_on: date | None) -> None:
        school, anomalies = self.school, self.school.anomalies
        if anomalies.is_silent(lesson.date) or random.random() < SHARE_NOT_RECORDED:
            return
        is_dense = lesson.date >= school.dense_since or anomalies.rounded == journal_of(lesson)
        author = school.accounts.get(lesson.teacher_id)
        place = self.places[journal_of(lesson)]
        filled_at = self._filled_at(random, lesson)
        if filled_at > self.now:
            return
        kind = self._work_kind(random, lesson, place)
        self._draw_homework(random, lesson, place, is_dense, due_on, author)
        self.rows.records.append(
            RecordRow(
                lesson.id,
                lesson.group_id,
                lesson.subject_id,
                lesson.term_id,
                lesson.date,
                topic_of(lesson.subject_code, place),
                "",
                school.work_kinds[kind] if kind else None,
                lesson.level > 1 and is_dense and random.random() < 0.08,
                filled_at,
                author,
            )
        )
        present = self._draw_absences(random, lesson, author)
        if lesson.level > 1 and not anomalies.has_no_marks(lesson):
            self._draw_marks(random, lesson, kind, present, is_dense, author)

    def _filled_at(self, random: Random, lesson: LessonCard) -> datetime:
        if random.random() >= SHARE_LATE:
            return lesson.ends_at - MINUTE * random.randrange(1, 12)
        return lesson.ends_at + timedelta(days=random.randrange(1, 4), minutes=random.randrange(90))

    def _work_kind(self, random: Random, lesson: LessonCard, place: int) -> str:
        if self.school.anomalies.rounded == journal_of(lesson):
            return ""  # all marks of this journal weigh the same: the truth stays checkable
        turn = (place + lesson.group_id + lesson.subject_id) % WRITTEN_EVERY
        if turn == 0 and lesson.level > 1 and lesson.subject_code != "physical_education":
            kinds = WRITTEN_KINDS.get(lesson.subject_code, ANY_WRITTEN)
            return kinds[place // WRITTEN_EVERY % len(kinds)]
        return "У" if lesson.level > 1 and random.random() < 0.4 else ""

    def _draw_homework(
        self,
        random: Random,
        lesson: LessonCard,
        place: int,
        is_dense: bool,
        due_on: date | None,
        author: int | None,
    ) -> None:
        texts = homework_of(lesson.subject_code)
        share = HOMEWORK_DENSE if is_dense else HOMEWORK_THIN
        if lesson.level == 1 or not texts or random.random() >= share:
            return
        numbers = {"n": place + 2, "k": place % 5 + 3, "m": 20 + place * 3, "p": 24 + place * 3}
        given_at = min(lesson.ends_at + MINUTE * random.randrange(-10, 80), self.now)
        text = texts[place % len(texts)].format(**numbers)
        self.rows.homework.append(HomeworkRow(lesson.id, None, text, due_on, given_at, author))

    def _draw_absences(
        self, random: Random, lesson: LessonCard, author: int | None
    ) -> Sequence[int]:
        """Draw who is away and return the others; who comes late may still have a mark."""
        members = self.school.members.get(lesson.group_id, ())
        ill = self.school.life.ill_on.get(lesson.date, set())
        put_at = lesson.starts_at + MINUTE * random.randrange(3, 30)
        away = {pupil_id: ILL_CODE for pupil_id in members if pupil_id in ill}
        if members and random.random() < SINGLE_MISSES:
            away.setdefault(random.choice(members), random.choice(MISS_CODES))
        for pupil_id, code in away.items():
            self.rows.absences.append(AbsenceRow(lesson.id, pupil_id, code, put_at, author))
        return [one for one in members if away.get(one, LATE_CODE) == LATE_CODE]

    def _draw_marks(
        self,
        random: Random,
        lesson: LessonCard,
        kind: str,
        present: Sequence[int],
        is_dense: bool,
        author: int | None,
    ) -> None:
        is_written = kind not in {"", "У"}
        chosen = self._whom_to_mark(random, present, is_written, is_dense)
        put_at = self._put_at(random, lesson, is_written)
        if put_at > self.now:
            return
        only_fives = self.school.anomalies.only_fives == lesson.employee_id
        life, rows = self.school.life, self.rows
        for pupil_id in chosen:
            value = life.draw_mark(
                random, pupil_id, lesson.subject_code, lesson.level, is_written=is_written
            )
            rows.marks.append(
                MarkRow(lesson.id, pupil_id, 5 if only_fives else value, put_at, author)
            )
        if chosen and self.school.anomalies.is_backdated(lesson):
            self.backdated.append(lesson.id)

    def _whom_to_mark(
        self, random: Random, present: Sequence[int], is_written: bool, is_dense: bool
    ) -> Sequence[int]:
        if is_written:
            if not is_dense and random.random() >= SHARE_WRITTEN_THIN:
                return ()
            return [one for one in present if random.random() < 0.96]
        share = SHARE_ORAL_DENSE if is_dense else SHARE_ORAL_THIN
        number = int(len(present) * share * 2 * random.random() + random.random())
        return random.sample(present, min(number, len(present)))

    def _put_at(self, random: Random, lesson: LessonCard, is_written: bool) -> datetime:
        if self.school.anomalies.is_backdated(lesson):
            evening = datetime.combine(
                self.school.anomalies.last_day, time(15, 40), self.school.zone
            )
            return min(evening + MINUTE * random.randrange(30), self.now)
        if is_written:
            days = random.choice((0, 1, 1, 2, 3, 4))
            return lesson.ends_at + timedelta(days=days, minutes=random.randrange(5, 120))
        return lesson.ends_at - MINUTE * random.randrange(1, 20)


@cache
def _texts(file: str, column: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for row in read_rows(file):
        found[row["subject"]].append(row[column])
    return {subject: tuple(texts) for subject, texts in found.items()}


def topic_of(subject: str, place: int) -> str:
    """Return the topic of the `place`-th lesson of a subject, counted from one."""
    topics = _texts("topics.csv", "topic").get(subject, ("Изучение нового материала",))
    return topics[(place - 1) // 2 % len(topics)]


def homework_of(subject: str) -> tuple[str, ...]:
    """Return the patterns of homework of a subject; some have none."""
    return _texts("homework.csv", "text").get(subject, ())
