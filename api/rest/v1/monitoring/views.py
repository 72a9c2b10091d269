"""The district's indicators for programs: the board of the portal, as numbers."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.base import ApiView
from api.rest.openapi import answers
from api.rest.v1.monitoring.serializers import DaysQuerySerializer, IndicatorsSerializer
from foundation import clock
from services.monitoring.queries import Reading, SchoolLine, get_board
from tenants.registry.queries import get_district, list_schools


class IndicatorsView(ApiView):
    """Every school of the district over some days."""

    @extend_schema(
        operation_id="get_indicators",
        summary="Показатели школ округа за дни: числа без персональных данных",
        tags=["Округ"],
        parameters=[DaysQuerySerializer],
        responses=answers(IndicatorsSerializer, 400, 404),
    )
    def get(self, request: Request) -> Response:
        """Return the board; a school whose numbers are missing is shown missing."""
        asked = DaysQuerySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        board = get_board(
            schools=list_schools(),
            period=asked.validated_data["period"],
            today=clock.today(get_district().timezone),
        )
        body = {
            "since": board.period.since,
            "until": board.period.last_day,
            "smallest_cell": board.smallest_cell,
            "total": _reading(board.total),
            "schools": [_school(line) for line in board.schools],
        }
        return Response(IndicatorsSerializer(body).data)


def _reading(reading: Reading) -> dict[str, Any]:
    tally = reading.tally
    return {
        "pupils": None if reading.attendance_hidden else tally.pupils,
        "lessons": tally,
        "homework": tally,
        "marks": None if reading.marks_hidden else tally,
        "attendance": None if reading.attendance_hidden else tally,
    }


def _school(line: SchoolLine) -> dict[str, Any]:
    return {
        "slug": line.school.slug,
        "name": line.school.short_name,
        "reading": _reading(line.reading) if line.has_data else None,
        "counted_days": line.completeness.counted,
        "missing_days": line.completeness.missing,
        "counted_at": line.freshness.rolled_up_at,
    }
