"""What of the room comes back when a stolen account's changes are void (ACC-010)."""

from collections.abc import Mapping
from typing import Any

from foundation.audit.reversal import LogReverser, Reverser, RowReverser, Voiding
from foundation.db.kept import forget_at_commit
from services.regulation.access import forget_rights
from services.regulation.models import RegulationSetting, RightRule
from services.regulation.queries import forget_settings


def _say_right(by: Voiding, place: Mapping[str, Any], is_allowed: bool | None) -> None:
    RightRule.objects.create(
        **place, is_allowed=is_allowed, changed_at=by.now, changed_by=by.actor.account_id
    )
    forget_at_commit(forget_rights)


def _forget_setting(by: Voiding, setting: RegulationSetting) -> None:
    """Let what held before hold again."""
    setting.delete()
    forget_at_commit(forget_settings)


def _read_anew(by: Voiding, setting: RegulationSetting, columns: frozenset[str]) -> None:
    forget_at_commit(forget_settings)


REVERSERS: dict[Any, Reverser] = {
    RightRule: LogReverser(
        RightRule, key=("right", "subject"), word="is_allowed", silence=None, say=_say_right
    ),
    RegulationSetting: RowReverser(
        RegulationSetting,
        frozenset({"value", "clause"}),
        undo=_forget_setting,
        follow=_read_anew,
    ),
}
