"""Shapes of the journal. The page and the save are `services.journal.wire`'s; here is their form.

The two describe the JSON for the schema; tests hold the answers against it.
"""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from services.journal.wire import MOST_CELLS

CELL = {
    "type": "array",
    "minItems": 5,
    "maxItems": 5,
    "items": {"oneOf": [{"type": "integer"}, {"type": "string"}]},
    "description": "[место урока, место ученика, отметка или 0, код посещения или «», версия]",
    "example": [0, 3, 5, "ОП", 2],
}


class NamedSerializer(serializers.Serializer):
    """Something with a number and a name."""

    id = serializers.IntegerField()
    title = serializers.CharField()


class JournalLineSerializer(serializers.Serializer):
    """A journal: a class or group and a subject."""

    group = NamedSerializer()
    subject = NamedSerializer()
    level = serializers.IntegerField(help_text="параллель")
    teachers = serializers.ListField(child=serializers.CharField())


class TermSerializer(serializers.Serializer):
    """A period of study; it holds for the levels from `level_from` to `level_to`."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    level_from = serializers.IntegerField()
    level_to = serializers.IntegerField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField()
    closed = serializers.BooleanField(source="is_closed")


class JournalsSerializer(serializers.Serializer):
    """The journals of this school year that the person may open, and the year's periods."""

    journals = JournalLineSerializer(many=True)
    terms = TermSerializer(many=True)


class PageTermSerializer(serializers.Serializer):
    """The period of a page."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    closed = serializers.BooleanField()


class AttendanceCodeSerializer(serializers.Serializer):
    """A code of attendance of the school's list."""

    code = serializers.CharField()
    title = serializers.CharField()
    key = serializers.CharField(help_text="клавиша в сетке портала")
    counts_as_absent = serializers.BooleanField()


class WorkKindSerializer(serializers.Serializer):
    """A kind of work a column may have."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    weight = serializers.CharField()


class PagePupilSerializer(serializers.Serializer):
    """A pupil of the page; the dates limit the stay inside the period."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    since = serializers.DateField(allow_null=True)
    until = serializers.DateField(allow_null=True, help_text="последний день, включительно")


class PageLessonSerializer(serializers.Serializer):
    """A column of the page."""

    id = serializers.IntegerField()
    date = serializers.DateField()
    number = serializers.IntegerField()
    kind = serializers.IntegerField(allow_null=True, help_text="вид работы")
    topic = serializers.CharField()
    editable = serializers.BooleanField()
    url = serializers.CharField(help_text="страница урока в портале")
    state = serializers.ChoiceField(["planned", "cancelled"])


@extend_schema_field(CELL)
class CellField(serializers.Field):
    """A cell that is not empty."""


class PageSerializer(serializers.Serializer):
    """A page of the journal; only cells that are not empty."""

    term = PageTermSerializer()
    editable = serializers.BooleanField()
    today = serializers.DateField(help_text="сегодня по часам школы")
    codes = AttendanceCodeSerializer(many=True)
    marks = serializers.ListField(child=serializers.IntegerField())
    work_kinds = WorkKindSerializer(many=True)
    pupils = PagePupilSerializer(many=True)
    lessons = PageLessonSerializer(many=True)
    cells = serializers.ListField(child=CellField())
    averages = serializers.DictField(
        child=serializers.CharField(), help_text="средний балл по номеру ученика"
    )


class CellWishSerializer(serializers.Serializer):
    """A cell to be written."""

    pupil = serializers.IntegerField()
    value = serializers.CharField(
        max_length=64, allow_blank=True, help_text="«5», «Н», «5 ОП»; пусто стирает"
    )
    seen = serializers.IntegerField(help_text="версия, которую видели; 0 для пустой")


class SaveSerializer(serializers.Serializer):
    """Cells of one lesson."""

    key = serializers.UUIDField(help_text="ключ запроса: повтор с ним ничего не меняет")
    lesson = serializers.IntegerField()
    cells = serializers.ListField(child=CellWishSerializer(), min_length=1, max_length=MOST_CELLS)


class CellStateSerializer(serializers.Serializer):
    """A cell after the save."""

    pupil = serializers.IntegerField()
    value = serializers.CharField()
    version = serializers.IntegerField()


class CellConflictSerializer(CellStateSerializer):
    """A cell that somebody else has changed: it is left as it stands."""

    by = serializers.CharField()
    at = serializers.CharField(help_text="час по часам школы")


class CellRefusalSerializer(serializers.Serializer):
    """A cell that could not be written."""

    pupil = serializers.IntegerField()
    reason = serializers.CharField()


class SavedSerializer(serializers.Serializer):
    """What came of a save."""

    repeat = serializers.BooleanField()
    saved_at = serializers.CharField(help_text="час по часам школы")
    cells = CellStateSerializer(many=True)
    conflicts = CellConflictSerializer(many=True)
    refused = CellRefusalSerializer(many=True)
    averages = serializers.DictField(child=serializers.CharField())
