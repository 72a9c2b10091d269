"""Marking changes void (ACC-010, AUD-006)."""

from collections.abc import Mapping

from foundation.audit.models import VoidNote


def void_entries(*, outcomes: Mapping[int, str], case_id: int, by: int | None) -> None:
    """Mark entries of the journal of actions void, each with what became of it.

    An entry that is void stays so, with its first outcome. Expects an open transaction.
    """
    VoidNote.objects.bulk_create(
        [
            VoidNote(entry_id=entry_id, case_id=case_id, outcome=outcome, voided_by=by)
            for entry_id, outcome in sorted(outcomes.items())
        ],
        ignore_conflicts=True,
    )
