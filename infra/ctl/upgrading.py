"""`okrugctl upgrade`, the part of the unpacked bundle: check it, lay the release out beside."""

import argparse

from infra.ctl.bundle import open_bundle, refuse_other_python
from infra.ctl.errors import Refusal
from infra.ctl.holding import hold
from infra.ctl.installing import go_on, refuse_without_rights_or_room
from infra.ctl.place import Place


def run(asked: argparse.Namespace) -> int:
    """Lay the release out and go on as the release's own program; do not return."""
    place = Place(asked.root.resolve())
    now = place.release()
    if now is None:
        raise Refusal("Округ ещё не установлен: okrugctl install.")
    refuse_without_rights_or_room(place)
    bundle = open_bundle(asked.bundle)
    refuse_other_python(bundle)
    hold(place)
    if now.name == bundle.version:
        raise Refusal(
            f"Версия {bundle.version} уже работает. Если переход оборвался на полпути — "
            "okrugctl restart."
        )
    return go_on(bundle, place, "settle-upgrade")
