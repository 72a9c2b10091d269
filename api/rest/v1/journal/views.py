"""The journal for programs: the list, a page, putting marks. The same operations as the portal."""

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.base import ApiView
from api.rest.openapi import answers
from api.rest.v1.journal.serializers import (
    JournalsSerializer,
    PageSerializer,
    SavedSerializer,
    SaveSerializer,
)
from foundation import clock
from foundation.db.door import school_transaction
from kernel.school_year import start_year_of
from services.journal import access, operations, queries, wire
from services.people import queries as people
from services.schedule import queries as schedule
from services.schedule.queries import JournalCard

JOURNAL = ["Журнал"]


class JournalsView(ApiView):
    """The journals of the actor."""

    @extend_schema(
        operation_id="list_journals",
        summary="Журналы: учителя — свои, завуча — все",
        tags=JOURNAL,
        responses=answers(JournalsSerializer, 404),
    )
    def get(self, request: Request, school: str) -> Response:
        """Return the journals of this school year, and its periods."""
        actor = self.actor
        today = clock.today(actor.school.timezone)
        start_year = start_year_of(today)
        with school_transaction(actor, actor.school.id):
            cards = access.list_journals(actor=actor, start_year=start_year, on=today)
            names = people.get_employee_names(
                employee_ids={pk for card in cards for pk in card.employee_ids}
            )
            terms = {
                term.id: term
                for level in sorted({card.level for card in cards})
                for term in schedule.list_terms(level=level, start_year=start_year)
            }
        lines = [_line(card, names) for card in cards]
        return Response(JournalsSerializer({"journals": lines, "terms": terms.values()}).data)


def _line(card: JournalCard, names: dict[int, str]) -> dict[str, object]:
    return {
        "group": {"id": card.group_id, "title": card.group_title},
        "subject": {"id": card.subject_id, "title": card.subject_name},
        "level": card.level,
        "teachers": [names[pk] for pk in card.employee_ids if pk in names],
    }


class PageView(ApiView):
    """A page of the journal."""

    @extend_schema(
        operation_id="get_journal_page",
        summary="Страница журнала: ученики, уроки, отметки и пропуски, средние баллы",
        tags=JOURNAL,
        responses=answers(PageSerializer, 404),
    )
    def get(self, request: Request, school: str, group: int, subject: int, term: int) -> Response:
        """Return a page as the portal's grid reads it."""
        actor = self.actor
        today = clock.today(actor.school.timezone)
        with school_transaction(actor, actor.school.id):
            page = queries.get_page(
                actor=actor, group_id=group, subject_id=subject, term_id=term, today=today
            )
        place = {"school": actor.school.slug}
        body = wire.page_to_json(
            page,
            today=today.isoformat(),
            url_of=lambda lesson_id: reverse(
                "teacher:lesson", kwargs={**place, "lesson_id": lesson_id}
            ),
        )
        return Response(body)


class CellsView(ApiView):
    """Cells of one lesson."""

    @extend_schema(
        operation_id="save_cells",
        summary="Поставить отметки и пропуски одного урока",
        description=(
            "Клетка пишется поверх версии, которую видели: если её изменил другой, она остаётся "
            "как есть и названа в conflicts. Повтор с тем же ключом ничего не меняет и отвечает "
            "тем, что стоит сейчас."
        ),
        tags=JOURNAL,
        request=SaveSerializer,
        responses=answers(SavedSerializer, 400, 403, 404, 409, 413),
    )
    def post(self, request: Request, school: str) -> Response:
        """Save cells; answer with their new state, conflicts and refusals."""
        actor = self.actor
        key, lesson_id, cells = wire.read_save(request.data)
        now = clock.now()
        zone = actor.school.timezone
        with school_transaction(actor, actor.school.id):
            answer = operations.put_cells(
                actor=actor,
                lesson_id=lesson_id,
                cells=cells,
                key=key,
                now=now,
                today=clock.today(zone),
            )
        saved_at = clock.hour(now, zone)
        return Response(wire.answer_to_json(answer, saved_at=saved_at, timezone=zone))
