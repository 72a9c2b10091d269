"""Shapes of the district's numbers. What is hidden or missing is null, never zero."""

from datetime import date
from typing import Any

from rest_framework import serializers

from api.rest.v1.dates import DayField
from kernel.periods import Period

LONGEST_DAYS = 366


class DaysQuerySerializer(serializers.Serializer):
    """Which days are meant: both, or neither."""

    since = DayField(help_text="первый день")
    until = DayField(help_text="последний день, включительно; без дней — неделя последних уроков")

    def validate(self, attrs: dict[str, date]) -> dict[str, Any]:
        """Return the period, or None; refuse half a period, a backward and an endless one."""
        first, last = attrs.get("since"), attrs.get("until")
        if first is None and last is None:
            return {"period": None}
        if first is None or last is None:
            raise serializers.ValidationError("Укажите обе даты: с какого дня и по какой.")
        if last < first:
            raise serializers.ValidationError("Первый день позже последнего.")
        if (last - first).days >= LONGEST_DAYS:
            raise serializers.ValidationError("Выберите не больше года.")
        return {"period": Period.of_days(first, last)}


def share(source: str) -> serializers.DecimalField:
    """Return a share in percent with two places; null when there is nothing to share."""
    return serializers.DecimalField(
        max_digits=5, decimal_places=2, allow_null=True, source=source, read_only=True
    )


class LessonCountsSerializer(serializers.Serializer):
    """Lessons held and filled; never hidden, they are teachers' work."""

    held = serializers.IntegerField(source="lessons_held")
    filled = serializers.IntegerField(source="lessons_filled")
    filled_same_day = serializers.IntegerField(source="lessons_filled_same_day")
    same_day_percent = share("filled_same_day_percent")


class HomeworkCountsSerializer(serializers.Serializer):
    """Lessons that need homework, and those with it."""

    due = serializers.IntegerField(source="homework_due")
    entered = serializers.IntegerField(source="homework_entered")
    percent = share("homework_percent")


class MarkCountsSerializer(serializers.Serializer):
    """Current marks of the days."""

    count = serializers.IntegerField(source="marks")
    fives = serializers.IntegerField(source="marks_5")
    fours = serializers.IntegerField(source="marks_4")
    threes = serializers.IntegerField(source="marks_3")
    twos = serializers.IntegerField(source="marks_2")
    ones = serializers.IntegerField(source="marks_1")
    average = serializers.DecimalField(max_digits=3, decimal_places=2, allow_null=True)
    high_percent = share("high_marks_percent")
    low_percent = share("low_marks_percent")


class AttendanceCountsSerializer(serializers.Serializer):
    """Pupil-lessons expected and missed."""

    expected = serializers.IntegerField(source="attendance_expected")
    absent = serializers.IntegerField()
    absent_without_reason = serializers.IntegerField()
    percent = share("attendance_percent")


class ReadingSerializer(serializers.Serializer):
    """The numbers of a school or of the district; null where fewer pupils than may be shown."""

    pupils = serializers.IntegerField(allow_null=True)
    lessons = LessonCountsSerializer()
    homework = HomeworkCountsSerializer()
    marks = MarkCountsSerializer(allow_null=True)
    attendance = AttendanceCountsSerializer(allow_null=True)


class SchoolReadingSerializer(serializers.Serializer):
    """A school's numbers; `reading` is null while nothing of the days has come."""

    slug = serializers.CharField()
    name = serializers.CharField()
    reading = ReadingSerializer(allow_null=True)
    counted_days = serializers.IntegerField()
    missing_days = serializers.ListField(child=serializers.DateField())
    counted_at = serializers.DateTimeField(allow_null=True, help_text="когда пересчитана")


class IndicatorsSerializer(serializers.Serializer):
    """The district over some days."""

    since = serializers.DateField()
    until = serializers.DateField(help_text="последний день, включительно")
    smallest_cell = serializers.IntegerField(
        help_text="меньше стольких учеников — числа о них скрыты"
    )
    total = ReadingSerializer()
    schools = SchoolReadingSerializer(many=True)
