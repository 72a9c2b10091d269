"""A child's diary for the programs of a family."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.base import ApiView
from api.rest.openapi import answers
from api.rest.v1.diary.serializers import DayQuerySerializer, WeekSerializer
from foundation import clock
from foundation.db.door import school_transaction
from services.diary import queries


class WeekView(ApiView):
    """A week of a child."""

    @extend_schema(
        operation_id="get_diary_week",
        summary="Неделя ребёнка: уроки с заменами, отметки, пропуски, задания",
        tags=["Дневник"],
        parameters=[DayQuerySerializer],
        responses=answers(WeekSerializer, 400, 404),
    )
    def get(self, request: Request, school: str, child: int) -> Response:
        """Return the week of a day, for the child's guardian or the pupil."""
        actor = self.actor
        asked = DayQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        today = clock.today(actor.school.timezone)
        day = asked.validated_data.get("day", today)
        with school_transaction(actor, actor.school.id):
            week = queries.get_week(actor=actor, pupil_id=child, day=day, today=today)
        return Response(WeekSerializer(week).data)
