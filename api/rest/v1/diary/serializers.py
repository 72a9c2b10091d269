"""Shapes of a child's diary."""

from rest_framework import serializers

from api.rest.v1.dates import DayField


class DayQuerySerializer(serializers.Serializer):
    """Which week is meant."""

    day = DayField(help_text="любой день недели; без него — сегодня по часам школы")


class TaskSerializer(serializers.Serializer):
    """Homework; `due_on` is null while the next lesson is not in sight."""

    subject = serializers.CharField()
    text = serializers.CharField()
    manner = serializers.CharField()
    given_on = serializers.DateField()
    due_on = serializers.DateField(allow_null=True)
    is_personal = serializers.BooleanField()


class DiaryLessonSerializer(serializers.Serializer):
    """A lesson as the family sees it; hours are the school's own."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    begins = serializers.TimeField(format="%H:%M")
    ends = serializers.TimeField(format="%H:%M")
    subject = serializers.CharField()
    room = serializers.CharField()
    teacher = serializers.CharField()
    instead_of = serializers.CharField(help_text="кого замещают, или пусто")
    is_cancelled = serializers.BooleanField()
    topic = serializers.CharField()
    work_kind = serializers.CharField()
    mark = serializers.IntegerField(allow_null=True)
    code = serializers.CharField(help_text="код посещения, или пусто")
    code_title = serializers.CharField()
    tasks = TaskSerializer(many=True)


class DiaryDaySerializer(serializers.Serializer):
    """A day; `tasks` are due on it beside any lesson of their subject."""

    day = serializers.DateField()
    lessons = DiaryLessonSerializer(many=True)
    tasks = TaskSerializer(many=True)


class ChildSerializer(serializers.Serializer):
    """Whose diary it is."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    class_title = serializers.CharField()


class WeekSerializer(serializers.Serializer):
    """A week, Monday to Saturday."""

    child = ChildSerializer()
    days = DiaryDaySerializer(many=True)
    pause = serializers.CharField(help_text="название каникул, если уроков нет")
